// zabsim diff A B: where two traces diverge, in words.
#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/verdict/result.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/cli/language_option.h"
#include "tools/zabsim/cli/words.h"
#include "tools/zabsim/trace/commands.h"
#include "tools/zabsim/trace/difference.h"
#include "tools/zabsim/trace/trace_file.h"

namespace zabsim {
namespace {

struct DiffOptions {
  std::string a, b, language = "en";
};

/// The inputs of the runs that are not the same.
std::string DifferenceOfRuns(const scenario::TraceHeader& a, const scenario::TraceHeader& b) {
  std::string text;
  const auto compare = [&text](absl::string_view name, const std::string& in_a,
                               const std::string& in_b) {
    if (in_a != in_b) absl::StrAppend(&text, "  ", name, ": ", in_a, " | ", in_b, "\n");
  };
  compare("scenario", a.scenario, b.scenario);
  compare("digest", a.digest, b.digest);
  compare("seed", absl::StrCat(a.seed), absl::StrCat(b.seed));
  compare("keep-going", a.keep_going ? "yes" : "no", b.keep_going ? "yes" : "no");
  compare("peer", a.peer.empty() ? "-" : a.peer, b.peer.empty() ? "-" : b.peer);
  return text;
}

int Diff(const DiffOptions& options) {
  const auto a = TraceInput::Open(options.a);
  if (!a.ok()) return Fail(a.status());
  const auto b = TraceInput::Open(options.b);
  if (!b.ok()) return Fail(b.status());
  const bool zh = LanguageOf(options.language) == Language::kChinese;
  const std::string runs = DifferenceOfRuns((*a)->header(), (*b)->header());
  if (!runs.empty()) std::cout << (zh ? "运行不同：\n" : "different runs:\n") << runs;
  TraceComparison comparison({options.a, &(*a)->scenario()}, {options.b, &(*b)->scenario()});
  for (;;) {
    const auto in_a = (*a)->Next();
    if (!in_a.ok()) return Fail(in_a.status());
    const auto in_b = (*b)->Next();
    if (!in_b.ok()) return Fail(in_b.status());
    if (!comparison.Add(*in_a, *in_b)) break;
    if (!*in_a) break;
  }
  if (!comparison.same()) {
    std::cout << comparison.Text(LanguageOf(options.language));
  } else if ((*a)->end().result != (*b)->end().result) {
    std::cout << (zh ? "记录相同，结果不同：\n" : "the same records, but other results:\n") << "  "
              << (*a)->end().result << "\n  " << (*b)->end().result << "\n";
  } else {
    std::cout << (zh ? "相同：" : "the same: ") << Grouped(comparison.count())
              << (zh ? " 条记录\n" : " records\n");
    if (runs.empty()) return 0;
  }
  return ExitCodeOf(scenario::RunVerdict::kNotDeterministic);
}

}  // namespace

Command DiffCommand() {
  const auto options = std::make_shared<DiffOptions>();
  Command command{"diff", "Say where two traces diverge"};
  command.examples = {
      "zabsim diff a.trace b.trace",
  };
  command.Add("A", &options->a, "A trace").Required();
  command.Add("B", &options->b, "Another").Required();
  AddLanguage(command, options->language);
  command.run = [options] { return Diff(*options); };
  return command;
}

}  // namespace zabsim
