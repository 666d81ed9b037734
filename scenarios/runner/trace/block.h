// Blocks of a trace file: framing, compression and check sums.  Nothing here knows what is in them.
#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace scenario {

enum class BlockType : uint8_t { kHeader = 'H', kRecords = 'R', kEnd = 'E', kHost = 'O' };

struct TraceBlock {
  BlockType type{};
  std::string bytes;    // Uncompressed.
  uint64_t offset = 0;  // Where it begins in the file.
};

/// The most that one block holds, uncompressed: a scenario of 4 MiB fits, indented and escaped.
constexpr uint32_t kMaxBlockBytes = 64u << 20;

/// Writes magic and version.
void WriteTraceStart(std::ostream& out);
/// `bytes` at most kMaxBlockBytes.
void WriteBlock(std::ostream& out, BlockType type, absl::string_view bytes);

/// Reads a file from its front, block by block.
class BlockReader {
 public:
  /// `in` must live as long.
  explicit BlockReader(std::istream& in) : in_(in) {}

  /// Magic and version.  kInvalidArgument: no trace, or one of another version.
  absl::Status ReadStart();
  /// The next block; none at the end of the file.  kDataLoss: cut off or damaged; the message names
  /// the offset of the block.  Nothing can be read behind that.
  absl::StatusOr<std::optional<TraceBlock>> Next();
  /// Bytes read so far.
  uint64_t offset() const { return offset_; }

 private:
  /// Fewer bytes at the end of the file.
  std::string Take(size_t size);

  std::istream& in_;
  uint64_t offset_ = 0;
};

}  // namespace scenario
