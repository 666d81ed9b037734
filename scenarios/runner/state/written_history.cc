#include "scenarios/runner/state/written_history.h"

#include <algorithm>

namespace scenario {

absl::string_view Name(LogEntry entry) {
  switch (entry) {
    case LogEntry::kAbsent: return "absent";
    case LogEntry::kBase: return "base";
    case LogEntry::kVolatile: return "volatile";
    case LogEntry::kSynced: return "synced";
    case LogEntry::kClaimed: return "claimed";
    case LogEntry::kInDoubt: break;
  }
  return "doubt";
}

LogEntry WrittenHistory::EntryOf(zab::Zxid zxid) const {
  const bool based = zxid <= base_;
  const bool has = based || std::ranges::any_of(log_, [zxid](const ZxidRange& range) {
                     return range.first <= zxid && zxid <= range.last;
                   });
  if (!has) return LogEntry::kAbsent;
  const bool claimed = based || zxid <= synced_;
  const bool there = on_disk_ ? zxid <= *on_disk_ : claimed;
  if (there) return based ? LogEntry::kBase : LogEntry::kSynced;
  if (in_doubt_) return LogEntry::kInDoubt;
  return claimed ? LogEntry::kClaimed : LogEntry::kVolatile;
}

void WrittenHistory::Append(zab::Zxid zxid) {
  if (zxid <= last()) return;
  if (!log_.empty() && log_.back().last.Next() == zxid) {
    log_.back().last = zxid;
  } else {
    log_.push_back({zxid, zxid});
  }
}

void WrittenHistory::AppendAll(const WrittenHistory& other) {
  for (const auto& [first, end] : other.log_) {
    if (end <= last()) continue;
    Append(std::max(first, last().Next()));
    log_.back().last = end;
  }
}

void WrittenHistory::CutAfter(zab::Zxid zxid) {
  while (!log_.empty() && log_.back().last > zxid) {
    ZxidRange& range = log_.back();
    if (range.first <= zxid) {
      range.last = zxid;
      break;
    }
    log_.pop_back();
  }
  base_ = std::min(base_, zxid);
  synced_ = std::min(synced_, zxid);
}

void WrittenHistory::Replace(zab::Zxid zxid) {
  base_ = zxid;
  log_.clear();
  synced_ = zxid;
}

void WrittenHistory::Recover(zab::Zxid zxid) {
  CutAfter(zxid);
  if (last() < zxid) Replace(zxid);
  synced_ = zxid;
  in_doubt_ = false;
}

}  // namespace scenario
