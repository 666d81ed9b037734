// Two records are the same if all their columns are.
#include "tools/zabsim/trace/difference.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tools/zabsim/cli/words.h"
#include "tools/zabsim/trace/columns.h"

namespace zabsim {
namespace {

/// The column of that name; "-" if it is zero.
std::string ValueOf(const std::vector<TraceColumn>& columns, absl::string_view name) {
  const auto found = std::ranges::find(columns, name, &TraceColumn::name);
  return found == columns.end() ? "-" : found->text;
}

std::string SideLine(const TraceSide& side, const std::optional<scenario::Record>& record,
                     Language language) {
  const char* the_end = language == Language::kChinese ? "（到此结束）" : "(it has ended)";
  return absl::StrCat("  ", side.name, ":\n    ",
                      record ? RecordText(*record, *side.scenario, language) : the_end, "\n");
}

}  // namespace

bool TraceComparison::Add(const std::optional<scenario::Record>& a,
                          const std::optional<scenario::Record>& b) {
  if (!same_) return false;
  if (a && b && RecordJson(*a, *a_.scenario) == RecordJson(*b, *b_.scenario)) {
    ++count_;
    last_ = a;
    return true;
  }
  if (!a && !b) return true;
  same_ = false;
  first_a_ = a;
  first_b_ = b;
  return false;
}

std::string TraceComparison::Text(Language language) const {
  const bool zh = language == Language::kChinese;
  std::string text = absl::StrCat(zh ? "前 " : "the first ", Grouped(count_),
                                  zh ? " 条记录相同" : " records are the same");
  if (last_) {
    absl::StrAppend(&text, zh ? "，最后一条是\n    " : ", the last of them\n    ",
                    RecordText(*last_, *a_.scenario, language));
  }
  absl::StrAppend(&text, zh ? "\n此后\n" : "\nthen\n", SideLine(a_, first_a_, language),
                  SideLine(b_, first_b_, language));
  return first_a_ && first_b_ ? text + ColumnsText(language) : text;
}

std::string TraceComparison::ColumnsText(Language language) const {
  const std::vector<TraceColumn> a = ColumnsOf(*first_a_, *a_.scenario);
  const std::vector<TraceColumn> b = ColumnsOf(*first_b_, *b_.scenario);
  std::vector<absl::string_view> names;
  for (const std::vector<TraceColumn>* columns : {&a, &b}) {
    for (const TraceColumn& column : *columns) {
      if (std::ranges::find(names, column.name) == names.end()) names.push_back(column.name);
    }
  }
  std::string text = language == Language::kChinese ? "不同之处：\n" : "they differ in\n";
  for (const absl::string_view name : names) {
    const std::string in_a = ValueOf(a, name);
    const std::string in_b = ValueOf(b, name);
    if (in_a != in_b) absl::StrAppend(&text, "  ", name, ": ", in_a, " | ", in_b, "\n");
  }
  return text;
}

}  // namespace zabsim
