// Election channels: which server connects, the queue of one message, and the state after a broken
// connection.
#include "protocol/election/channels.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>

namespace zab::channels_test {
namespace {

constexpr ServerId kOne{1};
constexpr ServerId kTwo{2};
constexpr ServerId kThree{3};
constexpr ConnectionId kAccepted{ConnectionId::kFirstAccepted};
constexpr ConnectionId kAcceptedLater{ConnectionId::kFirstAccepted + 1};

PeerConfig ConfigOf(ServerId self) {
  return {.self = self, .voters = {{kOne, "n1"}, {kTwo, "n2"}, {kThree, "n3"}}};
}

Notification Told(int64_t round) {
  return {.leader = kOne, .zxid = Zxid{Epoch{1}, 7}, .round = round, .config = "version=0"};
}

/// The channels of one server, and their effects since they were last checked.
struct End {
  explicit End(ServerId self) : config(ConfigOf(self)) {}

  Outbox out() { return Outbox(ids, effects); }
  void Say(ServerId to, int64_t round) {
    Outbox box = out();
    channels.Send(to, Told(round), config, box);
  }
  void ConnectAll() {
    Outbox box = out();
    channels.ConnectAll(config, box);
  }
  void Accept(ConnectionId connection) {
    Outbox box = out();
    channels.OnAccepted(connection, config, box);
  }
  void Connected(ConnectionId connection) {
    Outbox box = out();
    channels.OnConnected(connection, config, box);
  }
  void ConnectFailed(ConnectionId connection) {
    Outbox box = out();
    channels.OnConnectFailed(connection, box);
  }
  void Receive(ConnectionId connection, absl::string_view bytes) {
    Outbox box = out();
    for (const ReceivedNotification& one : channels.OnReceived(connection, bytes, config, box)) {
      heard.emplace_back(one.from, one.notification.round);
    }
  }
  void SendDone(ConnectionId connection) {
    Outbox box = out();
    channels.OnSendDone(connection, box);
  }
  void Closed(ConnectionId connection) {
    Outbox box = out();
    channels.OnClosed(connection, box);
  }
  void HandshakeTimeout(ConnectionId connection) {
    Outbox box = out();
    channels.OnHandshakeTimeout(connection, box);
  }

  template <class E>
  std::vector<E> All() const {
    std::vector<E> found;
    for (const Effect& effect : effects) {
      if (const auto* one = std::get_if<E>(&effect)) found.push_back(*one);
    }
    return found;
  }
  std::vector<TraceEvent> Traced(Probe probe) const {
    std::vector<TraceEvent> events;
    for (const Trace& trace : All<Trace>()) {
      if (trace.event.probe == probe) events.push_back(trace.event);
    }
    return events;
  }
  /// The rounds of the notifications sent.
  std::vector<int64_t> Rounds() const {
    std::vector<int64_t> rounds;
    for (const TraceEvent& event : Traced(Probe::kMsgSent)) rounds.push_back(event.number);
    return rounds;
  }
  Effects Take() { return std::exchange(effects, {}); }

  PeerConfig config;
  IdCounters ids;
  Effects effects;
  ElectionChannels channels;
  std::vector<std::pair<ServerId, int64_t>> heard;
};

using Rounds = std::vector<int64_t>;

/// Opens a channel from n3 to n1 and sends `round`; returns the connection.
ConnectionId OpenTo(End& three, int64_t round) {
  three.Say(kOne, round);
  const ConnectionId connection = three.All<Connect>().at(0).connection;
  three.Connected(connection);
  three.SendDone(connection);
  three.Take();
  return connection;
}

TEST(Channels, TheLargerIdConnectsSaysHelloAndSends) {
  End three(kThree);
  three.Say(kOne, 1);
  ASSERT_EQ(three.All<Connect>().size(), 1u);
  EXPECT_EQ(three.All<Connect>()[0].server, kOne);
  EXPECT_EQ(three.All<Connect>()[0].port, Port::kElection);
  const ConnectionId connection = three.All<Connect>()[0].connection;
  EXPECT_TRUE(three.channels.Owns(connection));
  three.Take();

  three.Connected(connection);
  const std::vector<Send> sent = three.All<Send>();
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0].bytes, EncodeHello(kThree, "n3:3888"));
  EXPECT_FALSE(sent[0].wants_done);
  EXPECT_EQ(sent[1].bytes, Frame(EncodeNotification(Told(1)).view()));
  EXPECT_TRUE(sent[1].wants_done);
  EXPECT_EQ(three.Traced(Probe::kChannelUp).at(0).peer, kOne);
  const TraceEvent event = three.Traced(Probe::kMsgSent).at(0);
  EXPECT_EQ(event.kind, Kind::kNotificationMessage);
  EXPECT_EQ(event.peer, kOne);
  EXPECT_EQ(event.connection, connection.value);
}

TEST(Channels, TheSmallerIdSaysHelloAndCloses) {
  End one(kOne);
  one.Say(kThree, 1);
  const ConnectionId connection = one.All<Connect>().at(0).connection;
  one.Take();
  one.Connected(connection);
  ASSERT_EQ(one.All<Send>().size(), 1u);
  EXPECT_EQ(one.All<Send>()[0].bytes, EncodeHello(kOne, "n1:3888"));
  ASSERT_EQ(one.All<Close>().size(), 1u);
  EXPECT_FALSE(one.channels.Owns(connection));
  EXPECT_TRUE(one.Traced(Probe::kChannelUp).empty());
  EXPECT_FALSE(one.channels.HaveDelivered(one.config));  // The queue keeps the message.
}

TEST(Channels, TheLargerIdConnectsBackOnHello) {
  End three(kThree);
  three.Accept(kAccepted);
  EXPECT_EQ(three.All<SetTimer>().at(0).timer, (TimerId{TimerName::kHandshake, kAccepted}));
  EXPECT_EQ(three.All<SetTimer>().at(0).after, three.config.timing.SyncTimeout());
  three.Receive(kAccepted, EncodeHello(kOne, "n1:3888").view());
  EXPECT_EQ(three.All<CancelTimer>().size(), 1u);
  EXPECT_EQ(three.All<Close>().at(0).connection, kAccepted);
  EXPECT_EQ(three.All<Connect>().at(0).server, kOne);
  EXPECT_FALSE(three.channels.Owns(kAccepted));
}

TEST(Channels, APendingAttemptIsNotRepeated) {
  End three(kThree);
  three.Say(kOne, 1);
  three.Say(kOne, 2);
  three.ConnectAll();
  EXPECT_EQ(three.All<Connect>().size(), 2u);  // To n1 and, because of ConnectAll, n2.
  three.Accept(kAccepted);
  three.Receive(kAccepted, EncodeHello(kOne, "n1:3888").view());
  EXPECT_EQ(three.All<Connect>().size(), 2u);
}

TEST(Channels, AfterAFailureOnlyTheNextSendConnectsAgain) {
  End three(kThree);
  three.Say(kOne, 1);
  three.ConnectFailed(three.All<Connect>().at(0).connection);
  EXPECT_EQ(three.Traced(Probe::kIgnored).at(0).reason, Reason::kConnectFailed);
  EXPECT_EQ(three.All<Connect>().size(), 1u);
  three.Say(kOne, 2);
  EXPECT_EQ(three.All<Connect>().size(), 2u);
}

TEST(Channels, TheNewestWinsWhileConnecting) {
  End three(kThree);
  three.Say(kOne, 1);
  three.Say(kOne, 2);
  three.Say(kOne, 3);
  ASSERT_EQ(three.Traced(Probe::kNotificationReplaced).size(), 2u);
  EXPECT_EQ(three.Traced(Probe::kNotificationReplaced)[0].peer, kOne);
  three.Connected(three.All<Connect>().at(0).connection);
  EXPECT_EQ(three.Rounds(), Rounds{3});
}

TEST(Channels, TheQueueHoldsUntilTheFrameIsSent) {
  End three(kThree);
  const ConnectionId connection = OpenTo(three, 1);
  three.Say(kOne, 2);
  EXPECT_TRUE(three.channels.HaveDelivered(three.config));  // What is being sent no longer waits.
  three.Say(kOne, 3);
  EXPECT_FALSE(three.channels.HaveDelivered(three.config));
  three.Say(kOne, 4);
  EXPECT_EQ(three.Rounds(), Rounds{2});
  EXPECT_EQ(three.Traced(Probe::kNotificationReplaced).size(), 1u);
  three.SendDone(connection);
  EXPECT_EQ(three.Rounds(), (Rounds{2, 4}));
  three.SendDone(connection);
  EXPECT_EQ(three.Rounds(), (Rounds{2, 4}));
}

// (ZK SendWorker.run: lastMessageSent.)
TEST(Channels, AFreshChannelSendsTheLastMessageAgain) {
  End three(kThree);
  const ConnectionId connection = OpenTo(three, 1);
  three.Closed(connection);
  EXPECT_EQ(three.Traced(Probe::kChannelDown).at(0).reason, Reason::kConnectionLost);
  EXPECT_TRUE(three.All<Connect>().empty());  // It was not requested.
  three.ConnectAll();
  three.Connected(three.All<Connect>().at(0).connection);
  EXPECT_EQ(three.Rounds(), Rounds{1});
}

TEST(Channels, AFreshChannelSendsTheWaitingMessageInsteadOfTheLastOne) {
  End three(kThree);
  const ConnectionId connection = OpenTo(three, 1);
  three.Say(kOne, 2);  // Not sent when the connection breaks.
  three.Say(kOne, 3);
  three.Closed(connection);
  three.Take();
  three.ConnectAll();
  const ConnectionId next = three.All<Connect>().at(0).connection;
  three.Connected(next);
  EXPECT_EQ(three.Rounds(), Rounds{3});
  three.SendDone(next);
  EXPECT_EQ(three.Rounds(), Rounds{3});
}

TEST(Channels, AHelloReplacesAHalfOpenConnection) {
  End one(kOne);
  one.Accept(kAccepted);
  one.Receive(kAccepted, EncodeHello(kThree, "n3:3888").view());
  one.Say(kThree, 1);
  one.Take();
  one.Accept(kAcceptedLater);  // n3 has lost power and is back; n1 has not heard of it.
  one.Receive(kAcceptedLater, EncodeHello(kThree, "n3:3888").view());
  EXPECT_EQ(one.Traced(Probe::kChannelDown).at(0).reason, Reason::kReplaced);
  EXPECT_EQ(one.All<Close>().at(0).connection, kAccepted);
  EXPECT_FALSE(one.channels.Owns(kAccepted));
  ASSERT_EQ(one.All<Send>().size(), 1u);
  EXPECT_EQ(one.All<Send>()[0].connection, kAcceptedLater);
  EXPECT_EQ(one.Rounds(), Rounds{1});  // It is unknown whether n3 has read it.

  End three(kThree);
  const ConnectionId old = OpenTo(three, 1);
  three.Accept(kAccepted);  // n1 is back, and asks.
  three.Receive(kAccepted, EncodeHello(kOne, "n1:3888").view());
  EXPECT_EQ(three.Traced(Probe::kChannelDown).at(0).connection, old.value);
  EXPECT_EQ(three.All<Close>().size(), 2u);
  EXPECT_EQ(three.All<Connect>().size(), 1u);
}

TEST(Channels, AHelloThatNeverComesEndsTheConnection) {
  End three(kThree);
  three.Accept(kAccepted);
  three.Receive(kAccepted, EncodeHello(kOne, "n1:3888").view().substr(0, 11));
  three.HandshakeTimeout(kAccepted);
  EXPECT_EQ(three.All<Close>().at(0).connection, kAccepted);
  EXPECT_EQ(three.Traced(Probe::kIgnored).at(0).reason, Reason::kReadTimeout);
  EXPECT_FALSE(three.channels.Owns(kAccepted));
}

TEST(Channels, UnknownSidsAndDuplicatesAreRefused) {
  for (const ServerId stranger : {ServerId{4}, kTwo}) {
    End two(kTwo);
    two.Accept(kAccepted);
    two.Receive(kAccepted, EncodeHello(stranger, "x:3888").view());
    EXPECT_EQ(two.All<Close>().size(), 1u);
    EXPECT_EQ(two.Traced(Probe::kIgnored).at(0).reason, Reason::kNotVoter);
    EXPECT_EQ(two.Traced(Probe::kIgnored).at(0).peer, stranger);
    EXPECT_TRUE(two.All<Connect>().empty());
  }
}

TEST(Channels, BytesInAnyPiecesGiveTheSameNotifications) {
  std::string bytes(EncodeHello(kThree, "n3:3888").view());
  for (int64_t round = 1; round <= 3; ++round) {
    bytes += std::string(Frame(EncodeNotification(Told(round)).view()).view());
  }
  for (size_t piece = 1; piece <= bytes.size(); ++piece) {
    End one(kOne);
    one.Accept(kAccepted);
    for (size_t at = 0; at < bytes.size(); at += piece) {
      one.Receive(kAccepted, absl::string_view(bytes).substr(at, piece));
    }
    const std::vector<std::pair<ServerId, int64_t>> wanted = {
        {kThree, 1}, {kThree, 2}, {kThree, 3}};
    EXPECT_EQ(one.heard, wanted);
    EXPECT_EQ(one.Traced(Probe::kMsgDelivered).size(), 3u);
  }
}

TEST(Channels, ABadNotificationIsDroppedABadFrameEndsTheChannel) {
  End one(kOne);
  one.Accept(kAccepted);
  one.Receive(kAccepted, EncodeHello(kThree, "n3:3888").view());
  one.Receive(kAccepted, Frame("too short").view());
  EXPECT_EQ(one.Traced(Probe::kIgnored).at(0).reason, Reason::kBadBytes);
  EXPECT_TRUE(one.channels.Owns(kAccepted));
  one.Receive(kAccepted, Frame(EncodeNotification(Told(1)).view()).view());
  EXPECT_EQ(one.heard.size(), 1u);
  one.Receive(kAccepted, absl::string_view("\xff\xff\xff\xff", 4));
  EXPECT_EQ(one.Traced(Probe::kChannelDown).at(0).reason, Reason::kBadBytes);
  EXPECT_FALSE(one.channels.Owns(kAccepted));
}

TEST(Channels, DeliveredMeansThatSomeQueueIsEmpty) {
  End three(kThree);
  EXPECT_FALSE(three.channels.HaveDelivered(three.config));  // Nothing was sent to any server.
  three.Say(kOne, 1);
  three.Say(kTwo, 1);
  EXPECT_FALSE(three.channels.HaveDelivered(three.config));
  three.Connected(three.All<Connect>().at(1).connection);
  EXPECT_TRUE(three.channels.HaveDelivered(three.config));
}

TEST(Channels, ACopyContinuesLikeTheOriginal) {
  End three(kThree);
  const ConnectionId connection = OpenTo(three, 1);
  three.Say(kOne, 2);
  three.Say(kOne, 3);
  End copy = three;
  three.SendDone(connection);
  EXPECT_EQ(copy.Rounds(), Rounds{2});
  copy.SendDone(connection);
  EXPECT_EQ(copy.Rounds(), three.Rounds());
}

// ---- Two ends, wired together -------------------------------------------------------------------

/// n1 and n3 and the connections between them.  Effects are processed one by one, as if each took
/// the same time.
struct Pair {
  struct Step {
    End* at;
    ConnectionId connection;
    char what;  // a(ccepted) c(onnected) r(eceived) d(one) x: closed.
    Payload bytes;
  };

  End& Other(End& end) { return &end == &one ? three : one; }
  void Perform(End& end) {
    for (Effect& effect : end.Take()) {
      End& other = Other(end);
      if (const auto* connect = std::get_if<Connect>(&effect)) {
        const ConnectionId accepted{ConnectionId::kFirstAccepted + next_accepted++};
        ends[{end.config.self, connect->connection}] = accepted;
        ends[{other.config.self, accepted}] = connect->connection;
        steps.push_back({&other, accepted, 'a', {}});
        steps.push_back({&end, connect->connection, 'c', {}});
      } else if (const auto* send = std::get_if<Send>(&effect)) {
        steps.push_back({&other, ends.at({end.config.self, send->connection}), 'r', send->bytes});
        if (send->wants_done) steps.push_back({&end, send->connection, 'd', {}});
      } else if (const auto* close = std::get_if<Close>(&effect)) {
        steps.push_back({&other, ends.at({end.config.self, close->connection}), 'x', {}});
      } else if (const auto* trace = std::get_if<Trace>(&effect)) {
        if (trace->event.probe == Probe::kChannelUp) ++ups[end.config.self];
        if (trace->event.probe == Probe::kChannelDown) ++downs[end.config.self];
      }
    }
  }
  void Run() {
    Perform(one);
    Perform(three);
    for (int i = 0; !steps.empty(); ++i) {
      ASSERT_LT(i, 200) << "the two ends never become idle";
      const Step step = steps.front();
      steps.pop_front();
      if (step.what == 'a') {
        step.at->Accept(step.connection);
      } else if (step.at->channels.Owns(step.connection)) {
        if (step.what == 'c') step.at->Connected(step.connection);
        if (step.what == 'r') step.at->Receive(step.connection, step.bytes.view());
        if (step.what == 'd') step.at->SendDone(step.connection);
        if (step.what == 'x') step.at->Closed(step.connection);
      }
      Perform(*step.at);
    }
  }
  /// Expects exactly one channel, known to both ends.
  void ExpectOneChannel() {
    EXPECT_EQ(ups[kOne] - downs[kOne], 1);
    EXPECT_EQ(ups[kThree] - downs[kThree], 1);
  }

  End one{kOne};
  End three{kThree};
  std::deque<Step> steps;
  std::map<std::pair<ServerId, ConnectionId>, ConnectionId> ends;
  std::map<ServerId, int> ups, downs;
  uint64_t next_accepted = 0;
};

using Heard = std::vector<std::pair<ServerId, int64_t>>;

TEST(ChannelPair, TheLargerIdBegins) {
  Pair pair;
  pair.three.Say(kOne, 1);
  pair.Run();
  EXPECT_EQ(pair.one.heard, (Heard{{kThree, 1}}));
  pair.one.Say(kThree, 2);  // The same connection serves both directions.
  pair.Run();
  EXPECT_EQ(pair.three.heard, (Heard{{kOne, 2}}));
  pair.ExpectOneChannel();
  EXPECT_EQ(pair.next_accepted, 1u);
}

TEST(ChannelPair, TheSmallerIdBegins) {
  Pair pair;
  pair.one.Say(kThree, 1);
  pair.Run();
  EXPECT_EQ(pair.three.heard, (Heard{{kOne, 1}}));
  pair.ExpectOneChannel();
  EXPECT_EQ(pair.next_accepted, 2u);  // One to ask, one that stays.
}

// Then the hello of the smaller id closes the first connection of the larger one, and the last
// message is sent twice.  (As in ZooKeeper.)
TEST(ChannelPair, BothBeginAtOnce) {
  Pair pair;
  pair.one.Say(kThree, 1);
  pair.three.Say(kOne, 2);
  pair.Run();
  ASSERT_FALSE(pair.one.heard.empty());
  ASSERT_FALSE(pair.three.heard.empty());
  for (const auto& heard : pair.one.heard) EXPECT_EQ(heard, (std::pair{kThree, int64_t{2}}));
  for (const auto& heard : pair.three.heard) EXPECT_EQ(heard, (std::pair{kOne, int64_t{1}}));
  pair.ExpectOneChannel();
}

TEST(ChannelPair, ARestartedEndFindsTheHalfOpenOne) {
  Pair pair;
  pair.three.Say(kOne, 1);
  pair.Run();
  const IdCounters ids = pair.one.ids;
  pair.one = End(kOne);  // Power loss: n3 is not notified.
  pair.one.ids = ids;
  pair.ups[kOne] = pair.downs[kOne] = 0;
  pair.one.Say(kThree, 9);
  pair.Run();
  EXPECT_EQ(pair.three.heard, (Heard{{kOne, 9}}));
  EXPECT_EQ(pair.one.heard, (Heard{{kThree, 1}}));  // The last message again.
  pair.ExpectOneChannel();
}

}  // namespace
}  // namespace zab::channels_test
