// Captions with times, colours and commits in between.
#include "tools/zabsim/cli/timeline.h"

#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "scenarios/runner/captions/caption.h"
#include "scenarios/runner/captions/waiting.h"
#include "scenarios/runner/faults/actions.h"
#include "scenarios/runner/invariants/invariant.h"
#include "scenarios/runner/verdict/judge.h"

namespace zabsim {
namespace {

/// No recovery without trouble takes so long with default settings.
constexpr zab::Duration kLongSilence = zab::Seconds(5);

/// ANSI; empty: none.
const char* ColorOf(scenario::Tone tone) {
  switch (tone) {
    case scenario::Tone::kPlain: return "";
    case scenario::Tone::kLeader: return "32";
    case scenario::Tone::kFault: return "31";
    case scenario::Tone::kRepair: return "33";
    case scenario::Tone::kSync: return "36";
  }
  return "";
}

}  // namespace

const std::string& In(Language language, const scenario::Text& text) {
  return language == Language::kChinese && !text.zh.empty() ? text.zh : text.en;
}

std::string VerdictWord(scenario::RunVerdict verdict, Language language) {
  return In(language, scenario::VerdictInWords(Name(verdict), ""));
}

std::string VerdictWord(const scenario::RunResult& result, Language language) {
  const bool shown = result.bug && HasShown(result);
  return In(language, scenario::VerdictInWords(Name(result.verdict),
                                               shown ? result.bug->bug->id : absl::string_view()));
}

std::string ViolationText(Language language, const scenario::Violation& violation) {
  const scenario::Text name = scenario::InvariantInWords(violation.name);
  const bool zh = language == Language::kChinese;
  return absl::StrCat(ToString(violation.time),
                      zh ? "  违反：" : "  violated: ", In(language, name), zh ? "：" : ": ",
                      In(language, violation.facts));
}

Timeline::Timeline(const scenario::Scenario& scenario, Language language, bool color,
                   std::string bug)
    : scenario_(scenario),
      language_(language),
      color_(color),
      bug_(std::move(bug)),
      state_(scenario.ServerCount()) {}

std::optional<std::string> Timeline::Say(const scenario::Record& record) const {
  const scenario::TraceEvent& event = record.event;
  if (event.probe == scenario::Probe::kNote) return SayNote(event);
  const std::optional<scenario::Caption> caption = CaptionOf(record, scenario_, bug_);
  if (!caption) return std::nullopt;
  const std::string& text = In(language_, caption->text);
  const char* color = ColorOf(caption->tone);
  if (!color_ || color[0] == '\0') return text;
  return absl::StrCat("\033[", color, "m", text, "\033[0m");
}

std::optional<std::string> Timeline::SayNote(const scenario::TraceEvent& event) const {
  const auto index = static_cast<size_t>(event.number);
  if (index >= scenario_.events.size()) return std::nullopt;
  const scenario::Event& fired = scenario_.events[index];
  const auto position = static_cast<size_t>(event.code);
  if (position >= fired.actions.size()) return std::nullopt;
  const scenario::Action& action = fired.actions[position];
  const auto* note = std::get_if<scenario::Note>(&action);
  return absl::StrCat("[", fired.id, "] ",
                      note != nullptr ? In(language_, note->text)
                      : language_ == Language::kChinese
                          ? absl::StrCat(Name(action), "：没有效果")
                          : absl::StrCat(Name(action), ": no effect"));
}

std::optional<std::string> Timeline::Silence(zab::Time end) const {
  if (end - last_ < kLongSilence) return std::nullopt;
  const scenario::Text text = WaitsOf(state_, scenario_);
  const std::string& waits = In(language_, text);
  if (waits.empty()) return std::nullopt;
  const bool zh = language_ == Language::kChinese;
  return absl::StrFormat("%12s  %-8s %s%s%s", "", "", ToString(end - last_),
                         zh ? " 无进展：" : " of waiting: ", waits);
}

std::optional<std::string> Timeline::Line(const scenario::Record& record) {
  if (record.event.probe == scenario::Probe::kCommitted) ++commits_;
  std::optional<std::string> text = Say(record);
  const std::optional<std::string> silence = text ? Silence(record.time) : std::nullopt;
  state_.OnRecord(record);
  if (!text) return std::nullopt;
  last_ = record.time;
  const uint64_t commits = std::exchange(commits_, 0);
  const std::string counted =
      commits == 0 ? ""
                   : absl::StrCat("+", commits, language_ == Language::kChinese ? " 提交" : "");
  const std::string line = absl::StrFormat("%12s  %-8s %s", ToString(record.time), counted, *text);
  return silence ? absl::StrCat(*silence, "\n", line) : line;
}

}  // namespace zabsim
