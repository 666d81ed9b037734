// fork and exec: an exec makes the process as fresh as the one that a user starts.
#include "tools/zabsim/campaign/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace zabsim {
namespace {

constexpr size_t kMostErrors = size_t{16} * 1024;

struct Pipe {
  int ends[2] = {-1, -1};
  bool Open() { return ::pipe2(ends, O_CLOEXEC) == 0; }
};

[[noreturn]] void BecomeChild(const Pipe& in, const Pipe& out, const Pipe& err,
                              std::vector<char*>& arguments) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::setpgid(0, 0);
  // Batch systems signal every process of a job: what to do is for the parent to decide.
  ::signal(SIGTERM, SIG_IGN);
  ::dup2(in.ends[0], STDIN_FILENO);
  ::dup2(out.ends[1], STDOUT_FILENO);
  ::dup2(err.ends[1], STDERR_FILENO);
  ::execv("/proc/self/exe", arguments.data());
  ::_exit(127);
}

}  // namespace

absl::Status Child::Spawn(const std::vector<std::string>& arguments) {
  Kill();
  lines_.clear();
  errors_.clear();
  Pipe in, out, err;
  if (!in.Open() || !out.Open() || !err.Open()) {
    return absl::UnavailableError(absl::StrCat("no pipe: ", std::strerror(errno)));
  }
  std::vector<std::string> words = {"zabsim"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ == 0) BecomeChild(in, out, err, pointers);
  ::close(in.ends[0]);
  ::close(out.ends[1]);
  ::close(err.ends[1]);
  input_ = in.ends[1];
  output_ = out.ends[0];
  error_ = err.ends[0];
  if (pid_ < 0) {
    Kill();
    return absl::UnavailableError(absl::StrCat("no process: ", std::strerror(errno)));
  }
  for (const int file : {output_, error_}) ::fcntl(file, F_SETFL, O_NONBLOCK);
  return absl::OkStatus();
}

void Child::Close(int& file) {
  if (file >= 0) ::close(file);
  file = -1;
}

void Child::Send(absl::string_view line) {
  const std::string text = absl::StrCat(line, "\n");
  size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t written = ::write(input_, text.data() + sent, text.size() - sent);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return;
    sent += static_cast<size_t>(written);
  }
}

void Child::CloseInput() {
  Close(input_);
}

void Child::Interrupt() {
  if (pid_ > 0) ::kill(pid_, SIGINT);
}

void Child::Kill() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
    }
  }
  pid_ = 0;
  Close(input_);
  Close(output_);
  Close(error_);
}

void Child::AddTo(std::vector<pollfd>& waiting) const {
  waiting.push_back({.fd = output_, .events = POLLIN, .revents = 0});
  waiting.push_back({.fd = error_, .events = POLLIN, .revents = 0});
}

bool Child::Drain(int& file, std::string& into) {
  char buffer[65536];
  while (file >= 0) {
    const ssize_t count = ::read(file, buffer, sizeof buffer);
    if (count > 0) {
      into.append(buffer, static_cast<size_t>(count));
    } else if (count < 0 && errno == EINTR) {
      continue;
    } else if (count < 0 && errno == EAGAIN) {
      return true;
    } else {
      Close(file);
    }
  }
  return false;
}

bool Child::Read() {
  const bool more_lines = Drain(output_, lines_);
  const bool more_errors = Drain(error_, errors_);
  if (errors_.size() > kMostErrors) errors_.erase(0, errors_.size() - kMostErrors);
  if (more_lines || more_errors) return true;
  while (::waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
  Close(input_);
  return false;
}

std::optional<std::string> Child::TakeLine() {
  const size_t end = lines_.find('\n');
  if (end == std::string::npos) return std::nullopt;
  std::string line = lines_.substr(0, end);
  lines_.erase(0, end + 1);
  return line;
}

std::chrono::nanoseconds Child::cpu() const {
  clockid_t clock{};
  timespec used{};
  if (pid_ <= 0 || ::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &used) != 0) {
    return {};
  }
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

std::optional<int> Child::exit_code() const {
  if (!WIFEXITED(status_)) return std::nullopt;
  return WEXITSTATUS(status_);
}

bool Child::WasKilled() const {
  return WIFSIGNALED(status_) && (WTERMSIG(status_) == SIGKILL || WTERMSIG(status_) == SIGTERM);
}

std::string Child::ending() const {
  if (WIFSIGNALED(status_)) {
    return absl::StrCat("signal ", WTERMSIG(status_), " (", ::strsignal(WTERMSIG(status_)), ")");
  }
  return absl::StrCat("exit code ", WEXITSTATUS(status_));
}

}  // namespace zabsim
