// Passes: each makes a failing scenario smaller or plainer in one respect, and keeps what still
// fails in the same way.
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
  /// `tree` fails.  The replayer must outlive it.
  Case(Value tree, zab::Time failed_at, Replayer& replayer)
      : tree_(std::move(tree)), failed_at_(failed_at), replayer_(replayer) {}

  const Value& tree() const { return tree_; }
  zab::Time failed_at() const { return failed_at_; }
  bool exhausted() const { return replayer_.exhausted(); }

  /// Takes the candidate if it fails as this does.
  bool Try(Value candidate);
  /// A copy, changed by `edit`.
  bool Try(const std::function<void(Value& tree)>& edit);

 private:
  Value tree_;
  zab::Time failed_at_;
  Replayer& replayer_;
};

/// ddmin.  `select(tree, keep)` leaves, of the `count` units of the tree as it is now, those to
/// keep. Runs of them go, then shorter ones, then single ones.
void Minimise(Case& subject, size_t count,
              const std::function<void(Value& tree, const std::vector<bool>& keep)>& select);

/// What comes after the failure, and what is judged only then.
void CutTheEnd(Case& subject);
void DropServers(Case& subject);
void DropClients(Case& subject);
void DropOperations(Case& subject);
void DropFaults(Case& subject);
/// Deadlines, outcomes, nevers, nemeses: what else is a list.
void DropOthers(Case& subject);
/// Every setting that need not differ from its default.
void DropSettings(Case& subject);
/// Random distributions to constants.
void FixDistributions(Case& subject);
/// Long waits shorter, times to round numbers.
void RoundTimes(Case& subject);

}  // namespace scenario
