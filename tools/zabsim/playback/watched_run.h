// A recorded run, indexed for who looks at it: names of lanes, milestones, messages that arrive,
// violations.  An event is its position in the records.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/btree_set.h"
#include "protocol/base/time.h"
#include "protocol/wire/ids.h"
#include "scenarios/runner/captions/caption.h"
#include "scenarios/runner/record/record.h"
#include "sim/node_id.h"
#include "tools/zabsim/view/recorded_run.h"

namespace zabsim {

/// As the result tells it.
struct WatchedViolation {
  scenario::Text invariant;  // In words.
  scenario::Text facts;
  size_t event = 0;  // The offending one.
};

class WatchedRun {
 public:
  /// Its records must not be empty.
  explicit WatchedRun(RecordedRun run);

  const scenario::Scenario& scenario() const { return run_.scenario; }
  const std::string& digest() const { return run_.digest; }
  uint64_t seed() const { return run_.seed; }
  /// Whether the trace was cut off: the run went on behind its last event.
  bool is_cut() const { return !run_.cut.empty(); }
  /// "held", "violated", ..., or which known bug the run shows; "cut short": the trace ends before
  /// its result.
  scenario::Text VerdictInWords() const;
  /// In the order of their events.
  const std::vector<WatchedViolation>& violations() const { return violations_; }

  size_t count() const { return run_.records.size(); }
  const scenario::Record& record(size_t event) const { return run_.records[event]; }
  const std::vector<scenario::Record>& records() const { return run_.records; }
  /// Takes into the state all that is known of an event.
  void Apply(size_t event, scenario::ClusterState& state) const {
    run_.Apply(run_.records[event], state);
  }
  scenario::Explanation Explain(size_t event) const;
  /// The known bug that was switched on; empty: none.
  const std::string& bug() const { return run_.bug; }
  size_t server_count() const { return run_.scenario.ServerCount(); }
  /// By number of node: servers, then clients, then the client of the deadline `write_ok` if it has
  /// done anything.  That of 0, the world, is empty.
  const std::vector<std::string>& names() const { return names_; }

  bool IsMilestone(size_t event) const { return milestones_[event]; }
  bool IsMessage(size_t event) const;
  bool IsHeartbeat(size_t event) const;
  /// Of a msg_sent: whether its msg_delivered follows.
  bool Arrives(size_t event) const { return arrives_[event]; }
  /// Whether any event but messages tells of that transaction.
  bool Knows(zab::Zxid zxid) const { return zxids_.contains(zxid); }

  /// The event of the record with that id, or the next one there is; the last one behind all.
  size_t AtId(uint64_t id) const;
  /// The last event not behind that time; the first if there is none.
  size_t AtTime(zab::Time time) const;

 private:
  void NameNodes();
  void Index();
  void ReadResult();

  RecordedRun run_;
  std::string verdict_, shown_bug_;
  std::vector<WatchedViolation> violations_;
  std::vector<std::string> names_;
  std::vector<bool> milestones_, arrives_;  // By event.
  absl::btree_set<zab::Zxid> zxids_;
};

}  // namespace zabsim
