// The flag that signal handlers set, the alarm in case nobody reads it, and the limit on memory.
#include "tools/zabsim/cli/interrupt.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

#include "tools/zabsim/cli/command.h"

namespace zabsim {
namespace {

constexpr unsigned kSecondsToNotice = 1;

volatile std::sig_atomic_t interrupted = 0;
volatile std::sig_atomic_t noticed = 0;

void OnSignal(int signal) {
  interrupted = 1;
  std::signal(signal, SIG_DFL);
  if (noticed == 0) ::alarm(kSecondsToNotice);
}

void OnAlarm(int /*signal*/) {
  ::_exit(kExitInterrupted);
}

// ---- Memory: limits are read once; what the process holds is in /proc/self/statm, in pages.

constexpr uint64_t kNoLimit = std::numeric_limits<uint64_t>::max();
constexpr unsigned kCallsPerLook = 256;

/// The number at the beginning of a file; "max", or no file, is no limit.
uint64_t NumberIn(const char* path) {
  std::ifstream file(path);
  uint64_t number = 0;
  return file >> number ? number : kNoLimit;
}

/// In bytes.
struct Held {
  uint64_t addresses = 0;
  uint64_t resident = 0;
};

Held Measure() {
  static const int kFile = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  static const auto kPageSize = static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  std::array<char, 128> text{};
  if (kFile < 0 || ::pread(kFile, text.data(), text.size() - 1, 0) <= 0) return {};
  std::istringstream numbers(text.data());
  Held held;
  numbers >> held.addresses >> held.resident;
  return {held.addresses * kPageSize, held.resident * kPageSize};
}

Held Allowed() {
  rlimit addresses{};
  ::getrlimit(RLIMIT_AS, &addresses);
  const auto machine = static_cast<uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
                       static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  const uint64_t group = std::min(NumberIn("/sys/fs/cgroup/memory.max"),
                                  NumberIn("/sys/fs/cgroup/memory/memory.limit_in_bytes"));
  return {addresses.rlim_cur == RLIM_INFINITY ? kNoLimit : uint64_t{addresses.rlim_cur},
          std::min(machine, group)};
}

/// The process holds seven eighths of what `ulimit -v`, its control group or the machine allow.
/// Cheap: it looks every so many calls.
bool MemoryIsShort() {
  static unsigned calls = 0;
  if (++calls % kCallsPerLook != 0) return false;
  static const Held kAllowed = Allowed();
  const Held held = Measure();
  return held.addresses / 7 >= kAllowed.addresses / 8 || held.resident / 7 >= kAllowed.resident / 8;
}

}  // namespace

void CatchInterrupts() {
  std::signal(SIGALRM, OnAlarm);
  std::signal(SIGINT, OnSignal);
  std::signal(SIGTERM, OnSignal);
}

bool Interrupted() {
  if (interrupted == 0) return false;
  if (noticed == 0) {
    noticed = 1;
    ::alarm(0);
  }
  return true;
}

scenario::StopWish StopWishOfProcess() {
  if (Interrupted()) return scenario::StopWish::kInterrupt;
  return MemoryIsShort() ? scenario::StopWish::kMemory : scenario::StopWish::kNone;
}

}  // namespace zabsim
