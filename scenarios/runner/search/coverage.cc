// Counting, and the Good-Turing estimate of what is unseen (Boehme, STADS, TOSEM'18).
#include "scenarios/runner/search/coverage.h"

#include <algorithm>
#include <bit>

#include "scenarios/runner/language/probe_table.h"

namespace scenario {

// The bits above those that StateWatch has sampled by.
bool Coverage::IsKept(uint64_t state) const {
  return state / kOneStateIn % (uint64_t{1} << halvings_) == 0;
}

void Coverage::Forget() {
  const auto is_not_kept = [&](const auto& entry) { return !IsKept(entry.first); };
  absl::erase_if(states_, is_not_kept);
  while (states_.size() > kMostStatesKept) {
    ++halvings_;
    absl::erase_if(states_, is_not_kept);
  }
}

uint64_t Coverage::Add(uint64_t run, const Explored& explored) {
  ++runs_;
  events_ += explored.events;
  observations_ += explored.states.size();
  for (size_t i = 0; i < probes_.size(); ++i) probes_[i] += explored.probes[i];
  const uint64_t before = states_.size();
  for (size_t i = 0; i < explored.states.size(); ++i) {
    if (!IsKept(explored.states[i])) continue;
    State& state = states_[explored.states[i]];
    if (state.runs == 0 || run < state.first_run) {
      state.first_run = run, state.depth = static_cast<uint32_t>(i);
    }
    ++state.runs;
  }
  for (const Encounter& encounter : explored.encounters) {
    const auto [entry, is_new] = encounters_.try_emplace(encounter, Encountered{run, 0});
    entry->second.first_run = std::min(entry->second.first_run, run);
    ++entry->second.runs;
  }
  const uint64_t added = uint64_t{states_.size() - before} << halvings_;
  if (states_.size() > kMostStatesKept) Forget();
  if (std::has_single_bit(runs_)) curve_.push_back({runs_, state_count()});
  return added;
}

void Coverage::Merge(const Coverage& other) {
  runs_ += other.runs_;
  events_ += other.events_;
  observations_ += other.observations_;
  for (size_t i = 0; i < probes_.size(); ++i) probes_[i] += other.probes_[i];
  halvings_ = std::max(halvings_, other.halvings_);
  for (const auto& [fingerprint, theirs] : other.states_) {
    State& ours = states_[fingerprint];
    if (ours.runs == 0 || theirs.first_run < ours.first_run) {
      ours.first_run = theirs.first_run, ours.depth = theirs.depth;
    }
    ours.runs += theirs.runs;
  }
  Forget();
  for (const auto& [encounter, theirs] : other.encounters_) {
    const auto [entry, is_new] = encounters_.try_emplace(encounter, theirs);
    if (is_new) continue;
    entry->second.first_run = std::min(entry->second.first_run, theirs.first_run);
    entry->second.runs += theirs.runs;
  }
  if (other.curve_.size() > curve_.size()) curve_ = other.curve_;
}

uint64_t Coverage::Singletons() const {
  return static_cast<uint64_t>(std::ranges::count_if(
             states_, [](const auto& entry) { return entry.second.runs == 1; }))
         << halvings_;
}

uint64_t Coverage::UnseenMillionths() const {
  if (observations_ == 0) return 1'000'000;
  return std::min(Singletons() * 1'000'000 / observations_, uint64_t{1'000'000});
}

std::vector<std::string> Coverage::MissingProbes() const {
  std::vector<std::string> missing;
  for (const ProbeRow& row : kProbeTable) {
    const bool seen = probes_[static_cast<size_t>(row.probe)] > 0;
    if (row.required && !seen) missing.emplace_back(Name(row.probe));
  }
  uint64_t canaries = 0;
  for (int i = 0; i < kProbeCount; ++i) {
    if (Name(static_cast<Probe>(i)) == kCanaryProbe) canaries += probes_[static_cast<size_t>(i)];
  }
  if (canaries == 0) missing.emplace_back(kCanaryProbe);
  return missing;
}

std::vector<std::string> Coverage::UnseenProbes() const {
  std::vector<std::string> unseen;
  for (int i = 0; i < kProbeCount; ++i) {
    if (probes_[static_cast<size_t>(i)] == 0) unseen.emplace_back(Name(static_cast<Probe>(i)));
  }
  return unseen;
}

std::vector<std::string> Coverage::UnseenReasons() const {
  std::array<bool, zab::kReasonCount> seen{};
  for (const auto& [encounter, runs] : encounters_) {
    seen[static_cast<size_t>(encounter.reason)] = true;
  }
  std::vector<std::string> unseen;
  for (int i = 0; i < zab::kReasonCount; ++i) {
    if (!seen[static_cast<size_t>(i)]) unseen.emplace_back(Name(static_cast<zab::Reason>(i)));
  }
  return unseen;
}

Coverage::Kept Coverage::Keep() const {
  return {.runs = runs_,
          .events = events_,
          .observations = observations_,
          .halvings = halvings_,
          .probes = probes_,
          .states = {states_.begin(), states_.end()},
          .encounters = {encounters_.begin(), encounters_.end()},
          .curve = curve_};
}

Coverage Coverage::From(const Kept& kept) {
  Coverage coverage;
  coverage.runs_ = kept.runs;
  coverage.events_ = kept.events;
  coverage.observations_ = kept.observations;
  coverage.halvings_ = kept.halvings;
  coverage.probes_ = kept.probes;
  coverage.states_ = {kept.states.begin(), kept.states.end()};
  coverage.encounters_ = {kept.encounters.begin(), kept.encounters.end()};
  coverage.curve_ = kept.curve;
  return coverage;
}

}  // namespace scenario
