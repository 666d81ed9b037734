// What servers say to each other, as the ghost counts it: who has voted for whom, and what a leader
// has heard from whom in its present role.  It counts messages itself and never uses what a leader
// says it has counted.
#pragma once

#include <bitset>
#include <cstdint>
#include <vector>

#include "absl/container/btree_map.h"
#include "protocol/wire/ids.h"

namespace scenario {

/// Some of the servers of a scenario, by sid; at most 99.
class ServerSet {
 public:
  void Add(zab::ServerId server) { servers_.set(server.value); }
  bool Contains(zab::ServerId server) const { return servers_.test(server.value); }
  size_t size() const { return servers_.count(); }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("servers", servers_.to_string());
  }

 private:
  std::bitset<128> servers_;
};

/// The newest votes of one server for one leader.
struct GivenVotes {
  int64_t round = 0;
  zab::Epoch epoch;  // peerEpoch.

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("round", round);
    field("epoch", epoch);
  }
};
using Votes = absl::btree_map<zab::ServerId, GivenVotes>;  // By the server voted for.

/// What a leader has heard, itself included.  A message counts when it is delivered, and only as
/// far as its sender has itself told that it sent it.
struct Tally {
  ServerSet followerinfos;
  zab::Epoch newest_accepted;  // In them.
  ServerSet ackepochs;         // Those that promise anew.
  ServerSet newleader_acks;
  std::vector<zab::Zxid> acks;  // By sid - 1: everything up to it; 0:0: none.
  zab::Zxid chosen;             // The last proposal with a quorum of them.

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("followerinfos", followerinfos);
    field("newest_accepted", newest_accepted);
    field("ackepochs", ackepochs);
    field("newleader_acks", newleader_acks);
    field("acks", acks);
    field("chosen", chosen);
  }
};

}  // namespace scenario
