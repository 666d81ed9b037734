// zabsim_broken: zabsim with peers broken on purpose to choose from with --peer, to show that a
// campaign finds them, names them, and loses nothing.
#include <unistd.h>

#include <cstdlib>

#include "tests/support/broken_peer.h"
#include "tests/support/mutants.h"
#include "tools/zabsim/program/program.h"

namespace {

using support::BrokenServers;

/// Does it in the step in which that probe is traced.
support::Sabotage At(zab::Probe probe, void (*what)()) {
  return [probe, what](zab::Effects& effects) {
    for (const zab::Effect& effect : effects) {
      const auto* trace = std::get_if<zab::Trace>(&effect);
      if (trace != nullptr && trace->event.probe == probe) what();
    }
  };
}

/// Traces the number of its process: what no run may depend on.
support::Sabotage DifferByProcess() {
  return [](zab::Effects& effects) {
    for (zab::Effect& effect : effects) {
      auto* trace = std::get_if<zab::Trace>(&effect);
      if (trace == nullptr || trace->event.probe != zab::Probe::kSnapSent) continue;
      trace->event.number = ::getpid();
    }
  };
}

zabsim::Peers Broken() {
  zabsim::Peers peers = support::Mutants();
  // No verdict at all: the process ends, or does not end, or two runs differ.
  peers["crashes"] = BrokenServers(At(zab::Probe::kTruncated, [] { std::abort(); }));
  peers["hangs"] = BrokenServers(At(zab::Probe::kTruncated, [] {
    for (;;) ::pause();
  }));
  peers["hoards"] = BrokenServers(At(zab::Probe::kTruncated, [] {
    static volatile char* hoard = new char[size_t{8} << 30];
    hoard[0] = 1;
  }));
  peers["differs"] = BrokenServers(DifferByProcess());
  return peers;
}

}  // namespace

int main(int argc, char** argv) {
  return zabsim::Main(argc, argv, Broken());
}
