// Keys in a fixed order; numbers stay below 2^53, so that JavaScript reads them exactly, and seeds
// are decimal strings.
#include "scenarios/runner/verdict/result.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <variant>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/faults/actions.h"
#include "scenarios/runner/measure/meter.h"
#include "scenarios/runner/verdict/judge.h"

namespace scenario {
namespace {

using Json = nlohmann::ordered_json;

std::string String(absl::string_view text) {
  return std::string(text);
}

absl::string_view Name(DeadlineStatus status) {
  switch (status) {
    case DeadlineStatus::kIdle: return "idle";
    case DeadlineStatus::kRunning: return "running";
    case DeadlineStatus::kMet: return "met";
    case DeadlineStatus::kMissed: return "missed";
  }
  return "";
}

Json ToValue(const FaultTally& faults) {
  Json value = Json::object();
  for (int i = 0; i < kFaultKindCount; ++i) {
    const auto kind = static_cast<FaultKind>(i);
    const FaultCount& count = faults.Of(kind);
    if (count.requested == 0) continue;
    value[String(Name(kind))] = {{"requested", count.requested}, {"effective", count.effective}};
  }
  return value;
}

/// The actions of events that were performed and never had an effect.
Json WithoutEffect(const RunResult& result, const Scenario& scenario) {
  Json list = Json::array();
  size_t next = 0;
  for (const Event& event : scenario.events) {
    for (const Action& action : event.actions) {
      if (next == result.actions.size()) return list;
      const ActionCount& count = result.actions[next++];
      if (count.performed == 0 || count.effective > 0) continue;
      list.push_back({{"event", event.id}, {"action", String(Name(action))}, {"why", count.why}});
    }
  }
  return list;
}

/// One number by name; what nothing was observed for is left out.
Json MetricsOf(const Measured& measured) {
  Json value = Json::object();
  const std::vector<std::optional<uint64_t>> values = ValuesOf(measured);
  size_t next = 0;
  for (const MetricInfo& metric : AllMetrics()) {
    if (const std::optional<uint64_t>& number = values[next++])
      value[String(metric.name)] = *number;
  }
  return value;
}

Json HistogramsOf(const Measured& measured) {
  Json value = Json::object();
  for (size_t i = 0; i < kQuantityCount; ++i) {
    const Histogram& histogram = measured.histograms[i];
    if (histogram.count() == 0) continue;
    Json& out = value[String(Name(static_cast<Quantity>(i)))];
    out["sum"] = histogram.sum();
    std::vector<uint64_t> values, counts;
    for (const auto& [most, count] : histogram.Buckets()) {
      values.push_back(most);
      counts.push_back(count);
    }
    out["values"] = std::move(values);
    out["counts"] = std::move(counts);
  }
  return value;
}

/// By link and type of message: messages and bytes.
Json TrafficOf(const Measured& measured, const Scenario& scenario) {
  Json value = Json::object();
  for (const auto& [link, by_tag] : measured.traffic) {
    Json& out = value[absl::StrCat(scenario.NameOf(link.from), ">", scenario.NameOf(link.to))];
    for (size_t tag = 0; tag < by_tag.size(); ++tag) {
      if (by_tag[tag].messages == 0) continue;
      out[TypeOfTraffic(scenario, link, tag)] = {by_tag[tag].messages, by_tag[tag].bytes};
    }
  }
  return value;
}

/// By server or link: the longest queue, its mean in thousandths, and retransmissions.
Json QueuesOf(const Measured& measured, const Scenario& scenario) {
  Json value = Json::object();
  for (const QueueLength& queue : measured.queues) {
    value[PlaceOf(scenario, queue)] = {queue.longest, queue.mean, queue.retransmissions};
  }
  return value;
}

bool WasWanted(const RunResult& result, const Scenario& scenario, absl::string_view invariant) {
  if (!result.bug) return IsExpected(scenario, invariant);
  return std::ranges::find(result.bug->violates, invariant) != result.bug->violates.end();
}

Json ViolationsOf(const RunResult& result, const Scenario& scenario) {
  Json list = Json::array();
  for (const Violation& violation : result.violations) {
    list.push_back({{"invariant", String(violation.name)},
                    {"expected", WasWanted(result, scenario, violation.name)},
                    {"time", violation.time.nanoseconds},
                    {"record", violation.record},
                    {"facts", violation.facts.en},
                    {"facts_zh", violation.facts.zh}});
  }
  return list;
}

Json ToValue(const std::vector<Deadlines::Entry>& entries, const Scenario& scenario) {
  Json list = Json::array();
  for (size_t i = 0; i < entries.size(); ++i) {
    Json entry{{"name", scenario.expect.deadlines[i].name},
               {"status", String(Name(entries[i].status))}};
    if (entries[i].status != DeadlineStatus::kIdle) {
      entry["started"] = entries[i].started.nanoseconds;
    }
    if (entries[i].status == DeadlineStatus::kMet) entry["met"] = entries[i].met.nanoseconds;
    list.push_back(std::move(entry));
  }
  return list;
}

Json ProbesOf(const std::array<uint64_t, kProbeCount>& probes) {
  Json value = Json::object();
  for (int i = 0; i < kProbeCount; ++i) {
    const uint64_t count = probes[static_cast<size_t>(i)];
    if (count > 0) value[String(Name(static_cast<Probe>(i)))] = count;
  }
  return value;
}

/// Adds how the scenario came from its file, where that is more than the file.
void AddDerivation(const Derivation& derivation, Json& out) {
  if (!derivation.set.empty()) out["set"] = derivation.set;
  for (const auto& [pointer, value] : derivation.drawn) {
    out["drawn"][pointer] = Json::parse(value);
  }
}

Json ToValue(const HostInfo& host) {
  return {{"build", host.build},
          {"commit", host.commit},
          {"compiler", host.compiler},
          {"wall_nanoseconds", host.wall_nanoseconds},
          {"cpu_nanoseconds", host.cpu_nanoseconds},
          {"events_per_second", host.events_per_second}};
}

/// The rank of an exit code in the order of LANGUAGE.md 6; 0 is the worst.
int RankOf(int exit_code) {
  static constexpr int kOrder[] = {70, 74, 10, 12, 11, 13, 14, 15, 0};
  const auto* found = std::ranges::find(kOrder, exit_code);
  return static_cast<int>(found - std::begin(kOrder));
}

}  // namespace

absl::string_view Name(RunVerdict verdict) {
  switch (verdict) {
    case RunVerdict::kViolated: return "violated";
    case RunVerdict::kNotDeterministic: return "not_deterministic";
    case RunVerdict::kLate: return "late";
    case RunVerdict::kUnmet: return "unmet";
    case RunVerdict::kVacuous: return "vacuous";
    case RunVerdict::kUnknown: return "unknown";
    case RunVerdict::kHeld: return "held";
  }
  return "";
}

int ExitCodeOf(RunVerdict verdict) {
  switch (verdict) {
    case RunVerdict::kViolated: return 10;
    case RunVerdict::kNotDeterministic: return 12;
    case RunVerdict::kLate: return 11;
    case RunVerdict::kUnmet: return 13;
    case RunVerdict::kVacuous: return 14;
    case RunVerdict::kUnknown: return 15;
    case RunVerdict::kHeld: break;
  }
  return 0;
}

int WorseExitCode(int a, int b) {
  return RankOf(b) < RankOf(a) ? b : a;
}

std::string Describe(const Reachability& reachability, const Scenario& scenario) {
  if (const auto* event = std::get_if<EventIndex>(&reachability.what)) {
    return absl::StrCat("event ", scenario.events[event->value].id);
  }
  const auto& filter = std::get<ProbeFilter>(reachability.what);
  return absl::StrCat(Name(filter.on), filter.kind ? " " : "",
                      filter.kind ? Name(*filter.kind) : "");
}

std::string ToJson(const HostInfo& host) {
  return ToValue(host).dump();
}

std::string ToJson(const RunResult& result, const Scenario& scenario, absl::string_view digest,
                   const std::optional<HostInfo>& host) {
  Json out;
  out["scenario"] = scenario.id;
  out["digest"] = String(digest);
  AddDerivation(scenario.derivation, out);
  out["seed"] = absl::StrCat(result.seed);
  out["verdict"] = String(Name(result.verdict));
  if (result.bug) out["bug"] = {{"id", String(result.bug->bug->id)}, {"shown", HasShown(result)}};
  out["violations"] = ViolationsOf(result, scenario);
  out["deadlines"] = ToValue(result.deadlines, scenario);
  out["unmet"] = result.unmet;
  if (!result.excuse.empty()) out["excuse"] = result.excuse;
  if (!result.unknown.empty()) out["unknown"] = result.unknown;
  Json sometimes = Json::object();
  for (size_t i = 0; i < result.sometimes.size(); ++i) {
    const std::string name = Describe(scenario.expect.sometimes[i], scenario);
    sometimes[absl::StrCat(i, " ", name)] = static_cast<bool>(result.sometimes[i]);
  }
  out["sometimes"] = std::move(sometimes);
  out["events"] = result.events;
  out["records"] = result.records;
  out["virtual_time"] = result.time.nanoseconds;
  out["trace_hash"] = zab::ToString(result.trace_hash);
  out["faults"] = ToValue(result.faults);
  out["without_effect"] = WithoutEffect(result, scenario);
  out["probes"] = ProbesOf(result.probes);
  out["metrics"] = MetricsOf(result.measured);
  out["histograms"] = HistogramsOf(result.measured);
  out["traffic"] = TrafficOf(result.measured, scenario);
  out["queues"] = QueuesOf(result.measured, scenario);
  Json clients = Json::array();
  for (const NodeId client : result.leader_clients) clients.push_back(scenario.NameOf(client));
  out["leader_clients"] = std::move(clients);
  if (!result.lesson.empty()) out["lesson"] = result.lesson;
  if (host) out["host"] = ToValue(*host);
  // Bytes that are not valid UTF-8 (in a value that a client wrote) are replaced.
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string ToJson(const RunSummary& summary, const Scenario& scenario, absl::string_view digest,
                   const std::optional<HostInfo>& host) {
  Json out;
  out["summary"] = true;
  out["scenario"] = scenario.id;
  out["digest"] = String(digest);
  AddDerivation(scenario.derivation, out);
  out["runs"] = summary.runs;
  if (summary.left_out > 0) out["left_out"] = summary.left_out;
  out["verdict"] = String(Name(summary.verdict));
  Json verdicts = Json::object();
  for (int i = 0; i < kRunVerdictCount; ++i) {
    const uint64_t count = summary.verdicts[static_cast<size_t>(i)];
    if (count > 0) verdicts[String(Name(static_cast<RunVerdict>(i)))] = count;
  }
  out["verdicts"] = std::move(verdicts);
  if (summary.bug) {
    out["bug"] = {{"id", String(summary.bug->bug->id)},
                  {"shown", summary.shown},
                  {"violated", summary.violated}};
  }
  Json sometimes = Json::object();
  for (size_t i = 0; i < summary.sometimes.size(); ++i) {
    const std::string name = Describe(scenario.expect.sometimes[i], scenario);
    sometimes[absl::StrCat(i, " ", name)] = summary.sometimes[i];
  }
  out["sometimes"] = std::move(sometimes);
  out["unmet"] = summary.unmet;
  out["vacuous"] = summary.vacuous;
  out["medians"] = summary.medians;
  out["faults"] = ToValue(summary.faults);
  out["events"] = summary.events;
  if (host) out["host"] = ToValue(*host);
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace scenario
