// Replayer: whether a candidate fails as the original does.  It counts its runs, so that a budget
// is a number of runs and never of seconds.
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
#include "scenarios/runner/verdict/result.h"

namespace scenario {

class Replayer {
 public:
  /// `goes_on` is asked with the number of runs so far before each run; false: no more.
  Replayer(uint64_t budget, ServerFactory servers, std::function<bool(uint64_t)> goes_on)
      : budget_(budget), servers_(std::move(servers)), goes_on_(std::move(goes_on)) {}

  struct Replay {
    Scenario scenario;
    RunResult result;
    std::string signature;
  };
  /// Runs the file with its first seed, not counted.  The parser's refusal if it has one.
  absl::StatusOr<Replay> Run(const Value& tree);

  /// From now on a candidate has to fail like that.
  void Demand(std::string signature) { signature_ = std::move(signature); }
  /// When the candidate fails so; none if it does not, is no valid file, or the budget is used up.
  /// A scenario that was tried before costs nothing.
  std::optional<zab::Time> FailsAt(const Value& tree);

  uint64_t replays() const { return replays_; }
  bool exhausted() const { return stopped_ || replays_ >= budget_; }

 private:
  absl::StatusOr<Replay> Run(const Document& document);

  uint64_t budget_;
  ServerFactory servers_;
  std::function<bool(uint64_t)> goes_on_;
  std::string signature_;
  uint64_t replays_ = 0;
  bool stopped_ = false;
  absl::btree_map<std::string, std::optional<zab::Time>> known_;  // By digest.
};

}  // namespace scenario
