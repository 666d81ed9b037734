// Replayer: decides whether a candidate fails as the original does.  It counts its runs, so that
// budgets are numbers of runs, never seconds.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "scenarios/runner/cluster/cluster.h"
#include "scenarios/runner/json/value.h"
#include "scenarios/runner/parse/document.h"
#include "scenarios/runner/run/run.h"
#include "scenarios/runner/verdict/result.h"

namespace scenario {

class Replayer {
 public:
  /// `may_continue` is called before each run with the number of runs so far; false stops.  `stop`
  /// is RunOptions::stop of each run that is counted.
  Replayer(uint64_t budget, ServerFactory servers, std::function<bool(uint64_t)> may_continue,
           std::function<StopWish()> stop = {})
      : budget_(budget),
        servers_(std::move(servers)),
        may_continue_(std::move(may_continue)),
        stop_(std::move(stop)) {}

  struct Replay {
    Scenario scenario;
    RunResult result;
    std::string signature;
  };
  /// Runs the file with its first seed; not counted.  Returns the parser's error if it is invalid.
  absl::StatusOr<Replay> Run(const Value& tree);

  /// From now on a candidate must fail with this signature, within so many events: one that has
  /// become endless is worth no more.
  void Demand(std::string signature, uint64_t most_events) {
    signature_ = std::move(signature);
    most_events_ = most_events;
  }
  /// The time at which the candidate fails with the demanded signature; nullopt if it does not, is
  /// invalid, or the budget is used up.  A scenario that was tried before costs no run.
  std::optional<zab::Time> FailsAt(const Value& tree);

  uint64_t replays() const { return replays_; }
  bool exhausted() const { return stopped_ || replays_ >= budget_; }

 private:
  absl::StatusOr<Replay> Run(const Document& document, uint64_t most_events,
                             const std::function<StopWish()>& stop);

  uint64_t budget_;
  ServerFactory servers_;
  std::function<bool(uint64_t)> may_continue_;
  std::function<StopWish()> stop_;
  std::string signature_;
  uint64_t most_events_ = 0;  // Set with signature_.
  uint64_t replays_ = 0;
  bool stopped_ = false;
  absl::btree_map<std::string, std::optional<zab::Time>> known_;  // By digest.
};

}  // namespace scenario
