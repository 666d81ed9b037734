// Each is a sabotage of broken_peer.h or broken_messages.h.
#include "tests/support/mutants.h"

#include "tests/support/broken_messages.h"
#include "tests/support/broken_peer.h"

namespace support {

absl::btree_map<std::string, scenario::ServerFactory> Mutants() {
  using zab::FileKind;
  absl::btree_map<std::string, scenario::ServerFactory> mutants;
  // Election.
  mutants["votes-overstated"] = BrokenServers(OverstateVotes());
  // Discovery.
  mutants["epoch-understated"] = BrokenServers(UnderstateEpoch());
  mutants["history-understated"] = BrokenServers(UnderstateHistory());
  mutants["accepted-epoch-not-synced"] =
      BrokenServers(SkipFileOperation(FileKind::kFsync, "acceptedEpoch"));
  // Synchronisation.
  mutants["uptodate-at-once"] = BrokenServers(UpToDateAtOnce());
  mutants["diff-instead-of-trunc"] = BrokenServers(DiffInsteadOfTrunc());
  mutants["current-epoch-not-synced"] =
      BrokenServers(SkipFileOperation(FileKind::kFsync, "currentEpoch"));
  // Broadcast.
  mutants["commit-at-once"] = BrokenServers(CommitAtOnce());
  mutants["proposals-lost"] = BrokenServers(LoseProposals(40));
  mutants["commits-lost"] = BrokenServers(LoseCommits(40));
  mutants["wrong-reads"] = BrokenServers(ChangeReplies([](zab::ClientReply& reply) {
    if (reply.result.data) reply.result.data = "wrong";
  }));
  // Storage.
  mutants["log-not-synced"] = BrokenServers(SkipFileOperation(FileKind::kFsync, "log."));
  mutants["log-not-truncated"] = BrokenServers(SkipFileOperation(FileKind::kTruncate, "log."));
  mutants["received-not-synced"] = BrokenServers(SkipFileOperation(FileKind::kFsync, "received."));
  mutants["snapshot-not-synced"] = BrokenServers(SkipFileOperation(FileKind::kFsync, "snapshot."));
  return mutants;
}

}  // namespace support
