// What a server may not do too late or too often.  (REFERENCE.md 16.3, items 24 to 26)  The bounds
// are those of the server's own clock, whose drift they allow for.  Where its steps take time the
// first two do not apply: there a server is as late as its machine.
#include <algorithm>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "scenarios/runner/invariants/makers.h"
#include "scenarios/runner/invariants/pace.h"

namespace scenario {
namespace {

/// An established leader that hears no quorum gives up in time.  What it hears from a learner
/// counts for sync_limit ticks, FOLLOWERINFO and what waits for NEWLEADER's ACK for init_limit
/// more; ticks are counted from its establishment, and checked every tick, so two more may pass.
/// (REFERENCE.md 9.1; Leader.lead() in ZooKeeper)
class PromptStepDown final : public InvariantOfRuns<PromptStepDown> {
 public:
  explicit PromptStepDown(const Scenario& scenario)
      : pace_(scenario),
        tick_(scenario.timing.tick_time),
        heard_ticks_(scenario.timing.sync_limit + 2),
        joining_ticks_(scenario.timing.init_limit + scenario.timing.sync_limit + 2),
        leaders_(scenario.ServerCount()) {}

  ProbeSet probes() const override {
    return {Probe::kElected,  Probe::kEstablished,   Probe::kMsgDelivered,
            Probe::kMsgSent,  Probe::kNewLeaderSent, Probe::kVoteSent,
            Probe::kProposed, Probe::kResumed,       Probe::kClockSet};
  }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const TraceEvent& event = record.event;
    if (!ghost.IsServer(record.node)) return std::nullopt;
    const zab::ServerId server = ServerOf(record);
    if (event.probe == Probe::kClockSet) return pace_.Drift(server, event.code), std::nullopt;
    if (ghost.server(server).role != ServerGhost::Role::kLeading) return std::nullopt;
    if (!pace_.IsPrompt(server)) return std::nullopt;
    Leader& leader = leaders_[server.value - size_t{1}];
    if (event.probe == Probe::kMsgDelivered) return OnHeard(leader, record, ghost), std::nullopt;
    if (event.probe == Probe::kElected) {
      leader = {.counts_until = std::vector<zab::Time>(ghost.server_count())};
    } else if (event.probe == Probe::kNewLeaderSent) {
      Count(leader, event.peer, record, joining_ticks_);
    } else if (event.probe == Probe::kEstablished || event.probe == Probe::kResumed) {
      leader.established |= event.probe == Probe::kEstablished;
      for (const auto peer : sim::IdsUpTo<zab::ServerId>(leader.counts_until.size())) {
        if (leader.counts_until[peer.value - size_t{1}] == zab::Time{}) continue;
        Count(leader, peer, record, joining_ticks_);
      }
    } else {
      return Check(leader, record, ghost);
    }
    return std::nullopt;
  }

 private:
  struct Leader {
    bool established = false;
    std::vector<zab::Time> counts_until;  // By sid - 1; 0: never heard.
  };

  void Count(Leader& leader, zab::ServerId from, const Record& record, int64_t ticks) const {
    if (from.value == 0 || from.value > leader.counts_until.size()) return;
    zab::Time& until = leader.counts_until[from.value - size_t{1}];
    until = std::max(until, record.time + pace_.Longest(ServerOf(record), tick_ * ticks));
  }

  void OnHeard(Leader& leader, const Record& record, const Ghost&) const {
    const TraceEvent& event = record.event;
    if (event.kind == Kind::kNotificationMessage) return;
    const bool joins = event.kind == Kind::kFollowerInfoMessage;
    Count(leader, event.peer, record, joins ? joining_ticks_ : heard_ticks_);
  }

  static Finding Check(const Leader& leader, const Record& record, const Ghost& ghost) {
    if (!leader.established) return std::nullopt;
    const auto counted = std::ranges::count_if(
        leader.counts_until, [&](zab::Time until) { return until >= record.time; });
    if (ghost.IsQuorum(static_cast<size_t>(counted) + 1)) return std::nullopt;
    return Sentence("$0 still leads ($1); of the $2 servers it has heard only $3 others in time",
                    "$0 仍在领导（$1）；而时限之内它只收到其他 $3 台的消息，共 $2 台",
                    ghost.NameOf(ServerOf(record)), Name(record.event.probe), ghost.server_count(),
                    counted);
  }

  Pace pace_;
  zab::Duration tick_;
  int64_t heard_ticks_;
  int64_t joining_ticks_;
  std::vector<Leader> leaders_;  // By sid - 1.
};

/// An election ends as soon as it can, in rounds that there are.  A server is elected, or joins,
/// within finalizeWait (200 ms) of the last vote that it has given or got, since a quorum must have
/// agreed by then and nothing better has come; it begins an election in the round after its own,
/// and enters a later one only if it has been told of it.  It gives its vote when it changes it and
/// when it sends it to all, and so to itself: what it sent itself before may have been dropped in a
/// finalizeWait that a better vote ended.  (REFERENCE.md 3.3 to 3.5)
class BoundedElection final : public InvariantOfRuns<BoundedElection> {
 public:
  explicit BoundedElection(const Scenario& scenario)
      : pace_(scenario), voters_(scenario.ServerCount()) {}

  ProbeSet probes() const override {
    return {Probe::kLooking,      Probe::kVoteChanged, Probe::kVoteSent,  Probe::kElected,
            Probe::kMsgDelivered, Probe::kPaused,      Probe::kRestarted, Probe::kClockSet};
  }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const TraceEvent& event = record.event;
    if (!ghost.IsServer(record.node)) return std::nullopt;
    const zab::ServerId server = ServerOf(record);
    Voter& voter = voters_[server.value - size_t{1}];
    if (event.probe == Probe::kMsgDelivered) {
      if (event.kind != Kind::kNotificationMessage) return std::nullopt;
      voter.told = std::max(voter.told, event.number);
      voter.last_vote = record.time;
      return std::nullopt;
    }
    if (event.probe == Probe::kVoteSent) return OnVoteSent(voter, record.time), std::nullopt;
    if (event.probe == Probe::kClockSet) return pace_.Drift(server, event.code), std::nullopt;
    if (event.probe == Probe::kPaused) return voter.paused = true, std::nullopt;
    if (event.probe == Probe::kRestarted) return voter = {}, std::nullopt;
    if (event.probe == Probe::kElected) return OnElected(voter, record, ghost);
    return OnRound(voter, record, ghost);
  }

 private:
  struct Voter {
    int64_t round = 0;  // Its own.
    int64_t told = 0;   // The largest in a notification.
    zab::Time last_vote;
    zab::Time last_sent;
    size_t sent_then = 0;  // How many votes it sent at that time.
    bool paused = false;   // In this election.
  };

  void OnVoteSent(Voter& voter, zab::Time now) const {
    voter.sent_then = voter.last_sent == now ? voter.sent_then + 1 : 1;
    voter.last_sent = now;
    if (voter.sent_then == voters_.size() - 1) voter.last_vote = now;
  }

  static Finding OnRound(Voter& voter, const Record& record, const Ghost& ghost) {
    const TraceEvent& event = record.event;
    const bool begins = event.probe == Probe::kLooking;
    const int64_t least = begins ? voter.round + 1 : voter.round;
    const int64_t most = begins ? least : std::max(least, voter.told);
    if (event.number < least || event.number > most) {
      return Sentence("$0 is in election round $1; it can only be in one from $2 to $3",
                      "$0 处于第 $1 轮选举；而它只可能处于第 $2 到第 $3 轮",
                      ghost.NameOf(ServerOf(record)), event.number, least, most);
    }
    voter.round = event.number;
    voter.last_vote = record.time;
    if (begins) voter.paused = false;
    return std::nullopt;
  }

  Finding OnElected(Voter& voter, const Record& record, const Ghost& ghost) const {
    constexpr zab::Duration kFinalizeWait = zab::Milliseconds(200);
    const zab::ServerId server = ServerOf(record);
    const zab::Duration waited = record.time - voter.last_vote;
    const bool known = voter.round > 0;
    voter.round = record.event.number;
    if (!known || voter.paused || !pace_.IsPrompt(server)) return std::nullopt;
    if (waited <= pace_.Longest(server, kFinalizeWait)) return std::nullopt;
    return Sentence("$0 ends its election $1 after the last vote; 200 ms are enough",
                    "$0 在最后一票之后 $1 才结束选举；200 毫秒就够了", ghost.NameOf(server),
                    ToString(waited));
  }

  Pace pace_;
  std::vector<Voter> voters_;  // By sid - 1.
};

/// No server is busy with nothing.  In ten seconds one enters an election only so often: each ends
/// with finalizeWait (200 ms) or, if others are settled, at once; but after two such returns to one
/// leader in a row it waits notification_min and more (REFERENCE.md 3.5), so at most three come per
/// wait.  And a leader's heartbeats are half a tick apart.
class NoSpin final : public InvariantOfRuns<NoSpin> {
 public:
  explicit NoSpin(const Scenario& scenario)
      : pace_(scenario),
        half_tick_(scenario.timing.tick_time / 2),
        servers_(scenario.ServerCount()) {
    const zab::Duration wait = std::min(zab::Milliseconds(200), scenario.timing.notification_min);
    most_elections_ = 10 + 3 * (kWindow.nanoseconds / std::max<int64_t>(wait.nanoseconds, 1));
  }

  ProbeSet probes() const override {
    return {Probe::kLooking, Probe::kMsgSent, Probe::kEstablished, Probe::kRestarted,
            Probe::kClockSet};
  }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const TraceEvent& event = record.event;
    if (!ghost.IsServer(record.node)) return std::nullopt;
    Server& server = servers_[record.node.value - size_t{1}];
    if (event.probe == Probe::kMsgSent) return OnSent(server, record, ghost);
    if (event.probe == Probe::kLooking) return OnLooking(server, record, ghost);
    if (event.probe == Probe::kClockSet)
      return pace_.Drift(ServerOf(record), event.code), std::nullopt;
    server.heartbeat.reset();
    return std::nullopt;
  }

 private:
  static constexpr zab::Duration kWindow = zab::Seconds(10);

  struct Server {
    std::deque<zab::Time> elections;     // In the last kWindow.
    std::optional<zab::Time> heartbeat;  // The last round of them, as a leader.
  };

  Finding OnLooking(Server& server, const Record& record, const Ghost& ghost) const {
    server.heartbeat.reset();
    server.elections.push_back(record.time);
    while (record.time - server.elections.front() > kWindow) server.elections.pop_front();
    if (static_cast<int64_t>(server.elections.size()) <= most_elections_) return std::nullopt;
    return Sentence("$0 enters its election number $1 within 10 s; its waits allow $2",
                    "$0 在 10 秒内进入第 $1 次选举；按它该有的等待至多 $2 次",
                    ghost.NameOf(ServerOf(record)), server.elections.size(), most_elections_);
  }

  Finding OnSent(Server& server, const Record& record, const Ghost& ghost) const {
    if (record.event.kind != Kind::kPingMessage) return std::nullopt;
    const zab::ServerId leader = ServerOf(record);
    const bool counts = ghost.server(leader).role == ServerGhost::Role::kLeading;
    if (!counts || !pace_.IsPrompt(leader)) return std::nullopt;
    const std::optional<zab::Time> before = std::exchange(server.heartbeat, record.time);
    if (!before || *before == record.time) return std::nullopt;
    const zab::Duration apart = record.time - *before;
    if (apart >= pace_.Shortest(leader, half_tick_)) return std::nullopt;
    return Sentence("$0 sends heartbeats $1 apart; half a tick is $2",
                    "$0 的心跳相隔 $1；而半个滴答是 $2", ghost.NameOf(leader), ToString(apart),
                    ToString(half_tick_));
  }

  Pace pace_;
  zab::Duration half_tick_;
  int64_t most_elections_ = 0;
  std::vector<Server> servers_;  // By sid - 1.
};

}  // namespace

std::unique_ptr<Invariant> MakePromptStepDown(const Scenario& scenario) {
  return std::make_unique<PromptStepDown>(scenario);
}
std::unique_ptr<Invariant> MakeBoundedElection(const Scenario& scenario) {
  return std::make_unique<BoundedElection>(scenario);
}
std::unique_ptr<Invariant> MakeNoSpin(const Scenario& scenario) {
  return std::make_unique<NoSpin>(scenario);
}

}  // namespace scenario
