// Choice log: every draw of a run under whom it is for, so that a run can be had again when its
// seed no longer means the same: the generator has changed, or the code that draws. (SEARCH.md
// 1.3)
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
  /// What one stream drew for one entity, by ordinal.
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

  /// Another version of the streams: a draw may no longer mean what it meant.
  bool IsStale() const { return streams != zab::kStreamsVersion; }
};

/// Lines of JSON: a header, then one for each stream and entity, in the order of their names.
std::string ToText(const ChoiceLog& log);
/// kInvalidArgument: what is wrong where; `path` is for messages.
absl::StatusOr<ChoiceLog> ParseChoiceLog(absl::string_view text, const std::string& path);

/// Keeps what is drawn.
class ChoiceRecorder : public zab::DrawWatch {
 public:
  uint64_t OnDraw(zab::Stream stream, zab::Entity entity, uint64_t ordinal, uint64_t bits) override;
  /// The header is the caller's.
  ChoiceLog& log() { return log_; }

 private:
  ChoiceLog log_;
};

/// Has what is logged drawn again.  What the log does not have is drawn by the seed: one draw more
/// or less shifts no other.
class ChoiceReplayer : public zab::DrawWatch {
 public:
  /// `log` outlives it.
  explicit ChoiceReplayer(const ChoiceLog& log) : log_(log) {}
  uint64_t OnDraw(zab::Stream stream, zab::Entity entity, uint64_t ordinal, uint64_t bits) override;

  uint64_t replayed() const { return replayed_; }
  /// Draws that the log did not have.
  uint64_t missing() const { return missing_; }
  /// The first of them, in words; empty if there was none.
  const std::string& first_missing() const { return first_missing_; }

 private:
  const ChoiceLog& log_;
  uint64_t replayed_ = 0, missing_ = 0;
  std::string first_missing_;
};

}  // namespace scenario
