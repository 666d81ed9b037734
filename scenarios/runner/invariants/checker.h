// Checker: checks all invariants while a world runs.  It knows no expectations; the judge decides
// whether a violation was expected.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "protocol/base/time.h"
#include "scenarios/runner/invariants/ghost.h"
#include "scenarios/runner/invariants/invariant.h"
#include "sim/observer.h"

namespace scenario {

/// The circumstances in which a violation was found, as typed facts that do not depend on the seed;
/// they identify the failure.
struct ViolationContext {
  sim::NodeId node;          // Of the record; 0: found at the end of the run.
  TraceEvent event;          // Of the record.
  ServerGhost::Role role{};  // The node's role just before; kDown for a client.
  zab::Epoch established;    // The newest established epoch; 0: none.
  zab::Zxid committed;       // The last transaction committed before the record.
};

struct Violation {
  absl::string_view name;  // Of the invariant.
  zab::Time time;          // Virtual.
  uint64_t record = 0;     // The record at which it was found; the last one if found at the end.
  Text facts;              // The contradiction, in words.
  ViolationContext context;
};

/// Must be the first observer of its world, added before the world runs, so that records are
/// checked before other observers act on them.
class Checker : public sim::Observer {
 public:
  explicit Checker(const Scenario& scenario);

  std::unique_ptr<sim::Observer> Clone() const override { return std::make_unique<Checker>(*this); }
  void OnTrace(sim::World& world, const sim::Record& traced) override;
  /// Performs the checks at the end of a run.  Call once; the world must not run afterwards.
  void Finish(const sim::World& world);

  /// The first violation of each invariant, in the order found.
  const std::vector<Violation>& violations() const { return violations_; }
  const Ghost& ghost() const { return ghost_; }

 private:
  void Add(size_t index, const Record& record, Finding finding);
  ViolationContext ContextOf(const Record& record) const;

  Ghost ghost_;
  std::vector<NamedInvariant> invariants_;
  /// Per probe, the indices of the invariants that need it and have found no violation yet.
  std::array<std::vector<uint8_t>, kProbeCount> listeners_;
  std::vector<Violation> violations_;
  ServerGhost::Role role_before_{};  // The role of the current record's server before the record.
  uint64_t last_record_ = 0;
};

}  // namespace scenario
