// The order of the passes (SEARCH.md 5.2).
#include "scenarios/runner/shrink/shrink.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/cluster/buggy_servers.h"
#include "scenarios/runner/faults/actions.h"
#include "scenarios/runner/parse/canonical.h"
#include "scenarios/runner/run/run.h"
#include "scenarios/runner/search/signature.h"
#include "scenarios/runner/shrink/concretise.h"
#include "scenarios/runner/shrink/edit.h"
#include "scenarios/runner/shrink/passes.h"
#include "scenarios/runner/shrink/replayer.h"
#include "scenarios/runner/shrink/story.h"

namespace scenario {
namespace {

/// The events that a candidate may have: so many times the original's, and at least these.
constexpr uint64_t kMostGrowth = 20;
constexpr uint64_t kLeastEvents = 100'000;

/// The name in `known_bug.violates` for a failure of this kind.
std::string NameOf(const PrimaryFailure& failure) {
  return std::string(failure.violation == nullptr ? kMissedDeadline : failure.violation->name);
}

/// The run, made explicit as far as it still fails in the same way.
struct Start {
  Value tree;
  zab::Time failed_at;
  Written written{};
};

/// With deadlines twice as long, so that a miss means stuck, not slow.
Scenario WithLongDeadlines(Scenario scenario) {
  zab::Duration longest;
  for (Deadline& deadline : scenario.expect.deadlines) {
    longest = std::max(longest, deadline.within);
    deadline.within = deadline.within * 2;
  }
  scenario.end.at = scenario.end.at + longest;
  return scenario;
}

Value WriteOut(const Scenario& scenario, uint64_t seed, const Concreteness& what,
               const ServerFactory& servers) {
  Value tree = Concretise(scenario, seed, what, servers);
  for (const absl::string_view key : {"id", "title", "doc", "tags"}) RemoveMember(tree, key);
  Value run = Value::Object();
  run.Add("seeds", *Member(tree, {"run", "seeds"}));
  SetMember(tree, "run", std::move(run));
  return tree;
}

std::optional<Start> Begin(const Scenario& scenario, uint64_t seed, const ServerFactory& servers,
                           Replayer& replayer) {
  constexpr std::pair<Written, Concreteness> kWays[] = {{Written::kAll, {true, true}},
                                                        {Written::kOperations, {false, true}},
                                                        {Written::kFaults, {true, false}},
                                                        {Written::kNothing, {false, false}}};
  const Scenario sure = WithLongDeadlines(scenario);
  for (const auto& [written, what] : kWays) {
    for (const Scenario* original : {&sure, &scenario}) {
      Value tree = WriteOut(*original, seed, what, servers);
      if (const auto failed_at = replayer.FailsAt(tree)) {
        return Start{std::move(tree), *failed_at, written};
      }
    }
  }
  return std::nullopt;
}

void ShrinkOnce(Case& subject) {
  CutTheEnd(subject);
  DropServers(subject);
  DropClients(subject);
  DropOperations(subject);
  DropFaults(subject);
  DropOthers(subject);
  DropSettings(subject);
  FixDistributions(subject);
  RoundTimes(subject);
}

/// Repeats all passes until nothing changes.
void ShrinkAll(Case& subject) {
  std::string before;
  while (!subject.exhausted() && before != CompactJson(subject.tree())) {
    before = CompactJson(subject.tree());
    ShrinkOnce(subject);
  }
}

size_t FaultsIn(const Scenario& scenario) {
  size_t faults = scenario.nemesis.size();
  for (const Event& event : scenario.events) {
    faults += static_cast<size_t>(std::ranges::count_if(
        event.actions, [](const Action& action) { return FaultOf(action).has_value(); }));
  }
  return faults;
}

Value ToValue(const Text& text) {
  Value value = Value::Object();
  value.Add("en", Value::String(text.en));
  value.Add("zh", Value::String(text.zh));
  return value;
}

/// Puts title and doc after `format`, where people look for them.
Value WithWords(const Value& tree, const Story& story) {
  Value out = Value::Object();
  out.Add("format", *tree.Find("format"));
  out.Add("title", ToValue(story.title));
  out.Add("doc", ToValue(story.text));
  for (const Value& member : tree.children) {
    if (member.key != "format") out.Add(member.key, member);
  }
  return out;
}

absl::StatusOr<Shrunk> Finish(const Case& subject, Written written, const ServerFactory& servers,
                              Replayer& replayer) {
  const Value& tree = subject.tree();
  absl::StatusOr<Replayer::Replay> replay = replayer.Run(tree);
  if (!replay.ok()) return replay.status();
  const Scenario& scenario = replay->scenario;
  Shrunk shrunk{.signature = replay->signature,
                .seed = scenario.run.seeds[0],
                .servers = scenario.ServerCount(),
                .faults = FaultsIn(scenario),
                .operations = scenario.operations.size(),
                .written = written};
  const Story story = TellStory(scenario, shrunk.seed, servers);
  shrunk.story = story.text;
  shrunk.text = PrettyJson(WithWords(tree, story));
  shrunk.replays = replayer.replays();
  return shrunk;
}

}  // namespace

absl::StatusOr<Shrunk> Shrink(const Document& document, uint64_t seed,
                              const ShrinkOptions& options) {
  absl::StatusOr<Scenario> scenario = document.Instantiate(seed);
  if (!scenario.ok()) return scenario.status();
  const RunOptions run{.servers = WithBugOf(*scenario, options.servers)};
  const RunResult result = RunOnce(*scenario, seed, run);
  const std::string signature = SignatureOf(result, *scenario);
  if (signature.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("seed ", seed, " does not fail: there is nothing to shrink"));
  }
  if (result.verdict == RunVerdict::kUnknown && result.events >= scenario->end.events) {
    // A smaller case would end there too, and take as long.
    return absl::FailedPreconditionError(
        absl::StrCat("seed ", seed, " is ended only by the guard of ", result.events, " events"));
  }
  if (scenario->known_bug)
    scenario->known_bug->violates = {NameOf(PrimaryFailureOf(result, *scenario))};
  Replayer replayer(options.budget, options.servers, options.progress, options.stop);
  replayer.Demand(signature, std::max(kLeastEvents, kMostGrowth * result.events));
  std::optional<Start> start = Begin(*scenario, seed, options.servers, replayer);
  if (!start && replayer.exhausted()) {
    return absl::CancelledError("stopped before it failed as a file; nothing is written");
  }
  if (!start) {
    return absl::FailedPreconditionError(
        absl::StrCat("seed ", seed, " fails (", signature, "), but not alone in a file"));
  }
  Case subject(std::move(start->tree), start->failed_at, replayer);
  ShrinkAll(subject);
  return Finish(subject, start->written, options.servers, replayer);
}

}  // namespace scenario
