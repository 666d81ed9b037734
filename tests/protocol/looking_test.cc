// Elections: a few servers, their channels, and a network in which everything takes a millisecond.
#include "protocol/roles/looking.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace zab::looking_test {
namespace {

constexpr Duration kLatency = Milliseconds(1);

struct Server {
  Core core;
  std::optional<Looking> looking;
  bool up = false;
  uint64_t life = 0;
  std::map<TimerId, Time> timers;
  std::vector<std::pair<Time, TraceEvent>> trace;
};

/// Servers with the sids 1, 2, ...  A server that is not up neither receives nor answers, and
/// refuses connections.
class TestNetwork {
 public:
  explicit TestNetwork(int count) {
    for (int i = 1; i <= count; ++i) {
      const ServerId sid{static_cast<uint16_t>(i)};
      servers_[sid].core.config.self = sid;
      for (int j = 1; j <= count; ++j) {
        servers_[sid].core.config.voters.push_back(
            {ServerId{static_cast<uint16_t>(j)}, "n" + std::to_string(j)});
      }
    }
  }

  Server& At(int i) { return servers_.at(ServerId{static_cast<uint16_t>(i)}); }
  Time now() const { return now_; }

  void History(int i, uint32_t epoch, Zxid last) {
    At(i).core.epochs.Set(Epoch{epoch}, Epoch{epoch});
    At(i).core.database.last_processed = last;
  }
  /// The process starts, and is LOOKING at once.
  void Start(int i) {
    At(i).up = true;
    LoseLeader(i, Reason::kStarted);
  }
  /// Returns to LOOKING without a crash.
  void LoseLeader(int i, Reason why = Reason::kConnectionLost) {
    Server& server = At(i);
    server.core.state = ServerState::kLooking;
    server.looking.emplace(why);
    Effects effects;
    Outbox out(server.core.ids, effects);
    server.looking->BeginVoting(server.core, out);
    Perform(server, effects);
  }
  void StartAll() {
    for (auto& [sid, server] : servers_) Start(sid.value);
  }
  /// Power loss: the others are not notified.
  void Kill(int i) {
    Server& server = At(i);
    server.up = false;
    ++server.life;
    server.looking.reset();
    server.timers.clear();
    server.core.channels = {};
    server.core.election = {};
  }
  /// As if a leader had been established in that epoch: applies the final steps of leader and
  /// followers.
  void Establish(int leader, uint32_t epoch) {
    for (auto& [sid, server] : servers_) {
      if (!server.up || server.core.election.current_vote.leader.value != leader) continue;
      server.core.election.current_vote.peer_epoch = Epoch{epoch};
      server.core.epochs.Set(Epoch{epoch}, Epoch{epoch});
    }
  }

  void RunFor(Duration duration) {
    const Time end = now_ + duration;
    while (!queue_.empty() && queue_.begin()->first.first <= end) {
      const Event event = std::move(queue_.begin()->second);
      now_ = queue_.begin()->first.first;
      queue_.erase(queue_.begin());
      Server& server = servers_.at(event.to);
      if (server.up && server.life == event.life) Step(server, event.input);
    }
    now_ = end;
  }

  /// The leader, if all servers that are up and not LOOKING agree on it and it leads itself;
  /// otherwise 0.
  int Leader() const {
    int leader = 0;
    for (const auto& [sid, server] : servers_) {
      if (!server.up || server.core.state == ServerState::kLooking) continue;
      const int choice = server.core.election.current_vote.leader.value;
      if (leader != 0 && choice != leader) return 0;
      leader = choice;
    }
    if (leader == 0) return 0;
    const Server& server = servers_.at(ServerId{static_cast<uint16_t>(leader)});
    return server.core.state == ServerState::kLeading ? leader : 0;
  }
  int CountLooking() const {
    int count = 0;
    for (const auto& [sid, server] : servers_) {
      count += server.up && server.core.state == ServerState::kLooking;
    }
    return count;
  }
  std::vector<Time> Times(int i, Probe probe) {
    std::vector<Time> times;
    for (const auto& [time, event] : At(i).trace) {
      if (event.probe == probe) times.push_back(time);
    }
    return times;
  }
  std::optional<TraceEvent> Last(int i, Probe probe) {
    std::optional<TraceEvent> last;
    for (const auto& [time, event] : At(i).trace) {
      if (event.probe == probe) last = event;
    }
    return last;
  }

 private:
  struct Event {
    ServerId to;
    uint64_t life = 0;
    Input input;
  };
  struct Far {
    ServerId server;
    ConnectionId connection;
  };

  void Push(Duration after, Server& to, Input input) {
    queue_[{now_ + after, ++seq_}] = {to.core.config.self, to.life, std::move(input)};
  }

  /// Handles inputs as peer.cc does, as far as elections need.
  struct OnInput {
    Server& server;
    Outbox& out;
    Core& core = server.core;

    template <class T>
    void operator()(const T& /*input*/) const {}
    void operator()(const Accepted& i) const {
      core.channels.OnAccepted(i.connection, core.config, out);
    }
    void operator()(const Connected& i) const {
      core.channels.OnConnected(i.connection, core.config, out);
    }
    void operator()(const ConnectFailed& i) const {
      core.channels.OnConnectFailed(i.connection, out);
    }
    void operator()(const SendDone& i) const {
      if (core.channels.Owns(i.connection)) core.channels.OnSendDone(i.connection, out);
    }
    void operator()(const Closed& i) const {
      if (core.channels.Owns(i.connection)) core.channels.OnClosed(i.connection, out);
    }
    void operator()(const Received& i) const {
      if (!core.channels.Owns(i.connection)) return;
      for (const ReceivedNotification& one :
           core.channels.OnReceived(i.connection, i.bytes.view(), core.config, out)) {
        const auto proposal = server.looking ? server.looking->proposal() : std::nullopt;
        if (ReceiveNotification(one, proposal, core, out)) {
          server.looking->OnNotification(one, core, out);
        }
      }
    }
    void operator()(const Resume& i) const {
      if (server.looking) server.looking->OnOwnNotification(i.task.number, core, out);
    }
    void operator()(const TimerFired& i) const {
      if (i.timer.name == TimerName::kHandshake) {
        core.channels.OnHandshakeTimeout(i.timer.connection, out);
      } else if (server.looking) {
        server.looking->OnTimer(i.timer.name, core, out);
      }
    }
  };

  void Step(Server& server, const Input& input) {
    if (const auto* fired = std::get_if<TimerFired>(&input)) {
      const auto timer = server.timers.find(fired->timer);
      if (timer == server.timers.end() || timer->second != now_) return;  // Re-armed or cancelled.
      server.timers.erase(timer);
    }
    server.core.now.monotonic = now_;
    Effects effects;
    Outbox out(server.core.ids, effects);
    std::visit(OnInput{server, out}, input);
    if (server.looking && server.looking->result()) server.looking.reset();
    Perform(server, effects);
  }

  struct OnEffect {
    TestNetwork& network;
    Server& server;

    template <class T>
    void operator()(const T& /*effect*/) const {}
    void operator()(const SetTimer& e) const {
      server.timers[e.timer] = network.now_ + e.after;
      network.Push(e.after, server, TimerFired{e.timer});
    }
    void operator()(const CancelTimer& e) const { server.timers.erase(e.timer); }
    void operator()(const Connect& e) const { network.OnConnect(server, e); }
    void operator()(const Send& e) const {
      const Far far = FarEnd(e.connection);
      network.Push(kLatency, network.servers_.at(far.server), Received{far.connection, e.bytes});
      if (e.wants_done) network.Push({}, server, SendDone{e.connection});
    }
    void operator()(const Close& e) const {
      const Far far = FarEnd(e.connection);
      network.Push(kLatency, network.servers_.at(far.server), Closed{far.connection});
    }
    void operator()(const Later& e) const { network.Push({}, server, Resume{e.task}); }
    void operator()(const Trace& e) const { server.trace.emplace_back(network.now_, e.event); }

    Far FarEnd(ConnectionId connection) const {
      return network.ends_.at({server.core.config.self, connection});
    }
  };

  void Perform(Server& server, const Effects& effects) {
    for (const Effect& effect : effects) std::visit(OnEffect{*this, server}, effect);
  }

  void OnConnect(Server& server, const Connect& connect) {
    Server& other = servers_.at(connect.server);
    if (!other.up) return Push(kLatency * 2, server, ConnectFailed{connect.connection});
    const ConnectionId accepted{ConnectionId::kFirstAccepted + accepted_++};
    ends_[{server.core.config.self, connect.connection}] = {connect.server, accepted};
    ends_[{connect.server, accepted}] = {server.core.config.self, connect.connection};
    Push(kLatency, other, Accepted{accepted, connect.port});
    Push(kLatency * 2, server, Connected{connect.connection});
  }

  std::map<ServerId, Server> servers_;
  std::map<std::pair<Time, uint64_t>, Event> queue_;
  std::map<std::pair<ServerId, ConnectionId>, Far> ends_;
  Time now_;
  uint64_t seq_ = 0;
  uint64_t accepted_ = 0;
};

TEST(Looking, OfEqualHistoriesTheLargestIdWins) {
  for (const int count : {1, 2, 3, 5}) {
    TestNetwork network(count);
    network.StartAll();
    network.RunFor(Seconds(1));
    EXPECT_EQ(network.Leader(), count);
    EXPECT_EQ(network.CountLooking(), 0);
    const TraceEvent elected = *network.Last(1, Probe::kElected);
    EXPECT_EQ(elected.kind, count == 1 ? Kind::kLeading : Kind::kFollowing);
    EXPECT_EQ(elected.peer.value, count);
    EXPECT_EQ(elected.number, 1);
  }
}

TEST(Looking, ANewerEpochWinsOverALongerHistory) {
  TestNetwork network(3);
  network.History(1, 3, {Epoch{2}, 4});
  network.History(2, 2, {Epoch{2}, 9});
  network.History(3, 2, {Epoch{2}, 9});
  network.StartAll();
  network.RunFor(Seconds(1));
  EXPECT_EQ(network.Leader(), 1);
  const Vote vote = network.At(3).core.election.current_vote;
  EXPECT_EQ(vote.leader, ServerId{1});
  EXPECT_EQ(vote.zxid, (Zxid{Epoch{2}, 4}));
  EXPECT_EQ(vote.peer_epoch, Epoch{3});
}

TEST(Looking, OfOneEpochTheNewestZxidWins) {
  TestNetwork network(5);
  for (int i = 1; i <= 5; ++i) network.History(i, 2, {Epoch{2}, i == 2 ? 8u : 7u});
  network.StartAll();
  network.RunFor(Seconds(1));
  EXPECT_EQ(network.Leader(), 2);
}

// The wait ends 200 ms after the last vote; no timeout is needed.
TEST(Looking, AnElectionTakesTheFinalizeWaitAndAFewMessages) {
  TestNetwork network(3);
  network.StartAll();
  network.RunFor(Seconds(1));
  const Time elected = network.Times(3, Probe::kElected).at(0);
  EXPECT_GE(elected, Time{} + Milliseconds(200));
  EXPECT_LE(elected, Time{} + Milliseconds(220));
}

TEST(Looking, AMinorityElectsNoLeader) {
  TestNetwork network(5);
  network.Start(4);
  network.Start(5);
  network.RunFor(Seconds(300));
  EXPECT_EQ(network.CountLooking(), 2);
  network.Start(1);
  network.RunFor(Seconds(60));
  EXPECT_EQ(network.Leader(), 5);
}

TEST(Looking, ALateJoinerFindsTheEstablishedEnsemble) {
  TestNetwork network(3);
  network.Start(1);
  network.Start(2);
  network.RunFor(Seconds(1));
  ASSERT_EQ(network.Leader(), 2);
  network.Establish(2, 1);
  network.History(3, 1, {Epoch{1}, 900});  // Better than both, but too late.
  network.Start(3);
  network.RunFor(Seconds(1));
  EXPECT_EQ(network.Leader(), 2);
  EXPECT_EQ(network.CountLooking(), 0);
  EXPECT_EQ(network.At(3).core.election.current_vote.leader, ServerId{2});
}

// A server that was LOOKING in vain is rounds ahead of those that elected without it.
TEST(Looking, ALateJoinerTakesTheRoundOfTheEnsemble) {
  TestNetwork network(3);
  network.At(3).core.election.round = 7;
  network.Start(1);
  network.Start(2);
  network.RunFor(Seconds(1));
  network.Establish(2, 1);
  network.Start(3);
  network.RunFor(Seconds(1));
  EXPECT_EQ(network.At(3).core.election.current_vote.leader, ServerId{2});
  EXPECT_EQ(network.At(3).core.election.round, 1);
}

// n3 leads, then loses power, and its followers have not noticed; their votes are not enough.
TEST(Looking, VotesOfFollowersAreNotEnough) {
  TestNetwork network(5);
  for (const int i : {1, 2, 3}) network.Start(i);
  network.RunFor(Seconds(1));
  ASSERT_EQ(network.Leader(), 3);
  network.Establish(3, 1);
  network.Start(4);
  network.RunFor(Seconds(1));
  ASSERT_EQ(network.At(4).core.state, ServerState::kFollowing);
  network.Establish(3, 1);
  network.Kill(3);
  network.Start(5);
  network.RunFor(Seconds(5));
  EXPECT_EQ(network.At(5).core.state, ServerState::kLooking);
  for (const int i : {1, 2, 4}) network.LoseLeader(i);
  network.RunFor(Seconds(60));
  EXPECT_EQ(network.CountLooking(), 0);
  EXPECT_EQ(network.Leader(), 4);  // One of those that were in epoch 1.
}

TEST(Looking, AServerThatIsRoundsBehindCatchesUp) {
  for (const int ahead : {1, 3}) {
    TestNetwork network(3);
    network.At(ahead).core.election.round = 5;
    network.Start(1);
    network.Start(3);
    network.RunFor(Seconds(2));
    EXPECT_EQ(network.Leader(), 3);
    for (const int i : {1, 3}) EXPECT_EQ(network.At(i).core.election.current_vote.round, 6);
  }
}

TEST(Looking, AServerWithADamagedHistoryNeitherCountsNorIsCounted) {
  TestNetwork network(3);
  network.At(3).core.damaged = true;
  network.At(3).core.epochs.Set(Epoch{9}, Epoch{9});
  network.Start(3);
  network.Start(2);
  network.RunFor(Seconds(30));
  EXPECT_EQ(network.CountLooking(), 2);
  network.Start(1);
  network.RunFor(Seconds(120));
  EXPECT_EQ(network.Leader(), 2);
  EXPECT_EQ(network.CountLooking(), 0);  // A quorum forms the ensemble, so it may join.
}

TEST(Looking, SilenceDoublesTheWaitUpToTheMaximum) {
  TestNetwork network(3);
  network.At(1).core.config.timing.notification_max = Seconds(1);
  network.Start(1);
  network.RunFor(Seconds(5));
  std::vector<Time> failures;  // Two connections each time: to n2 and n3.
  for (const auto& [time, event] : network.At(1).trace) {
    if (event.reason == Reason::kConnectFailed && event.peer == ServerId{2})
      failures.push_back(time);
  }
  const Time first = Time{} + kLatency * 2;
  const std::vector<Time> wanted = {first,
                                    first + Milliseconds(200),
                                    first + Milliseconds(600),
                                    first + Milliseconds(1400),
                                    first + Milliseconds(2400),
                                    first + Milliseconds(3400),
                                    first + Milliseconds(4400)};
  EXPECT_EQ(failures, wanted);
}

TEST(Looking, ABetterVoteInterruptsTheFinalizeWait) {
  TestNetwork network(3);
  network.Start(1);
  network.Start(2);
  network.RunFor(Milliseconds(150));  // They agree on n2 and wait.
  EXPECT_EQ(network.At(1).looking->phase(), Looking::Phase::kFinalizing);
  EXPECT_EQ(network.At(1).looking->proposal()->leader, ServerId{2});
  network.Start(3);
  network.RunFor(Milliseconds(10));
  EXPECT_EQ(network.At(1).looking->proposal()->leader, ServerId{3});
  network.RunFor(Seconds(1));
  EXPECT_EQ(network.Leader(), 3);
  EXPECT_EQ(network.CountLooking(), 0);
}

// It has a newer epoch, so it is better, but it does not count; sent repeatedly in step with the
// others' votes, it must not keep them from electing.
TEST(Looking, ABetterVoteThatDoesNotCountLeavesTheQuorumIntact) {
  TestNetwork network(3);
  network.At(3).core.damaged = true;
  network.At(3).core.epochs.Set(Epoch{9}, Epoch{9});
  network.Start(1);
  network.Start(2);
  network.RunFor(Milliseconds(150));
  EXPECT_EQ(network.At(1).looking->phase(), Looking::Phase::kFinalizing);
  network.Start(3);
  network.RunFor(Milliseconds(10));
  for (const int i : {1, 2}) {
    EXPECT_EQ(network.At(i).looking->phase(), Looking::Phase::kFinalizing) << i;
    EXPECT_EQ(network.At(i).looking->proposal()->leader, ServerId{2});
  }
  network.RunFor(Milliseconds(250));
  EXPECT_EQ(network.Leader(), 2);
}

TEST(Looking, EveryVoteIsTraced) {
  TestNetwork network(3);
  network.History(2, 1, {Epoch{1}, 4});
  network.StartAll();
  network.RunFor(Seconds(1));
  const TraceEvent looking = network.At(2).trace.at(0).second;
  EXPECT_EQ(looking.probe, Probe::kLooking);
  EXPECT_EQ(looking.reason, Reason::kStarted);
  EXPECT_EQ(looking.zxid, (Zxid{Epoch{1}, 4}));
  EXPECT_EQ(network.Last(1, Probe::kVoteChanged)->peer, ServerId{2});
  EXPECT_EQ(network.Last(1, Probe::kVoteSent)->kind, Kind::kLooking);
  for (const auto& [time, event] : network.At(1).trace) {
    if (event.probe == Probe::kVoteSent) {
      EXPECT_NE(event.peer, ServerId{1});
    }
  }
}

// It cannot follow the leader that the others follow: it leaves again as soon as it is told of it.
TEST(Looking, BacksOffFromALeaderThatItLeavesAgainAndAgain) {
  TestNetwork network(3);
  network.StartAll();
  network.RunFor(Seconds(2));
  ASSERT_EQ(network.Leader(), 3);
  Server& server = network.At(1);
  int left = 0;
  const auto run = [&](Duration duration) {
    for (const Time end = network.now() + duration; network.now() < end;
         network.RunFor(Milliseconds(1))) {
      if (server.core.state != ServerState::kFollowing) continue;
      ++left;
      server.core.back_off.OnLeft(ServerId{3}, network.now(), server.core.config.timing);
      network.LoseLeader(1);
    }
  };
  run(Milliseconds(100));
  EXPECT_EQ(left, 3) << "at once";
  run(Seconds(60));
  EXPECT_GE(left, 8);
  EXPECT_LE(left, 14);
  // A leader of another election is followed at once.
  network.Kill(3);
  network.LoseLeader(2);
  server.core.back_off.OnLeft(ServerId{3}, network.now(), server.core.config.timing);
  network.LoseLeader(1);
  network.RunFor(Seconds(1));
  EXPECT_EQ(network.Leader(), 2);
}

}  // namespace
}  // namespace zab::looking_test
