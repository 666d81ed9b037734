// EnsembleMeter: elections, times without a leader, and recoveries of learners.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/measure/metrics.h"
#include "scenarios/runner/measure/tables.h"
#include "scenarios/runner/record/record.h"
#include "scenarios/runner/state/cluster_state.h"
#include "sim/world.h"

namespace scenario {

/// What a meter looks at, beside the record.
struct Sight {
  const Scenario& scenario;
  const ClusterState& cluster;  // With the record taken in.
  const sim::World& world;
};

/// A plain value.
class EnsembleMeter {
 public:
  explicit EnsembleMeter(size_t servers)
      : looking_since_(servers + 1), elected_(servers + 1), outstanding_(servers + 1) {}

  void OnRecord(const Sight& sight, const Record& record, Measured& measured, const RowSink& rows);
  /// The run has ended at that time.
  void Finish(const Sight& sight, zab::Time end, Measured& measured, const RowSink& rows);

 private:
  /// Since the first server has looked; reset when the ensemble is available.
  struct Election {
    std::optional<zab::Time> start;
    zab::Reason why{};
    uint64_t rounds = 0;
    uint64_t notifications = 0;
  };
  struct Recovery {
    Kind kind{};
    zab::Time start;
    std::optional<zab::Time> acked;
    sim::Traffic sent, proposals;  // Of the link from the leader, when it began.
  };
  /// Leader and learner.
  using Pair = std::pair<NodeId, NodeId>;

  void OnElection(const Record& record);
  void OnEstablished(const Sight& sight, const Record& record, Measured& measured,
                     const RowSink& rows);
  void OnRecovery(const Sight& sight, const Record& record, Measured& measured,
                  const RowSink& rows);
  void CountOutstanding(const Record& record, Measured& measured);
  void SetAvailable(bool available, zab::Time now, Measured& measured, const RowSink& rows);
  void EndOutage(zab::Time end, bool ended, Measured& measured, const RowSink& rows);
  static void AddRow(const Sight& sight, const Pair& pair, const Recovery& recovery,
                     std::optional<zab::Time> uptodate, Measured& measured, const RowSink& rows);

  bool available_ = false;
  bool began_ = false;                    // A leader was established.
  std::optional<zab::Time> unavailable_;  // Since then; only after the first leader.
  Election election_;
  std::vector<zab::Time> looking_since_;           // By sid.
  std::vector<std::optional<zab::Time>> elected_;  // By sid: when it was last elected to lead.
  std::vector<uint64_t> outstanding_;              // Proposals without a commit, by sid.
  absl::btree_map<Pair, Recovery> recoveries_;     // Under way.
};

}  // namespace scenario
