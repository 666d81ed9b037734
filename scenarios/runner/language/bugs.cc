// The table.  Costs are taken from the papers; none of them ran this code.
#include "scenarios/runner/language/bugs.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "scenarios/runner/json/diagnostics.h"

namespace scenario {
namespace {

using zab::KnownBugs;

constexpr BugEntry kBugs[] = {
    {"ZOOKEEPER-4643", &KnownBugs::epoch_before_history, "CommittedNeverLost",
     "The epoch is stored before the history", "纪元先于历史落盘",
     "Remix (EuroSys'25), TLC: 17 s, 208,018 states, depth 21"},
    {"ZOOKEEPER-4646", &KnownBugs::ack_newleader_before_fsync, "CommittedNeverLost",
     "NEWLEADER is acknowledged before the history is on disk", "历史还没落盘就确认 NEWLEADER",
     "Remix (EuroSys'25), TLC: 109 s, 2,880,498 states, depth 21"},
    {"ZOOKEEPER-3911", &KnownBugs::log_diff_after_uptodate, "CommittedNeverLost",
     "What a DIFF brings is logged only after UPTODATE", "DIFF 带来的事务到 UPTODATE 之后才写日志",
     "Disalg-ICS-NJU, TLC: 42 s, 286,286 states, depth 14"},
    {"ZOOKEEPER-4712", &KnownBugs::late_append_after_fastforward, "HistoryConsistency",
     "The log grows after its end was announced", "宣布日志末尾之后日志还在增长",
     "Remix (EuroSys'25), TLC: 11 s, 73,293 states, depth 13"},
    {"ZOOKEEPER-2845", &KnownBugs::keep_stale_memory_db, "ProcessConsistency",
     "A tree behind its log is kept and announced", "保留并宣布落后于日志的数据树",
     "Disalg-ICS-NJU, TLC: 12 s, 6,347 states, depth 10"},
    {"ZOOKEEPER-1549", &KnownBugs::snapshot_uncommitted_on_lead, "SnapshotEquivalence",
     "A new leader's snapshot survives TRUNC", "新领导者的快照在 TRUNC 之后残留", ""},
    {"OWN-1", &KnownBugs::trunc_keeps_next_record, "HistoryConsistency",
     "TRUNC keeps a record that it should remove", "TRUNC 留下了本该截掉的记录", ""},
    {"ZOOKEEPER-1154", &KnownBugs::diff_without_trunc, "HistoryConsistency",
     "DIFF to a learner that has an extra transaction", "向多出一个事务的学习者发送 DIFF", ""},
    {"ZOOKEEPER-2355", &KnownBugs::diff_sets_lastprocessed_early, "HistoryConsistency",
     "The zxid of DIFF is taken before its transactions", "事务未到就采用 DIFF 的 zxid", ""},
    {"ZOOKEEPER-335", &KnownBugs::no_persisted_accepted_epoch, "Leadership2",
     "A promise is forgotten in a restart, so an epoch has two leaders",
     "重启忘记承诺，同一纪元被领导两次",
     "SAMC (OSDI'14): among the bugs it checks; no figure of its own"},
    {"ZOOKEEPER-3642", &KnownBugs::keep_unsaved_snap_db, "ProcessConsistency",
     "A received tree is kept without being saved", "收到的快照未保存却留在内存", ""},
    {"ZOOKEEPER-4925", &KnownBugs::committedlog_hole, "CommittedNeverLost",
     "A gap in a leader's committed log is passed on", "领导者已提交日志中的断层被传播", ""},
    {"ZOOKEEPER-2418", &KnownBugs::txnlog_gap_diff, "HistoryConsistency",
     "A log on disk with a gap is sent as it is", "磁盘日志有断层却照样发送", ""},
    {"ZOOKEEPER-2872", &KnownBugs::unsynced_snap, "ProcessConsistency",
     "A received snapshot is not synced", "收到的快照没有落盘", ""},
    {"ZOOKEEPER-4685", &KnownBugs::proposal_ack_before_newleader_ack, "NoBadState",
     "A proposal's ACK overtakes that of NEWLEADER", "提案的 ACK 抢在 NEWLEADER 的 ACK 之前",
     "Remix (EuroSys'25), TLC: 10 s, 67,418 states, depth 12"},
    {"ZOOKEEPER-4394", &KnownBugs::drop_outstanding_on_newleader, "NoBadState",
     "COMMIT between NEWLEADER and UPTODATE finds nothing",
     "NEWLEADER 与 UPTODATE 之间的 COMMIT 找不到提案",
     "Remix (EuroSys'25), TLC: 9 s, 14,264 states, depth 20"},
    {"ZOOKEEPER-1419", &KnownBugs::fle_predicate_no_epoch_eq, kMissedDeadline,
     "Two votes each beat the other, forever", "两张选票互相胜出，选举永不结束",
     "SAMC (OSDI'14): among the bugs it checks; no figure of its own"},
    {"ZOOKEEPER-2247", &KnownBugs::continue_after_log_error, "DurableAck",
     "A server continues although its log cannot be written", "日志写不进去，服务器却继续运行", ""},
};

}  // namespace

std::span<const BugEntry> AllBugs() {
  return kBugs;
}

const BugEntry* FindBug(absl::string_view id) {
  const auto* found = std::ranges::find(kBugs, id, &BugEntry::id);
  return found == std::end(kBugs) ? nullptr : found;
}

std::vector<std::string> BugIds() {
  std::vector<std::string> ids;
  for (const BugEntry& bug : kBugs) ids.emplace_back(bug.id);
  return ids;
}

std::string NearestBug(absl::string_view id) {
  const bool number = std::ranges::all_of(
      id, [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); });
  return DidYouMean(absl::AsciiStrToUpper(absl::StrCat(number ? "ZOOKEEPER-" : "", id)), BugIds());
}

BugInRun BugIn(const Scenario& scenario, const BugEntry& bug) {
  const bool of_it = scenario.known_bug && scenario.known_bug->id == bug.id;
  if (!of_it) return {.bug = &bug, .violates = {std::string(bug.violates)}};
  return {.bug = &bug, .violates = scenario.known_bug->violates, .in_each_run = true};
}

std::string SettingOf(const BugEntry& bug) {
  nlohmann::ordered_json violates = std::string(bug.violates);
  if (bug.violates != kMissedDeadline) violates = {violates};
  const nlohmann::ordered_json value = {{"id", std::string(bug.id)}, {"violates", violates}};
  return absl::StrCat("/known_bug=", value.dump());
}

}  // namespace scenario
