// The swarm detects peers that are broken on purpose, each by the invariant that it violates, while
// the same seeds find nothing in the real ones (property/stories_test.cc).
#include "tests/support/broken_peer.h"

#include <gtest/gtest.h>

#include <set>

#include "scenarios/runner/run/run.h"
#include "tests/support/shipped.h"

namespace broken_peer_test {
namespace {

using zab::FileKind;

/// The invariants violated by some seed up to `seeds`; stops once `wanted` is among them.
std::set<std::string> Violated(const support::Sabotage& sabotage, const std::string& wanted,
                               uint64_t seeds = 60) {
  const scenario::Document document = support::MustLoad(support::ShippedScenario("ci/swarm"));
  std::set<std::string> names;
  for (uint64_t seed = 1; seed <= seeds && !names.contains(wanted); ++seed) {
    const scenario::RunResult result =
        scenario::RunOnce(*document.Instantiate(seed), seed,
                          {.keep_going = true, .servers = support::BrokenServers(sabotage)});
    for (const scenario::Violation& violation : result.violations) {
      names.insert(std::string(violation.name));
    }
  }
  return names;
}

void ExpectFound(const support::Sabotage& sabotage, const std::string& wanted) {
  const std::set<std::string> names = Violated(sabotage, wanted);
  EXPECT_TRUE(names.contains(wanted)) << "found only: " << testing::PrintToString(names);
}

TEST(BrokenPeer, LogNotSynced) {
  ExpectFound(support::SkipFileOperation(FileKind::kFsync, "log."), "DurableAck");
}

TEST(BrokenPeer, CommittedWritesAreLostWithAnUnsyncedLog) {
  ExpectFound(support::SkipFileOperation(FileKind::kFsync, "log."), "CommittedNeverLost");
}

TEST(BrokenPeer, CurrentEpochNotSynced) {
  ExpectFound(support::SkipFileOperation(FileKind::kFsync, "currentEpoch"), "DurableNewLeaderAck");
}

TEST(BrokenPeer, CurrentEpochNotRenamed) {
  ExpectFound(support::SkipFileOperation(FileKind::kRename, "currentEpoch"), "DurableNewLeaderAck");
}

TEST(BrokenPeer, AcceptedEpochNotSynced) {
  ExpectFound(support::SkipFileOperation(FileKind::kFsync, "acceptedEpoch"), "NoFatalExit");
}

TEST(BrokenPeer, ReceivedSnapshotNotSynced) {
  ExpectFound(support::SkipFileOperation(FileKind::kFsync, "received."), "DurableNewLeaderAck");
}

TEST(BrokenPeer, TruncationNotDone) {
  ExpectFound(support::SkipFileOperation(FileKind::kTruncate, "log."), "ProcessConsistency");
}

TEST(BrokenPeer, CommitSentAtOnce) {
  ExpectFound(support::CommitAtOnce(), "MonotonicServing");
}

TEST(BrokenPeer, ProposalsLost) {
  ExpectFound(support::LoseProposals(40), "NoBadState");
}

TEST(BrokenPeer, WrongValuesRead) {
  ExpectFound(support::ChangeReplies([](zab::ClientReply& reply) {
                if (reply.result.data) reply.result.data = "wrong";
              }),
              "MonotonicReads");
}

TEST(BrokenPeer, OutdatedReplies) {
  ExpectFound(support::ChangeReplies([](zab::ClientReply& reply) {
                if (reply.cxid % 7 == 0) reply.zxid = zab::Zxid{zab::Epoch{1}, 1};
              }),
              "ClientFifo");
}

TEST(BrokenPeer, StopsForNoReason) {
  ExpectFound(
      [count = 0](zab::Effects& effects) mutable {
        if (++count == 3000) effects.push_back(zab::Halt{zab::Reason::kUnmatchedCommit});
      },
      "NoFatalExit");
}

/// The invariants violated by disk-swarm with disk_error of this shape as its only nemesis.
std::set<std::string> ViolatedByIgnoring(const std::string& fault, const std::string& wanted) {
  const scenario::Document document = support::MustLoad(support::ShippedScenario("ci/disk-swarm"),
                                                        {"/nemesis/1/shapes=[\"" + fault + "\"]"});
  std::set<std::string> names;
  for (uint64_t seed = 1; seed <= 60 && !names.contains(wanted); ++seed) {
    const scenario::RunResult result =
        scenario::RunOnce(*document.Instantiate(seed), seed,
                          {.keep_going = true, .servers = support::ErrorBlindServers()});
    for (const scenario::Violation& violation : result.violations) {
      names.insert(std::string(violation.name));
    }
  }
  return names;
}

TEST(BrokenPeer, FailedFsyncIgnored) {
  EXPECT_TRUE(ViolatedByIgnoring("fsync", "DurableAck").contains("DurableAck"));
}

TEST(BrokenPeer, FailedWriteIgnored) {
  EXPECT_TRUE(ViolatedByIgnoring("write", "DurableAck").contains("DurableAck"));
}

TEST(BrokenPeer, FullDiskIgnored) {
  EXPECT_TRUE(ViolatedByIgnoring("full", "DurableAck").contains("DurableAck"));
}

TEST(BrokenPeer, UnreadableHistoryTreatedAsEmpty) {
  EXPECT_TRUE(ViolatedByIgnoring("read", "ProcessConsistency").contains("ProcessConsistency"));
}

}  // namespace
}  // namespace broken_peer_test
