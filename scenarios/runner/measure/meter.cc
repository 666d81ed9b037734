// Gives each record to those who measure with it.
#include "scenarios/runner/measure/meter.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/language/probe_table.h"
#include "scenarios/runner/record/numbers.h"

namespace scenario {
namespace {

size_t IndexOf(Probe probe) {
  return static_cast<size_t>(probe);
}

/// By probe: whether it says that something goes wrong from outside, or is put right again.
constexpr auto kIsMark = [] {
  using enum Probe;
  std::array<bool, kProbeCount> marks{};
  for (const Probe probe :
       {kCrashed, kRestarted, kPaused, kResumed, kHalted, kCut, kHealed, kClogged, kReleased,
        kLinkSet, kDiskSet, kDiskFailed, kDiskCorrupted, kClockSet, kQuiet}) {
    marks[static_cast<size_t>(probe)] = true;
  }
  return marks;
}();

/// Who measures with a probe.
struct Listeners {
  bool requests = false, ensemble = false;
};

constexpr auto kListeners = [] {
  using enum Probe;
  std::array<Listeners, kProbeCount> listeners{};
  for (const Probe probe : {kProposed, kQuorum, kCommitted, kAcked, kClientConnected, kClientClosed,
                            kInvoked, kReturned}) {
    listeners[static_cast<size_t>(probe)].requests = true;
  }
  for (const Probe probe : {kLooking, kElected, kVoteSent, kSyncDecided, kNewLeaderAcked, kUpToDate,
                            kEstablished, kQuorumLost, kAbandoned, kProposed, kCommitted, kCrashed,
                            kHalted, kPaused, kResumed, kCut, kHealed, kClogged, kReleased}) {
    listeners[static_cast<size_t>(probe)].ensemble = true;
  }
  return listeners;
}();

/// What is counted is 0, not missing, where nothing has happened.
constexpr Counter kFromZero[] = {Counter::kWritesSubmitted,
                                 Counter::kWritesAcknowledged,
                                 Counter::kWritesFailed,
                                 Counter::kWritesIndeterminate,
                                 Counter::kWritesAtLeader,
                                 Counter::kReadsAcknowledged,
                                 Counter::kReadsIndeterminate,
                                 Counter::kCommitted,
                                 Counter::kElections,
                                 Counter::kEnsembleUnavailable,
                                 Counter::kClientUnavailable,
                                 Counter::kMessages,
                                 Counter::kBytes,
                                 Counter::kClientMessages,
                                 Counter::kClientBytes,
                                 Counter::kRetransmissions,
                                 Counter::kLinkQueueMax,
                                 Counter::kLinkQueueMean,
                                 Counter::kInputQueueMax,
                                 Counter::kInputQueueMean,
                                 Counter::kFsyncs,
                                 Counter::kRecoveriesDiff,
                                 Counter::kRecoveriesTrunc,
                                 Counter::kRecoveriesSnap};

/// Thousandths; 0 for a run without time.
uint64_t MeanOver(zab::Time end, const sim::QueueUse& use) {
  const auto span = static_cast<uint64_t>((end - zab::Time{}).nanoseconds) / 1000;
  return span == 0 ? 0 : use.waited() / span;
}

void Raise(std::optional<uint64_t>& most, uint64_t value) {
  most = std::max(most.value_or(0), value);
}

bool IsServer(const Scenario& scenario, NodeId node) {
  return node.value <= scenario.ServerCount();
}

}  // namespace

Meter::Meter(const Scenario& scenario, RowSink rows)
    : rows_(std::move(rows)), requests_(scenario), ensemble_(scenario.ServerCount()) {
  for (const Counter counter : kFromZero) measured_[counter] = 0;
}

bool Meter::Wants(Probe probe) {
  const Listeners& listeners = kListeners[IndexOf(probe)];
  return listeners.requests || listeners.ensemble || kIsMark[IndexOf(probe)];
}

void Meter::OnRecord(const Sight& sight, const Record& record) {
  const Probe probe = record.event.probe;
  const Listeners& listeners = kListeners[IndexOf(probe)];
  if (listeners.requests) {
    const std::optional<zab::ServerId> leader =
        probe == Probe::kInvoked ? sight.cluster.Leader() : std::nullopt;
    requests_.OnRecord(sight.scenario, record, leader, measured_, rows_);
  }
  if (listeners.ensemble) ensemble_.OnRecord(sight, record, measured_, rows_);
  if (rows_ && kIsMark[IndexOf(probe)]) AddFault(sight, record);
}

void Meter::OnFileEnd(const sim::FileEnd& end) {
  if (end.kind != zab::FileKind::kFsync && end.kind != zab::FileKind::kSyncDir) return;
  measured_.Count(Counter::kFsyncs);
  measured_.Add(Quantity::kFsyncLatency, end.submitted, end.ended);
  measured_.Add(Quantity::kDiskQueue, end.ahead);
}

void Meter::AddFault(const Sight& sight, const Record& record) {
  const Scenario& scenario = sight.scenario;
  const TraceEvent& event = record.event;
  const NodeId peer{event.peer.value};
  rows_(Table::kFaults,
        {CellOf(record.time), std::string(Name(event.probe)),
         event.kind == Kind::kNone ? "" : std::string(Name(event.kind)),
         scenario.NameOf(record.node), peer.value == 0 ? "" : scenario.NameOf(peer)});
}

void Meter::AddTraffic(const Sight& sight) {
  const Scenario& scenario = sight.scenario;
  const size_t nodes =
      scenario.ServerCount() + scenario.clients.size();  // Not the liveness write's.
  for (const NodeId from : sim::IdsUpTo<NodeId>(nodes)) {
    for (const NodeId to : sim::IdsUpTo<NodeId>(nodes)) {
      if (from == to || sight.world.network().traffic({from, to}).empty()) continue;
      const bool servers = IsServer(scenario, from) && IsServer(scenario, to);
      measured_.traffic.push_back({{from, to}, sight.world.network().traffic({from, to})});
      for (const sim::Traffic& traffic : measured_.traffic.back().by_tag) {
        measured_.Count(servers ? Counter::kMessages : Counter::kClientMessages, traffic.messages);
        measured_.Count(servers ? Counter::kBytes : Counter::kClientBytes, traffic.bytes);
      }
    }
  }
  for (const auto& [link, by_tag] : measured_.traffic) {
    for (size_t tag = 0; rows_ && tag < by_tag.size(); ++tag) {
      if (by_tag[tag].messages == 0) continue;
      rows_(Table::kTraffic, {scenario.NameOf(link.from), scenario.NameOf(link.to),
                              TypeOfTraffic(scenario, link, tag),
                              absl::StrCat(by_tag[tag].messages), absl::StrCat(by_tag[tag].bytes)});
    }
  }
}

void Meter::AddQueues(const Sight& sight, zab::Time end) {
  for (const NodeId server : sim::IdsUpTo<NodeId>(sight.scenario.ServerCount())) {
    const sim::QueueUse use = sight.world.InputQueue(server);
    const QueueLength queue{{server, server}, use.longest(), MeanOver(end, use)};
    if (queue.longest > 0) measured_.queues.push_back(queue);
    Raise(measured_[Counter::kInputQueueMax], queue.longest);
    Raise(measured_[Counter::kInputQueueMean], queue.mean);
  }
  for (const LinkTraffic& traffic : measured_.traffic) {
    const sim::LinkUse& use = sight.world.network().use(traffic.link);
    const QueueLength queue{traffic.link, use.queue.longest(), MeanOver(end, use.queue),
                            use.retransmissions};
    if (queue.longest + queue.mean + queue.retransmissions > 0) measured_.queues.push_back(queue);
    measured_.Count(Counter::kRetransmissions, queue.retransmissions);
    Raise(measured_[Counter::kLinkQueueMax], queue.longest);
    Raise(measured_[Counter::kLinkQueueMean], queue.mean);
  }
  std::ranges::sort(measured_.queues, {}, &QueueLength::place);
  for (const QueueLength& queue : measured_.queues) {
    if (!rows_) break;
    rows_(Table::kQueues, {PlaceOf(sight.scenario, queue), absl::StrCat(queue.longest),
                           absl::StrCat(queue.mean), absl::StrCat(queue.retransmissions)});
  }
}

Measured Meter::Finish(const Sight& sight, zab::Time end) {
  requests_.Finish(sight.scenario, end, measured_, rows_);
  ensemble_.Finish(sight, end, measured_, rows_);
  AddTraffic(sight);
  AddQueues(sight, end);
  return std::move(measured_);
}

std::string PlaceOf(const Scenario& scenario, const QueueLength& queue) {
  const auto& [from, to] = queue.place;
  const std::string name = scenario.NameOf(from);
  return from == to ? name : absl::StrCat(name, ">", scenario.NameOf(to));
}

std::string TypeOfTraffic(const Scenario& scenario, sim::LinkId link, size_t tag) {
  if (!IsServer(scenario, link.from) || !IsServer(scenario, link.to)) return "client";
  const Kind message = MessageOf(static_cast<sim::Tag>(tag));
  return message == Kind::kNone ? "other" : std::string(Name(message));
}

}  // namespace scenario
