// Stories for tests of the invariants: hand-made records, written as verbs.  No server runs; disks
// are used only by tests that install files on them.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "protocol/base/hash.h"
#include "protocol/storage/log_format.h"
#include "protocol/storage/snapshot_format.h"
#include "protocol/tree/preparer.h"
#include "scenarios/runner/cluster/cluster_disk.h"
#include "scenarios/runner/invariants/checker.h"
#include "scenarios/runner/record/answer.h"
#include "scenarios/runner/workload/requester.h"
#include "sim/world.h"

namespace scenario::story {

using zab::Epoch;
using zab::Reason;
using zab::ServerId;
using zab::Zxid;

inline Zxid Z(uint32_t epoch, uint32_t counter) {
  return {Epoch{epoch}, counter};
}

inline Scenario Ensemble(size_t servers) {
  Scenario scenario;
  for (size_t i = 1; i <= servers; ++i) scenario.cluster.voters.push_back(absl::StrCat("n", i));
  return scenario;
}

/// The default hash of transaction z.
inline uint64_t HashOf(Zxid zxid) {
  return zxid.ToWire() * 1000 + 7;
}

/// The process of a client that sends what the story says.
class ToldClient final : public Requester {
 public:
  std::unique_ptr<sim::Process> Clone() const override {
    return std::make_unique<ToldClient>(*this);
  }
  void Start(sim::Host&) override {}
  const zab::Operation* last_request() const override { return request_ ? &*request_ : nullptr; }
  void Tell(zab::Operation request) { request_ = std::move(request); }

 private:
  std::optional<zab::Operation> request_;
};

class Story {
 public:
  explicit Story(size_t servers = 3) : Story(Ensemble(servers)) {}
  explicit Story(const Scenario& scenario)
      : world_(1, {}, WorldVocabulary()),
        checker_(scenario),
        servers_(scenario.ServerCount()),
        epochs_(servers_ + 1),
        leaders_(servers_ + 1) {
    for (const std::string& name : scenario.cluster.voters) world_.AddNode(name, nullptr);
    client_ =
        world_.AddNode("c1", [](sim::NodeId, uint64_t) { return std::make_unique<ToldClient>(); });
    world_.Start(client_);
  }

  sim::World& world() { return world_; }
  sim::Disk& disk(int server) { return world_.disk(sim::NodeId{static_cast<uint16_t>(server)}); }
  const Checker& checker() const { return checker_; }
  uint64_t records() const { return records_; }

  Story& Tell(int node, const TraceEvent& event) {
    ++records_;
    checker_.OnTrace(world_, {.id = records_,
                              .time = zab::Time{static_cast<int64_t>(records_)} + passed_,
                              .node = {static_cast<uint16_t>(node)},
                              .columns = ColumnsOf(event)});
    return *this;
  }
  /// The records from now on are so much later.
  void LetPass(zab::Duration by) { passed_ = passed_ + by; }
  /// The names of all violated invariants, sorted.
  std::vector<std::string> Violated() {
    std::vector<std::string> names;
    for (const Violation& v : checker_.violations()) names.emplace_back(v.name);
    std::sort(names.begin(), names.end());
    return names;
  }
  std::vector<std::string> End() {
    checker_.Finish(world_);
    return Violated();
  }

  // ---- Roles ------------------------------------------------------------------------------------
  /// Election and discovery: the followers promise, the leader completes discovery.
  Story& Elect(int leader, uint32_t epoch, const std::vector<int>& followers) {
    Vote(leader);
    Tell(leader, {.probe = Probe::kElected, .kind = Kind::kLeading, .peer = Id(leader)});
    for (const int follower : followers) Follow(follower, leader, epoch);
    epochs_[Index(leader)] = epoch;
    leaders_[Index(leader)] = leader;
    return Tell(leader,
                {.probe = Probe::kNewLeaderAcked, .peer = Id(leader), .epoch = Epoch{epoch}});
  }
  Story& Follow(int follower, int leader, uint32_t epoch) {
    epochs_[Index(follower)] = epoch;
    leaders_[Index(follower)] = leader;
    Vote(leader);
    Tell(follower, {.probe = Probe::kElected, .kind = Kind::kFollowing, .peer = Id(leader)});
    return Tell(follower, {.probe = Probe::kAckEpoch, .peer = Id(leader), .epoch = Epoch{epoch}});
  }
  /// All vote for the leader.
  Story& Vote(int leader) {
    for (size_t i = 1; i <= servers_; ++i) {
      Tell(static_cast<int>(i), {.probe = Probe::kVoteChanged, .peer = Id(leader)});
    }
    return *this;
  }
  /// The follower acknowledges NEWLEADER; its leader, if it still is one, hears it.
  Story& Join(int follower) {
    const int leader = leaders_[Index(follower)];
    const uint32_t epoch = epochs_[Index(follower)];
    Tell(follower, {.probe = Probe::kNewLeaderAcked, .peer = Id(leader), .epoch = Epoch{epoch}});
    return Hear(leader, follower, Z(epoch, 0));
  }
  /// The leader gets an ACK.
  Story& Hear(int leader, int follower, Zxid zxid) {
    return Tell(leader, {.probe = Probe::kMsgDelivered,
                         .kind = Kind::kAckMessage,
                         .peer = Id(follower),
                         .zxid = zxid});
  }
  Story& Establish(int leader) {
    const uint32_t epoch = epochs_[Index(leader)];
    Tell(leader, {.probe = Probe::kEstablished, .epoch = Epoch{epoch}});
    return Serve(leader, Z(epoch, 0));
  }
  Story& Serve(int server, Zxid zxid, uint64_t tree = 0) {
    return Tell(server, {.probe = Probe::kServing,
                         .epoch = Epoch{epochs_[Index(server)]},
                         .zxid = zxid,
                         .tree = tree});
  }
  /// The complete start of an epoch: the leader is established, and all followers serve up to
  /// `last`.
  Story& Lead(int leader, uint32_t epoch, std::vector<int> followers, Zxid last = {}) {
    Elect(leader, epoch, followers);
    for (const int follower : followers) Join(follower);
    Establish(leader);
    for (const int follower : followers) Serve(follower, last);
    return *this;
  }
  /// A soft restart.
  Story& Look(int server) {
    return Tell(server, {.probe = Probe::kPhaseChanged, .kind = Kind::kElection});
  }
  Story& Crash(int server, Kind kind = Kind::kPower) {
    return Tell(server, {.probe = Probe::kCrashed, .kind = kind});
  }
  Story& Recover(int server, Zxid last) {
    return Tell(server, {.probe = Probe::kRecovered, .zxid = last});
  }

  // ---- Transactions -----------------------------------------------------------------------------
  Story& Propose(int server, Zxid z, int64_t client = 0, int64_t number = 0) {
    return Txn(Probe::kProposed, server, z, client, number);
  }
  Story& Log(int server, Zxid z, int64_t client = 0, int64_t number = 0) {
    return Txn(Probe::kLogged, server, z, client, number);
  }
  Story& Ack(int server, Zxid z) {
    return Tell(server, {.probe = Probe::kAcked,
                         .peer = Id(leaders_[Index(server)]),
                         .zxid = z,
                         .txn = hash_of_next_ != 0 ? hash_of_next_ : HashOf(z)});
  }
  Story& Deliver(int server, Zxid z, int64_t client = 0, int64_t number = 0) {
    return Txn(Probe::kDelivered, server, z, client, number);
  }
  /// Proposed by the leader, logged and acknowledged by all of `servers`, delivered by all of them.
  Story& Write(int leader, Zxid z, const std::vector<int>& servers, int64_t client = 0,
               int64_t number = 0) {
    Propose(leader, z, client, number);
    for (const int server : servers) Log(server, z, client, number).Ack(server, z);
    for (const int server : servers) Deliver(server, z, client, number);
    return *this;
  }
  Story& Truncate(int server, Zxid z, uint64_t tree = 0) {
    Tell(server, {.probe = Probe::kMsgDelivered, .kind = Kind::kTruncMessage, .zxid = z});
    return Tell(server, {.probe = Probe::kTruncated, .zxid = z, .tree = tree});
  }
  Story& InstallSnap(int server, Zxid z) {
    Tell(server, {.probe = Probe::kSnapReceived, .zxid = z});
    return Tell(server, {.probe = Probe::kSnapInstalled, .zxid = z});
  }
  /// The hash of all following transactions; 0 restores the default.
  Story& WithHash(uint64_t hash) {
    hash_of_next_ = hash;
    return *this;
  }

  // ---- Clients ----------------------------------------------------------------------------------
  /// Client c1 sends to `server`.  Without a path the answer is not judged.
  Story& Invoke(int server, int64_t client, int64_t number, zab::OpType type) {
    return Invoke(server, client, number, zab::Operation{.type = type});
  }
  Story& Invoke(int server, int64_t client, int64_t number, const zab::Operation& request) {
    static_cast<ToldClient&>(*world_.process(client_)).Tell(request);
    return Tell(ClientNode(), {.probe = Probe::kInvoked,
                               .peer = Id(server),
                               .client = client,
                               .number = number,
                               .code = static_cast<int32_t>(request.type)});
  }
  Story& Reply(int server, int64_t client, int64_t number, Zxid zxid) {
    return Tell(server, {.probe = Probe::kReplied,
                         .kind = Kind::kOk,
                         .zxid = zxid,
                         .client = client,
                         .number = number});
  }
  Story& Return(int64_t client, int64_t number, Zxid zxid, const Answer& answer = {}) {
    return Tell(ClientNode(), {.probe = Probe::kReturned,
                               .kind = answer.error == zab::Error::kOk ? Kind::kOk : Kind::kError,
                               .zxid = zxid,
                               .client = client,
                               .number = number,
                               .code = static_cast<int32_t>(answer.error),
                               .txn = answer.Digest()});
  }
  int ClientNode() const { return static_cast<int>(servers_) + 1; }

 protected:
  static ServerId Id(int server) { return {static_cast<uint16_t>(server)}; }

 private:
  static size_t Index(int server) { return static_cast<size_t>(server); }

  Story& Txn(Probe probe, int server, Zxid z, int64_t client, int64_t number) {
    return Tell(server, {.probe = probe,
                         .zxid = z,
                         .client = client,
                         .number = number,
                         .txn = hash_of_next_ != 0 ? hash_of_next_ : HashOf(z)});
  }

  sim::World world_;
  sim::NodeId client_;
  Checker checker_;
  size_t servers_;
  std::vector<uint32_t> epochs_;
  std::vector<int> leaders_;
  uint64_t records_ = 0;
  zab::Duration passed_;  // By LetPass.
  uint64_t hash_of_next_ = 0;
};

/// Real transactions and the resulting tree, for disks.
class History {
 public:
  explicit History(size_t servers = 3)
      : tree(zab::DataTree::Fresh(PeerConfigOf(Ensemble(servers), ServerId{1}).ConfigText())) {}

  zab::TxnRef Add(Zxid zxid, const zab::Operation& operation, int64_t client = 0,
                  int32_t number = 0) {
    zab::TxnRef txn = preparer_.Prepare(
        tree, {.client_id = client, .cxid = number, .zxid = zxid, .time = 5}, operation);
    tree.Apply(*txn);
    preparer_.Applied(zxid);
    txns.push_back(txn);
    return txn;
  }
  zab::TxnRef Create(Zxid zxid) {
    return Add(zxid, {.type = zab::OpType::kCreate, .path = "/" + ToHex(zxid), .data = "x"});
  }

  zab::DataTree tree;
  std::vector<zab::TxnRef> txns;

 private:
  zab::Preparer preparer_;
};

inline std::string LogOf(const std::vector<zab::TxnRef>& txns) {
  std::string file = zab::LogHeader();
  for (const zab::TxnRef& txn : txns) zab::AppendRecord(*txn, file);
  return file;
}

/// Installs a durable directory: snapshot.0, one log, both epochs.
inline void InstallDirectory(sim::Disk& disk, const std::vector<zab::TxnRef>& txns,
                             const std::string& accepted, const std::string& current) {
  disk.Install("snapshot.0", zab::SnapshotFile(History().tree, Zxid{}));
  if (!txns.empty()) disk.Install(zab::LogName(txns.front()->zxid()), LogOf(txns));
  disk.Install("acceptedEpoch", accepted);
  disk.Install("currentEpoch", current);
}

}  // namespace scenario::story
