// Passes 4 and 5 (SEARCH.md 5.2): settings, distributions and times.
#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "scenarios/runner/language/units.h"
#include "scenarios/runner/shrink/edit.h"
#include "scenarios/runner/shrink/passes.h"

namespace scenario {
namespace {

/// A position in the tree: the indices of children from the root.
using ValuePath = std::vector<size_t>;

Value& At(Value& tree, const ValuePath& position) {
  Value* at = &tree;
  for (const size_t i : position) at = &at->children[i];
  return *at;
}

/// Members that must not be dropped: those that are not settings and, with a deadline, those that
/// determine it.
bool IsFixed(const Value& member, bool timed) {
  if (member.key == "format" || member.key == "run") return true;
  return timed && (member.key == "timing" || member.key == "within");
}

// Drops each member as a whole if possible, otherwise parts of it.
void DropSettingsAt(Case& subject, const ValuePath& position, bool timed) {
  Value tree = subject.tree();
  for (size_t i = At(tree, position).children.size(); i-- > 0;) {
    const Value& child = At(tree, position).children[i];
    if (IsFixed(child, timed)) continue;
    const bool gone = !child.key.empty() && subject.Try([&](Value& candidate) {
      std::vector<Value>& children = At(candidate, position).children;
      children.erase(children.begin() + static_cast<std::ptrdiff_t>(i));
    });
    if (gone || child.children.empty()) continue;
    ValuePath deeper = position;
    deeper.push_back(i);
    DropSettingsAt(subject, deeper, timed);
  }
}

// ---- Distributions ------------------------------------------------------------------------------

void FixDistributionsAt(Case& subject, const ValuePath& position) {
  Value tree = subject.tree();
  const Value& here = At(tree, position);
  const std::string dist = TextOf(here, "dist");
  if (!dist.empty() && dist != "const") {
    for (const absl::string_view key : {"mean", "min", "max"}) {
      const std::string value = TextOf(here, key);
      if (value.empty()) continue;
      Value constant = Value::Object();
      constant.key = here.key;
      constant.Add("dist", Value::String("const"));
      constant.Add("value", Value::String(value));
      if (subject.Try([&](Value& candidate) { At(candidate, position) = constant; })) return;
    }
    return;
  }
  for (size_t i = 0; i < here.children.size(); ++i) {
    ValuePath deeper = position;
    deeper.push_back(i);
    FixDistributionsAt(subject, deeper);
  }
}

// ---- Times --------------------------------------------------------------------------------------

zab::Time Rounded(zab::Time time, zab::Duration unit, bool up) {
  const int64_t whole = time.nanoseconds / unit.nanoseconds;
  const bool exact = whole * unit.nanoseconds == time.nanoseconds;
  return {(up && !exact ? whole + 1 : whole) * unit.nanoseconds};
}

std::vector<zab::Time> TimesOf(Value tree) {
  std::vector<zab::Time> times;
  ForEachTime(tree, [&](zab::Time& time) { times.push_back(time); });
  return times;
}

// Whether both lists have the same order, including equal times.
bool HaveOneOrder(const std::vector<zab::Time>& a, const std::vector<zab::Time>& b) {
  std::vector<std::pair<zab::Time, zab::Time>> pairs;
  pairs.reserve(a.size());
  for (size_t i = 0; i < a.size(); ++i) pairs.emplace_back(a[i], b[i]);
  std::ranges::sort(pairs);
  return std::ranges::adjacent_find(pairs, [](const auto& one, const auto& next) {
           return (one.first < next.first) != (one.second < next.second);
         }) == pairs.end();
}

/// Changes times if that preserves their order.
bool TryTimes(Case& subject, const std::function<void(zab::Time& time)>& change) {
  Value candidate = subject.tree();
  ForEachTime(candidate, change);
  return HaveOneOrder(TimesOf(subject.tree()), TimesOf(candidate)) &&
         subject.Try(std::move(candidate));
}

// Moves everything after a long wait earlier.
void ShortenWaits(Case& subject, zab::Duration wait) {
  std::vector<zab::Time> times = TimesOf(subject.tree());
  std::ranges::sort(times);
  for (size_t i = times.size(); i-- > 0;) {
    const zab::Time before = i == 0 ? zab::Time{} : times[i - 1];
    if (times[i] - before <= wait) continue;
    const zab::Duration earlier = times[i] - before - wait;
    TryTimes(subject, [&](zab::Time& time) {
      if (time >= times[i]) time = time - earlier;
    });
  }
}

void RoundTo(Case& subject, zab::Duration unit) {
  for (const bool up : {false, true}) {
    if (TryTimes(subject, [&](zab::Time& time) { time = Rounded(time, unit, up); })) return;
  }
  const size_t count = TimesOf(subject.tree()).size();
  for (size_t i = 0; i < count; ++i) {
    for (const bool up : {false, true}) {
      size_t at = 0;
      const bool done = TryTimes(subject, [&](zab::Time& time) {
        if (at++ == i) time = Rounded(time, unit, up);
      });
      if (done) break;
    }
  }
}

}  // namespace

void DropSettings(Case& subject) {
  Value tree = subject.tree();
  DropSettingsAt(subject, {}, Member(tree, {"expect", "deadlines"}) != nullptr);
}

void FixDistributions(Case& subject) {
  FixDistributionsAt(subject, {});
}

void RoundTimes(Case& subject) {
  for (const int64_t milliseconds : {1000, 500}) {
    ShortenWaits(subject, zab::Milliseconds(milliseconds));
  }
  for (const int64_t milliseconds : {1000, 100, 10}) {
    RoundTo(subject, zab::Milliseconds(milliseconds));
  }
}

}  // namespace scenario
