// Choice log: every draw of a run by stream and entity, so that a run can be reproduced after the
// meaning of its seed has changed, because the generator or the code that draws has changed.
// (SEARCH.md 1.3)
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "protocol/base/hash.h"
#include "protocol/base/random.h"

namespace scenario {

/// A plain value.
struct ChoiceLog {
  /// The draws of one stream for one entity, by ordinal.
  struct Draws {
    std::string stream;
    zab::Entity entity;
    std::vector<uint64_t> bits;
  };

  int streams = zab::kStreamsVersion;
  std::string digest;  // Of the scenario.
  uint64_t seed = 0;
  zab::Hash128 trace_hash;  // Of the run.
  /// By the hash of the stream's name, and entity.
  absl::btree_map<std::pair<uint64_t, uint64_t>, Draws> draws;

  /// Whether it is of another version of the streams, so that draws may have another meaning.
  bool IsStale() const { return streams != zab::kStreamsVersion; }
};

/// Lines of JSON: a header, then one line for each stream and entity, in the order of their names.
std::string ToText(const ChoiceLog& log);
/// kInvalidArgument: the problem and its line; `path` is for messages.
absl::StatusOr<ChoiceLog> ParseChoiceLog(absl::string_view text, const std::string& path);

/// Records all draws.
class ChoiceRecorder : public zab::DrawWatch {
 public:
  uint64_t OnDraw(zab::Stream stream, zab::Entity entity, uint64_t ordinal, uint64_t bits) override;
  /// The caller fills in the header.
  ChoiceLog& log() { return log_; }

 private:
  ChoiceLog log_;
};

/// Replays the logged draws.  Draws that are not in the log come from the seed; an additional or
/// missing draw shifts no other.
class ChoiceReplayer : public zab::DrawWatch {
 public:
  /// `log` must outlive the replayer.
  explicit ChoiceReplayer(const ChoiceLog& log) : log_(log) {}
  uint64_t OnDraw(zab::Stream stream, zab::Entity entity, uint64_t ordinal, uint64_t bits) override;

  uint64_t replayed() const { return replayed_; }
  /// The number of draws that were not in the log.
  uint64_t missing() const { return missing_; }
  /// A description of the first of them; empty if there was none.
  const std::string& first_missing() const { return first_missing_; }

 private:
  const ChoiceLog& log_;
  uint64_t replayed_ = 0, missing_ = 0;
  std::string first_missing_;
};

}  // namespace scenario
