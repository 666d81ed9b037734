// Who may be given up: a server closes no connection to a peer that owes it nothing and has
// respected every bound.  (REFERENCE.md 16.3, item 20)
#include <algorithm>
#include <cstdlib>
#include <deque>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/invariants/makers.h"

namespace scenario {
namespace {

/// currentEpoch and the last zxid: how recent a history is.
using Recency = std::pair<zab::Epoch, zab::Zxid>;

/// Five attempts have four pauses of 100 ms between them.  (REFERENCE.md 6.1)
constexpr zab::Duration kAllAttempts = zab::Milliseconds(400);
// Beyond these there is no zxid.  (REFERENCE.md 1)
constexpr uint32_t kLargestEpoch = 0x7fffffff;
constexpr uint32_t kLargestCounter = 0xfffffffe;

/// What one end of a quorum connection has sent and heard there.
struct Channel {
  uint64_t connection = 0;  // As its server numbers it.
  zab::ServerId peer;
  zab::Time heard;     // When the latest message was taken from it.
  bool ready = false;  // It has sent UPTODATE: from now on each proposal wants its own ACK.
  /// Proposals sent since UPTODATE whose ACK has not been taken, each with when it was sent.
  std::deque<std::pair<zab::Zxid, zab::Time>> unacknowledged;
  Recency told;    // In its ACKEPOCH.
  zab::Epoch led;  // In LEADERINFO or NEWLEADER.
};

struct Server {
  std::vector<Channel> channels;  // Few: one per learner, or the one to the leader.
  int64_t drift_ppm = 0;          // The largest so far, either way: its timers follow its clock.
  Recency initial;                // When it began to look for a leader.
  zab::Time phase_began;
  zab::Epoch newest_promise;  // That it has heard of, in FOLLOWERINFO of this role.
  uint32_t proposed = 0;      // The counter of its latest proposal in this role.

  Channel* Find(uint64_t connection) {
    const auto found = std::ranges::find(channels, connection, &Channel::connection);
    return found == channels.end() ? nullptr : &*found;
  }
  Channel& At(const TraceEvent& event) {
    if (Channel* channel = Find(event.connection)) return *channel;
    channels.push_back({.connection = event.connection, .peer = event.peer});
    return channels.back();
  }
};

/// Some ways of giving up depend on time alone, and each has a bound that the peer can respect:
///  - read_timeout: nothing was heard for sync_limit (init_limit until NEWLEADER is acknowledged);
///  - slow_learner: a proposal sent after UPTODATE is unacknowledged for sync_limit;
///  - quorum_lost: no quorum was heard, each within sync_limit;
///  - epoch_timeout, newleader_timeout: the phase has lasted init_limit;
///  - connect_failed: init_limit is over, or five attempts, 100 ms apart.
/// A server's clock may run fast, and then its bounds are so much shorter.  Others depend on what
/// the peer has said:
///  - newer_history: its ACKEPOCH tells a newer one than the leader had when it was elected;
///  - newer_epoch_promised: its FOLLOWERINFO tells a newer promise than the leader's epoch;
///  - stale_epoch: it leads an epoch older than promised;
///  - zxid_overflow: there is no larger epoch, or no larger counter.
/// And some no voter of a correct ensemble can deserve: bad_bytes, not_voter, wrong_new_leader_ack.
class NoNeedlessClose final : public InvariantOfRuns<NoNeedlessClose> {
 public:
  explicit NoNeedlessClose(const Scenario& scenario)
      : bound_(std::min(scenario.timing.SyncTimeout(), scenario.timing.InitTimeout())),
        phase_bound_(scenario.timing.InitTimeout()),
        servers_(scenario.ServerCount()) {
    for (const auto& [server, clock] : scenario.clocks) Drift(At(server), clock.drift_ppm);
  }

  ProbeSet probes() const override {
    return {Probe::kMsgSent,    Probe::kMsgDelivered, Probe::kChannelDown,    Probe::kAbandoned,
            Probe::kQuorumLost, Probe::kLooking,      Probe::kCrashed,        Probe::kClockSet,
            Probe::kElected,    Probe::kPhaseChanged, Probe::kEpochPersisted, Probe::kProposed};
  }

  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const TraceEvent& event = record.event;
    if (record.node.value == 0 || record.node.value > servers_.size()) return std::nullopt;
    Server& server = At(ServerOf(record));
    if (event.probe == Probe::kMsgSent) return OnSent(server, record), std::nullopt;
    if (event.probe == Probe::kMsgDelivered) return OnTaken(server, record), std::nullopt;
    if (event.probe == Probe::kChannelDown) return OnClosed(server, record, ghost);
    if (event.probe == Probe::kAbandoned) return OnAbandoned(server, record, ghost);
    if (event.probe == Probe::kQuorumLost) return OnQuorumLost(server, record, ghost);
    if (event.probe == Probe::kClockSet) return Drift(server, event.code), std::nullopt;
    if (event.probe == Probe::kElected || event.probe == Probe::kEpochPersisted ||
        event.probe == Probe::kPhaseChanged) {
      server.phase_began = record.time;
      return std::nullopt;
    }
    if (event.probe == Probe::kProposed) {
      server.proposed = event.zxid.counter;
      return std::nullopt;
    }
    server.channels.clear();
    server.proposed = 0;
    server.initial = {event.epoch, event.zxid};
    server.newest_promise = {};
    return std::nullopt;
  }

 private:
  Server& At(zab::ServerId server) { return servers_[server.value - size_t{1}]; }

  static void Drift(Server& server, int64_t ppm) {
    server.drift_ppm = std::max(server.drift_ppm, std::abs(ppm));
  }

  /// A bound as that server's clock may measure it.
  static zab::Duration Measured(const Server& server, zab::Duration bound) {
    return bound - zab::Nanoseconds(bound.nanoseconds / 1'000'000 * server.drift_ppm);
  }
  zab::Duration BoundOf(const Server& server) const { return Measured(server, bound_); }
  bool Recent(const Server& server, zab::Time then, zab::Time now) const {
    return now - then < BoundOf(server);
  }

  static void OnSent(Server& server, const Record& record) {
    const TraceEvent& event = record.event;
    if (event.kind == Kind::kUpToDateMessage) {
      server.At(event).ready = true;
    } else if (event.kind == Kind::kProposalMessage) {
      Channel* const channel = server.Find(event.connection);
      if (channel == nullptr || !channel->ready) return;
      channel->unacknowledged.emplace_back(event.zxid, record.time);
    }
  }

  static void OnTaken(Server& server, const Record& record) {
    const TraceEvent& event = record.event;
    if (event.kind == Kind::kNotificationMessage) return;  // Of an election's channel.
    Channel& channel = server.At(event);
    channel.peer = event.peer;
    channel.heard = record.time;
    if (event.kind == Kind::kFollowerInfoMessage) {
      server.newest_promise = std::max(server.newest_promise, event.epoch);
    }
    if (event.kind == Kind::kAckEpochMessage) channel.told = {event.epoch, event.zxid};
    if (event.kind == Kind::kLeaderInfoMessage || event.kind == Kind::kNewLeaderMessage) {
      channel.led = event.epoch;
    }
    if (event.kind != Kind::kAckMessage) return;
    std::deque<std::pair<zab::Zxid, zab::Time>>& waiting = channel.unacknowledged;
    while (!waiting.empty() && waiting.front().first <= event.zxid) waiting.pop_front();
  }

  Finding OnClosed(Server& server, const Record& record, const Ghost& ghost) const {
    const Channel* const found = server.Find(record.event.connection);
    if (found == nullptr) return std::nullopt;
    const Channel channel = *found;
    std::erase_if(server.channels,
                  [&](const Channel& other) { return other.connection == channel.connection; });
    if (record.event.reason == zab::Reason::kReadTimeout)
      return Heard(server, channel, record, ghost);
    if (record.event.reason != zab::Reason::kSlowLearner) {
      return Undeserved(server, channel, record, ghost);
    }
    if (!channel.unacknowledged.empty() &&
        !Recent(server, channel.unacknowledged.front().second, record.time)) {
      return std::nullopt;
    }
    const Text owed = channel.unacknowledged.empty()
                          ? Text{"it has acknowledged every proposal since its UPTODATE",
                                 "而它已确认 UPTODATE 之后的每个提案"}
                          : Sentence("the oldest proposal that it owes, $0, was sent $1 before",
                                     "而它欠下的最早提案 $0 是 $1 之前发出的",
                                     ToString(channel.unacknowledged.front().first),
                                     ToString(record.time - channel.unacknowledged.front().second));
    return Sentence("$0 closes its connection to $1 as too slow; $2",
                    "$0 以太慢为由关闭与 $1 的连接；$2", ghost.NameOf(ServerOf(record)),
                    ghost.NameOf(channel.peer), owed);
  }

  Finding OnAbandoned(Server& server, const Record& record, const Ghost& ghost) const {
    using zab::Reason;
    const Reason reason = record.event.reason;
    if (reason == Reason::kEpochTimeout || reason == Reason::kNewLeaderTimeout) {
      return TooEarly(server, phase_bound_, record, ghost);
    }
    if (reason == Reason::kConnectFailed) {
      return TooEarly(server, std::min(phase_bound_, kAllAttempts), record, ghost);
    }
    if (reason == Reason::kZxidOverflow) return NoOverflow(server, record, ghost);
    if (reason == Reason::kNewerEpochPromised) {
      const ServerGhost& leader = GhostOf(record, ghost);
      const bool leads = leader.role == ServerGhost::Role::kLeading;
      if (!leads || server.newest_promise > leader.promised) return std::nullopt;
      return Sentence(
          "$0 gives up its epoch $1 for a newer promise; the newest it heard "
          "of is $2",
          "$0 以有更新的承诺为由放弃纪元 $1；而它听到的最新承诺是 $2",
          ghost.NameOf(ServerOf(record)), leader.promised.value, server.newest_promise.value);
    }
    const auto latest = std::ranges::max_element(server.channels, {}, &Channel::heard);
    if (latest == server.channels.end()) return std::nullopt;
    if (reason == Reason::kReadTimeout) return Heard(server, *latest, record, ghost);
    return Undeserved(server, *latest, record, ghost);
  }

  /// Given up before its phase has lasted so long.
  static Finding TooEarly(const Server& server, zab::Duration limit, const Record& record,
                          const Ghost& ghost) {
    const zab::Duration lasted = record.time - server.phase_began;
    if (lasted >= Measured(server, limit)) return std::nullopt;
    return Sentence("$0 gives up ($1) after $2 of its phase; the limit is $3",
                    "$0 在本阶段开始 $2 之后放弃（$1）；时限是 $3", ghost.NameOf(ServerOf(record)),
                    Name(record.event.reason), ToString(lasted), ToString(limit));
  }

  static Finding NoOverflow(const Server& server, const Record& record, const Ghost& ghost) {
    const zab::Epoch newest = std::max(GhostOf(record, ghost).promised, server.newest_promise);
    if (newest.value >= kLargestEpoch || server.proposed >= kLargestCounter) return std::nullopt;
    return Sentence("$0 gives up for want of larger zxids; its epoch is $1, its counter $2",
                    "$0 以 zxid 用尽为由放弃；而它的纪元是 $1，计数器是 $2",
                    ghost.NameOf(ServerOf(record)), newest.value, server.proposed);
  }

  /// Closed for what the peer has said.
  static Finding Undeserved(const Server& server, const Channel& channel, const Record& record,
                            const Ghost& ghost) {
    using zab::Reason;
    const Reason reason = record.event.reason;
    const std::string name = ghost.NameOf(ServerOf(record));
    const std::string peer = ghost.NameOf(channel.peer);
    if (reason == Reason::kNewerHistory && channel.told <= server.initial) {
      return Sentence(
          "$0 refuses $1 for its newer history, which ends at $2; its own ends "
          "at $3",
          "$0 以历史更新为由拒绝 $1，后者止于 $2；而它自己的止于 $3", name, peer,
          ToString(channel.told.second), ToString(server.initial.second));
    }
    const zab::Epoch promised = GhostOf(record, ghost).promised;
    if (reason == Reason::kStaleEpoch && channel.led >= promised) {
      return Sentence("$0 refuses $1, leader of epoch $2, as stale; it has promised $3",
                      "$0 以纪元过时为由拒绝纪元 $2 的领导者 $1；而它承诺的是 $3", name, peer,
                      channel.led.value, promised.value);
    }
    if (reason == Reason::kZxidOverflow) return NoOverflow(server, record, ghost);
    const bool never = reason == Reason::kBadBytes || reason == Reason::kNotVoter ||
                       reason == Reason::kWrongNewLeaderAck;
    if (!never) return std::nullopt;
    return Sentence(
        "$0 closes its connection to $1 ($2), which no correct "
        "voter can deserve",
        "$0 关闭与 $1 的连接（$2）；正确的投票者不会招致这样的结果", name, peer, Name(reason));
  }

  Finding Heard(const Server& server, const Channel& channel, const Record& record,
                const Ghost& ghost) const {
    if (channel.heard == zab::Time{} || !Recent(server, channel.heard, record.time)) {
      return std::nullopt;
    }
    return Sentence("$0 gives $1 up as silent; it heard it $2 before, and the limit is $3",
                    "$0 认为 $1 已无响应而放弃它；$2 之前还收到它的消息，时限是 $3",
                    ghost.NameOf(ServerOf(record)), ghost.NameOf(channel.peer),
                    ToString(record.time - channel.heard), ToString(BoundOf(server)));
  }

  Finding OnQuorumLost(const Server& server, const Record& record, const Ghost& ghost) const {
    std::vector<zab::ServerId> heard = {ServerOf(record)};
    for (const Channel& channel : server.channels) {
      if (!channel.ready || !Recent(server, channel.heard, record.time)) continue;
      if (std::ranges::find(heard, channel.peer) == heard.end()) heard.push_back(channel.peer);
    }
    if (heard.size() * 2 <= servers_.size()) return std::nullopt;
    return Sentence("$0 gives up its leadership without a quorum, but it heard $1 of $2 in time",
                    "$0 以失去过半支持为由退位；而时限之内 $2 台中的 $1 台都有响应",
                    ghost.NameOf(ServerOf(record)), absl::StrCat(heard.size()),
                    absl::StrCat(servers_.size()));
  }

  zab::Duration bound_;
  zab::Duration phase_bound_;
  std::vector<Server> servers_;  // By sid - 1.
};

}  // namespace

std::unique_ptr<Invariant> MakeNoNeedlessClose(const Scenario& scenario) {
  return std::make_unique<NoNeedlessClose>(scenario);
}

}  // namespace scenario
