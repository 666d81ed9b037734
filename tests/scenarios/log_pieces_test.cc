// What a picture of a server and of a client is drawn from: pieces of logs, and how requests fare.
#include "scenarios/runner/state/log_pieces.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/state/client_states.h"

namespace scenario::log_pieces_test {
namespace {

constexpr zab::Zxid Z(uint32_t counter, uint32_t epoch = 1) {
  return {zab::Epoch{epoch}, counter};
}

/// A cluster of three that is told one thing after the other.
class Cluster {
 public:
  void Tell(uint16_t node, const TraceEvent& event) {
    state_.OnRecord({.id = ++records_, .time = {1}, .node = sim::NodeId{node}, .event = event});
  }
  void Log(uint16_t node, zab::Zxid zxid) { Tell(node, {.probe = Probe::kLogged, .zxid = zxid}); }
  ClusterState& state() { return state_; }

  /// "1:1-1:2 synced committed", the pieces of a server.
  std::string Said(size_t node) const {
    std::string said;
    for (const LogPiece& piece : LogPieces(state_.servers()[node - 1], state_)) {
      absl::StrAppend(&said, said.empty() ? "" : ", ", ToString(piece.zxids.first), "-",
                      ToString(piece.zxids.last), " ", Name(piece.entry));
      if (piece.based) absl::StrAppend(&said, " based");
      if (piece.committed) absl::StrAppend(&said, " committed");
      if (piece.applied) absl::StrAppend(&said, " applied");
      if (piece.counted) absl::StrAppend(&said, " counted");
    }
    return said;
  }

 private:
  ClusterState state_{3};
  uint64_t records_ = 0;
};

/// n3 leads; each of 1:1 ... 1:4 is in n3's log and n1's, 1:3 is synced there and 1:2 committed.
Cluster Four() {
  Cluster cluster;
  cluster.Tell(3, {.probe = Probe::kElected, .kind = Kind::kLeading, .peer = {3}});
  for (const uint16_t node : {uint16_t{3}, uint16_t{1}}) {
    for (uint32_t counter = 1; counter <= 4; ++counter) cluster.Log(node, Z(counter));
    cluster.Tell(node, {.probe = Probe::kSynced, .zxid = Z(3)});
  }
  for (uint32_t counter = 1; counter <= 2; ++counter) {
    cluster.Tell(3, {.probe = Probe::kCommitted, .zxid = Z(counter)});
  }
  cluster.Tell(3, {.probe = Probe::kDelivered, .zxid = Z(1)});
  return cluster;
}

TEST(LogPieces, AreCutWhereSomethingElseHolds) {
  const Cluster cluster = Four();
  EXPECT_EQ(cluster.Said(3),
            "1:1-1:1 synced committed applied, 1:2-1:2 synced committed, 1:3-1:3 synced, "
            "1:4-1:4 volatile");
  EXPECT_EQ(cluster.Said(1), "1:1-1:2 synced committed, 1:3-1:3 synced, 1:4-1:4 volatile");
  EXPECT_EQ(cluster.Said(2), "");
}

TEST(LogPieces, ShowAcknowledgementsThatALeaderHasCounted) {
  Cluster cluster = Four();
  const TraceEvent ack{
      .probe = Probe::kMsgDelivered, .kind = Kind::kAckMessage, .peer = {1}, .zxid = Z(2)};
  cluster.Tell(2, ack);  // Not a leader.
  EXPECT_EQ(cluster.Said(1), "1:1-1:2 synced committed, 1:3-1:3 synced, 1:4-1:4 volatile");
  cluster.Tell(3, ack);
  EXPECT_EQ(cluster.Said(1), "1:1-1:2 synced committed counted, 1:3-1:3 synced, 1:4-1:4 volatile");
  cluster.Tell(3, {.probe = Probe::kAcked, .peer = {3}, .zxid = Z(3)});
  EXPECT_EQ(cluster.Said(3),
            "1:1-1:1 synced committed applied counted, 1:2-1:2 synced committed counted, "
            "1:3-1:3 synced counted, 1:4-1:4 volatile");
  cluster.Tell(1, {.probe = Probe::kLooking});
  EXPECT_EQ(cluster.Said(1), "1:1-1:2 synced committed, 1:3-1:3 synced, 1:4-1:4 volatile");
}

TEST(LogPieces, ShowWhatIsTakenForDurableAndIsNot) {
  Cluster cluster = Four();
  cluster.state().FindOnDisk({1}, Z(2));
  EXPECT_EQ(cluster.Said(1), "1:1-1:2 synced committed, 1:3-1:3 claimed, 1:4-1:4 volatile");
}

TEST(LogPieces, BeginWithTheSnapshot) {
  Cluster cluster = Four();
  cluster.Tell(2, {.probe = Probe::kSnapInstalled, .zxid = Z(2)});
  cluster.Log(2, Z(3));
  EXPECT_EQ(cluster.Said(2), "1:0-1:2 base based committed applied, 1:3-1:3 volatile");
}

TEST(LogPieces, TheHistoryOfAnEstablishedLeaderIsCommitted) {
  Cluster cluster = Four();
  cluster.Tell(3, {.probe = Probe::kCrashed, .kind = Kind::kPower});
  cluster.Tell(1, {.probe = Probe::kElected, .kind = Kind::kLeading, .peer = {1}});
  EXPECT_EQ(cluster.state().committed_log().back().last, Z(2));
  cluster.Tell(1, {.probe = Probe::kEstablished, .epoch = zab::Epoch{2}, .zxid = Z(4)});
  EXPECT_EQ(cluster.state().committed_log().back().last, Z(4));
  EXPECT_EQ(cluster.Said(3), "1:1-1:3 synced committed, 1:4-1:4 doubt committed");
  cluster.Tell(1, {.probe = Probe::kCommitted, .zxid = Z(1, 2)});
  ASSERT_EQ(cluster.state().committed_log().size(), 2u);
  EXPECT_EQ(cluster.state().committed_log().back().first, Z(1, 2));
}

TEST(LinkState, HasTheQualityThatWasSetWhileItRan) {
  Cluster cluster;
  const TraceEvent set{.probe = Probe::kLinkSet, .peer = {2}, .number = 7'000'000, .code = 20'000};
  cluster.state().OnRecord({.id = 1, .node = sim::NodeId{1}, .event = set});
  EXPECT_TRUE(cluster.state().links().empty()) << "that of the beginning";
  cluster.Tell(1, set);
  const auto& quality = cluster.state().links().at({1, 2}).quality;
  ASSERT_TRUE(quality.has_value());
  EXPECT_EQ(quality->latency, zab::Duration{7'000'000});
  EXPECT_EQ(quality->loss, 20'000);
}

TEST(ClientStates, FollowARequestToItsAnswer) {
  ClientStates clients;
  const auto tell = [&clients](const TraceEvent& event) {
    clients.OnRecord({.id = 1, .node = sim::NodeId{4}, .event = event});
    return clients.clients().at(sim::NodeId{4});
  };
  EXPECT_EQ(tell({.probe = Probe::kClientConnected, .peer = {2}}).server, zab::ServerId{2});
  const ClientState asked = tell({.probe = Probe::kInvoked, .code = 5});
  EXPECT_EQ(asked.status, ClientStatus::kWaiting);
  EXPECT_EQ(asked.operation, 5);
  const ClientState answered = tell({.probe = Probe::kReturned, .kind = Kind::kOk, .zxid = Z(7)});
  EXPECT_EQ(answered.status, ClientStatus::kOk);
  EXPECT_EQ(answered.zxid, Z(7));
  EXPECT_EQ(tell({.probe = Probe::kReturned, .kind = Kind::kError}).status, ClientStatus::kError);
  EXPECT_EQ(tell({.probe = Probe::kReturned, .kind = Kind::kIndeterminate}).status,
            ClientStatus::kUnknown);
  EXPECT_EQ(tell({.probe = Probe::kClientClosed}).server, zab::ServerId{});
}

}  // namespace
}  // namespace scenario::log_pieces_test
