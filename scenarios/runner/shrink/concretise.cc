// Observes one run and replaces what is random by what was observed.
#include "scenarios/runner/shrink/concretise.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "scenarios/runner/cluster/buggy_servers.h"
#include "scenarios/runner/faults/actions.h"
#include "scenarios/runner/parse/canonical.h"
#include "scenarios/runner/run/run.h"
#include "scenarios/runner/workload/client_process.h"

namespace scenario {
namespace {

/// A request that a client of a closed block has sent.
struct SentRequest {
  zab::Time at;
  ClientIndex client;
  zab::Operation operation;
};

/// Added after the engine; records what clients send.
class RequestWatch : public sim::Observer {
 public:
  explicit RequestWatch(std::shared_ptr<const Scenario> scenario)
      : scenario_(std::move(scenario)) {}
  std::unique_ptr<sim::Observer> Clone() const override {
    return std::make_unique<RequestWatch>(*this);
  }

  void OnTrace(sim::World& world, const sim::Record& traced) override {
    const Record record = RecordOf(traced);
    if (record.event.probe != Probe::kInvoked) return;
    const ClientIndex client{record.node.value - scenario_->ServerCount() - 1};
    if (client.value >= scenario_->clients.size()) return;  // The liveness client.
    const auto& process = static_cast<const ClientProcess&>(*world.process(record.node));
    requests_.push_back({record.time, client, process.last_sent()->operation});
  }

  const std::vector<SentRequest>& requests() const { return requests_; }

 private:
  std::shared_ptr<const Scenario> scenario_;
  std::vector<SentRequest> requests_;
};

struct Witnessed {
  std::vector<SentRequest> requests;
  std::vector<AppliedFault> applied_faults;
  std::vector<NodeId> healed;
};

Witnessed Watch(const Scenario& scenario, uint64_t seed, const ServerFactory& servers) {
  Simulation simulation(std::make_shared<const Scenario>(scenario), seed,
                        WithBugOf(scenario, servers));
  const sim::ObserverId watch = simulation.world().AddObserver(
      std::make_unique<RequestWatch>(std::make_shared<const Scenario>(scenario)));
  const bool keep_going = ContinuesAfterViolation(scenario);
  while (simulation.Step()) {
    if (!keep_going && !simulation.checker().violations().empty()) break;
    if (simulation.world().event_count() >= scenario.end.events) break;
  }
  return {.requests = static_cast<RequestWatch&>(simulation.world().observer(watch)).requests(),
          .applied_faults = simulation.engine().applied_faults(),
          .healed = simulation.engine().healed()};
}

// ---- Faults -------------------------------------------------------------------------------------

/// A new id such as "crash-2": the second of its kind, or the next number that is free.
std::string NewId(absl::string_view word, const std::vector<Event>& events,
                  absl::btree_map<std::string, uint64_t>& counts) {
  while (true) {
    std::string id = absl::StrCat(word, "-", ++counts[std::string(word)]);
    const auto same = [&](const Event& event) { return event.id == id; };
    if (std::none_of(events.begin(), events.end(), same)) return id;
  }
}

void SayFaults(const std::vector<AppliedFault>& applied_faults, Scenario& scenario) {
  absl::btree_map<std::string, uint64_t> counts;
  absl::btree_map<sim::CutId, EventIndex> cuts;
  for (const AppliedFault& fault : applied_faults) {
    Event event{.id = NewId(EventWordOf(fault.action), scenario.events, counts),
                .trigger = AtTime{fault.at},
                .actions = {fault.action}};
    if (fault.cut && std::holds_alternative<Partition>(fault.action)) {
      cuts[*fault.cut] = EventIndex{scenario.events.size()};
    } else if (fault.cut) {
      event.actions = {Heal{cuts.at(*fault.cut)}};
    }
    scenario.events.push_back(std::move(event));
  }
  scenario.nemesis.clear();
}

// ---- Operations ---------------------------------------------------------------------------------

void SayOperations(const std::vector<SentRequest>& requests, Scenario& scenario) {
  std::vector<uint64_t> counts(scenario.workload.size());
  for (const SentRequest& request : requests) {
    const size_t block = scenario.clients[request.client.value].block;
    if (!std::holds_alternative<Closed>(scenario.workload[block].kind)) continue;
    scenario.operations.push_back({.id = absl::StrCat("op", ++counts[block]),
                                   .block = block,
                                   .at = request.at,
                                   .client = request.client,
                                   .operation = request.operation});
  }
  for (size_t i = 0; i < scenario.clients.size(); ++i) {
    const ClientIndex client{i};
    const Closed* closed = std::get_if<Closed>(&scenario.workload[scenario.clients[i].block].kind);
    if (closed != nullptr) scenario.clients[i].server = AttachmentOf(scenario, client);
  }
  for (Block& block : scenario.workload) {
    if (const auto* closed = std::get_if<Closed>(&block.kind)) block.kind = Script{closed->from};
  }
}

}  // namespace

Value Concretise(const Scenario& scenario, uint64_t seed, const Concreteness& what,
                 const ServerFactory& servers) {
  const Witnessed witnessed = Watch(scenario, seed, servers);
  Scenario said = scenario;
  if (what.faults) SayFaults(witnessed.applied_faults, said);
  if (what.operations) SayOperations(witnessed.requests, said);
  if (said.end.quiet && std::holds_alternative<HealCore>(said.end.quiet->heal)) {
    std::vector<zab::ServerId> healed;
    healed.reserve(witnessed.healed.size());
    for (const NodeId node : witnessed.healed) healed.push_back(SidOf(node));
    said.end.quiet->heal = std::move(healed);
  }
  said.expect.sometimes.clear();
  said.expect.metrics.clear();
  said.lesson.reset();
  said.run = {.seeds = {.list = {seed}}};
  return ToValue(said);
}

}  // namespace scenario
