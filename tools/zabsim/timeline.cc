// One phrase per milestone; $0 is the server, $1 the other one, $2 a zxid, epoch or reason.
#include "tools/zabsim/timeline.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/substitute.h"

namespace zabsim {
namespace {

using zab::Kind;
using zab::Probe;

struct Phrase {
  Probe probe;
  Kind kind;  // kNone: any.
  const char* color;
  const char* en;
  const char* zh;
};

constexpr char kRed[] = "31";
constexpr char kGreen[] = "32";
constexpr char kYellow[] = "33";
constexpr char kBlue[] = "36";

constexpr Phrase kPhrases[] = {
    {Probe::kLooking, Kind::kNone, "", "$0 looks for a leader, with $2 ($3)", "$0 寻找领导者，带着 $2（$3）"},
    {Probe::kElected, Kind::kLeading, kGreen, "$0 is elected", "$0 当选"},
    {Probe::kEstablished, Kind::kNone, kGreen, "$0 leads epoch $4, whose history begins with all up to $2",
     "$0 领导纪元 $4，其历史包含到 $2 为止的一切"},
    {Probe::kSyncDecided, Kind::kNone, kBlue, "$0 brings $1 up to date by $5 ($2)",
     "$0 以 $5 同步 $1（$2）"},
    {Probe::kTruncated, Kind::kNone, kBlue, "$0 has cut its history back to $2", "$0 已把历史截断到 $2"},
    {Probe::kSnapInstalled, Kind::kNone, kBlue, "$0 has saved the snapshot received, $2",
     "$0 已保存收到的快照 $2"},
    {Probe::kQuorumLost, Kind::kNone, kYellow, "$0 has lost its quorum in epoch $4", "$0 在纪元 $4 失去法定人数"},
    {Probe::kCrashed, Kind::kPower, kRed, "$0 loses power", "$0 断电"},
    {Probe::kCrashed, Kind::kKill, kRed, "$0 is killed", "$0 被杀死"},
    {Probe::kHalted, Kind::kNone, kRed, "$0 halts: $3", "$0 停止：$3"},
    {Probe::kRestarted, Kind::kNone, kYellow, "$0 starts again", "$0 重新启动"},
    {Probe::kRecovered, Kind::kDamaged, kRed, "$0 finds its history damaged", "$0 发现自己的历史已损坏"},
    {Probe::kRecovered, Kind::kNone, "", "$0 has restored its disk up to $2", "$0 已从磁盘恢复到 $2"},
    {Probe::kPaused, Kind::kNone, kRed, "$0 is paused", "$0 被暂停"},
    {Probe::kResumed, Kind::kNone, kYellow, "$0 goes on", "$0 继续运行"},
    {Probe::kCut, Kind::kNone, kRed, "the network is cut", "网络被切断"},
    {Probe::kHealed, Kind::kNone, kYellow, "the network is healed", "网络恢复"},
    {Probe::kClogged, Kind::kNone, kRed, "the link $0 to $1 is clogged", "$0 到 $1 的链路被堵塞"},
    {Probe::kReleased, Kind::kNone, kYellow, "the link $0 to $1 is free again", "$0 到 $1 的链路恢复畅通"},
    {Probe::kDiskFailed, Kind::kRead, kRed, "a read from the disk of $0 fails", "$0 读磁盘失败"},
    {Probe::kDiskFailed, Kind::kWrite, kRed, "a write to the disk of $0 fails", "$0 写磁盘失败"},
    {Probe::kDiskFailed, Kind::kFsync, kRed, "an fsync of $0 fails", "$0 的 fsync 失败"},
    {Probe::kDiskFailed, Kind::kFull, kRed, "the disk of $0 is full", "$0 的磁盘已满"},
    {Probe::kDiskSpoiled, Kind::kRot, kRed, "a bit on the disk of $0 has rotted", "$0 磁盘上的一位腐坏"},
    {Probe::kDiskSpoiled, Kind::kBlock, kRed, "a misdirected write has hit a file of $0",
     "一次写错位置的写入破坏了 $0 的文件"},
    {Probe::kDiskSpoiled, Kind::kReordered, kRed, "unsynced writes of $0 survive out of order",
     "$0 未同步的写入乱序存留"},
    {Probe::kDiskSpoiled, Kind::kWiped, kRed, "the disk of $0 is empty now", "$0 的磁盘被清空"},
    {Probe::kDiskSet, Kind::kNone, kYellow, "the disk of $0 changes", "$0 的磁盘发生变化"},
    {Probe::kLinkSet, Kind::kNone, kYellow, "the link $0 to $1 changes", "$0 到 $1 的链路发生变化"},
    {Probe::kSnapshotEnd, Kind::kNone, "", "$0 has taken snapshot $2", "$0 已完成快照 $2"},
    {Probe::kSnapshotDamaged, Kind::kNone, kYellow, "$0 finds snapshot $2 damaged and takes an older one",
     "$0 发现快照 $2 已损坏，改用更早的快照"},
    {Probe::kPurged, Kind::kNone, "", "$0 has removed what is older than snapshot $2",
     "$0 已删除比快照 $2 更旧的文件"},
    {Probe::kQuiet, Kind::kNone, kYellow, "quiet: faults end, progress is owed", "平静期：故障结束，必须有进展"},
};

const Phrase* PhraseOf(const zab::TraceEvent& event) {
  for (const Phrase& phrase : kPhrases) {
    if (phrase.probe == event.probe && (phrase.kind == Kind::kNone || phrase.kind == event.kind)) {
      return &phrase;
    }
  }
  return nullptr;
}

}  // namespace

const std::string& In(Language language, const scenario::Text& text) {
  return language == Language::kChinese && !text.zh.empty() ? text.zh : text.en;
}

Timeline::Timeline(const scenario::Scenario& scenario, Language language, bool color)
    : scenario_(scenario), language_(language), color_(color) {}

std::string Timeline::Name(uint16_t node) const {
  return scenario_.NameOf(zab::ServerId{node});
}

std::optional<std::string> Timeline::Say(const sim::Record& record) const {
  const zab::TraceEvent& event = record.event;
  if (event.probe == Probe::kNote || event.probe == Probe::kFired) {
    const auto index = static_cast<size_t>(event.number);
    if (index >= scenario_.events.size()) return std::nullopt;
    const scenario::Event& fired = scenario_.events[index];
    if (event.probe == Probe::kFired) return std::nullopt;
    return absl::StrCat("[", fired.id, "] ", In(language_, fired.doc));
  }
  const Phrase* phrase = PhraseOf(event);
  if (phrase == nullptr) return std::nullopt;
  const std::string text = absl::Substitute(
      language_ == Language::kChinese ? phrase->zh : phrase->en, Name(record.node.value),
      Name(event.peer.value), ToString(event.zxid), zab::Name(event.reason), ToString(event.epoch),
      absl::AsciiStrToUpper(zab::Name(event.kind)));
  if (!color_ || phrase->color[0] == '\0') return text;
  return absl::StrCat("\033[", phrase->color, "m", text, "\033[0m");
}

std::optional<std::string> Timeline::Line(const sim::Record& record) {
  if (record.event.probe == Probe::kCommitted) ++commits_;
  std::optional<std::string> text = Say(record);
  if (!text) return std::nullopt;
  const uint64_t commits = std::exchange(commits_, 0);
  const std::string counted =
      commits == 0 ? "" : absl::StrCat("+", commits, language_ == Language::kChinese ? " 提交" : "");
  return absl::StrFormat("%12s  %-8s %s", ToString(record.time), counted, *text);
}

}  // namespace zabsim
