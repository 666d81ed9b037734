// Tries a candidate: parse, run, compare signatures.
#include "scenarios/runner/shrink/replayer.h"

#include <algorithm>
#include <utility>

#include "scenarios/runner/cluster/buggy_servers.h"
#include "scenarios/runner/run/run.h"
#include "scenarios/runner/search/signature.h"

namespace scenario {
namespace {

constexpr char kPath[] = "shrunk.json";  // For messages and the id; no such file is written.

/// The time of the failure that gives the signature.
zab::Time TimeOf(const RunResult& result, const Scenario& scenario) {
  const Violation* violation = PrimaryFailureOf(result, scenario).violation;
  return violation == nullptr ? result.time : violation->time;
}

}  // namespace

absl::StatusOr<Replayer::Replay> Replayer::Run(const Value& tree) {
  const absl::StatusOr<Document> document = Document::Parse(CompactJson(tree), kPath);
  if (!document.ok()) return document.status();
  return Run(*document, document->scenario().end.events, {});
}

absl::StatusOr<Replayer::Replay> Replayer::Run(const Document& document, uint64_t most_events,
                                               const std::function<StopWish()>& stop) {
  const uint64_t seed = document.scenario().run.seeds[0];
  absl::StatusOr<Scenario> scenario = document.Instantiate(seed);
  if (!scenario.ok()) return scenario.status();
  scenario->end.events = std::min(scenario->end.events, most_events);
  RunResult result =
      RunOnce(*scenario, seed, {.stop = stop, .servers = WithBugOf(*scenario, servers_)});
  std::string signature = SignatureOf(result, *scenario);
  return Replay{*std::move(scenario), std::move(result), std::move(signature)};
}

std::optional<zab::Time> Replayer::FailsAt(const Value& tree) {
  const absl::StatusOr<Document> document = Document::Parse(CompactJson(tree), kPath);
  if (!document.ok()) return std::nullopt;
  const auto known = known_.find(document->digest());
  if (known != known_.end()) return known->second;
  if (may_continue_ && !may_continue_(replays_)) stopped_ = true;
  if (exhausted()) return std::nullopt;
  ++replays_;
  const absl::StatusOr<Replay> replay = Run(*document, most_events_, stop_);
  if (replay.ok() && replay->result.interrupted) {
    stopped_ = true;
    return std::nullopt;
  }
  const bool fails = replay.ok() && replay->signature == signature_;
  std::optional<zab::Time> at;
  if (fails) at = TimeOf(replay->result, replay->scenario);
  known_[document->digest()] = at;
  return at;
}

}  // namespace scenario
