// One phrase per milestone; $0 is the server, $1 the other one, $2 a zxid, $3 a reason, $4 an epoch, $5
// the kind in capitals.
#include "scenarios/explore/caption.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"

namespace scenario {
namespace {

using zab::Kind;
using zab::Probe;

struct Phrase {
  Probe probe;
  Kind kind;  // kNone: any.
  Tone tone;
  const char* en;
  const char* zh;
};

constexpr Phrase kPhrases[] = {
    {Probe::kLooking, Kind::kNone, Tone::kPlain,
     "$0 looks for a leader, with $2 ($3)", "$0 寻找领导者，带着 $2（$3）"},
    {Probe::kElected, Kind::kLeading, Tone::kLeader, "$0 is elected", "$0 当选"},
    {Probe::kEstablished, Kind::kNone, Tone::kLeader,
     "$0 leads epoch $4, whose history begins with all up to $2",
     "$0 领导纪元 $4，其历史包含到 $2 为止的一切"},
    {Probe::kSyncDecided, Kind::kNone, Tone::kSync, "$0 brings $1 up to date by $5 ($2)",
     "$0 以 $5 同步 $1（$2）"},
    {Probe::kTruncated, Kind::kNone, Tone::kSync,
     "$0 has cut its history back to $2", "$0 已把历史截断到 $2"},
    {Probe::kSnapInstalled, Kind::kNone, Tone::kSync, "$0 has saved the snapshot received, $2",
     "$0 已保存收到的快照 $2"},
    {Probe::kQuorumLost, Kind::kNone, Tone::kRepair,
     "$0 has lost its quorum in epoch $4", "$0 在纪元 $4 失去法定人数"},
    {Probe::kCrashed, Kind::kPower, Tone::kFault, "$0 loses power", "$0 断电"},
    {Probe::kCrashed, Kind::kKill, Tone::kFault, "$0 is killed", "$0 被杀死"},
    {Probe::kHalted, Kind::kNone, Tone::kFault, "$0 halts: $3", "$0 停止：$3"},
    {Probe::kRestarted, Kind::kNone, Tone::kRepair, "$0 starts again", "$0 重新启动"},
    {Probe::kRecovered, Kind::kDamaged, Tone::kFault,
     "$0 finds its history damaged", "$0 发现自己的历史已损坏"},
    {Probe::kRecovered, Kind::kNone, Tone::kPlain,
     "$0 has restored its disk up to $2", "$0 已从磁盘恢复到 $2"},
    {Probe::kPaused, Kind::kNone, Tone::kFault, "$0 is paused", "$0 被暂停"},
    {Probe::kResumed, Kind::kNone, Tone::kRepair, "$0 goes on", "$0 继续运行"},
    {Probe::kCut, Kind::kNone, Tone::kFault, "the network is cut", "网络被切断"},
    {Probe::kHealed, Kind::kNone, Tone::kRepair, "the network is healed", "网络恢复"},
    {Probe::kClogged, Kind::kNone, Tone::kFault,
     "the link $0 to $1 is clogged", "$0 到 $1 的链路被堵塞"},
    {Probe::kReleased, Kind::kNone, Tone::kRepair,
     "the link $0 to $1 is free again", "$0 到 $1 的链路恢复畅通"},
    {Probe::kDiskFailed, Kind::kRead, Tone::kFault,
     "a read from the disk of $0 fails", "$0 读磁盘失败"},
    {Probe::kDiskFailed, Kind::kWrite, Tone::kFault,
     "a write to the disk of $0 fails", "$0 写磁盘失败"},
    {Probe::kDiskFailed, Kind::kFsync, Tone::kFault, "an fsync of $0 fails", "$0 的 fsync 失败"},
    {Probe::kDiskFailed, Kind::kFull, Tone::kFault, "the disk of $0 is full", "$0 的磁盘已满"},
    {Probe::kDiskSpoiled, Kind::kRot, Tone::kFault,
     "a bit on the disk of $0 has rotted", "$0 磁盘上的一位腐坏"},
    {Probe::kDiskSpoiled, Kind::kBlock, Tone::kFault, "a misdirected write has hit a file of $0",
     "一次写错位置的写入破坏了 $0 的文件"},
    {Probe::kDiskSpoiled, Kind::kReordered, Tone::kFault,
     "unsynced writes of $0 survive out of order",
     "$0 未同步的写入乱序存留"},
    {Probe::kDiskSpoiled, Kind::kWiped, Tone::kFault,
     "the disk of $0 is empty now", "$0 的磁盘被清空"},
    {Probe::kClockSet, Kind::kNone, Tone::kRepair,
     "the clock of $0 changes", "$0 的时钟发生变化"},
    {Probe::kDiskSet, Kind::kNone, Tone::kRepair, "the disk of $0 changes", "$0 的磁盘发生变化"},
    {Probe::kLinkSet, Kind::kNone, Tone::kRepair,
     "the link $0 to $1 changes", "$0 到 $1 的链路发生变化"},
    {Probe::kSnapshotEnd, Kind::kNone, Tone::kPlain,
     "$0 has taken snapshot $2", "$0 已完成快照 $2"},
    {Probe::kSnapshotDamaged, Kind::kNone, Tone::kRepair,
     "$0 finds snapshot $2 damaged and takes an older one",
     "$0 发现快照 $2 已损坏，改用更早的快照"},
    {Probe::kPurged, Kind::kNone, Tone::kPlain, "$0 has removed what is older than snapshot $2",
     "$0 已删除比快照 $2 更旧的文件"},
    {Probe::kQuiet, Kind::kNone, Tone::kRepair,
     "quiet: faults end, progress is owed", "平静期：故障结束，必须有进展"},
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

std::optional<Caption> CaptionOf(const sim::Record& record, const Scenario& scenario) {
  const zab::TraceEvent& event = record.event;
  const Phrase* phrase = PhraseOf(event);
  if (phrase == nullptr) return std::nullopt;
  const auto say = [&](const char* words) {
    return absl::Substitute(words, scenario.NameOf(record.node), scenario.NameOf(event.peer),
                            ToString(event.zxid), zab::Name(event.reason), ToString(event.epoch),
                            absl::AsciiStrToUpper(zab::Name(event.kind)));
  };
  return Caption{.text = {say(phrase->en), say(phrase->zh)}, .tone = phrase->tone};
}

}  // namespace scenario
