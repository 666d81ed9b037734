// The invariants of runs on states: their surroundings are what the story brings along.
#include "scenarios/runner/explore/witness.h"

#include <algorithm>
#include <utility>

#include "protocol/base/check.h"
#include "scenarios/runner/invariants/surroundings.h"

namespace scenario::explore {
namespace {

/// Nothing but what belongs to one record.
class OfStory final : public Surroundings {
 public:
  explicit OfStory(const Told& told) : told_(told) {}

  zab::Time now() const override { return told_.record.time; }
  const sim::FileStore& files(zab::ServerId server) const override {
    ZAB_CHECK(told_.disk != nullptr && NodeId{server.value} == told_.record.node);
    return *told_.disk;
  }
  const zab::Operation* last_request(NodeId client) const override {
    return told_.request && client == told_.record.node ? &*told_.request : nullptr;
  }

 private:
  const Told& told_;
};

/// Nothing but the disks.
class OfDisks final : public Surroundings {
 public:
  explicit OfDisks(std::span<const sim::FileStore* const> disks) : disks_(disks) {}

  zab::Time now() const override { return {}; }
  const sim::FileStore& files(zab::ServerId server) const override {
    return *disks_[server.value - size_t{1}];
  }
  const zab::Operation* last_request(NodeId) const override { return nullptr; }

 private:
  std::span<const sim::FileStore* const> disks_;
};

/// The ghost has the histories that all share, for as long as this lives.
class Lent {
 public:
  Lent(Ghost& ghost, Histories& histories) : ghost_(ghost), histories_(histories) {
    ghost_.SwapHistories(histories_);
  }
  ~Lent() { ghost_.SwapHistories(histories_); }
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;

 private:
  Ghost& ghost_;
  Histories& histories_;
};

bool IsAsked(const Scenario& scenario, absl::string_view name) {
  const std::vector<std::string>& asked = scenario.explore->invariants;
  return asked.empty() || std::ranges::find(asked, name) != asked.end();
}

std::vector<NamedInvariant> MakeJudges(const Scenario& scenario) {
  std::vector<NamedInvariant> all = MakeAll(scenario);
  std::erase_if(all, [&](const NamedInvariant& named) {
    return !named.invariant->JudgesStates() || !IsAsked(scenario, named.name);
  });
  return all;
}

}  // namespace

std::vector<absl::string_view> JudgedBy(const Scenario& scenario) {
  std::vector<absl::string_view> names;
  for (const NamedInvariant& named : MakeJudges(scenario)) names.push_back(named.name);
  return names;
}

std::vector<absl::string_view> OnlyForRuns(const Scenario& scenario) {
  std::vector<absl::string_view> names;
  for (const NamedInvariant& named : MakeAll(scenario)) {
    if (!named.invariant->JudgesStates()) names.push_back(named.name);
  }
  return names;
}

Witness::Witness(const Scenario& scenario, Histories& histories)
    : ghost_(Ghost::For(scenario)), invariants_(MakeJudges(scenario)) {
  ghost_.SwapHistories(histories);
}

bool Witness::Hears(const TraceEvent& event) const {
  if (Ghost::Uses(event)) return true;
  // Of messages that arrive, what the ghost does not hear concerns nobody who judges states.
  if (event.probe == Probe::kMsgDelivered) return false;
  return std::ranges::any_of(invariants_, [&](const NamedInvariant& named) {
    return named.invariant->probes().contains(event.probe);
  });
}

std::optional<Broken> Witness::Take(const Story& story, Histories& histories) {
  const Lent lent(ghost_, histories);
  std::optional<Broken> broken;
  for (const Told& told : story) {
    std::optional<Broken> found = TakeRecord(told);
    if (!broken) broken = std::move(found);
  }
  return broken;
}

std::optional<Broken> Witness::TakeRecord(const Told& told) {
  const OfStory world(told);
  if (told.disk != nullptr) ghost_.ReadAnew({told.record.node.value}, world);
  ghost_.OnRecord(told.record, world);
  std::optional<Broken> broken;
  for (NamedInvariant& named : invariants_) {
    if (!named.invariant->probes().contains(told.record.event.probe)) continue;
    Finding found = named.invariant->OnRecord(told.record, ghost_, world);
    if (found && !broken) broken = Broken{named.name, *std::move(found)};
  }
  return broken;
}

std::optional<Broken> Witness::Finish(std::span<const sim::FileStore* const> disks,
                                      Histories& histories) {
  const Lent lent(ghost_, histories);
  const OfDisks world(disks);
  for (const zab::ServerId server : ghost_.server_ids()) ghost_.ReadAnew(server, world);
  for (NamedInvariant& named : invariants_) {
    if (Finding found = named.invariant->OnEnd(ghost_, world)) {
      return Broken{named.name, *std::move(found)};
    }
  }
  return std::nullopt;
}

zab::Hash128 Witness::Hash(const Histories& histories) const {
  StateHasher hasher({.histories = &histories});
  hasher.Add(ghost_);
  for (const NamedInvariant& named : invariants_) named.invariant->Remember(hasher);
  return hasher.Hash();
}

}  // namespace scenario::explore
