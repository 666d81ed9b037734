// A text is interpreted once, not for every event.
#include "tools/zabsim/playback/run_search.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "scenarios/runner/language/units.h"

namespace zabsim {
namespace {

template <class Enum>
bool IsOneOf(absl::string_view text, int count) {
  for (int i = 0; i < count; ++i) {
    if (absl::EqualsIgnoreCase(Name(static_cast<Enum>(i)), text)) return true;
  }
  return false;
}

bool IsNameInTrace(absl::string_view text) {
  return IsOneOf<scenario::Probe>(text, scenario::kProbeCount) ||
         IsOneOf<scenario::Kind>(text, scenario::kKindCount) ||
         IsOneOf<zab::Reason>(text, zab::kReasonCount);
}

/// "2.5s", "1500ms", "2s": what is shown, and what the scenario language has.
std::optional<zab::Time> MomentIn(absl::string_view text) {
  const size_t point = text.find('.');
  const size_t unit = text.find_first_not_of("0123456789.");
  if (point == absl::string_view::npos || unit == absl::string_view::npos || unit < point) {
    const auto since_start = scenario::ParseDuration(text);
    if (!since_start.ok()) return std::nullopt;
    return zab::Time{} + *since_start;
  }
  const auto one = scenario::ParseDuration(absl::StrCat("1", text.substr(unit)));
  const auto whole =
      scenario::ParseDuration(absl::StrCat(text.substr(0, point), text.substr(unit)));
  if (!one.ok() || !whole.ok()) return std::nullopt;
  zab::Time moment = zab::Time{} + *whole;
  zab::Duration place = *one;
  for (const char digit : text.substr(point + 1, unit - point - 1)) {
    if (digit == '.') return std::nullopt;
    place = place / 10;
    moment = moment + place * (digit - '0');
  }
  return moment;
}

}  // namespace

SearchFor::SearchFor(absl::string_view text, const WatchedRun& run, Language language)
    : run_(run), language_(language), text_(absl::StripAsciiWhitespace(text)) {
  if (const auto zxid = scenario::ParseZxid(text_); zxid.ok()) {
    what_ = What::kZxid;
    zxid_ = *zxid;
  } else if (std::ranges::find(run.names(), text_) != run.names().end()) {
    what_ = What::kNode;
  } else if (IsNameInTrace(text_)) {
    what_ = What::kName;
  }
}

bool SearchFor::Fits(size_t event) const {
  const scenario::Record& record = run_.record(event);
  const scenario::TraceEvent& said = record.event;
  switch (what_) {
    case What::kZxid: return said.zxid == zxid_;
    case What::kNode: return run_.names()[record.node.value] == text_;
    case What::kName:
      return absl::EqualsIgnoreCase(Name(said.probe), text_) ||
             absl::EqualsIgnoreCase(Name(said.kind), text_) ||
             absl::EqualsIgnoreCase(Name(said.reason), text_);
    case What::kText: break;
  }
  const scenario::Explanation explanation = run_.Explain(event);
  const std::string caption = absl::AsciiStrToLower(In(language_, explanation.what));
  return absl::StrContains(caption, absl::AsciiStrToLower(text_));
}

std::optional<size_t> PlaceOf(absl::string_view text, const WatchedRun& run) {
  text = absl::StripAsciiWhitespace(text);
  uint64_t id = 0;
  if (absl::SimpleAtoi(absl::StripPrefix(text, "#"), &id)) return run.AtId(id);
  const std::optional<zab::Time> moment = MomentIn(text);
  if (!moment) return std::nullopt;
  return run.AtTime(*moment);
}

}  // namespace zabsim
