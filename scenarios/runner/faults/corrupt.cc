// Uses the readers of the files to decide what can be detected.
#include "scenarios/runner/faults/corrupt.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
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
  std::string bytes;
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

absl::Status Nothing(absl::string_view what_it_has) {
  return absl::FailedPreconditionError(absl::StrCat("has ", what_it_has));
}

absl::StatusOr<Target> FindTarget(const sim::FileStore& files, HistoryFileKind kind,
                                  Damage damage) {
  const bool is_log = kind == HistoryFileKind::kLog;
  const auto name = NewestFile(files, is_log ? "log." : "snapshot.");
  if (!name) return Nothing(is_log ? "no log on its disk" : "no snapshot on its disk");
  Target target{.file = *name, .bytes = files.Find(sim::Image::kDurable, *name)->bytes()};
  target.end = target.bytes.size();
  if (is_log) {
    const zab::LogContent content = zab::ReadLog(target.bytes);
    if (content.end != zab::LogEnd::kClean) return Nothing("a damaged or torn log already");
    if (content.records.empty()) return Nothing("a log without records");
    target.begin = zab::kLogHeaderSize;
    target.end = content.valid_length;
    if (damage == Damage::kBlock) {
      if (content.records.size() < 2) return Nothing("a log of one record, its last");
      target.end = content.records[content.records.size() - 2].end;
    }
  }
  if (target.begin == target.end) return Nothing("an empty file");
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

absl::StatusOr<CorruptedBytes> DrawBlock(const Target& target, HistoryFileKind kind,
                                         zab::Entity entity, zab::Chooser& chooser) {
  const uint64_t sectors =
      target.end / kSectorSize;  // Whole sectors, counted from the start of the file.
  if (sectors < 2) {
    return Nothing(absl::StrCat("too little in that file for two whole sectors of ", kSectorSize,
                                " bytes before its last record"));
  }
  const uint64_t to = chooser.Below(kSectorStream, entity, sectors);
  uint64_t from = chooser.Below(kSectorStream, entity, sectors - 1);
  if (from >= to) ++from;
  CorruptedBytes corrupted{target.file, to * kSectorSize,
                           target.bytes.substr(from * kSectorSize, kSectorSize)};
  std::string after = target.bytes;
  after.replace(corrupted.offset, kSectorSize, corrupted.bytes);
  if (!IsDetected(kind, after)) {
    return Nothing("equal sectors, or whole records in both, at the places that were drawn");
  }
  return corrupted;
}

}  // namespace

absl::StatusOr<CorruptedBytes> DrawCorruptedBytes(const sim::FileStore& files, HistoryFileKind kind,
                                                  Damage damage, zab::Entity entity,
                                                  zab::Chooser& chooser) {
  const absl::StatusOr<Target> target = FindTarget(files, kind, damage);
  if (!target.ok()) return target.status();
  if (damage == Damage::kRot) return DrawRot(*target, entity, chooser);
  return DrawBlock(*target, kind, entity, chooser);
}

}  // namespace scenario
