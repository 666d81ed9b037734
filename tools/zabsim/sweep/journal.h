// Journal: runs.ndjson, the runs of a sweep that are done.  They are appended as they end, and put
// in order when all are there.
#pragma once

#include <cstdint>
#include <fstream>
#include <functional>
#include <string>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "tools/zabsim/campaign/file_io.h"
#include "tools/zabsim/sweep/swept_run.h"

namespace zabsim {

class Journal {
 public:
  /// Makes the file, or finds what is in it: `on_run` gets each run.  Half a line at its end is
  /// removed.  kDataLoss: a line is of another sweep, or damaged.
  absl::Status Open(const std::string& folder, const SweepManifest& manifest,
                    const std::function<void(const SweptRun&)>& on_run);
  /// A line without its end, of a run that is not there yet.
  absl::Status Append(const SweepRun& run, const std::string& line);

  bool Contains(const SweepRun& run) const { return places_.contains(run); }
  /// The line of a run that is there.
  absl::StatusOr<std::string> LineOf(const SweepRun& run) const;
  /// Calls `on_line` with each line, by cell and repeat, until it fails.
  absl::Status ForEach(
      const std::function<absl::Status(const SweepRun&, const std::string&)>& on_line) const;
  /// Puts the lines in order.
  absl::Status Sort();

 private:
  struct Place {
    uint64_t offset = 0, size = 0;
  };

  absl::StatusOr<std::string> ReadAt(std::ifstream& file, const Place& place) const;

  std::string path_;
  SyncedLines lines_;
  uint64_t end_ = 0;
  absl::btree_map<SweepRun, Place> places_;
};

}  // namespace zabsim
