// Ghost: the ghost variables of the specification.  Histories, deliveries, leaderships and commits,
// updated from the trace record by record, for all invariants to read.  (TLA Zab.tla: history,
// proposalMsgsLog, epochLeader, ...)
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "protocol/wire/ids.h"
#include "protocol/wire/operation.h"
#include "protocol/wire/txn.h"
#include "scenarios/runner/invariants/surroundings.h"
#include "scenarios/runner/invariants/tally.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/model/durable_view.h"
#include "scenarios/runner/model/histories.h"
#include "scenarios/runner/model/reference_tree.h"
#include "scenarios/runner/model/tree_model.h"
#include "scenarios/runner/model/zxid_map.h"
#include "scenarios/runner/record/answer.h"
#include "scenarios/runner/record/record.h"

namespace scenario {

/// Position in Ghost::leaderships().
struct LeadershipId {
  uint32_t value = 0;
  friend constexpr auto operator<=>(const LeadershipId&, const LeadershipId&) = default;
};

/// One leader in one epoch.  It exists from the first promise to it.
struct Leadership {
  zab::Epoch epoch;
  zab::ServerId leader;
  bool discovered = false;   // Discovery is complete; the leader has reached synchronisation.
  bool established = false;  // It got a quorum of NEWLEADER acks.
  HistoryId initial;         // I_e, once discovered.
  HistoryId tip;             // I_e followed by everything that this leader has proposed.
  /// The last proposal that each server has acknowledged, by sid - 1; 0:0: none.
  std::vector<zab::Zxid> acked;
  zab::Zxid chosen;  // The last proposal that a quorum has acknowledged.
  // What was ever sent to it, even by servers that have lost it since.
  ServerSet promised;                  // ACKEPOCH that promises anew.
  ServerSet joined;                    // ACK of NEWLEADER.
  std::vector<zab::Zxid> joined_with;  // By sid - 1: the last proposal that it had then.
  std::vector<zab::Zxid> sent;         // By sid - 1: the last proposal acknowledged.
  /// What the leader had delivered when it made its first proposal.
  std::optional<HistoryId> delivered_at_first_proposal;

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("epoch", epoch);
    field("leader", leader);
    field("discovered", discovered);
    field("established", established);
    field("initial", initial);
    field("tip", tip);
    field("acked", acked);
    field("chosen", chosen);
    field("promised", promised);
    field("joined", joined);
    field("joined_with", joined_with);
    field("sent", sent);
    field("delivered_at_first_proposal", delivered_at_first_proposal);
  }
};

/// A received SNAP that is in memory but not yet on disk.
struct ReceivedSnapshot {
  std::optional<LeadershipId> from;
  zab::Zxid zxid;

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("from", from);
    field("zxid", zxid);
  }
};

struct ServerGhost {
  enum class Role : uint8_t { kDown, kLooking, kFollowing, kLeading };

  Role role = Role::kDown;
  zab::ServerId leader;  // The leader it follows, or itself if it leads.
  std::optional<LeadershipId>
      leadership;       // Set once its epoch is known: at ACKEPOCH, or when discovery is complete.
  bool joined = false;  // Whether it has acknowledged NEWLEADER of `leadership`.
  bool serving = false;
  bool damaged = false;      // Whether it could not use its history (REFERENCE.md 15.6).
  bool disk_failed = false;  // Whether a disk operation failed in this life.
  bool corrupted = false;    // Whether its disk was corrupted, it has not joined a leader with a
                             // sound one since, and has done no damage itself.
  zab::Epoch promised;       // The newest epoch that it has promised.
  HistoryId history;         // H: written, in log order, not necessarily durable.
  HistoryId delivered;       // C.
  HistoryId delivered_this_life;  // The part of C that this incarnation has delivered; empty at its
                                  // start.
  /// Everything that it has acknowledged, as proposals or with NEWLEADER, minus what it has
  /// discarded under a newer promise.
  HistoryId acked;
  zab::Epoch acked_epoch;                    // The epoch of the leader it last acknowledged to.
  std::optional<zab::Zxid> truncating;       // A received TRUNC that is not done.
  std::optional<ReceivedSnapshot> received;  // A received SNAP that is not durable.
  Votes votes;                               // All that it has ever given.
  Tally heard;                               // As a leader.

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("role", role);
    field("leader", leader);
    field("leadership", leadership);
    field("joined", joined);
    field("serving", serving);
    field("damaged", damaged);
    field("disk_failed", disk_failed);
    field("corrupted", corrupted);
    field("promised", promised);
    field("history", history);
    field("delivered", delivered);
    field("delivered_this_life", delivered_this_life);
    field("acked", acked);
    field("acked_epoch", acked_epoch);
    field("truncating", truncating);
    field("received", received);
    field("votes", votes);
    field("heard", heard);
  }
};

/// A transaction and the server that first proposed or logged it.
struct Origin {
  uint64_t hash = 0;
  bool broadcast = false;  // Whether a leader proposed it or a server had it at the start.
  HistoryId history;       // All transactions before it, and itself.
  zab::ServerId server;

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("hash", hash);
    field("broadcast", broadcast);
    field("history", history);
    field("server", server);
  }
};

/// An outstanding request of a client.
struct ClientOperation {
  int64_t number = 0;  // cxid.
  zab::Operation request;
  bool judged = false;  // Whether the model says what it must be answered.
  /// That: of a write, once it is delivered somewhere; of a read, once a server has replied.
  std::optional<Answer> answer;
  /// A lower bound of what its leader had delivered when the request reached it.
  HistoryId floor;

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("number", number);
    field("request", request);
    field("judged", judged);
    field("answer", answer);
    field("floor", floor);
  }
};

/// One connection of a client.
struct ClientGhost {
  sim::NodeId node;
  /// Null if it is not outstanding.
  const ClientOperation* Find(int64_t number) const {
    const auto found = std::ranges::find(in_flight, number, &ClientOperation::number);
    return found == in_flight.end() ? nullptr : &*found;
  }
  /// Where its write took effect; nullopt if no server has delivered it.
  std::optional<HistoryId> EffectOf(int64_t number) const {
    const auto found = std::find_if(delivered.rbegin(), delivered.rend(),
                                    [&](const auto& write) { return write.first == number; });
    if (found == delivered.rend()) return std::nullopt;
    return found->second;
  }

  std::deque<ClientOperation> in_flight;
  std::vector<std::pair<int64_t, HistoryId>>
      delivered;  // Its writes with their numbers, in delivery order.

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("node", node);
    field("in_flight", in_flight);
    field("delivered", delivered);
  }
};

/// The state before the last record, and what the record changed.
struct GhostChange {
  HistoryId history_before;  // Of the record's server.
  HistoryId delivered_before;
  HistoryId acked_before;
  std::optional<ReceivedSnapshot> received_before;
  std::optional<zab::Zxid> truncating_before;
  HistoryId committed_before;
  std::vector<HistoryId> delivered;  // Delivered for the first time by any server, oldest first.
  std::optional<ClientOperation> returned;
  /// A delivered transaction that is not what its request asks for, and why.
  std::optional<std::pair<HistoryId, Text>> mistake;
};

class Ghost {
 public:
  /// `names`: of the servers, in the order of their sids.  `config`: of the ensemble, as servers
  /// keep it in their trees.
  explicit Ghost(std::vector<std::string> names, const std::string& config = "");
  /// The ghost of a scenario at the start, with the histories of `cluster.initial`, which count as
  /// broadcast.
  static Ghost For(const Scenario& scenario);
  /// Sets a server's history at the start.
  void Seed(zab::ServerId server, const std::vector<zab::TxnRef>& txns);

  /// Whether a record of a server with this event changes anything here.
  static bool Uses(const TraceEvent& event);
  /// Whether the disk of the record's server is read at it.
  static bool ReadsDisk(Probe probe);

  void OnRecord(const Record& record, const Surroundings& world);
  /// The run is over: reads all disks once more.
  void OnEnd(const Surroundings& world);

  // For who explores states (scenarios/runner/explore).  Its disks are copies, and all its ghosts
  // share their histories: equal ones have equal ids on every path.
  /// Reads the server's disk, whatever was read of it before.
  void ReadAnew(zab::ServerId server, const Surroundings& world);
  void SwapHistories(Histories& histories) { std::swap(histories_, histories); }
  /// All but what each record sets anew.
  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("servers", servers_);
    field("leaderships", leaderships_);
    field("established", established_);
    field("committed", committed_);
    field("counted", counted_);
    field("longest_delivered", longest_delivered_);
    field("longest_delivered_by", longest_delivered_by_);
    field("is_delivered", AllDelivered());
    field("origins", origins_);
    field("rivals", rivals_);
    field("clients", clients_);
    field("durable", durable_);
    field("modelled", modelled_);  // The model follows from it.
    field("model_is_broken", model_.broken());
    field("folded", fold_.at());
  }

  const Histories& histories() const { return histories_; }
  size_t server_count() const { return servers_.size(); }
  /// Of all servers, ascending.
  auto server_ids() const { return sim::IdsUpTo<zab::ServerId>(servers_.size()); }
  bool IsServer(sim::NodeId node) const { return node.value >= 1 && node.value <= servers_.size(); }
  const ServerGhost& server(zab::ServerId server) const {
    return servers_[server.value - size_t{1}];
  }
  const std::vector<Leadership>& leaderships() const { return leaderships_; }
  const Leadership& leadership(LeadershipId id) const { return leaderships_[id.value]; }
  /// The server's current leadership; null if its epoch is unknown or it has no role.
  const Leadership* LeadershipOf(zab::ServerId server) const;
  /// Established leaderships by epoch; of two in one epoch, the first.
  const absl::btree_map<zab::Epoch, LeadershipId>& established() const { return established_; }

  /// Everything committed so far, as one history: what a quorum has acknowledged, whether or not
  /// the leader knows, and initial histories whose NEWLEADER a quorum has acknowledged.  If these
  /// contradict each other, the newer branch.
  HistoryId committed() const { return committed_; }
  /// Whether the server's disk was corrupted so that a restart could not use it.
  bool LostItsCopy(zab::ServerId server) const {
    return this->server(server).corrupted && !durable(server).damage.empty();
  }
  /// The longest history that any server has delivered, and the server that delivered it.
  HistoryId longest_delivered() const { return longest_delivered_; }
  zab::ServerId longest_delivered_by() const { return longest_delivered_by_; }
  bool IsDelivered(HistoryId history) const {
    return history.value < is_delivered_.size() && is_delivered_[history.value];
  }
  /// The first transaction with this zxid, whatever its bytes; null if there is none.
  const Origin* origin(zab::Zxid zxid) const { return origins_.Find(zxid); }
  /// The history in which exactly this transaction was broadcast; nullopt if it never was.
  std::optional<HistoryId> FindBroadcast(const Histories::Txn& txn) const;
  /// Servers whose history contains all of `history`.
  std::vector<zab::ServerId> Holders(HistoryId history) const;
  bool IsQuorum(size_t count) const { return count > servers_.size() / 2; }
  /// How many servers have voted for the winner of `elected`, or joined it, as that record says.
  size_t VotesFor(const TraceEvent& elected) const;

  /// Null if no such client has connected.
  const ClientGhost* client(int64_t id) const;
  const GhostChange& change() const { return change_; }
  /// What the server's disk holds durably, as of the last record at which it was read.
  const DurableState& durable(zab::ServerId server) const { return durable_.state(server); }
  /// What the disks of all servers hold durably.
  HistoryId DurableEverywhere() const;
  /// The tree before all transactions, and that after those whose contents are no longer kept: what
  /// every disk has had for long.  Damage may bring such a state back; then it is not compared.
  const ReferenceTree& start() const { return start_; }
  const ReferenceTree& fold() const { return fold_; }
  /// As DurableView says.
  std::optional<zab::Zxid> MissingAfterOldest(zab::ServerId server,
                                              const Surroundings& world) const;

  std::string NameOf(zab::ServerId server) const;
  /// "1:5" or "nothing".
  Text NameOf(HistoryId history) const;
  /// The same but, where several transactions bear that zxid, with the server that first had this
  /// one: "2:1 of n2".
  Text ExactNameOf(HistoryId history) const;
  Text ExactNameOf(zab::Zxid zxid, uint64_t hash) const;
  /// "c1"; of a session that no client has: its number in hexadecimal.
  std::string NameOfClient(int64_t session) const;
  Text NamesOf(const std::vector<zab::ServerId>& servers) const;

 private:
  using Event = TraceEvent;
  using Handler = void (Ghost::*)(zab::ServerId, const Event&);
  friend struct GhostHandlers;

  ServerGhost& At(zab::ServerId server) { return servers_[server.value - size_t{1}]; }
  Histories::Txn TxnOf(const Event& event) const {
    return {event.zxid, event.txn, event.client, event.number};
  }
  LeadershipId FindLeadership(zab::Epoch epoch, zab::ServerId leader);
  Leadership* MutableLeadershipOf(zab::ServerId server);
  Leadership& Discover(zab::ServerId leader, zab::Epoch epoch);
  void EndRole(ServerGhost& s, ServerGhost::Role next);
  void Deliver(zab::ServerId server, HistoryId history);
  void CountAcked(zab::ServerId server, zab::Zxid zxid);
  zab::Zxid ChosenBy(const std::vector<zab::Zxid>& acks);
  void Commit(HistoryId history);
  void Count(HistoryId history);
  void LoseCopy(zab::ServerId server);
  void Acknowledge(ServerGhost& s, HistoryId history, zab::Epoch epoch);
  void GiveUp(ServerGhost& s);
  HistoryId ReceivedHistory(const ServerGhost& s, zab::Zxid zxid) const;
  void OnClientRecord(const Record& record, const Surroundings& world);
  void CheckDisk(zab::ServerId server, const Event& event, const Surroundings& world);
  void Refresh(zab::ServerId server, const Surroundings& world);
  /// In an order that does not depend on their ids.
  std::vector<HistoryId> AllDelivered() const;

  // One handler per relevant probe, in ghost_handlers.cc.
  void OnLooking(zab::ServerId server, const Event& event);
  void OnElected(zab::ServerId server, const Event& event);
  void OnPhaseChanged(zab::ServerId server, const Event& event);
  void OnAckEpoch(zab::ServerId server, const Event& event);
  void OnEpochPersisted(zab::ServerId server, const Event& event);
  void OnNewLeaderSent(zab::ServerId server, const Event& event);
  void OnNewLeaderAcked(zab::ServerId server, const Event& event);
  void OnEstablished(zab::ServerId server, const Event& event);
  void OnServing(zab::ServerId server, const Event& event);
  void OnProposed(zab::ServerId server, const Event& event);
  void OnLogged(zab::ServerId server, const Event& event);
  void OnAcked(zab::ServerId server, const Event& event);
  void OnDelivered(zab::ServerId server, const Event& event);
  void OnTruncated(zab::ServerId server, const Event& event);
  void OnSnapReceived(zab::ServerId server, const Event& event);
  void OnSnapInstalled(zab::ServerId server, const Event& event);
  void OnRecovered(zab::ServerId server, const Event& event);
  void OnCrashed(zab::ServerId server, const Event& event);
  void OnRestarted(zab::ServerId server, const Event& event);
  void OnDiskFailed(zab::ServerId server, const Event& event);
  void OnDiskCorrupted(zab::ServerId server, const Event& event);
  void OnIgnored(zab::ServerId server, const Event& event);
  void OnMessageDelivered(zab::ServerId server, const Event& event);

  // Requests and their answers, in ghost_clients.cc.
  void OnReplied(zab::ServerId server, const Event& event);
  void AdvanceModel();
  void FoldOld();
  void ApplyToModel(HistoryId history);
  zab::Zxid LeastDelivered() const;

  // Votes, and what a leader hears, in ghost_tally.cc.
  void OnVoteChanged(zab::ServerId server, const Event& event);
  void Vote(zab::ServerId server, zab::ServerId leader, int64_t round, zab::Epoch epoch);
  void Hear(zab::ServerId leader, const Event& event);
  void HearAck(zab::ServerId leader, zab::ServerId from, zab::Zxid zxid);

  std::vector<std::string> names_;  // Not a field: the same in all states.
  std::vector<std::string>
      client_names_;  // Not a field, likewise.  In the order of their nodes, after the servers.
  std::vector<ServerGhost> servers_;  // By sid - 1.
  Histories histories_;               // Not a field: shared by all states.
  std::vector<Leadership> leaderships_;
  absl::btree_map<std::pair<zab::Epoch, zab::ServerId>, LeadershipId>
      leadership_ids_;  // Not a field: follows from leaderships_.
  absl::btree_map<zab::Epoch, LeadershipId> established_;
  HistoryId committed_;
  HistoryId counted_;  // The part of it whose acks have reached its leader.
  HistoryId longest_delivered_;
  zab::ServerId longest_delivered_by_;
  std::vector<bool> is_delivered_;  // Not a field, but AllDelivered is.  By HistoryId.
  ZxidMap<Origin> origins_;
  std::vector<std::pair<zab::Zxid, Origin>> rivals_;  // Broadcasts of a zxid that was taken.
  absl::btree_map<int64_t, ClientGhost> clients_;
  DurableView durable_;
  TreeModel model_;
  HistoryId modelled_;   // The last transaction that it has.
  ReferenceTree start_;  // Not a field: the same in all states.
  ReferenceTree fold_;
  GhostChange change_;              // Not a field: each record sets it anew.
  std::vector<zab::Zxid> scratch_;  // Not a field, likewise.
};

}  // namespace scenario
