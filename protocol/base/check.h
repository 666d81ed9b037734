// ZAB_CHECK: an assertion that is always on.  It detects errors in our own code; errors in external
// input are an absl::Status, and what the protocol rejects is a Reason.
#pragma once

#include <sstream>
#include <string>

namespace zab {

/// Called once, before the process ends with exit code 70, to add context (seed, virtual time, last
/// trace lines) to the message of a failed check.  The running world sets it; may be null.
using DeathReport = std::string (*)();

/// Sets the hook of this thread and returns the previous one.
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

/// ZAB_CHECK(condition) << "why";  If the condition is false, prints the message and ends the
/// process with exit code 70.
#define ZAB_CHECK(condition)                 \
  (condition) ? static_cast<void>(0)         \
              : ::zab::internal::Voidify() & \
                    ::zab::internal::CheckFailure(__FILE__, __LINE__, #condition).stream()
