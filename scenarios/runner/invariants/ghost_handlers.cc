// The effect of each probe on the ghost variables.  The order of records matters: an announcement
// comes before what it announces (logged before the bytes are on disk), a completion after it
// (synced, epoch_persisted, truncated, snap_installed, acked, newleader_acked).
#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "scenarios/runner/invariants/ghost.h"

namespace scenario {

using Role = ServerGhost::Role;

namespace {

constexpr size_t Index(Probe probe) {
  return static_cast<size_t>(probe);
}

/// How much of the server's disk is read at a record.
enum class DiskCheck : uint8_t { kNever, kAll, kNewestLog };

constexpr auto kDiskChecks = [] {
  std::array<DiskCheck, kProbeCount> checks{};
  for (const Probe probe :
       {Probe::kLooking, Probe::kAckEpoch, Probe::kNewLeaderAcked, Probe::kEpochPersisted,
        Probe::kTruncated, Probe::kSnapInstalled, Probe::kSnapshotEnd, Probe::kPurged,
        Probe::kRecovered, Probe::kCrashed, Probe::kDiskCorrupted}) {
    checks[Index(probe)] = DiskCheck::kAll;
  }
  checks[Index(Probe::kSynced)] = checks[Index(Probe::kAcked)] = DiskCheck::kNewestLog;
  return checks;
}();

/// Whether the server has just finished to remove or replace files of its history.
constexpr bool ReplacesFiles(Probe probe) {
  return probe == Probe::kPurged || probe == Probe::kTruncated || probe == Probe::kSnapInstalled ||
         probe == Probe::kSnapshotEnd;
}

/// The messages whose delivery changes something.
constexpr bool IsHeard(Kind message) {
  return message == Kind::kAckMessage || message == Kind::kRequestMessage ||
         message == Kind::kTruncMessage || message == Kind::kFollowerInfoMessage ||
         message == Kind::kAckEpochMessage;
}

}  // namespace

struct GhostHandlers {
  using Table = std::array<Ghost::Handler, kProbeCount>;
  static constexpr Table kTable = [] {
    Table t{};
    t[Index(Probe::kLooking)] = &Ghost::OnLooking;
    t[Index(Probe::kVoteChanged)] = &Ghost::OnVoteChanged;
    t[Index(Probe::kElected)] = &Ghost::OnElected;
    t[Index(Probe::kPhaseChanged)] = &Ghost::OnPhaseChanged;
    t[Index(Probe::kAckEpoch)] = &Ghost::OnAckEpoch;
    t[Index(Probe::kEpochPersisted)] = &Ghost::OnEpochPersisted;
    t[Index(Probe::kNewLeaderSent)] = &Ghost::OnNewLeaderSent;
    t[Index(Probe::kNewLeaderAcked)] = &Ghost::OnNewLeaderAcked;
    t[Index(Probe::kEstablished)] = &Ghost::OnEstablished;
    t[Index(Probe::kServing)] = &Ghost::OnServing;
    t[Index(Probe::kProposed)] = &Ghost::OnProposed;
    t[Index(Probe::kLogged)] = &Ghost::OnLogged;
    t[Index(Probe::kAcked)] = &Ghost::OnAcked;
    t[Index(Probe::kDelivered)] = &Ghost::OnDelivered;
    t[Index(Probe::kTruncated)] = &Ghost::OnTruncated;
    t[Index(Probe::kSnapReceived)] = &Ghost::OnSnapReceived;
    t[Index(Probe::kSnapInstalled)] = &Ghost::OnSnapInstalled;
    t[Index(Probe::kRecovered)] = &Ghost::OnRecovered;
    t[Index(Probe::kCrashed)] = &Ghost::OnCrashed;
    t[Index(Probe::kHalted)] = &Ghost::OnCrashed;
    t[Index(Probe::kRestarted)] = &Ghost::OnRestarted;
    t[Index(Probe::kReplied)] = &Ghost::OnReplied;
    t[Index(Probe::kDiskFailed)] = &Ghost::OnDiskFailed;
    t[Index(Probe::kDiskCorrupted)] = &Ghost::OnDiskCorrupted;
    t[Index(Probe::kIgnored)] = &Ghost::OnIgnored;
    t[Index(Probe::kMsgDelivered)] = &Ghost::OnMessageDelivered;
    return t;
  }();
};

bool Ghost::Uses(const TraceEvent& event) {
  if (event.probe == Probe::kMsgDelivered) return IsHeard(event.kind);  // Few of many.
  return GhostHandlers::kTable[Index(event.probe)] != nullptr || ReadsDisk(event.probe);
}

bool Ghost::ReadsDisk(Probe probe) {
  return kDiskChecks[Index(probe)] != DiskCheck::kNever;
}

void Ghost::OnRecord(const Record& record, const Surroundings& world) {
  const Event& event = record.event;
  change_.delivered.clear();
  change_.mistake.reset();
  if (!IsServer(record.node)) {
    const bool of_client = event.probe == Probe::kInvoked || event.probe == Probe::kReturned;
    if (of_client) OnClientRecord(record, world);
    return;
  }
  if (!Uses(event)) return;  // Most of all records.
  const Handler handler = GhostHandlers::kTable[Index(event.probe)];
  const DiskCheck check = kDiskChecks[Index(event.probe)];
  const zab::ServerId server{record.node.value};
  const ServerGhost& s = At(server);
  change_.history_before = s.history;
  change_.delivered_before = s.delivered_this_life;
  change_.acked_before = s.acked;
  change_.received_before = s.received;
  change_.truncating_before = s.truncating;
  change_.committed_before = committed_;
  // First, so that the contents of what this record commits are known.
  if (check == DiskCheck::kNewestLog) {
    durable_.Extend(server, world.files(server), histories_);
  }
  if (handler != nullptr) (this->*handler)(server, event);
  if (!change_.delivered.empty()) AdvanceModel();
  if (check != DiskCheck::kNever) CheckDisk(server, event, world);
}

void Ghost::CheckDisk(zab::ServerId server, const Event& event, const Surroundings& world) {
  if (kDiskChecks[Index(event.probe)] == DiskCheck::kNewestLog) {
    const HistoryId synced = histories_.UpTo(At(server).history, event.zxid);
    if (histories_.IsPrefix(synced, durable_.state(server).history)) return;
    // The log may continue in a new file.
  }
  const bool was_sound = durable_.state(server).damage.empty();
  Refresh(server, world);
  const DurableState& durable = durable_.state(server);
  // Damage that the server has done itself is not that of an earlier fault.
  const bool damaged_now = was_sound && !durable.damage.empty();
  if (damaged_now && ReplacesFiles(event.probe)) At(server).corrupted = false;
  if (event.probe == Probe::kRecovered && durable.known && durable.damage.empty()) {
    At(server).history = durable.history;  // Overrides what was recorded before.
  }
  if (event.probe == Probe::kDiskCorrupted && LostItsCopy(server)) LoseCopy(server);
  if (event.probe == Probe::kNewLeaderAcked && durable.damage.empty()) At(server).corrupted = false;
}

// ---- Roles --------------------------------------------------------------------------------------

void Ghost::OnLooking(zab::ServerId server, const Event&) {
  At(server).truncating.reset();  // Disk operations in progress are finished.
}

void Ghost::OnElected(zab::ServerId server, const Event& event) {
  ServerGhost& s = At(server);
  EndRole(s, event.kind == Kind::kLeading ? Role::kLeading : Role::kFollowing);
  s.leader = s.role == Role::kLeading ? server : event.peer;
  Vote(server, s.leader, event.number, event.epoch);
  if (s.role != Role::kLeading) return;
  s.heard.followerinfos.Add(server);
  s.heard.acks.resize(servers_.size());
}

void Ghost::OnPhaseChanged(zab::ServerId server, const Event& event) {
  if (event.kind == Kind::kElection) EndRole(At(server), Role::kLooking);
}

void Ghost::OnCrashed(zab::ServerId server, const Event&) {
  ServerGhost& s = At(server);
  EndRole(s, Role::kDown);
  s.delivered_this_life = kEmptyHistory;
}

void Ghost::OnRestarted(zab::ServerId server, const Event&) {
  At(server).disk_failed = false;
}

void Ghost::OnDiskFailed(zab::ServerId server, const Event&) {
  At(server).disk_failed = true;
}

void Ghost::OnDiskCorrupted(zab::ServerId server, const Event& event) {
  At(server).corrupted = true;
  if (event.kind != Kind::kWiped) return;
  At(server) = {.corrupted = true, .votes = std::move(At(server).votes)};  // As if it were new.
  for (Leadership& leadership : leaderships_) leadership.acked[server.value - size_t{1}] = {};
}

void Ghost::OnAckEpoch(zab::ServerId server, const Event& event) {
  ServerGhost& s = At(server);
  s.leadership = FindLeadership(event.epoch, event.peer);
  s.promised = std::max(s.promised, event.epoch);
  const bool counts = event.number >= 0 && !s.damaged;
  if (counts) leaderships_[s.leadership->value].promised.Add(server);
}

void Ghost::OnEpochPersisted(zab::ServerId server, const Event& event) {
  ServerGhost& s = At(server);
  if (event.kind != Kind::kAccepted) return;
  s.promised = std::max(s.promised, event.epoch);
  if (s.role == Role::kLeading) s.heard.ackepochs.Add(server);
}

void Ghost::OnNewLeaderSent(zab::ServerId server, const Event& event) {
  Discover(server, event.epoch);
}

void Ghost::OnNewLeaderAcked(zab::ServerId server, const Event& event) {
  ServerGhost& s = At(server);
  if (event.peer == server) Discover(server, event.epoch);
  if (!s.leadership) s.leadership = FindLeadership(event.epoch, event.peer);
  s.joined = true;
  Leadership& leadership = leaderships_[s.leadership->value];
  leadership.joined.Add(server);
  if (event.peer == server) s.heard.newleader_acks.Add(server);
  Acknowledge(s, leadership.initial, leadership.epoch);
  // It holds its history durably.  A proposal of this epoch in it counts as acknowledged, although
  // the ack may have been lost with an earlier connection.
  const zab::Zxid last = histories_.zxid(s.history);
  if (last.epoch == leadership.epoch) leadership.joined_with[server.value - size_t{1}] = last;
  CountAcked(server, last);
}

void Ghost::OnEstablished(zab::ServerId server, const Event& event) {
  Leadership& leadership = Discover(server, event.epoch);
  leadership.established = true;
  established_.try_emplace(event.epoch, *At(server).leadership);
  if (IsQuorum(At(server).heard.newleader_acks.size())) Count(leadership.initial);
}

void Ghost::OnServing(zab::ServerId server, const Event& event) {
  ServerGhost& s = At(server);
  s.serving = true;
  if (s.leader.value != 0) Vote(server, s.leader, 0, event.epoch);  // What it tells from now on.
  Deliver(server, histories_.UpTo(s.history, event.zxid));
}

// ---- Transactions -------------------------------------------------------------------------------

void Ghost::OnProposed(zab::ServerId server, const Event& event) {
  ServerGhost& s = At(server);
  if (!s.leadership) Discover(server, event.zxid.epoch);
  Leadership& leadership = leaderships_[s.leadership->value];
  if (!leadership.delivered_at_first_proposal) leadership.delivered_at_first_proposal = s.delivered;
  leadership.tip = histories_.Append(leadership.tip, TxnOf(event));
  const Origin origin{
      .hash = event.txn, .broadcast = true, .history = leadership.tip, .server = server};
  Origin& known = origins_[event.zxid];
  if (known.server.value == 0 || (known.hash == event.txn && !known.broadcast)) {
    known = origin;
  } else if (known.history != leadership.tip) {
    rivals_.emplace_back(event.zxid, origin);
  }
}

void Ghost::OnLogged(zab::ServerId server, const Event& event) {
  ServerGhost& s = At(server);
  s.history = histories_.Append(s.history, TxnOf(event));
  Origin& known = origins_[event.zxid];
  if (known.server.value == 0) {
    known = {.hash = event.txn, .history = s.history, .server = server};
  }
}

void Ghost::OnAcked(zab::ServerId server, const Event& event) {
  ServerGhost& s = At(server);
  Leadership* leadership = MutableLeadershipOf(server);
  Acknowledge(s, histories_.UpTo(s.history, event.zxid),
              leadership != nullptr ? leadership->epoch : event.zxid.epoch);
  CountAcked(server, event.zxid);
}

void Ghost::CountAcked(zab::ServerId server, zab::Zxid zxid) {
  Leadership* leadership = MutableLeadershipOf(server);
  if (leadership == nullptr || zxid.epoch != leadership->epoch) return;
  zab::Zxid& sent = leadership->sent[server.value - size_t{1}];
  sent = std::max(sent, zxid);
  if (leadership->leader == server) HearAck(server, server, zxid);
  zab::Zxid& acked = leadership->acked[server.value - size_t{1}];
  acked = std::max(acked, zxid);
  if (acked <= leadership->chosen) return;
  const zab::Zxid chosen = ChosenBy(leadership->acked);
  if (chosen <= leadership->chosen) return;
  leadership->chosen = chosen;
  Commit(histories_.UpTo(leadership->tip, chosen));
}

/// The last zxid that a quorum has acknowledged: the n-th largest.
zab::Zxid Ghost::ChosenBy(const std::vector<zab::Zxid>& acks) {
  scratch_ = acks;
  const auto nth = scratch_.begin() + static_cast<std::ptrdiff_t>(scratch_.size() / 2);
  std::nth_element(scratch_.begin(), nth, scratch_.end(), std::greater<>());
  return *nth;
}

void Ghost::OnDelivered(zab::ServerId server, const Event& event) {
  Deliver(server, histories_.Append(At(server).delivered, TxnOf(event)));
}

// ---- Histories that are replaced ----------------------------------------------------------------

void Ghost::OnMessageDelivered(zab::ServerId server, const Event& event) {
  if (event.kind == Kind::kTruncMessage) {
    At(server).truncating = event.zxid;
  } else if (event.kind == Kind::kRequestMessage) {
    const auto client = clients_.find(event.client);
    if (client == clients_.end()) return;
    for (ClientOperation& operation : client->second.in_flight) {
      if (operation.number == event.number) operation.floor = At(server).delivered;
    }
  } else if (At(server).role == Role::kLeading && IsServer({event.peer.value})) {
    Hear(server, event);
  }
}

void Ghost::OnIgnored(zab::ServerId server, const Event& event) {
  if (event.reason == zab::Reason::kCannotTruncate) At(server).truncating.reset();
}

void Ghost::OnTruncated(zab::ServerId server, const Event& event) {
  ServerGhost& s = At(server);
  s.history = histories_.UpTo(s.history, event.zxid);
  s.truncating.reset();
  GiveUp(s);
}

void Ghost::OnSnapReceived(zab::ServerId server, const Event& event) {
  ServerGhost& s = At(server);
  s.received = ReceivedSnapshot{s.leadership, event.zxid};
}

void Ghost::OnSnapInstalled(zab::ServerId server, const Event& event) {
  ServerGhost& s = At(server);
  s.history = ReceivedHistory(s, event.zxid);
  s.received.reset();
  s.damaged = false;
  GiveUp(s);
}

// The history as reported by the restart: a prefix of the old one, or a SNAP whose installation the
// restart has completed.
void Ghost::OnRecovered(zab::ServerId server, const Event& event) {
  ServerGhost& s = At(server);
  s.damaged = event.kind == Kind::kDamaged;
  const bool installed = s.received && event.zxid >= s.received->zxid &&
                         histories_.zxid(histories_.UpTo(s.history, event.zxid)) != event.zxid;
  // A damaged history stays as it was for the checks until a SNAP replaces it.
  if (!s.damaged) {
    s.history = installed ? ReceivedHistory(s, event.zxid) : histories_.UpTo(s.history, event.zxid);
    s.acked = histories_.CommonPrefix(s.acked, s.history);
  } else {
    LoseCopy(server);
  }
  s.received.reset();
  s.truncating.reset();
}

}  // namespace scenario
