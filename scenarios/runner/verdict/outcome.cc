// One overload of WhyNot per kind of outcome; it returns an empty string if the outcome holds.
#include "scenarios/runner/verdict/outcome.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "protocol/wire/operation.h"
#include "scenarios/runner/workload/client_process.h"

namespace scenario {
namespace {

/// The state of a finished run.
struct Finished {
  const Scenario& scenario;
  const RunFacts& facts;
  const HistoryView& histories;
  const sim::World& world;
};

std::string NamesOf(const std::vector<zab::ServerId>& servers, const Scenario& scenario) {
  return absl::StrJoin(servers, ", ", [&](std::string* out, zab::ServerId server) {
    absl::StrAppend(out, scenario.NameOf(server));
  });
}

std::string WhyNot(const LeaderAfter& outcome, const Finished& run) {
  const std::optional<zab::ServerId> leader = run.facts.events[outcome.event.value].leader_after;
  if (leader && std::ranges::find(outcome.servers, *leader) != outcome.servers.end()) return "";
  return absl::StrCat("leader after ", run.scenario.events[outcome.event.value].id, ": wanted ",
                      NamesOf(outcome.servers, run.scenario), ", found ",
                      leader ? run.scenario.NameOf(*leader) : "none");
}

std::string WhyNot(const TxnOutcome& outcome, const Finished& run) {
  const auto* zxid = std::get_if<zab::Zxid>(&outcome.txn);
  if (const auto* variable = std::get_if<VariableIndex>(&outcome.txn)) {
    zxid = std::get_if<zab::Zxid>(&run.facts.variables[variable->value]);
    if (zxid == nullptr) {
      return absl::StrCat("txn $", run.scenario.variables[variable->value].name,
                          ": nothing has bound it");
    }
  }
  std::vector<zab::ServerId> wrong;
  for (const zab::ServerId server : outcome.on) {
    const bool delivered = run.histories.HasDelivered(server, *zxid);
    const bool there = delivered || run.histories.HasSynced(server, *zxid);
    if (outcome.delivered ? !delivered : there) wrong.push_back(server);
  }
  if (wrong.empty()) return "";
  return absl::StrCat("txn ", zab::ToString(*zxid), ": wanted ",
                      outcome.delivered ? "delivered" : "absent", ", and is not on ",
                      NamesOf(wrong, run.scenario));
}

absl::string_view NameOfResult(Kind kind) {
  return kind == Kind::kError ? "failed" : Name(kind);
}

Kind KindOf(const OperationResult* result) {
  if (result == nullptr || !result->sent) return Kind::kError;
  return result->kind == Kind::kNone ? Kind::kIndeterminate : result->kind;
}

std::string WhyNot(const OperationOutcome& outcome, const Finished& run) {
  const ClientIndex client = run.scenario.operations[outcome.op.value].client;
  const auto& process =
      static_cast<const ClientProcess&>(*run.world.process(run.scenario.NodeOf(client)));
  const OperationResult* const result = process.ResultOf(outcome.op);
  const std::string name = absl::StrCat("op ", run.scenario.NameOf(outcome.op));
  const Kind kind = KindOf(result);
  const zab::Error error = result == nullptr ? zab::Error::kOk : result->result.error;
  if (kind != outcome.is) {
    return absl::StrCat(name, ": wanted ", NameOfResult(outcome.is), ", found ", NameOfResult(kind),
                        result == nullptr ? ", never sent" : "",
                        error == zab::Error::kOk ? "" : absl::StrCat(", ", Name(error)));
  }
  if (outcome.err && error != *outcome.err) {
    return absl::StrCat(name, ": wanted ", Name(*outcome.err), ", found ",
                        result == nullptr ? "never sent" : Name(error));
  }
  if (outcome.value && (result == nullptr || result->result.data != outcome.value)) {
    return absl::StrCat(name, ": wanted value \"", *outcome.value, "\", found ",
                        result != nullptr && result->result.data
                            ? absl::StrCat("\"", *result->result.data, "\"")
                            : "none");
  }
  return "";
}

std::string WhyNot(const RecoveredBy& outcome, const Finished& run) {
  const Kind last = run.facts.last_sync[outcome.node.value - size_t{1}];
  if (std::ranges::find(outcome.ways, last) != outcome.ways.end()) return "";
  const std::string ways = absl::StrJoin(
      outcome.ways, " or ", [](std::string* out, Kind kind) { absl::StrAppend(out, Name(kind)); });
  return absl::StrCat(run.scenario.NameOf(outcome.node), " recovered by: wanted ", ways, ", found ",
                      last == Kind::kNone ? "none" : Name(last));
}

}  // namespace

std::vector<std::string> UnmetOutcomes(const Scenario& scenario, const RunFacts& facts,
                                       const HistoryView& histories, const sim::World& world) {
  const Finished run{scenario, facts, histories, world};
  std::vector<std::string> unmet;
  for (const Outcome& outcome : scenario.expect.outcome) {
    std::string why = std::visit([&](const auto& form) { return WhyNot(form, run); }, outcome);
    if (!why.empty()) unmet.push_back(std::move(why));
  }
  return unmet;
}

}  // namespace scenario
