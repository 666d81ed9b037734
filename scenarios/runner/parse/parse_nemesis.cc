// The key `nemesis`: random faults.
#include "absl/strings/str_cat.h"
#include "scenarios/runner/parse/codecs.h"
#include "scenarios/runner/parse/sections.h"

namespace scenario {
namespace {

Words<NemesisKind> NemesisWords() {
  using enum NemesisKind;
  return {{{kPartition, "partition"},
           {kClog, "clog"},
           {kCrashRestart, "crash_restart"},
           {kRollingRestart, "rolling_restart"},
           {kPause, "pause"},
           {kSlowFsync, "slow_fsync"},
           {kDiskError, "disk_error"},
           {kDiskLoss, "disk_loss"},
           {kSwizzleClog, "swizzle_clog"},
           {kFlapLeader, "flap_leader"},
           {kGrayLink, "gray_link"},
           {kClock, "clock"}}};
}

/// The words of `shapes`; empty if this kind has no such key.
Words<Shape> ShapeWords(NemesisKind kind) {
  using enum Shape;
  switch (kind) {
    case NemesisKind::kPartition:
      return {{{kHalves, "halves"},
               {kOne, "one"},
               {kLeaderMinority, "leader_minority"},
               {kBridge, "bridge"},
               {kOneway, "oneway"}}};
    case NemesisKind::kDiskError:
      return {{{kRead, "read"}, {kWrite, "write"}, {kFsync, "fsync"}, {kFull, "full"}}};
    case NemesisKind::kDiskLoss:
      return {{{kRot, "rot"}, {kBlock, "block"}, {kReordered, "reordered"}, {kWipe, "wipe"}}};
    case NemesisKind::kFlapLeader: return {{{kPause, "pause"}, {kCut, "cut"}, {kKill, "kill"}}};
    case NemesisKind::kClock: return {{{kDrift, "drift"}, {kStep, "step"}}};
    case NemesisKind::kSwizzleClog:
    case NemesisKind::kGrayLink:
    case NemesisKind::kClog:
    case NemesisKind::kCrashRestart:
    case NemesisKind::kRollingRestart:
    case NemesisKind::kPause:
    case NemesisKind::kSlowFsync: break;
  }
  return {};
}

// Whether the key `targets` applies; the other kinds hit all servers, the leader, or drawn servers.
bool HasTargets(NemesisKind kind) {
  return kind != NemesisKind::kPartition && kind != NemesisKind::kRollingRestart &&
         kind != NemesisKind::kSwizzleClog && kind != NemesisKind::kFlapLeader;
}

// Whether it takes servers down, so that the key `limit` applies.
bool TakesDown(NemesisKind kind) {
  return kind == NemesisKind::kCrashRestart || kind == NemesisKind::kPause ||
         kind == NemesisKind::kDiskError || kind == NemesisKind::kDiskLoss ||
         kind == NemesisKind::kFlapLeader;
}

std::vector<Selector> DefaultTargets() {
  const Selector followers{Selector::Followers{}};
  return {Selector{Selector::Leader{}}, Selector{Selector::Any{{followers}}}};
}

// So that no duration overflows.
constexpr int64_t kLargestFactor = 1000;

struct Limit {
  MostDown down{};
};

}  // namespace

template <class V, Is<Limit> S>
void Fields(V& v, S& limit) {
  v("down", limit.down,
    Words<MostDown>{{{MostDown::kMinority, "minority"}, {MostDown::kAll, "all"}}});
}

template <class V, Is<Nemesis> S>
void Fields(V& v, S& nemesis) {
  v.Required("kind", nemesis.kind, NemesisWords());
  if (v.GivesUp()) return;
  v("interval", nemesis.interval, DurationCodec{zab::Milliseconds(1)});
  v("duration", nemesis.duration, DurationCodec{zab::Milliseconds(1)});
  if (HasTargets(nemesis.kind)) {
    if constexpr (V::kReads) nemesis.targets = DefaultTargets();
    v("targets", nemesis.targets, ListOf<>{{}, /*may_be_empty=*/false});
  }
  const Words<Shape> shapes = ShapeWords(nemesis.kind);
  if (!shapes.words.empty()) {
    if constexpr (V::kReads) {
      for (const auto& [shape, word] : shapes.words) nemesis.shapes.push_back(shape);
    }
    v("shapes", nemesis.shapes, ListOf<Words<Shape>>{shapes, /*may_be_empty=*/false});
  }
  if (nemesis.kind == NemesisKind::kSlowFsync || nemesis.kind == NemesisKind::kGrayLink) {
    v("factor", nemesis.factor, Integer{2, kLargestFactor});
  }
  Limit limit{nemesis.limit};
  if (TakesDown(nemesis.kind)) v("limit", limit, Object{});
  if constexpr (V::kReads) nemesis.limit = limit.down;
  v("from", nemesis.from);
  v("until", nemesis.until, TimeOrQuiet{});
  if (nemesis.until.has_value() && *nemesis.until <= nemesis.from) {
    v.Fail("until", "wanted a time after `from`");
  }
}

void ReadValue(ReadContext& in, const Place& at, std::vector<Nemesis>& out) {
  ListOf<Object>().Read(in, at, out);
}
Value WriteValue(const Scenario& s, const std::vector<Nemesis>& value) {
  return ListOf<Object>().Write(s, value);
}

}  // namespace scenario
