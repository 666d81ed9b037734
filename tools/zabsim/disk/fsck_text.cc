// The page of fsck, in English or Chinese.  Zxids are "2:17", followed by ZooKeeper's hexadecimal
// form.
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/zabsim/disk/fsck_report.h"

namespace zabsim {
namespace {

/// One page under way.
class FsckPage {
 public:
  explicit FsckPage(Language language) : chinese_(language == Language::kChinese) {}

  const char* Say(const char* en, const char* zh) const { return chinese_ ? zh : en; }
  void Line(const std::string& text) { absl::StrAppend(&text_, text, "\n"); }
  std::string Take() { return std::move(text_); }

  void Log(const zab::LogReport& log) {
    std::string line = absl::StrCat("  ", log.name, ": ", log.records, Say(" records", " 条记录"));
    for (const zab::EpochRun& run : log.epochs) {
      absl::StrAppend(&line, ", ", ToString(run.first), "..", ToString(run.last));
    }
    absl::StrAppend(&line, ", ", log.bytes, Say(" bytes", " 字节"));
    if (log.before_3_4) {
      absl::StrAppend(&line,
                      Say("; written before ZooKeeper 3.4", "；由 ZooKeeper 3.4 之前的版本写入"));
    }
    if (log.end == zab::LogEnd::kTorn) {
      absl::StrAppend(&line, Say("; torn tail: ", "；尾部残缺："), log.problem);
    } else if (log.end == zab::LogEnd::kDamaged) {
      absl::StrAppend(&line, Say("; DAMAGED: ", "；损坏："), log.problem);
    }
    Line(line);
  }

  void Snapshot(const zab::SnapshotReport& snapshot) {
    std::string line = absl::StrCat("  ", snapshot.name, ": ");
    if (snapshot.state == zab::SnapshotState::kValid) {
      absl::StrAppend(&line, snapshot.nodes, Say(" nodes, ", " 个节点，"), snapshot.sessions,
                      Say(" sessions, ", " 个会话，"), snapshot.bytes, Say(" bytes", " 字节"));
    } else if (snapshot.state == zab::SnapshotState::kUnfinished) {
      absl::StrAppend(&line, Say("unfinished: ", "未写完："), snapshot.problem);
    } else {
      absl::StrAppend(&line, Say("DAMAGED: ", "损坏："), snapshot.problem);
    }
    Line(line);
  }

  void Gap(const zab::Gap& gap) {
    Line(absl::StrCat("  ", gap.file, ": ", Say("gap between ", "断层，介于 "), ToString(gap.after),
                      Say(" and ", " 与 "), ToString(gap.next),
                      gap.covered ? Say(", covered by a snapshot", "，快照已覆盖") : ""));
  }

  void Repeat(const zab::Repeat& repeat) {
    using Kind = zab::Repeat::Kind;
    const std::string after = ToString(repeat.after);
    const std::string next = ToString(repeat.next);
    std::string what;
    switch (repeat.kind) {
      case Kind::kDuplicate: what = absl::StrCat(next, Say(" comes twice", " 出现两次")); break;
      case Kind::kStepBack:
        what = absl::StrCat(Say("steps back from ", "倒退，从 "), after, Say(" to ", " 到 "), next);
        break;
      case Kind::kOverlap:
        what = absl::StrCat(Say("begins with ", "始于 "), next,
                            Say(", the file before it ends with ", "，前一个文件止于 "), after);
        break;
    }
    Line(
        absl::StrCat("  ", repeat.file, ": ", what,
                     Say("; applied as it comes, as by ZooKeeper", "；与 ZooKeeper 一样按序应用")));
  }

  void Restore(const zab::Restored& restored) {
    if (restored.damaged) {
      return Line(absl::StrCat(Say("restore: none, ", "恢复：不可能，"), restored.damage));
    }
    if (restored.fresh) return Line(Say("restore: an empty tree", "恢复：空的数据树"));
    const zab::Zxid last = restored.database.last_processed;
    Line(absl::StrCat(Say("restore: up to ", "恢复：至 "), ToString(last), " (0x", ToHex(last),
                      Say("), from snapshot ", ")，从快照 "), ToString(*restored.snapshot),
                      Say(" and ", " 加 "), restored.log.size(), Say(" records: ", " 条记录："),
                      restored.database.tree.size(), Say(" nodes, digest ", " 个节点，摘要 "),
                      absl::Hex(restored.database.tree.digest(), absl::kZeroPad16)));
    for (const zab::Zxid zxid : restored.mismatches) {
      Line(absl::StrCat(Say("  DAMAGED: the tree is not what its digest says at ",
                            "  损坏：数据树与摘要不符，位于 "),
                        ToString(zxid)));
    }
  }

 private:
  bool chinese_;
  std::string text_;
};

std::string EpochText(const std::optional<zab::Epoch>& epoch) {
  return epoch ? ToString(*epoch) : "-";
}

const char* VerdictText(const FsckPage& page, zab::Health health) {
  switch (health) {
    case zab::Health::kClean: return page.Say("clean", "完好");
    case zab::Health::kTorn: return page.Say("torn, as a crash leaves it", "残缺，但崩溃可以解释");
    case zab::Health::kDamaged: return page.Say("DAMAGED", "损坏");
  }
  return "";
}

}  // namespace

std::string FsckText(const std::string& folder, const zab::Inspection& found, Language language) {
  FsckPage page(language);
  page.Line(absl::StrCat("acceptedEpoch ", EpochText(found.restored.accepted_epoch),
                         ", currentEpoch ", EpochText(found.restored.current_epoch)));
  page.Line(page.Say("snapshots:", "快照："));
  for (const zab::SnapshotReport& snapshot : found.snapshots) page.Snapshot(snapshot);
  page.Line(page.Say("transaction logs:", "事务日志："));
  for (const zab::LogReport& log : found.logs) page.Log(log);
  for (const zab::Gap& gap : found.gaps) page.Gap(gap);
  for (const zab::Repeat& repeat : found.repeats) page.Repeat(repeat);
  if (!found.temporary.empty()) {
    page.Line(absl::StrCat(page.Say("unfinished work: ", "未完成的文件："),
                           absl::StrJoin(found.temporary, ", ")));
  }
  if (!found.unknown.empty()) {
    page.Line(
        absl::StrCat(page.Say("not read: ", "未读的文件："), absl::StrJoin(found.unknown, ", ")));
  }
  page.Restore(found.restored);
  for (const auto& [hint, about] : found.hints) {
    page.Line(HintText(hint, about, language == Language::kChinese));
  }
  page.Line(absl::StrCat(folder, page.Say(": ", "："), VerdictText(page, found.health)));
  return page.Take();
}

}  // namespace zabsim
