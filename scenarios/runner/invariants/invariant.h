// Invariant: one named property of a run, checked record by record; and the list of all of them.
// The names are those of the table in REFERENCE.md 16.6, these and no others.
#pragma once

#include <bitset>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "scenarios/runner/invariants/ghost.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/record/record.h"
#include "sim/clone_ptr.h"
#include "sim/world.h"

namespace scenario {

/// The probes that an invariant listens to.
class ProbeSet {
 public:
  ProbeSet(std::initializer_list<Probe> probes) {
    for (const Probe probe : probes) bits_.set(static_cast<size_t>(probe));
  }
  bool contains(Probe probe) const { return bits_.test(static_cast<size_t>(probe)); }

 private:
  std::bitset<kProbeCount> bits_;
};

/// What two facts of the run contradict each other, in words; none if the property holds.
using Finding = std::optional<Text>;

/// A plain value behind a virtual interface.  Costs what changed, so that a long run stays linear.
class Invariant {
 public:
  Invariant() = default;
  virtual ~Invariant() = default;
  virtual std::unique_ptr<Invariant> Clone() const = 0;

  /// Only records of these reach OnRecord.
  virtual ProbeSet probes() const = 0;
  /// `ghost` has seen `record` already.  Not called any more once it has found something.
  virtual Finding OnRecord(const Record& record, const Ghost& ghost, const sim::World& world) = 0;
  /// The run is over.
  virtual Finding OnEnd(const Ghost& /*ghost*/, const sim::World& /*world*/) {
    return std::nullopt;
  }

 protected:
  Invariant(const Invariant&) = default;
  Invariant& operator=(const Invariant&) = default;
};

struct InvariantEntry {
  absl::string_view name;
  absl::string_view description;  // One line, English, for `zabsim help invariants`.
  std::unique_ptr<Invariant> (*make)(const Scenario& scenario);
};

/// All invariants, in the order of the table in REFERENCE.md 16.6.
std::span<const InvariantEntry> AllInvariants();

/// Whether there is an invariant of that name.
bool IsInvariant(absl::string_view name);

struct NamedInvariant {
  absl::string_view name;
  sim::ClonePtr<Invariant> invariant;
};
std::vector<NamedInvariant> MakeAll(const Scenario& scenario);

}  // namespace scenario
