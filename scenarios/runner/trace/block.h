// Blocks of a trace file: framing, compression and checksums, independent of their contents.
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
  uint64_t offset = 0;  // Its position in the file.
};

/// The maximal size of a block, uncompressed; a scenario of 4 MiB fits, indented and escaped.
constexpr uint32_t kMaxBlockBytes = 64u << 20;

/// Writes magic and version.
void WriteTraceStart(std::ostream& out);
/// Writes one block.  `bytes` must not exceed kMaxBlockBytes.
void WriteBlock(std::ostream& out, BlockType type, absl::string_view bytes);

/// Reads a file block by block.
class BlockReader {
 public:
  /// `in` must outlive the reader.
  explicit BlockReader(std::istream& in) : in_(in) {}

  /// Reads magic and version.  kInvalidArgument: not a trace, or one of another version.
  absl::Status ReadStart();
  /// The next block; nullopt at the end of the file.  kDataLoss: truncated or damaged; the message
  /// names the offset of the block, and nothing can be read after it.
  absl::StatusOr<std::optional<TraceBlock>> Next();
  /// Bytes read so far.
  uint64_t offset() const { return offset_; }

 private:
  /// Reads `size` bytes, or fewer at the end of the file.
  std::string Take(size_t size);

  std::istream& in_;
  uint64_t offset_ = 0;
};

}  // namespace scenario
