// A state is evaluated only after records that can change it.
#include "scenarios/runner/verdict/deadlines.h"

#include <variant>

#include "scenarios/runner/matching/trigger.h"

namespace scenario {
namespace {

bool MayGiveLeader(Probe probe) {
  return probe == Probe::kEstablished || probe == Probe::kNewLeaderAcked ||
         probe == Probe::kHealed || probe == Probe::kReleased || probe == Probe::kResumed;
}

bool MayMakeEqual(Probe probe) {
  return probe == Probe::kDelivered || probe == Probe::kServing || probe == Probe::kRecovered ||
         probe == Probe::kTruncated || probe == Probe::kSnapInstalled || probe == Probe::kCrashed ||
         probe == Probe::kHalted;
}

/// write_ok is not a state of the cluster but something that happens: OnWrite.
bool StateHolds(const Deadline& deadline, const ClusterState& cluster) {
  const State* const state = std::get_if<State>(&deadline.until);
  if (state == nullptr) return false;
  switch (*state) {
    case State::kHasLeader: return cluster.HasLeader();
    case State::kAllEqual: return cluster.AllEqual();
    case State::kWriteOk: break;
  }
  return false;
}

}  // namespace

void Deadlines::Meet(Entry& entry, zab::Time now) {
  entry.status = DeadlineStatus::kMet;
  entry.met = now;
  --running_;
  if (++met_ == entries_.size()) all_met_ = now;
}

bool Deadlines::WaitsForState(size_t index) const {
  return entries_[index].status == DeadlineStatus::kRunning && committed_before_[index].has_value();
}

bool Deadlines::Start(std::optional<EventIndex> from, zab::Time now, const Context& context) {
  bool any = false;
  for (size_t i = 0; i < entries_.size(); ++i) {
    const Deadline& deadline = context.scenario.expect.deadlines[i];
    if (deadline.from != from || entries_[i].status != DeadlineStatus::kIdle) continue;
    entries_[i] = {.status = DeadlineStatus::kRunning, .started = now};
    ++running_;
    any = true;
  }
  return any;
}

std::vector<Deadlines::Alarm> Deadlines::Begin(zab::Time now, const Context& context) {
  std::vector<Alarm> alarms;
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].status != DeadlineStatus::kRunning || committed_before_[i]) continue;
    committed_before_[i] = context.facts.cluster.committed();
    const Deadline& deadline = context.scenario.expect.deadlines[i];
    if (StateHolds(deadline, context.facts.cluster)) {
      Meet(entries_[i], now);
    } else {
      alarms.push_back({.index = i, .at = entries_[i].started + deadline.within});
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
  if (running_ == 0 || !(MayGiveLeader(probe) || MayMakeEqual(probe))) return;
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (!WaitsForState(i)) continue;
    if (StateHolds(context.scenario.expect.deadlines[i], context.facts.cluster)) {
      Meet(entries_[i], record.time);
    }
  }
}

void Deadlines::OnWrite(const Record& returned, const Context& context) {
  if (running_ == 0) return;
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (!WaitsForState(i)) continue;
    const Deadline& deadline = context.scenario.expect.deadlines[i];
    const State* const state = std::get_if<State>(&deadline.until);
    if (state == nullptr || *state != State::kWriteOk) continue;
    // What was committed before an event says nothing about what is possible after it.
    const bool counts = deadline.from ? returned.event.zxid > *committed_before_[i]
                                      : returned.node == liveness_client_;
    if (counts) Meet(entries_[i], returned.time);
  }
}

void Deadlines::OnAlarm(size_t index) {
  if (entries_[index].status != DeadlineStatus::kRunning) return;
  entries_[index].status = DeadlineStatus::kMissed;
  --running_;
}

}  // namespace scenario
