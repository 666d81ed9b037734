// The common setup of role tests.
#include "tests/support/role_bench.h"

namespace zab {

PeerConfig BenchConfig(int count, int self) {
  PeerConfig config{.self = ServerId{static_cast<uint16_t>(self)}};
  for (int i = 1; i <= count; ++i) {
    config.voters.push_back({ServerId{static_cast<uint16_t>(i)}, "n" + std::to_string(i)});
  }
  return config;
}

TxnRef BenchTxn(Zxid zxid) {
  return MakeTxn({.client_id = 1, .cxid = static_cast<int32_t>(zxid.counter), .zxid = zxid},
                 CreateTxn{.path = "/t" + std::to_string(zxid.epoch.value) + "-" +
                                   std::to_string(zxid.counter),
                           .data = "x",
                           .acl = {Acl{}}},
                 std::nullopt);
}

}  // namespace zab
