// zabsim_broken: zabsim with peers broken on purpose to choose from with --peer, to show that a
// campaign finds them, names them, and loses nothing.
#include <unistd.h>

#include <cstdlib>

#include "tests/support/broken_messages.h"
#include "tests/support/broken_peer.h"
#include "tools/zabsim/command.h"

namespace {

using support::BrokenServers;
using support::SkipFileOperation;
using zab::FileKind;

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
  zabsim::Peers peers;
  // Election.
  peers["votes-overstated"] = BrokenServers(support::OverstateVotes());
  // Discovery.
  peers["epoch-understated"] = BrokenServers(support::UnderstateEpoch());
  peers["history-understated"] = BrokenServers(support::UnderstateHistory());
  peers["accepted-epoch-not-synced"] =
      BrokenServers(SkipFileOperation(FileKind::kFsync, "acceptedEpoch"));
  // Synchronisation.
  peers["uptodate-at-once"] = BrokenServers(support::UpToDateAtOnce());
  peers["diff-instead-of-trunc"] = BrokenServers(support::DiffInsteadOfTrunc());
  peers["current-epoch-not-synced"] =
      BrokenServers(SkipFileOperation(FileKind::kFsync, "currentEpoch"));
  // Broadcast.
  peers["commit-at-once"] = BrokenServers(support::CommitAtOnce());
  peers["proposals-lost"] = BrokenServers(support::LoseProposals(40));
  peers["commits-lost"] = BrokenServers(support::LoseCommits(40));
  peers["wrong-reads"] = BrokenServers(support::ChangeReplies([](zab::ClientReply& reply) {
    if (reply.result.data) reply.result.data = "wrong";
  }));
  // Storage.
  peers["log-not-synced"] = BrokenServers(SkipFileOperation(FileKind::kFsync, "log."));
  peers["log-not-truncated"] = BrokenServers(SkipFileOperation(FileKind::kTruncate, "log."));
  peers["received-not-synced"] = BrokenServers(SkipFileOperation(FileKind::kFsync, "received."));
  peers["snapshot-not-synced"] = BrokenServers(SkipFileOperation(FileKind::kFsync, "snapshot."));
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
