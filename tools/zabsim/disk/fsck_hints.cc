// The hints of fsck in words, and what --compare has found.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tools/zabsim/disk/fsck_report.h"

namespace zabsim {
namespace {

constexpr size_t kShownDifferences = 10;

struct Words {
  const char* en;
  const char* zh;
};

Words WordsOf(zab::Hint hint) {
  switch (hint) {
    case zab::Hint::kCurrentEpochIsOld:
      return {
          "a real server refuses to start: currentEpoch is below the epoch of the last "
          "transaction; it is ",
          "真实服务器拒绝启动：currentEpoch 低于最后一个事务的纪元；其值为 "};
    case zab::Hint::kAcceptedEpochIsOld:
      return {"a real server refuses to start: acceptedEpoch is below currentEpoch; it is ",
              "真实服务器拒绝启动：acceptedEpoch 低于 currentEpoch；其值为 "};
    case zab::Hint::kTrustEmptySnapshot:
      return {
          "hint: the log is there from the first transaction on; a real server starts on it with "
          "-Dzookeeper.snapshot.trust.empty=true: ",
          "提示：日志从第一个事务开始；真实服务器可用 -Dzookeeper.snapshot.trust.empty=true "
          "启动："};
    case zab::Hint::kLogsElsewhere:
      return {
          "hint: no transaction log here; if the server has a dataLogDir, name it with --log-dir",
          "提示：这里没有事务日志；如果服务器设置了 dataLogDir，请用 --log-dir 指定"};
    case zab::Hint::kSnapshotsElsewhere:
      return {
          "hint: no snapshot here; if this is the server's dataLogDir, name its dataDir, and this "
          "with --log-dir",
          "提示：这里没有快照；如果这是 dataLogDir，请指定 dataDir，并用 --log-dir 指定此目录"};
    case zab::Hint::kLongRecord:
      return {
          "hint: longer than what is read; a server with a larger jute.maxbuffer reads it, and so "
          "does --max-record=BYTES: ",
          "提示：超过可读取的长度；jute.maxbuffer 更大的服务器可以读取，也可用 "
          "--max-record=BYTES："};
    case zab::Hint::kBefore30:
      return {"hint: a file of ZooKeeper before 3.0, which no later server reads: ",
              "提示：ZooKeeper 3.0 之前的文件，之后的服务器都不能读取："};
    case zab::Hint::kAclMissing:
      return {
          "DAMAGED: a node has the number of an ACL that is not there (a real server starts, and "
          "fails who asks for it): ",
          "损坏：节点的 ACL 编号不存在（真实服务器可以启动，但查询该 ACL 会失败）："};
  }
  return {"", ""};
}

std::string OneDifference(const zab::Difference& one, bool chinese) {
  using Kind = zab::Difference::Kind;
  const auto say = [chinese](const char* en, const char* zh) { return chinese ? zh : en; };
  const std::string nothing = say("nothing", "无");
  const std::string sides =
      absl::StrCat("A ", one.a.empty() ? nothing : one.a, ", B ", one.b.empty() ? nothing : one.b);
  switch (one.kind) {
    case Kind::kLast: return absl::StrCat(say("the last transaction: ", "最后一个事务："), sides);
    case Kind::kNode: return absl::StrCat(one.of, ": ", sides);
    case Kind::kField: return absl::StrCat(one.of, " ", one.field, ": ", sides);
    case Kind::kSession: return absl::StrCat(say("session ", "会话 "), one.of, ": ", sides);
    case Kind::kTransaction: return absl::StrCat(say("transaction ", "事务 "), one.of, ": ", sides);
  }
  return "";
}

}  // namespace

std::string HintText(zab::Hint hint, const std::string& about, bool chinese) {
  const Words words = WordsOf(hint);
  return absl::StrCat(chinese ? words.zh : words.en, about);
}

std::string CompareText(const std::string& a, const std::string& b, const zab::Comparison& found,
                        Language language) {
  const bool chinese = language == Language::kChinese;
  std::string text = absl::StrCat("A ", a, "\nB ", b, "\n");
  if (found.differences.empty()) {
    absl::StrAppend(&text, chinese ? "相同：" : "the same: ", found.nodes,
                    chinese ? " 个节点，" : " nodes, ", found.sessions,
                    chinese ? " 个会话，两边都有的事务 " : " sessions, ", found.transactions,
                    chinese ? " 个\n" : " transactions that both have logged\n");
    return text;
  }
  const size_t shown = std::min(found.differences.size(), kShownDifferences);
  for (size_t i = 0; i < shown; ++i) {
    absl::StrAppend(&text, OneDifference(found.differences[i], chinese), "\n");
  }
  if (shown < found.differences.size()) {
    absl::StrAppend(&text, chinese ? "以及另外 " : "and ", found.differences.size() - shown,
                    chinese ? " 处不同\n" : " more differences\n");
  }
  return text;
}

}  // namespace zabsim
