// Sums, firsts and sets: nothing that knows an order but that of the runs' indices.
#include "tools/zabsim/fuzz/outcome.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "protocol/base/hash.h"
#include "tools/zabsim/campaign/json_parts.h"

namespace zabsim {
namespace {

Json CoverageJson(const scenario::Coverage& coverage) {
  Json json = {{"runs", coverage.runs()},
               {"events", coverage.events()},
               {"observations", coverage.observations()},
               {"states", coverage.state_count()},
               {"unseen_millionths", coverage.UnseenMillionths()},
               {"probes", ProbesJson(coverage.probes())}};
  Json& encounters = json["encounters"] = Json::array();
  for (const auto& [encounter, seen] : coverage.encounters()) {
    encounters.push_back({Pack(encounter), seen.first_run, seen.runs});
  }
  std::string states;
  for (const auto& [fingerprint, state] : coverage.states()) {
    absl::StrAppendFormat(&states, "%x %d %d %d\n", fingerprint, state.first_run, state.depth,
                          state.runs);
  }
  json["states_hash"] = absl::StrFormat("%016x", zab::Hash64Of(states));
  return json;
}

Json FindingJson(const Finding& finding) {
  return {{"signature", finding.failure.signature},
          {"first_run", finding.failure.run},
          {"seed", absl::StrCat(finding.failure.seed)},
          {"exit_code", finding.ExitCode()},
          {"runs", finding.runs},
          {"confirmed", ConfirmedText(finding)}};
}

}  // namespace

std::string OutcomeText(const CampaignView& view) {
  Json json;
  json["format"] = "zabsim-outcome/1";
  json["root_seed"] = absl::StrCat(view.plan.root_seed);
  json["runs"] = view.progress.runs();
  json["faults"] = view.progress.faults();
  for (int i = 0; i < scenario::kStrategyCount; ++i) {
    const StrategyTally& tally = view.progress.strategies()[static_cast<size_t>(i)];
    json["strategies"][std::string(Name(static_cast<scenario::Strategy>(i)))] = {
        {"runs", tally.runs}, {"failures", tally.failures}};
  }
  for (size_t i = 0; i < view.plan.files.size(); ++i) {
    const FileTally& tally = view.progress.files()[i];
    json["files"].push_back({{"path", view.plan.files[i].path},
                             {"digest", view.plan.files[i].digest},
                             {"runs", tally.runs},
                             {"sometimes", tally.sometimes},
                             {"actions", ActionsJson(tally.actions)}});
  }
  json["coverage"] = CoverageJson(view.progress.coverage());
  json["findings"] = Json::array();
  for (const Finding* finding : InOrder(view.findings)) {
    json["findings"].push_back(FindingJson(*finding));
  }
  json["vacuous"] = Vacuities(view);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace zabsim
