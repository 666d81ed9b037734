// Numbers get units that people read; the table has them as they are.
#include "tools/zabsim/compare/comparison_text.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "scenarios/runner/measure/tables.h"

namespace zabsim {
namespace {

std::string Quantified(double number, const std::string& unit) {
  const double size = std::fabs(number);
  if (unit == "ns" && size >= 1e9) return absl::StrFormat("%.4g s", number / 1e9);
  if (unit == "ns" && size >= 1e6) return absl::StrFormat("%.4g ms", number / 1e6);
  if (unit == "ns") return absl::StrFormat("%.4g us", number / 1e3);
  if (unit == "1/1000s") return absl::StrFormat("%.4g/s", number / 1e3);
  if (unit == "1/1000") return absl::StrFormat("%.4g", number / 1e3);
  const std::string text =
      size >= 1e4 ? absl::StrFormat("%.0f", number) : absl::StrFormat("%.4g", number);
  return unit == "bytes" ? text + " bytes" : text;
}

std::string Chance(double p) {
  return p < 0.0001 ? "p < 0.0001" : absl::StrFormat("p = %.2g", p);
}

std::string Relative(const ComparisonRow& row) {
  if (row.mean_a == 0) return "";
  return absl::StrFormat(" (%+.3g %%)", 100 * row.difference.mean / row.mean_a);
}

std::string Head(const ComparisonRow& row) {
  return absl::StrCat(row.metric, row.values.empty() ? "" : ", ", row.values, ": ",
                      Quantified(row.mean_a, row.unit), " -> ", Quantified(row.mean_b, row.unit));
}

std::string Runs(const ComparisonRow& row, bool zh) {
  if (row.pairs > 0) return absl::StrCat(row.pairs, zh ? " 对" : " pairs");
  return absl::StrCat(row.n_a, zh ? " 与 " : " and ", row.n_b, zh ? " 次运行" : " runs");
}

std::string Line(const ComparisonRow& row, bool zh) {
  const std::string low = Quantified(*row.difference.interval.low, row.unit);
  const std::string high = Quantified(*row.difference.interval.high, row.unit);
  const std::string difference = Quantified(row.difference.mean, row.unit) + Relative(row);
  const std::string effect = absl::StrFormat("%.2g", row.effect);
  if (zh) {
    return absl::StrCat(Head(row), "；差值 ", difference, "，95 % 区间 ", low, " 至 ", high, "（",
                        Runs(row, zh), "，A12 = ", effect, "，Holm 校正后 ", Chance(row.p_holm),
                        "）：", row.IsShown() ? "有差异。" : "未显示差异。", "\n");
  }
  return absl::StrCat(Head(row), "; difference ", difference, ", 95 % interval ", low, " to ", high,
                      " (", Runs(row, zh), ", A12 = ", effect, ", by Holm ", Chance(row.p_holm),
                      "): ", row.IsShown() ? "they differ." : "no difference is shown.", "\n");
}

std::string Line(const Confounder& confounder, bool zh) {
  const std::string where =
      confounder.values.empty() ? "" : absl::StrCat(" (", confounder.values, ")");
  return absl::StrCat(zh ? "注意：两者的 " : "Attention: they also differ in ", confounder.what,
                      where, zh ? " 也不同：" : ": ", NumberText(confounder.mean_a), " -> ",
                      NumberText(confounder.mean_b),
                      zh ? "，差异可能由此而来。\n" : ", which may be the reason.\n");
}

std::string Conclusion(const Comparison& comparison, bool zh) {
  const auto all = comparison.rows.size();
  const auto shown = static_cast<size_t>(
      std::ranges::count_if(comparison.rows, [](const auto& row) { return row.IsShown(); }));
  if (zh) {
    return absl::StrCat(
        "可以得出：在这些文件、种子与设置下，", all, " 项比较中有 ", shown,
        " 项的差异超出偶然（Holm 校正后误判任何一项的概率至多 5 %）。不能得出：其余各项相同"
        "（区间内的差异都有可能），也不能得出真实系统会有同样大小的差异，因为延迟、故障与负载"
        "都是文件所设。\n");
  }
  return absl::StrCat(
      "What may be concluded: with these files, seeds and settings, ", shown, " of ", all,
      " comparisons differ by more than chance (that any of them does so by chance: at most 5 %, "
      "by "
      "Holm).  What may not: that the others are equal (any difference within the interval is "
      "possible), or that real systems differ as much: latencies, faults and workload are what the "
      "files say.\n");
}

}  // namespace

std::string InWords(const Comparison& comparison, Language language) {
  const bool zh = language == Language::kChinese;
  std::string text;
  for (const ComparisonRow& row : comparison.rows) absl::StrAppend(&text, Line(row, zh));
  for (const Confounder& confounder : comparison.confounders) {
    absl::StrAppend(&text, Line(confounder, zh));
  }
  return absl::StrCat(text, "\n", Conclusion(comparison, zh));
}

std::string InCsv(const Comparison& comparison) {
  std::string text =
      scenario::CsvLine({"values", "metric", "unit", "n_a", "n_b", "pairs", "mean_a", "mean_b",
                         "difference", "low", "high", "relative", "a12", "p", "p_holm"});
  for (const ComparisonRow& row : comparison.rows) {
    const Difference& difference = row.difference;
    text += scenario::CsvLine(
        {row.values, row.metric, row.unit, absl::StrCat(row.n_a), absl::StrCat(row.n_b),
         absl::StrCat(row.pairs), NumberText(row.mean_a), NumberText(row.mean_b),
         NumberText(difference.mean), NumberText(difference.interval.low),
         NumberText(difference.interval.high),
         row.mean_a == 0 ? "" : NumberText(difference.mean / row.mean_a), NumberText(row.effect),
         NumberText(difference.p), NumberText(row.p_holm)});
  }
  return text;
}

}  // namespace zabsim
