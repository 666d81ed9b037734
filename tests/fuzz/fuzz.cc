// Pieces and checksums for the fuzz targets.
#include "tests/fuzz/fuzz.h"

#include <algorithm>

#include "protocol/storage/log_format.h"
#include "protocol/storage/snapshot_format.h"
#include "protocol/wire/jute.h"

namespace fuzz {
namespace {

constexpr size_t kRecordPrefix = 12;  // Checksum and length.
constexpr size_t kSnapshotHeader = 16;
constexpr size_t kSealSize = 13;           // Checksum, ustring "/".
constexpr size_t kBlockSizes[] = {20, 8};  // The digest; last_processed.

void PutChecksum(std::string& file, size_t position, uint32_t adler) {
  std::string bytes;
  zab::JuteWriter(bytes).Long(adler);
  file.replace(position, bytes.size(), bytes);
}

}  // namespace

uint8_t Input::Byte() {
  const absl::string_view byte = Take(1);
  return byte.empty() ? uint8_t{0} : static_cast<uint8_t>(byte[0]);
}

absl::string_view Input::Take(size_t size) {
  const absl::string_view taken = bytes_.substr(0, size);
  bytes_.remove_prefix(taken.size());
  return taken;
}

std::vector<size_t> TakeSizes(Input& input) {
  std::vector<size_t> sizes(input.Byte() % 8u);
  for (size_t& size : sizes) size = size_t{1} + input.Byte();
  return sizes;
}

void ForEachPiece(absl::string_view bytes, const std::vector<size_t>& sizes,
                  const std::function<void(absl::string_view)>& take) {
  for (size_t i = 0; !bytes.empty(); ++i) {
    const size_t size =
        sizes.empty() ? bytes.size() : std::min(bytes.size(), sizes[i % sizes.size()]);
    const std::vector<char> piece(bytes.begin(), bytes.begin() + size);
    take(absl::string_view(piece.data(), piece.size()));
    bytes.remove_prefix(size);
  }
}

void FixLog(std::string& file) {
  size_t at = zab::kLogHeaderSize;
  while (at + kRecordPrefix < file.size()) {
    const uint32_t size =
        static_cast<uint32_t>(zab::JuteReader(absl::string_view(file).substr(at + 8)).Int());
    const size_t end = at + kRecordPrefix + size + 1;
    if (size > zab::kMaxEntry || end > file.size()) return;
    const absl::string_view entry = absl::string_view(file).substr(at + kRecordPrefix, size);
    PutChecksum(file, at, zab::ExtendAdler(1, entry));
    at = end;
  }
}

void FixSnapshot(std::string& file) {
  zab::SnapshotDecoder decoder;
  if (file.size() < kSnapshotHeader) return;
  if (!decoder.Feed(absl::string_view(file).substr(kSnapshotHeader)).ok() || !decoder.done()) {
    return;
  }
  size_t at = file.size() - decoder.rest().size();
  const auto fix = [&] {
    if (at + kSealSize > file.size()) return;
    PutChecksum(file, at, zab::ExtendAdler(1, absl::string_view(file).substr(0, at)));
    at += kSealSize;
  };
  fix();
  for (const size_t size : kBlockSizes) {
    at += size;
    fix();
  }
}

}  // namespace fuzz
