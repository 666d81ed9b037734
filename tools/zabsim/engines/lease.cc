// POSIX: the standard library can neither create a file exclusively nor touch one.
#include "tools/zabsim/engines/lease.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tools/zabsim/campaign/file_io.h"

namespace zabsim {
namespace {

namespace fs = std::filesystem;

std::string PathOf(const std::string& folder, uint64_t shard, uint64_t number) {
  return absl::StrCat(folder, "/", shard, ".", number);
}

std::string Self() {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return absl::StrCat(host.data(), ", process ", ::getpid());
}

/// In seconds of the file system's clock; 0: given back, or there is no such file.
int64_t ChangedAt(const std::string& path) {
  struct stat file{};
  return ::stat(path.c_str(), &file) == 0 ? file.st_mtim.tv_sec : 0;
}

/// What the file system takes the time to be.
absl::StatusOr<int64_t> Now(const std::string& folder) {
  const std::string path = folder + "/clock";
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return FileError(path, "written");
  const bool touched = ::futimens(file, nullptr) == 0;
  ::close(file);
  return touched ? absl::StatusOr<int64_t>(ChangedAt(path)) : FileError(path, "written");
}

/// False: there is one already.
absl::StatusOr<bool> Create(const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0 && errno == EEXIST) return false;
  if (file < 0) return FileError(path, "written");
  const std::string self = Self() + "\n";
  const bool written = ::write(file, self.data(), self.size()) == static_cast<ssize_t>(self.size());
  ::close(file);
  return written ? absl::StatusOr<bool>(true) : FileError(path, "written");
}

/// The numbers of the newest leases, by shard.
absl::btree_map<uint64_t, uint64_t> Newest(const std::string& folder) {
  absl::btree_map<uint64_t, uint64_t> newest;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::vector<std::string> parts = absl::StrSplit(entry.path().filename().string(), '.');
    uint64_t shard = 0, number = 0;
    if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &shard) ||
        !absl::SimpleAtoi(parts[1], &number)) {
      continue;
    }
    newest[shard] = std::max(newest[shard], number);
  }
  return newest;
}

}  // namespace

absl::StatusOr<absl::btree_map<uint64_t, LeaseView>> ReadLeases(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  const absl::StatusOr<int64_t> now = Now(folder);
  if (!now.ok()) return now.status();
  absl::btree_map<uint64_t, LeaseView> leases;
  for (const auto& [shard, number] : Newest(folder)) {
    const std::string path = PathOf(folder, shard, number);
    const int64_t changed = ChangedAt(path);
    const absl::StatusOr<std::string> holder = ReadWholeFile(path);
    leases[shard] = {.number = number,
                     .holder = std::string(absl::StripSuffix(holder.ok() ? *holder : "", "\n")),
                     .age = std::chrono::seconds(std::max<int64_t>(*now - changed, 0)),
                     .given_back = changed == 0};
  }
  return leases;
}

absl::StatusOr<std::optional<Lease>> Lease::Take(const std::string& folder, uint64_t shard,
                                                 std::chrono::seconds limit) {
  const auto leases = ReadLeases(folder);
  if (!leases.ok()) return leases.status();
  const auto last = leases->find(shard);
  if (last != leases->end() && last->second.IsHeld(limit)) return std::nullopt;
  // The next after the one that was looked at: if there is one by now, that is somebody else's.
  const uint64_t number = last == leases->end() ? 1 : last->second.number + 1;
  const absl::StatusOr<bool> created = Create(PathOf(folder, shard, number));
  if (!created.ok()) return created.status();
  if (!*created) return std::nullopt;
  return Lease(folder, shard, number);
}

absl::StatusOr<bool> Lease::Renew() const {
  struct stat next{};
  if (::stat(PathOf(folder_, shard_, number_ + 1).c_str(), &next) == 0) return false;
  const std::string path = PathOf(folder_, shard_, number_);
  if (::utimensat(AT_FDCWD, path.c_str(), nullptr, 0) != 0) return FileError(path, "written");
  return true;
}

absl::Status Lease::Release() const {
  const std::string path = PathOf(folder_, shard_, number_);
  const timespec never[2] = {};
  if (::utimensat(AT_FDCWD, path.c_str(), never, 0) != 0) return FileError(path, "written");
  return absl::OkStatus();
}

}  // namespace zabsim
