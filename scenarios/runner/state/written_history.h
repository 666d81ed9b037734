// WrittenHistory: how far the records of a server say that its history goes, how much of it the
// server takes to be on its disk, and how much of it is there, if anybody has looked.  Zxids only,
// as ranges: a run of any length takes little room.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "protocol/wire/ids.h"
#include "scenarios/runner/language/scenario.h"

namespace scenario {

/// Where a server has a transaction.
enum class LogEntry : uint8_t {
  kAbsent,
  kBase,      // In a snapshot, or before what the trace tells.
  kVolatile,  // Written, not synced: a power loss would take it.
  kSynced,
  kClaimed,  // The server takes it to be on its disk; it is not.
  kInDoubt,  // It was not on the disk when the power went: a restart shows whether it is left.
};
constexpr int kLogEntryCount = static_cast<int>(LogEntry::kInDoubt) + 1;
/// "absent", "base", "volatile", "synced", "claimed", "doubt".
absl::string_view Name(LogEntry entry);

/// A plain value.
class WrittenHistory {
 public:
  /// Up to there it is not known entry by entry.
  zab::Zxid base() const { return base_; }
  /// What follows base(), ascending; each range is of one epoch.
  const std::vector<ZxidRange>& log() const { return log_; }
  /// What the server takes to be on its disk ends there.
  zab::Zxid synced() const { return synced_; }
  /// What a restart would find on the disk ends there, as of the last look; nullopt: nobody has
  /// looked.
  std::optional<zab::Zxid> on_disk() const { return on_disk_; }
  /// The power went while something was written and not on the disk, and no restart has shown yet
  /// what is left.
  bool in_doubt() const { return in_doubt_; }
  /// The end of all that is written; 0:0: nothing is.
  zab::Zxid last() const { return log_.empty() ? base_ : log_.back().last; }
  LogEntry EntryOf(zab::Zxid zxid) const;

  /// Written after last(); older zxids are in it already.
  void Append(zab::Zxid zxid);
  /// All that is known one by one of another history.
  void AppendAll(const WrittenHistory& other);
  void SyncUpTo(zab::Zxid zxid) { synced_ = zxid; }
  /// Forgets what comes after zxid.
  void CutAfter(zab::Zxid zxid);
  /// The whole history is that up to zxid, synced, and nothing more is known of it.
  void Replace(zab::Zxid zxid);
  /// What a look at the disk has found.
  void FindOnDisk(zab::Zxid zxid) { on_disk_ = zxid; }
  /// The power has gone.
  void LosePower() { in_doubt_ = true; }
  /// A restart has found the history to end there.
  void Recover(zab::Zxid zxid);

 private:
  zab::Zxid base_;
  std::vector<ZxidRange> log_;
  zab::Zxid synced_;
  std::optional<zab::Zxid> on_disk_;
  bool in_doubt_ = false;
};

}  // namespace scenario
