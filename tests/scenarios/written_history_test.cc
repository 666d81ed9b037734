// Where a server has a transaction, as its records and a look at its disk say.
#include "scenarios/runner/state/written_history.h"

#include <gtest/gtest.h>

#include "scenarios/runner/state/cluster_state.h"

namespace scenario::written_history_test {
namespace {

constexpr zab::Zxid Z(uint32_t counter) {
  return {zab::Epoch{1}, counter};
}

/// 1:1 synced, 1:2 written.
WrittenHistory OneAndTwo() {
  WrittenHistory history;
  history.Append(Z(1));
  history.SyncUpTo(Z(1));
  history.Append(Z(2));
  return history;
}

TEST(WrittenHistory, BelievesTheServerWhileNobodyHasLooked) {
  const WrittenHistory history = OneAndTwo();
  EXPECT_EQ(history.EntryOf(Z(1)), LogEntry::kSynced);
  EXPECT_EQ(history.EntryOf(Z(2)), LogEntry::kVolatile);
  EXPECT_EQ(history.EntryOf(Z(3)), LogEntry::kAbsent);
}

TEST(WrittenHistory, ShowsWhatTheDiskLacks) {
  WrittenHistory history = OneAndTwo();
  history.SyncUpTo(Z(2));
  history.FindOnDisk(Z(1));
  EXPECT_EQ(history.EntryOf(Z(1)), LogEntry::kSynced);
  EXPECT_EQ(history.EntryOf(Z(2)), LogEntry::kClaimed);
  history.FindOnDisk(Z(2));
  EXPECT_EQ(history.EntryOf(Z(2)), LogEntry::kSynced);
}

TEST(WrittenHistory, ShowsThatASnapshotIsNotOnTheDisk) {
  WrittenHistory history = OneAndTwo();
  history.Replace(Z(8));
  history.FindOnDisk(Z(2));
  EXPECT_EQ(history.EntryOf(Z(8)), LogEntry::kClaimed);
  EXPECT_EQ(history.EntryOf(Z(2)), LogEntry::kBase);
}

TEST(WrittenHistory, IsInDoubtFromThePowerLossToTheRestart) {
  WrittenHistory history = OneAndTwo();
  history.LosePower();
  EXPECT_EQ(history.EntryOf(Z(1)), LogEntry::kSynced);
  EXPECT_EQ(history.EntryOf(Z(2)), LogEntry::kInDoubt);
  history.Recover(Z(1));
  EXPECT_EQ(history.EntryOf(Z(2)), LogEntry::kAbsent);
  EXPECT_FALSE(history.in_doubt());
}

Record Of(const TraceEvent& event) {
  return {.id = 1, .node = sim::NodeId{1}, .event = event};
}

TEST(ServerState, LosesNothingToAKill) {
  ClusterState state(1);
  state.OnRecord(Of({.probe = Probe::kLogged, .zxid = Z(1)}));
  state.OnRecord(Of({.probe = Probe::kCrashed, .kind = Kind::kKill}));
  EXPECT_EQ(state.servers()[0].history.EntryOf(Z(1)), LogEntry::kVolatile);
  state.OnRecord(Of({.probe = Probe::kCrashed, .kind = Kind::kPower}));
  EXPECT_EQ(state.servers()[0].history.EntryOf(Z(1)), LogEntry::kInDoubt);
}

TEST(ServerState, HasAppliedWhatItsRestoredTreeHas) {
  ClusterState state(1);
  state.OnRecord(Of({.probe = Probe::kRecovered, .zxid = Z(7), .number = 7}));
  EXPECT_EQ(state.servers()[0].applied(), Z(7));
  state.OnRecord(Of({.probe = Probe::kCrashed, .kind = Kind::kKill}));
  EXPECT_EQ(state.servers()[0].applied(), zab::Zxid{});
}

}  // namespace
}  // namespace scenario::written_history_test
