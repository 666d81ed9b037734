// manifest.json: what a sweep is.  Its workers read it, a sweep that goes on must agree with it,
// and everything can be made again from it (scenarios/MEASURING.md 3).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "scenarios/runner/parse/document.h"
#include "scenarios/runner/sweep/cells.h"

namespace zabsim {

/// A run of a sweep.
struct SweepRun {
  uint64_t cell = 0;
  uint64_t repeat = 0;
  friend auto operator<=>(const SweepRun&, const SweepRun&) = default;
};

struct SweepManifest {
  std::string file;
  std::vector<std::string> overrides;  // --set.
  std::string peer;                    // Empty: the real one.
  uint64_t shard = 1, shards = 1;

  // Of the file.
  scenario::Document document;  // With its sweep.
  std::vector<scenario::SweepCell> cells;
  std::vector<std::string> digests;  // By cell.

  const scenario::Sweep& sweep() const { return *document.scenario().sweep; }
  const scenario::Seeds& seeds() const { return document.scenario().run.seeds; }
  /// Whether a run belongs to this shard.
  bool Owns(const SweepRun& run) const;
  /// Its number in the whole sweep, if no cell is repeated longer than another.
  uint64_t IndexOf(const SweepRun& run) const { return run.repeat * cells.size() + run.cell; }
};

/// Reads the file and checks every cell.  kInvalidArgument: why that is no sweep.
absl::StatusOr<SweepManifest> MakeManifest(const std::string& file,
                                           const std::vector<std::string>& overrides,
                                           const std::string& peer);
/// The file of a cell, of which LoadCell has read the like before.
absl::StatusOr<scenario::Document> DocumentOf(const SweepManifest& manifest, uint64_t cell);

std::string ToText(const SweepManifest& manifest);
/// The text of the same sweep undivided: equal for all shards of one sweep.
std::string TextOfWhole(const SweepManifest& manifest);

/// Reads what ToText has written, and the file that it names.  kInvalidArgument: that is not
/// possible, or the file or this build is no longer the same.
absl::StatusOr<SweepManifest> ReadManifest(const std::string& path);

/// The order of its parameters.
std::vector<std::string> ParametersOf(const SweepManifest& manifest);

}  // namespace zabsim
