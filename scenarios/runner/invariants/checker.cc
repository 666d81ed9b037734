// Each record updates the ghost variables first and then goes to the invariants that need its
// probe.
#include "scenarios/runner/invariants/checker.h"

#include <algorithm>
#include <utility>

#include "scenarios/runner/invariants/surroundings.h"
#include "scenarios/runner/workload/requester.h"
#include "sim/world.h"

namespace scenario {
namespace {

class WorldSurroundings final : public Surroundings {
 public:
  explicit WorldSurroundings(const sim::World& world) : world_(world) {}

  zab::Time now() const override { return world_.now(); }
  const sim::FileStore& files(zab::ServerId server) const override {
    return world_.disk(sim::NodeId{server.value}).files();
  }
  const zab::Operation* last_request(NodeId client) const override {
    const auto* process = static_cast<const Requester*>(world_.process(client));
    return process == nullptr ? nullptr : process->last_request();
  }

 private:
  const sim::World& world_;
};

}  // namespace

Checker::Checker(const Scenario& scenario)
    : ghost_(Ghost::For(scenario)), invariants_(MakeAll(scenario)) {
  for (size_t i = 0; i < invariants_.size(); ++i) {
    const ProbeSet probes = invariants_[i].invariant->probes();
    for (size_t probe = 0; probe < listeners_.size(); ++probe) {
      if (!probes.contains(static_cast<Probe>(probe))) continue;
      listeners_[probe].push_back(static_cast<uint8_t>(i));
    }
  }
}

void Checker::OnTrace(sim::World& simulated, const sim::Record& traced) {
  const WorldSurroundings world(simulated);
  const Record record = RecordOf(traced);
  const bool of_server = ghost_.IsServer(record.node);
  role_before_ = of_server ? ghost_.server({record.node.value}).role : ServerGhost::Role::kDown;
  ghost_.OnRecord(record, world);
  last_record_ = record.id;
  const std::vector<uint8_t>& listeners = listeners_[static_cast<size_t>(record.event.probe)];
  if (listeners.empty()) return;
  const size_t found_before = violations_.size();
  for (const uint8_t index : listeners) {
    Add(index, record, invariants_[index].invariant->OnRecord(record, ghost_, world));
  }
  if (violations_.size() == found_before) return;
  // Only the first violation of each invariant is reported.
  for (std::vector<uint8_t>& deaf : listeners_) {
    std::erase_if(deaf, [&](uint8_t index) {
      return std::any_of(violations_.begin(), violations_.end(), [&](const Violation& violation) {
        return violation.name == invariants_[index].name;
      });
    });
  }
}

void Checker::Finish(const sim::World& simulated) {
  const WorldSurroundings world(simulated);
  ghost_.OnEnd(world);
  const Record end{.id = last_record_, .time = world.now()};
  for (size_t i = 0; i < invariants_.size(); ++i) {
    const bool found = std::any_of(
        violations_.begin(), violations_.end(),
        [&](const Violation& violation) { return violation.name == invariants_[i].name; });
    if (!found) Add(i, end, invariants_[i].invariant->OnEnd(ghost_, world));
  }
}

void Checker::Add(size_t index, const Record& record, Finding finding) {
  if (!finding) return;
  violations_.push_back(
      {invariants_[index].name, record.time, record.id, *std::move(finding), ContextOf(record)});
}

ViolationContext Checker::ContextOf(const Record& record) const {
  if (record.node == sim::NodeId{}) return {};
  const auto& established = ghost_.established();
  return {.node = record.node,
          .event = record.event,
          .role = role_before_,
          .established = established.empty() ? zab::Epoch{} : established.rbegin()->first,
          .committed = ghost_.histories().zxid(ghost_.change().committed_before)};
}

}  // namespace scenario
