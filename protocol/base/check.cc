// Ends a process after a failed check.
#include "protocol/base/check.h"

#include <unistd.h>

#include <cstdio>

namespace zab {
namespace {

constexpr int kExitOwnBug = 70;
thread_local DeathReport death_report = nullptr;

}  // namespace

DeathReport SetDeathReport(DeathReport report) {
  DeathReport before = death_report;
  death_report = report;
  return before;
}

namespace internal {

CheckFailure::CheckFailure(const char* file, int line, const char* condition) {
  stream_ << file << ":" << line << ": check failed: " << condition << " ";
}

CheckFailure::~CheckFailure() {
  std::string message = stream_.str() + "\n";
  if (DeathReport report = SetDeathReport(nullptr); report != nullptr) message += report();
  std::fflush(stdout);
  std::fputs(message.c_str(), stderr);
  std::fflush(stderr);
  _exit(kExitOwnBug);
}

}  // namespace internal
}  // namespace zab
