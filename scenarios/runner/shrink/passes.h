// Passes: each makes a failing scenario smaller or simpler in one respect, keeping changes that
// still fail in the same way.
#pragma once

#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "protocol/base/time.h"
#include "scenarios/runner/json/value.h"
#include "scenarios/runner/shrink/replayer.h"

namespace scenario {

/// The smallest failing scenario so far.
class Case {
 public:
  /// `tree` must fail.  The replayer must outlive the case.
  Case(Value tree, zab::Time failed_at, Replayer& replayer)
      : tree_(std::move(tree)), failed_at_(failed_at), replayer_(replayer) {}

  const Value& tree() const { return tree_; }
  zab::Time failed_at() const { return failed_at_; }
  bool exhausted() const { return replayer_.exhausted(); }

  /// Keeps the candidate if it fails in the same way; returns whether it did.
  bool Try(Value candidate);
  /// The same for a copy changed by `edit`.
  bool Try(const std::function<void(Value& tree)>& edit);

 private:
  Value tree_;
  zab::Time failed_at_;
  Replayer& replayer_;
};

/// ddmin.  `select(tree, keep)` removes from the current tree those of its `count` units that are
/// not to be kept.  Tries to remove long runs of units, then shorter ones, then single units.
void Minimise(Case& subject, size_t count,
              const std::function<void(Value& tree, const std::vector<bool>& keep)>& select);

/// Removes what comes after the failure, including expectations judged only then.
void CutTheEnd(Case& subject);
void DropServers(Case& subject);
void DropClients(Case& subject);
void DropOperations(Case& subject);
void DropFaults(Case& subject);
/// Drops items of the other lists: deadlines, outcomes, nevers, nemeses.
void DropOthers(Case& subject);
/// Drops settings that need not differ from their default.
void DropSettings(Case& subject);
/// Replaces random distributions by constants.
void FixDistributions(Case& subject);
/// Shortens long waits and rounds times.
void RoundTimes(Case& subject);

}  // namespace scenario
