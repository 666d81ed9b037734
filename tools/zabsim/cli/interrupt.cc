// The one flag that a signal handler may set.
#include "tools/zabsim/cli/interrupt.h"

#include <csignal>

namespace zabsim {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void OnSignal(int signal) {
  interrupted = 1;
  std::signal(signal, SIG_DFL);
}

}  // namespace

void CatchInterrupts() {
  std::signal(SIGINT, OnSignal);
  std::signal(SIGTERM, OnSignal);
}

bool Interrupted() {
  return interrupted != 0;
}

}  // namespace zabsim
