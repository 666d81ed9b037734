// A hunt: how long campaigns that know nothing of a bug take to find it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "scenarios/runner/language/bugs.h"
#include "tools/zabsim/campaign/small_case.h"

namespace zabsim {

struct HuntOptions {
  std::vector<std::string> files;  // Of every campaign.
  uint64_t first_seed = 1;         // Root seed of the first campaign; the others' follow it.
  uint64_t repeat = 10;            // Campaigns.
  std::chrono::nanoseconds budget = std::chrono::seconds(60);  // CPU time of a campaign's runs.
  unsigned jobs = 1;                                           // Processes of a campaign.
  bool shrink = true;
  std::string out;  // The directory: of each campaign, and of the small cases.
};

/// What was spent until something was first seen, including that run.
struct Cost {
  uint64_t runs = 0;
  uint64_t cpu_nanoseconds = 0;
};

/// One campaign.
struct Chase {
  uint64_t root_seed = 0;
  Cost spent;                    // In all.
  std::optional<Cost> anything;  // To the first violation or missed deadline.
  std::optional<Cost> named;     // To what the bug is named by.
};

/// All campaigns that hunt one bug.
struct Hunted {
  const scenario::BugEntry* bug = nullptr;
  std::vector<Chase> chases;
  std::optional<SmallCase> small;  // Of the first campaign that found it.
  std::string small_file;
  bool interrupted = false;

  uint64_t Found() const;
};

/// Called several times a second with the current campaign and the number of replays of the
/// shrinker; false ends the hunt.
using HuntProgress = std::function<bool(const Chase& chase, uint64_t replays)>;

/// Runs the campaigns one after the other.  kInternal: a run ended its process, or differed when it
/// was repeated; that is a bug of our own.
absl::StatusOr<Hunted> HuntBug(const scenario::BugEntry& bug, const HuntOptions& options,
                               const HuntProgress& progress);

}  // namespace zabsim
