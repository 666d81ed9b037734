// The findings of a campaign and where they are kept: DIR/findings.ndjson has a line for every run
// that failed, written to disk before it is reported; DIR/findings/NAME/ has the files of each
// distinct failure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/zabsim/campaign/file_io.h"
#include "tools/zabsim/campaign/small_case.h"

namespace zabsim {

/// The "strategy" of a file that failed once before and is rerun.
inline constexpr char kCorpusStrategy[] = "corpus";

/// One run that failed.
struct Failure {
  uint64_t run = 0;      // Index in the campaign; of a corpus, position in it.
  std::string file;      // The scenario's path.
  std::string strategy;  // Or kCorpusStrategy.
  uint64_t seed = 0;
  int code = 0;  // Exit code of its verdict.
  std::string signature;
  std::string first;  // What failed, in one line.
};

enum class Confirmation : uint8_t { kNotYet, kTwice, kNo };

/// The signature of two runs that differ.
inline constexpr char kDiffersSignature[] = "two runs of one seed differ";

/// All runs with one signature.
struct Finding {
  Failure failure;  // Of the run that was found first.
  uint64_t runs = 0;
  Confirmation confirmation = Confirmation::kNotYet;
  bool ends_process = false;  // A crash, a hang, no memory.
  std::optional<SmallCase> small;

  /// What it adds to the exit code of the campaign.  A process that ended once may have been ended
  /// from outside: that is unknown until it has happened again.
  int ExitCode() const;

  /// Two runs that differ are two already: there is nothing that one more could confirm.
  bool IsComparison() const { return failure.signature == kDiffersSignature; }
  /// Whether to minimise it: the shrinker cannot judge a run that ends its process.
  bool CanShrink() const { return confirmation == Confirmation::kTwice && !ends_process && !small; }
  bool HasSmallCase() const { return small && small->trouble.empty(); }
};

/// The file of lines in a campaign's folder, and a line of it, without its end.
std::string FindingLines(const std::string& folder);
std::string LineOf(const Failure& failure, bool ends_process);

class Findings {
 public:
  /// Opens or creates the directory's findings, and reads those that are there.
  absl::Status Open(const std::string& folder);
  /// Reads a directory's findings and leaves it as it is: nothing can be added.
  absl::Status Read(const std::string& folder);

  /// On the disk when this returns; once only for each run.  True: its signature is new.  If it
  /// cannot be written, it counts all the same, for the report at the end.
  absl::StatusOr<bool> Add(const Failure& failure, bool ends_process);
  /// By signature.
  const absl::btree_map<std::string, Finding>& all() const { return findings_; }
  /// All lines, in the order in which they were added.
  const std::vector<Failure>& failures() const { return failures_; }
  Finding& Get(const std::string& signature) { return findings_.at(signature); }
  /// Where that signature's files are; made by Save.
  std::string FolderOf(const std::string& signature) const;
  /// The whole run as a file, and the minimised case.
  std::string WholeFile(const std::string& signature) const;
  std::string SmallFile(const std::string& signature) const;
  /// Rewrites finding.json.
  absl::Status Save(const std::string& signature) const;

 private:
  bool Take(const Failure& failure, bool ends_process);
  absl::Status TakeLines(const std::string& path, const std::vector<std::string>& lines);
  void ReadFolders();

  std::string folder_;
  SyncedLines lines_;
  absl::btree_map<std::string, Finding> findings_;
  std::vector<Failure> failures_;
  absl::btree_set<std::pair<std::string, uint64_t>> runs_;  // Strategy and run.
};

}  // namespace zabsim
