// Uses the readers of the files to decide what can be detected.
#include "scenarios/runner/faults/corrupt.h"

#include <algorithm>

#include "protocol/storage/directory.h"
#include "protocol/storage/log_format.h"
#include "protocol/storage/snapshot_format.h"

namespace scenario {
namespace {

constexpr zab::Stream kBitStream("spoil/bit");
constexpr zab::Stream kSectorStream("spoil/sector");
constexpr uint64_t kSectorSize = 512;

/// The range that may be corrupted: [begin, end) of a file.
struct Target {
  std::string file;
  absl::string_view bytes;
  uint64_t begin = 0;
  uint64_t end = 0;
};

std::optional<std::string> NewestFile(const sim::FileStore& files, absl::string_view prefix) {
  std::optional<std::string> newest;
  std::optional<zab::Zxid> last;
  for (const std::string& name : files.Names(sim::Image::kDurable)) {
    const auto zxid = zab::ZxidOfName(name, prefix);
    if (!zxid || (last && *zxid <= *last)) continue;
    last = zxid;
    newest = name;
  }
  return newest;
}

std::optional<Target> FindTarget(const sim::FileStore& files, HistoryFileKind kind, Damage damage) {
  const bool is_log = kind == HistoryFileKind::kLog;
  const auto name = NewestFile(files, is_log ? "log." : "snapshot.");
  if (!name) return std::nullopt;
  Target target{.file = *name, .bytes = files.Find(sim::Image::kDurable, *name)->bytes};
  target.end = target.bytes.size();
  if (is_log) {
    const zab::LogContent content = zab::ReadLog(target.bytes);
    if (content.end != zab::LogEnd::kClean || content.records.empty()) return std::nullopt;
    target.begin = zab::kLogHeaderSize;
    target.end = content.valid_length;
    if (damage == Damage::kBlock) {
      if (content.records.size() < 2) return std::nullopt;
      target.end = content.records[content.records.size() - 2].end;
    }
  }
  if (target.begin == target.end) return std::nullopt;
  return target;
}

CorruptedBytes DrawRot(const Target& target, zab::Entity entity, zab::Chooser& chooser) {
  const uint64_t bit =
      target.begin * 8 + chooser.Below(kBitStream, entity, (target.end - target.begin) * 8);
  const char byte = target.bytes[bit / 8];
  return {target.file, bit / 8, std::string(1, static_cast<char>(byte ^ (1 << bit % 8)))};
}

bool IsDetected(HistoryFileKind kind, const std::string& bytes) {
  if (kind == HistoryFileKind::kLog) return zab::ReadLog(bytes).end == zab::LogEnd::kDamaged;
  return !zab::ReadSnapshotFile(bytes).ok();
}

std::optional<CorruptedBytes> DrawBlock(const Target& target, HistoryFileKind kind,
                                        zab::Entity entity, zab::Chooser& chooser) {
  const uint64_t sectors =
      target.end / kSectorSize;  // Whole sectors, counted from the start of the file.
  if (sectors < 2) return std::nullopt;
  const uint64_t to = chooser.Below(kSectorStream, entity, sectors);
  uint64_t from = chooser.Below(kSectorStream, entity, sectors - 1);
  if (from >= to) ++from;
  CorruptedBytes corrupted{target.file, to * kSectorSize,
                           std::string(target.bytes.substr(from * kSectorSize, kSectorSize))};
  std::string after(target.bytes);
  after.replace(corrupted.offset, kSectorSize, corrupted.bytes);
  if (!IsDetected(kind, after))
    return std::nullopt;  // The bytes are equal, or replaced whole records by whole records.
  return corrupted;
}

}  // namespace

std::optional<CorruptedBytes> DrawCorruptedBytes(const sim::FileStore& files, HistoryFileKind kind,
                                                 Damage damage, zab::Entity entity,
                                                 zab::Chooser& chooser) {
  const std::optional<Target> target = FindTarget(files, kind, damage);
  if (!target) return std::nullopt;
  if (damage == Damage::kRot) return DrawRot(*target, entity, chooser);
  return DrawBlock(*target, kind, entity, chooser);
}

}  // namespace scenario
