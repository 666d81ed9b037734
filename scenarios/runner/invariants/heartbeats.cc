// Heartbeats, without which the other end of a connection is given up.  (REFERENCE.md 7.6, 9.1 and
// 16.3, item 28)
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "scenarios/runner/invariants/makers.h"
#include "scenarios/runner/invariants/pace.h"

namespace scenario {
namespace {

/// From UPTODATE on a leader sends each learner a PING every half tick, and the learner answers it
/// before it takes the next one.  Too late is only seen when the leader sends something else, and
/// only where its steps take no time.
class SteadyHeartbeats final : public InvariantOfRuns<SteadyHeartbeats> {
 public:
  explicit SteadyHeartbeats(const Scenario& scenario)
      : pace_(scenario),
        half_tick_(scenario.timing.tick_time / 2),
        servers_(scenario.ServerCount()) {}

  ProbeSet probes() const override {
    return {Probe::kMsgSent,     Probe::kMsgDelivered, Probe::kServing, Probe::kResumed,
            Probe::kChannelDown, Probe::kLooking,      Probe::kCrashed, Probe::kClockSet};
  }

  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings&) override {
    const TraceEvent& event = record.event;
    if (!ghost.IsServer(record.node)) return std::nullopt;
    Server& server = servers_[record.node.value - size_t{1}];
    if (event.probe == Probe::kMsgDelivered) return OnTaken(server, record, ghost);
    if (event.probe == Probe::kMsgSent) return OnSent(server, record, ghost);
    if (event.probe == Probe::kClockSet) {
      pace_.Drift(ServerOf(record), event.code);
    } else if (event.probe == Probe::kResumed) {
      for (auto& [connection, at] : server.pinged) at = record.time;
    } else if (event.probe == Probe::kChannelDown) {
      server.pinged.erase(event.connection);
    } else {
      server = {.serving = event.probe == Probe::kServing};
    }
    return std::nullopt;
  }

 private:
  struct Server {
    bool serving = false;
    bool owes = false;  // As a follower: the answer to a PING.
    /// As a leader: when it last sent a PING, by connection.
    absl::btree_map<uint64_t, zab::Time> pinged;
  };

  static Finding OnTaken(Server& server, const Record& record, const Ghost& ghost) {
    const bool counts = ghost.server(ServerOf(record)).role == ServerGhost::Role::kFollowing;
    if (record.event.kind != Kind::kPingMessage || !counts || !server.serving) return std::nullopt;
    if (!std::exchange(server.owes, true)) return std::nullopt;
    return Sentence("$0 has not answered the PING of $1 before this one",
                    "$0 没有回应 $1 的上一个 PING", ghost.NameOf(ServerOf(record)),
                    ghost.NameOf(record.event.peer));
  }

  Finding OnSent(Server& server, const Record& record, const Ghost& ghost) const {
    const TraceEvent& event = record.event;
    const zab::ServerId sender = ServerOf(record);
    if (event.kind == Kind::kPingMessage) server.owes = false;
    if (ghost.server(sender).role != ServerGhost::Role::kLeading) return std::nullopt;
    if (event.kind == Kind::kUpToDateMessage) {
      server.pinged[event.connection] = record.time;
      return std::nullopt;
    }
    const auto found = server.pinged.find(event.connection);
    if (found == server.pinged.end()) return std::nullopt;
    const zab::Duration apart = record.time - found->second;
    if (event.kind == Kind::kPingMessage) found->second = record.time;
    if (!pace_.IsPrompt(sender) || apart <= pace_.Longest(sender, half_tick_)) return std::nullopt;
    return Sentence("$0 has sent no PING to $1 for $2; half a tick is $3",
                    "$0 已有 $2 没有向 $1 发送 PING；而半个滴答是 $3", ghost.NameOf(sender),
                    ghost.NameOf(event.peer), ToString(apart), ToString(half_tick_));
  }

  Pace pace_;
  zab::Duration half_tick_;
  std::vector<Server> servers_;  // By sid - 1.
};

}  // namespace

std::unique_ptr<Invariant> MakeSteadyHeartbeats(const Scenario& scenario) {
  return std::make_unique<SteadyHeartbeats>(scenario);
}

}  // namespace scenario
