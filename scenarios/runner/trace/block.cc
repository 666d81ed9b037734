// A block is: type, uncompressed size, stored size, checksum, stored bytes; integers are
// little-endian.
#include "scenarios/runner/trace/block.h"

#include <zstd.h>

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "protocol/base/check.h"
#include "protocol/base/hash.h"
#include "scenarios/runner/trace/trace_format.h"

namespace scenario {
namespace {

constexpr int kCompressionLevel = 1;
constexpr size_t kSizesBytes = 1 + 4 + 4;
constexpr size_t kFrameBytes = kSizesBytes + 8;
/// Stored blocks are read in pieces of this size, so that a wrong size allocates no more than the
/// file has.
constexpr size_t kPieceBytes = size_t{64} << 10;

void AppendLittleEndian(std::string& out, uint64_t value, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    out.push_back(static_cast<char>(static_cast<uint8_t>(value >> (8 * i))));
  }
}

uint64_t LittleEndian(absl::string_view bytes) {
  uint64_t value = 0;
  for (size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<uint8_t>(bytes[i]);
  return value;
}

bool IsBlockType(uint8_t type) {
  switch (static_cast<BlockType>(type)) {
    case BlockType::kHeader:
    case BlockType::kRecords:
    case BlockType::kEnd:
    case BlockType::kHost: return true;
  }
  return false;
}

uint64_t ChecksumOf(absl::string_view sizes, absl::string_view stored) {
  return zab::Hash64Of(absl::StrCat(sizes, stored));
}

absl::Status ErrorOfDamage(uint64_t offset, absl::string_view what) {
  return absl::DataLossError(absl::StrCat("damaged at byte ", offset, ": ", what));
}

absl::Status ErrorOfCut(uint64_t offset, uint64_t wanted, uint64_t found) {
  return absl::DataLossError(absl::StrCat("truncated in the block at byte ", offset, ", which has ",
                                          found, " of its ", wanted, " bytes"));
}

}  // namespace

void WriteTraceStart(std::ostream& out) {
  std::string start(kTraceMagic);
  AppendLittleEndian(start, kTraceVersion, 4);
  out << start;
}

void WriteBlock(std::ostream& out, BlockType type, absl::string_view bytes) {
  ZAB_CHECK(bytes.size() <= kMaxBlockBytes) << bytes.size() << " bytes in one block";
  std::string stored(ZSTD_compressBound(bytes.size()), '\0');
  const size_t size =
      ZSTD_compress(stored.data(), stored.size(), bytes.data(), bytes.size(), kCompressionLevel);
  ZAB_CHECK(!ZSTD_isError(size)) << ZSTD_getErrorName(size);
  stored.resize(size);
  std::string frame(1, static_cast<char>(type));
  AppendLittleEndian(frame, bytes.size(), 4);
  AppendLittleEndian(frame, stored.size(), 4);
  AppendLittleEndian(frame, ChecksumOf(frame, stored), 8);
  out << frame << stored;
}

std::string BlockReader::Take(size_t size) {
  std::string bytes;
  while (bytes.size() < size && in_) {
    const size_t before = bytes.size();
    bytes.resize(before + std::min(size - before, kPieceBytes));
    in_.read(bytes.data() + before, static_cast<std::streamsize>(bytes.size() - before));
    bytes.resize(before + static_cast<size_t>(in_.gcount()));
  }
  offset_ += bytes.size();
  return bytes;
}

absl::Status BlockReader::ReadStart() {
  const std::string start = Take(kTraceMagic.size() + 4);
  if (absl::StartsWith(start, "{\"format\"")) {
    return absl::InvalidArgumentError(
        "is a trace of version 1 (lines of JSON) or a scenario; wanted a trace as `zabsim run "
        "SCENARIO --trace=FILE` writes it");
  }
  if (!absl::StartsWith(start, kTraceMagic)) {
    return absl::InvalidArgumentError(
        "is not a trace: wanted a file as `zabsim run SCENARIO --trace=FILE` writes it");
  }
  if (start.size() < kTraceMagic.size() + 4)
    return ErrorOfCut(0, kTraceMagic.size() + 4, start.size());
  const uint64_t version = LittleEndian(absl::string_view(start).substr(kTraceMagic.size()));
  if (version == kTraceVersion) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("is a trace of version ", version,
                                                 ", and this zabsim reads version ", kTraceVersion,
                                                 "; use the zabsim that wrote it"));
}

absl::StatusOr<std::optional<TraceBlock>> BlockReader::Next() {
  TraceBlock block{.offset = offset_};
  const std::string frame = Take(kFrameBytes);
  if (frame.empty()) return std::optional<TraceBlock>();
  if (frame.size() < kFrameBytes) return ErrorOfCut(block.offset, kFrameBytes, frame.size());
  const absl::string_view sizes = absl::string_view(frame).substr(0, kSizesBytes);
  const uint64_t plain_size = LittleEndian(sizes.substr(1, 4));
  const uint64_t stored_size = LittleEndian(sizes.substr(5, 4));
  const auto type = static_cast<uint8_t>(frame[0]);
  if (!IsBlockType(type) || plain_size > kMaxBlockBytes ||
      stored_size > ZSTD_compressBound(kMaxBlockBytes)) {
    return ErrorOfDamage(block.offset, "no block begins there");
  }
  const std::string stored = Take(stored_size);
  if (stored.size() < stored_size) {
    return ErrorOfCut(block.offset, kFrameBytes + stored_size, kFrameBytes + stored.size());
  }
  if (LittleEndian(absl::string_view(frame).substr(kSizesBytes)) != ChecksumOf(sizes, stored)) {
    return ErrorOfDamage(block.offset, "the checksum of the block there is wrong");
  }
  block.type = static_cast<BlockType>(type);
  block.bytes.resize(plain_size);
  const size_t size = ZSTD_decompress(block.bytes.data(), plain_size, stored.data(), stored_size);
  if (ZSTD_isError(size) || size != plain_size) {
    return ErrorOfDamage(block.offset, "the block there cannot be decompressed");
  }
  return std::optional<TraceBlock>(std::move(block));
}

}  // namespace scenario
