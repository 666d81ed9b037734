// A state is evaluated only after records that can change it.
#include "scenarios/runner/verdict/deadlines.h"

#include <variant>

#include "scenarios/runner/matching/trigger.h"

namespace scenario {
namespace {

bool MayGiveLeader(Probe probe) {
  return probe == Probe::kEstablished || probe == Probe::kNewLeaderAcked;
}

bool MayMakeEqual(Probe probe) {
  return probe == Probe::kDelivered || probe == Probe::kServing || probe == Probe::kRecovered ||
         probe == Probe::kTruncated || probe == Probe::kSnapInstalled || probe == Probe::kCrashed ||
         probe == Probe::kHalted;
}

bool StateHolds(State state, bool write_ok, const ClusterState& cluster) {
  switch (state) {
    case State::kHasLeader: return cluster.HasLeader();
    case State::kAllEqual: return cluster.AllEqual();
    case State::kWriteOk: break;
  }
  return write_ok;
}

}  // namespace

void Deadlines::Meet(Entry& entry, zab::Time now) {
  entry.status = DeadlineStatus::kMet;
  entry.met = now;
  --running_;
}

std::vector<Deadlines::Alarm> Deadlines::Start(std::optional<EventIndex> from, zab::Time now,
                                               const Context& context) {
  std::vector<Alarm> alarms;
  for (size_t i = 0; i < entries_.size(); ++i) {
    const Deadline& deadline = context.scenario.expect.deadlines[i];
    if (deadline.from != from || entries_[i].status != DeadlineStatus::kIdle) continue;
    entries_[i] = {.status = DeadlineStatus::kRunning, .started = now};
    ++running_;
    const State* const state = std::get_if<State>(&deadline.until);
    if (state != nullptr && StateHolds(*state, write_ok_, context.facts.cluster)) {
      Meet(entries_[i], now);
    } else {
      alarms.push_back({.index = i, .at = now + deadline.within});
    }
  }
  return alarms;
}

void Deadlines::OnProbe(const Record& record, const Context& context) {
  if (running_ == 0) return;
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].status != DeadlineStatus::kRunning) continue;
    const auto* filter = std::get_if<ProbeFilter>(&context.scenario.expect.deadlines[i].until);
    if (filter != nullptr && Matches(*filter, record, context)) Meet(entries_[i], record.time);
  }
}

void Deadlines::OnState(const Record& record, const Context& context) {
  const Probe probe = record.event.probe;
  const bool written = probe == Probe::kReturned && record.node == liveness_client_ &&
                       record.event.kind == Kind::kOk;
  if (written) write_ok_ = true;
  if (running_ == 0 || !(written || MayGiveLeader(probe) || MayMakeEqual(probe))) return;
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].status != DeadlineStatus::kRunning) continue;
    const State* const state = std::get_if<State>(&context.scenario.expect.deadlines[i].until);
    if (state != nullptr && StateHolds(*state, write_ok_, context.facts.cluster)) {
      Meet(entries_[i], record.time);
    }
  }
}

void Deadlines::OnAlarm(size_t index) {
  if (entries_[index].status != DeadlineStatus::kRunning) return;
  entries_[index].status = DeadlineStatus::kMissed;
  --running_;
}

}  // namespace scenario
