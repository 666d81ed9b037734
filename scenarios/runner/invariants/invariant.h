// Invariant: one named property of a run, checked record by record; and the list of all of them.
// Their names are exactly those of the table in REFERENCE.md 16.6.
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
#include "scenarios/runner/invariants/surroundings.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/model/state_hasher.h"
#include "scenarios/runner/record/record.h"
#include "sim/clone_ptr.h"

namespace scenario {

/// A set of probes.
class ProbeSet {
 public:
  ProbeSet(std::initializer_list<Probe> probes) {
    for (const Probe probe : probes) bits_.set(static_cast<size_t>(probe));
  }
  bool contains(Probe probe) const { return bits_.test(static_cast<size_t>(probe)); }

 private:
  std::bitset<kProbeCount> bits_;
};

/// The contradiction that was found, in words; nullopt if the property holds.
using Finding = std::optional<Text>;

/// A plain value with a virtual interface.  The cost per record is that of what changed, so that
/// long runs stay linear.
class Invariant {
 public:
  Invariant() = default;
  virtual ~Invariant() = default;
  virtual std::unique_ptr<Invariant> Clone() const = 0;

  /// The probes whose records are passed to OnRecord.
  virtual ProbeSet probes() const = 0;
  /// `ghost` already includes `record`.  Not called again once it has found a violation.
  virtual Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings& world) = 0;
  /// Called when the run is over.
  virtual Finding OnEnd(const Ghost& /*ghost*/, const Surroundings& /*world*/) {
    return std::nullopt;
  }

  /// Whether its judgement follows from the records and the state, and not from when things
  /// happened or how files grew.
  virtual bool JudgesStates() const = 0;
  /// Adds what it remembers, if it judges states.
  virtual void Remember(StateHasher& hasher) const = 0;

 protected:
  Invariant(const Invariant&) = default;
  Invariant& operator=(const Invariant&) = default;
};

struct InvariantEntry {
  absl::string_view name;
  absl::string_view chinese;      // What Chinese sentences call it.
  absl::string_view description;  // One line for `zabsim help invariants`.
  std::unique_ptr<Invariant> (*make)(const Scenario& scenario);
};

/// All invariants, in the order of the table in REFERENCE.md 16.6.
std::span<const InvariantEntry> AllInvariants();

/// Its name in sentences: "CommittedNeverLost", "已提交的绝不丢失（CommittedNeverLost）".  What is
/// no invariant is called as it is.
Text InvariantInWords(absl::string_view name);
/// Whether there is an invariant of that name.
bool IsInvariant(absl::string_view name);

struct NamedInvariant {
  absl::string_view name;
  sim::ClonePtr<Invariant> invariant;
};
std::vector<NamedInvariant> MakeAll(const Scenario& scenario);

}  // namespace scenario
