// Sessions of clients whose servers follow: opened, kept alive, taken elsewhere, closed, expired.
#include <gtest/gtest.h>

#include "tests/support/role_bench.h"

namespace zab::sessions_test {

constexpr ConnectionId kLearner{ConnectionId::kFirstAccepted};
constexpr int64_t kSession = 77;
constexpr int32_t kTimeout = 4000;

// A leader of epoch 5 with one follower.
class SessionsTest : public testing::Test {
 protected:
  SessionsTest() {
    bench.core.epochs.Set(Epoch{4}, Epoch{4});
    bench.GiveHistory(Epoch{4}, 3);
    bench.core.database.tree.sessions[1] = kTimeout;  // Of the last leader's time.
    Outbox out = bench.out();
    bench.role.Start(bench.core, out);
    bench.role.OnAccepted(kLearner, bench.core, out);
    Receive(FollowerInfo{Epoch{4}, ServerId{1}});
    bench.AnswerDisk();
    Receive(AckEpoch{Zxid{Epoch{4}, 3}, Epoch{4}});
    bench.AnswerDisk();
    Receive(Ack{Zxid{Epoch{5}, 0}});
    bench.Settle();
    bench.Sent();
  }

  void Receive(const Message& message) {
    Outbox out = bench.out();
    bench.role.OnReceived(kLearner, Encode(message).view(), bench.core, out);
  }
  // A request of the session's client, committed and applied; what became of it.
  TxnRef Request(Operation operation) {
    Receive(ForwardedRequest{kSession, ++cxid, std::move(operation)});
    return Commit();
  }
  TxnRef Commit() {
    TxnRef txn;
    for (const Message& message : bench.Sent()) {
      if (const auto* proposal = std::get_if<Proposal>(&message)) txn = proposal->txn;
    }
    if (!txn) return nullptr;
    Receive(Ack{txn->zxid()});
    bench.Settle();
    bench.Sent();
    return txn;
  }
  // Half a tick after the last call.
  TxnRef Tick() {
    bench.core.now.monotonic = bench.core.now.monotonic + bench.core.config.timing.tick_time / 2;
    Outbox out = bench.out();
    bench.role.OnTimer({TimerName::kTick}, bench.core, out);
    return Commit();
  }
  // Time enough for a session without a sign of life.
  TxnRef Expire() {
    for (Duration passed; passed <= Milliseconds(kTimeout);
         passed = passed + bench.core.config.timing.tick_time / 2) {
      Receive(Ping{.reply = true});  // The follower lives.
      if (const TxnRef txn = Tick()) return txn;
    }
    return nullptr;
  }
  bool IsValid(int64_t id) {
    Receive(Revalidate{{id, kTimeout}});
    const std::vector<Message> sent = bench.Sent();
    EXPECT_EQ(sent.size(), 1u);
    const auto reply = std::get<RevalidateReply>(sent.at(0));
    EXPECT_EQ(reply.session_id, id);
    return reply.valid;
  }
  const DataTree& tree() const { return bench.core.database.tree; }

  RoleBench<Leader> bench{BenchConfig(3, 3), Leader()};
  int32_t cxid = 0;
};

TEST_F(SessionsTest, AClosedSessionTakesItsNodesAlong) {
  Request({.type = OpType::kCreateSession, .timeout = kTimeout});
  EXPECT_EQ(tree().sessions.at(kSession), kTimeout);
  Request({.type = OpType::kCreate, .path = "/e", .data = "", .ephemeral = true});
  EXPECT_NE(tree().Find("/e"), nullptr);
  EXPECT_TRUE(IsValid(kSession));
  Request({.type = OpType::kCloseSession});
  EXPECT_EQ(tree().Find("/e"), nullptr);
  EXPECT_FALSE(tree().sessions.contains(kSession));
  EXPECT_FALSE(IsValid(kSession));
}

TEST_F(SessionsTest, ASilentSessionExpires) {
  Tick();  // It expires after the last leader's.
  Request({.type = OpType::kCreateSession, .timeout = kTimeout});
  Request({.type = OpType::kCreate, .path = "/e", .data = "", .ephemeral = true});
  const TxnRef first = Expire();  // The last leader's.
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->header.client_id, 1);
  const TxnRef second = Expire();
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(second->header.client_id, kSession);
  EXPECT_TRUE(std::holds_alternative<CloseSessionTxn>(second->record));
  EXPECT_EQ(tree().Find("/e"), nullptr);
  EXPECT_EQ(Expire(), nullptr) << "only once";
}

TEST_F(SessionsTest, SignsOfLifeComeWithPings) {
  Request({.type = OpType::kCreateSession, .timeout = kTimeout});
  for (int i = 0; i < 20; ++i) {
    Receive(Ping{.reply = true, .sessions = {{kSession, kTimeout}, {1, kTimeout}, {999, 1}}});
    EXPECT_EQ(Tick(), nullptr);
  }
  EXPECT_TRUE(IsValid(kSession));
  EXPECT_TRUE(IsValid(1)) << "of the last leader's time";
  EXPECT_FALSE(IsValid(999));
}

TEST_F(SessionsTest, TheUnimplementedFailsAndHarmsNobody) {
  const TxnRef txn = Request({.type = OpType::kUnimplemented, .data = "", .code = 14});
  EXPECT_EQ(std::get<ErrorTxn>(txn->record).error, Error::kUnimplemented);
  EXPECT_TRUE(bench.role.Owns(kLearner));
}

}  // namespace zab::sessions_test
