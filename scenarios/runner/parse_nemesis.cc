// The key `nemesis`: random faults.
#include "absl/strings/str_cat.h"
#include "scenarios/runner/codecs.h"
#include "scenarios/runner/parts.h"

namespace scenario {
namespace {

Words<NemesisKind> NemesisWords() {
  using enum NemesisKind;
  return {{{kPartition, "partition"},
           {kClog, "clog"},
           {kCrashRestart, "crash_restart"},
           {kRollingRestart, "rolling_restart"},
           {kPause, "pause"}}};
}

Words<Shape> ShapeWords() {
  using enum Shape;
  return {{{kHalves, "halves"},
           {kOne, "one"},
           {kLeaderMinority, "leader_minority"},
           {kBridge, "bridge"},
           {kOneway, "oneway"}}};
}

// Whether `targets` says whom it hits; the others hit everybody, or as `shapes` says.
bool HasTargets(NemesisKind kind) {
  switch (kind) {
    case NemesisKind::kClog:
    case NemesisKind::kCrashRestart:
    case NemesisKind::kPause: return true;
    case NemesisKind::kPartition:
    case NemesisKind::kRollingRestart: return false;
  }
  return false;
}

// Whether it takes servers down, so that `limit` means something.
bool TakesDown(NemesisKind kind) {
  return kind == NemesisKind::kCrashRestart || kind == NemesisKind::kPause;
}

std::vector<Selector> DefaultTargets() {
  const Selector followers{Selector::Followers{}};
  return {Selector{Selector::Leader{}}, Selector{Selector::Any{{followers}}}};
}

struct Limit {
  std::string down = "minority";
};

}  // namespace

template <class V, Is<Limit> S>
void Fields(V& v, S& limit) {
  v("down", limit.down, Words<std::string>{{{"minority", "minority"}}});
}

template <class V, Is<Nemesis> S>
void Fields(V& v, S& nemesis) {
  v.Required("kind", nemesis.kind, NemesisWords());
  if (v.GivesUp()) return;
  v("interval", nemesis.interval, Span{zab::Milliseconds(1)});
  v("duration", nemesis.duration, Span{zab::Milliseconds(1)});
  if (HasTargets(nemesis.kind)) {
    if constexpr (V::kReads) nemesis.targets = DefaultTargets();
    v("targets", nemesis.targets, ListOf<>{{}, /*may_be_empty=*/false});
  }
  if (nemesis.kind == NemesisKind::kPartition) {
    if constexpr (V::kReads) {
      for (const auto& [shape, word] : ShapeWords().words) nemesis.shapes.push_back(shape);
    }
    v("shapes", nemesis.shapes, ListOf<Words<Shape>>{ShapeWords(), /*may_be_empty=*/false});
  }
  Limit limit;
  if (TakesDown(nemesis.kind)) v("limit", limit, Object{});
  v("from", nemesis.from);
  v("until", nemesis.until, TimeOrQuiet{});
  if (nemesis.until.has_value() && *nemesis.until <= nemesis.from) {
    v.Fail("until", "wanted a time after `from`");
  }
}

void ReadValue(In& in, const Place& at, std::vector<Nemesis>& out) {
  ListOf<Object>().Read(in, at, out);
}
Value WriteValue(const Scenario& s, const std::vector<Nemesis>& value) {
  return ListOf<Object>().Write(s, value);
}

}  // namespace scenario
