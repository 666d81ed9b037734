// Witness: what is known of the past of a state, for all that judge it: the ghost variables and
// what the invariants remember.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "scenarios/runner/explore/story.h"
#include "scenarios/runner/invariants/ghost.h"
#include "scenarios/runner/invariants/invariant.h"
#include "scenarios/runner/language/scenario.h"

namespace scenario::explore {

/// Stands for an invariant: a quiescent state in which not all servers serve the same tree.
inline constexpr absl::string_view kConvergence = "Convergence";

/// A property that does not hold.
struct Broken {
  absl::string_view invariant;
  Text facts;
};

/// The names of the invariants that an exploration of this scenario judges by, in their order.
std::vector<absl::string_view> JudgedBy(const Scenario& scenario);
/// Those that only runs can be judged by.
std::vector<absl::string_view> OnlyForRuns(const Scenario& scenario);

/// A plain value, but for its histories: all witnesses of an exploration share theirs.
class Witness {
 public:
  /// At the start of the scenario.  `histories` gets its histories, and must be given to every
  /// other call.
  Witness(const Scenario& scenario, Histories& histories);

  /// Whether anything here listens to an event of a server.
  bool Hears(const TraceEvent& event) const;

  /// Takes the story in.  Returns the first property that it breaks.
  std::optional<Broken> Take(const Story& story, Histories& histories);
  /// Judges as at the end of a run.  `disks`: of all servers.
  std::optional<Broken> Finish(std::span<const sim::FileStore* const> disks, Histories& histories);

  zab::Hash128 Hash(const Histories& histories) const;

 private:
  std::optional<Broken> TakeRecord(const Told& told);

  Ghost ghost_;
  std::vector<NamedInvariant> invariants_;
};

}  // namespace scenario::explore
