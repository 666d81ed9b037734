// The leader's log on disk, for learners that are behind the committed log (REFERENCE.md 7.1 case
// 5; ZK FileTxnSnapLog.readTxnLog, ZKDatabase.getProposalsFromTxnLog).
#include "protocol/storage/history_files.h"
#include "protocol/storage/log_format.h"
#include "protocol/storage/restore.h"

namespace zab {
namespace {

uint64_t NewestSnapshotSize(const DirectoryImage& image) {
  uint64_t size = 0;
  for (const HistoryFile& file : FilesOf(image, "snapshot.")) {
    if (LooksSealed(file.bytes)) size = file.bytes.size();
  }
  return size;
}

}  // namespace

std::optional<std::vector<TxnRef>> LogBehind(const DirectoryImage& image, Zxid zxid, Ratio factor,
                                             const KnownBugs& bugs, uint32_t initial_counter) {
  const std::vector<HistoryFile> files = LogFilesFrom(FilesOf(image, "log."), zxid);
  if (files.empty() || files.front().zxid > zxid) return std::nullopt;
  uint64_t total = 0;
  for (const HistoryFile& file : files) total += file.bytes.size();  // Preallocation included.
  if (factor.numerator != 0 &&
      total > NewestSnapshotSize(image) * factor.numerator / factor.denominator) {
    return std::nullopt;
  }
  std::vector<TxnRef> txns;
  std::optional<Zxid> before;
  for (const HistoryFile& file : files) {
    LogContent content = ReadLog(file.bytes);
    const bool last = file.name == files.back().name;
    // The end of the last file is being written; an incomplete record does not count.
    if (content.end == LogEnd::kDamaged || (content.end == LogEnd::kTorn && !last)) {
      return std::nullopt;
    }
    for (LogRecord& record : content.records) {
      const Zxid next = record.txn->zxid();
      if (before && next <= *before) return std::nullopt;  // Once more, or late: not to be sent.
      before = next;
      if (next <= zxid) {
        txns.clear();
      } else if (txns.empty() ||
                 (!Follows(next, txns.back()->zxid(), initial_counter) && !bugs.OverlooksGaps())) {
        // A gap, or it is unknown what precedes the learner's zxid (2418, 2846).
        return std::nullopt;
      }
      txns.push_back(std::move(record.txn));
    }
  }
  return txns;
}

}  // namespace zab
