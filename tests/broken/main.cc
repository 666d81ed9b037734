// zabsim_broken: zabsim with peers broken on purpose, selected by --peer, to show that a campaign
// finds them, names them, and loses nothing.
#include <unistd.h>

#include <cstdlib>

#include "tests/support/broken_peer.h"
#include "tests/support/mutants.h"
#include "tools/zabsim/program/program.h"

namespace {

using support::BrokenServers;

/// Calls `what` in the step in which the probe is traced.
support::Sabotage At(zab::Probe probe, void (*what)()) {
  return [probe, what](zab::Effects& effects) {
    for (const zab::Effect& effect : effects) {
      const auto* trace = std::get_if<zab::Trace>(&effect);
      if (trace != nullptr && trace->event.probe == probe) what();
    }
  };
}

/// Traces the id of its process, on which no run may depend.
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
  // Runs without a verdict: the process dies, does not end, or two runs differ.
  peers["crashes"] = BrokenServers(At(zab::Probe::kTruncated, [] { std::abort(); }));
  peers["hangs"] = BrokenServers(At(zab::Probe::kTruncated, [] {
    for (volatile bool forever = true; forever;) {
    }
  }));
  peers["waits"] = BrokenServers(At(zab::Probe::kTruncated, [] {
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
