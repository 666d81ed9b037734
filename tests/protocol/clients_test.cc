// Clients: answers of the leader in order, out of order, and without a request.
#include "protocol/roles/clients.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "protocol/roles/core.h"
#include "tests/support/role_bench.h"

namespace zab {
namespace clients_test {
namespace {

constexpr ConnectionId kClient{ConnectionId::kFirstAccepted};

class ClientsTest : public testing::Test {
 protected:
  ClientsTest() {
    core_.config = BenchConfig(3, 2);
    core_.database.tree = DataTree::Fresh(core_.config.ConfigText());
    clients_.Open(out_);
    clients_.OnConnected({.connection = kClient}, core_, out_);
  }

  /// Sends a request; returns the client id.
  int64_t Ask(int32_t cxid, OpType type) {
    const auto submitted = clients_.OnRequest({kClient, cxid, {.type = type, .path = "/a"}},
                                              /*sync_is_read=*/false, core_, out_);
    return submitted ? submitted->client_id : 0;
  }
  void Applied(int64_t client, int32_t cxid) {
    Txn txn = *BenchTxn({{1}, 1});
    txn.header.client_id = client;
    txn.header.cxid = cxid;
    clients_.OnApplied(txn, {}, core_, out_);
  }
  template <class T>
  size_t Count() const {
    return static_cast<size_t>(std::ranges::count_if(
        effects_, [](const Effect& effect) { return std::holds_alternative<T>(effect); }));
  }

  Core core_;
  Effects effects_;
  Outbox out_{core_.ids, effects_};
  Clients clients_;
};

TEST_F(ClientsTest, AnAnswerInOrderIsGiven) {
  const int64_t client = Ask(1, OpType::kSetData);
  Ask(2, OpType::kSync);
  Applied(client, 1);
  clients_.OnSyncReply(core_, out_);
  EXPECT_EQ(Count<ClientReply>(), 2u);
  EXPECT_TRUE(clients_.Owns(kClient));
}

TEST_F(ClientsTest, AnAnswerOutOfOrderEndsTheConnection) {
  Ask(1, OpType::kSetData);
  Applied(Ask(2, OpType::kSetData), 2);
  EXPECT_EQ(Count<ClientReply>(), 0u);
  EXPECT_EQ(Count<Close>(), 1u);
  EXPECT_FALSE(clients_.Owns(kClient));
}

TEST_F(ClientsTest, AnAnswerThatComesTwiceEndsTheConnection) {
  const int64_t client = Ask(1, OpType::kSetData);
  Applied(client, 1);
  Applied(client, 1);
  EXPECT_EQ(Count<ClientReply>(), 1u);
  EXPECT_EQ(Count<Close>(), 1u);
}

TEST_F(ClientsTest, ASyncReplyBeforeEarlierRepliesEndsTheConnection) {
  Ask(1, OpType::kSetData);
  Ask(2, OpType::kSync);
  clients_.OnSyncReply(core_, out_);
  EXPECT_EQ(Count<ClientReply>(), 0u);
  EXPECT_EQ(Count<Close>(), 1u);
}

}  // namespace
}  // namespace clients_test
}  // namespace zab
