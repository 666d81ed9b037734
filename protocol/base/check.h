// ZAB_CHECK: an assertion that is always on.  It guards our own code; what the outside can get
// wrong is an absl::Status, and what the protocol refuses is a Reason.
#pragma once

#include <sstream>
#include <string>

namespace zab {

/// Called once, before the process ends with exit code 70, to add context (seed, virtual time, last
/// trace lines) to the message of a failed check.  The running world sets it; may be null.
using DeathReport = std::string (*)();

/// Sets the hook and returns the one before it.  Per thread.
DeathReport SetDeathReport(DeathReport report);

namespace internal {

/// Collects the message of one failed check; its destructor prints it and ends the process.
class CheckFailure {
 public:
  CheckFailure(const char* file, int line, const char* condition);
  [[noreturn]] ~CheckFailure();
  std::ostream& stream() { return stream_; }

 private:
  std::ostringstream stream_;
};

/// Gives both branches of ZAB_CHECK the type void.
struct Voidify {
  void operator&(std::ostream&) const {}
};

}  // namespace internal
}  // namespace zab

/// ZAB_CHECK(condition) << "why";  prints and ends the process with exit code 70 if it is false.
#define ZAB_CHECK(condition)                 \
  (condition) ? static_cast<void>(0)         \
              : ::zab::internal::Voidify() & \
                    ::zab::internal::CheckFailure(__FILE__, __LINE__, #condition).stream()
