// The keys that change no run: `lesson`, where the run stops for the student, and the question
// asked there; and `explore`, a bounded world of which every state is visited.
#include "absl/strings/str_cat.h"
#include "scenarios/runner/invariants/invariant.h"
#include "scenarios/runner/parse/parse_filter.h"
#include "scenarios/runner/parse/sections.h"

namespace scenario {

// ---- lesson
// ---------------------------------------------------------------------------------------

namespace {

// {"on": probe, ...} or {"event": id}, and the number of the occurrence.
struct MomentCodec {
  void Read(ReadContext& in, const Place& at, LessonStop& out) const {
    if (!HasType(in, at, Value::Type::kObject, "wanted {\"on\": probe, ...} or {\"event\": id}")) {
      return;
    }
    ObjectIn visitor(in, at);
    Keys(visitor, out);
    visitor.Done();
  }
  Value Write(const Scenario& s, const LessonStop& stop) const {
    ObjectOut visitor(s);
    Keys(visitor, stop);
    return std::move(visitor.object);
  }

 private:
  template <class V, class S>
  static void Keys(V& v, S& stop) {
    HappeningKeys(v, stop.when);
    v("nth", stop.nth, Integer{1});
  }
};

bool IsStartOfHash(absl::string_view text) {
  return text.size() >= 8 && text.size() <= 32 &&
         text.find_first_not_of("0123456789abcdef") == absl::string_view::npos;
}

}  // namespace

template <class V, Is<LessonStop> S>
void Fields(V& v, S& stop) {
  v.Required("when", stop, MomentCodec{});
  v.Required("ask", stop.ask);
  v.Required("choices", stop.choices, ListOf<>{});
  v.Required("answer", stop.answer, Integer{0});
  v.Required("explain", stop.explain);
  if (v.GivesUp()) return;
  if (stop.choices.size() < 2) v.Fail("choices", "wanted at least two choices, found fewer");
  if (stop.answer >= stop.choices.size()) {
    v.Fail("answer", absl::StrCat("wanted the number of a choice, from 0 to ",
                                  stop.choices.size() - 1, ", found ", stop.answer));
  }
}

template <class V, Is<Lesson> S>
void Fields(V& v, S& lesson) {
  v.Required("order", lesson.order, Integer{0});
  if (V::kReads || !lesson.trace.empty()) {
    v("trace", lesson.trace, NewName{IsStartOfHash, "8 to 32 hex digits, as in \"76ec0328\""});
  }
  v.Required("stops", lesson.stops, ListOf<Object>{{}, /*may_be_empty=*/false});
}

void ReadValue(ReadContext& in, const Place& at, Lesson& out) {
  Object().Read(in, at, out);
}
Value WriteValue(const Scenario& s, const Lesson& value) {
  return Object().Write(s, value);
}

// ---- explore
// --------------------------------------------------------------------------------------

namespace {

/// A path spends at most so much of each budget: an explored world is small.
constexpr int64_t kMostOfEach = 9;
constexpr size_t kMostServers = 9;

const Integer kBudget{0, kMostOfEach};
const Words<Grain> kFineOrEager{{{Grain::kFine, "fine"}, {Grain::kEager, "eager"}}};
const Words<Grain> kFineOrCanonical{{{Grain::kFine, "fine"}, {Grain::kCanonical, "canonical"}}};

bool JudgesStates(const Scenario& s, absl::string_view name) {
  for (const InvariantEntry& entry : AllInvariants()) {
    if (entry.name == name) return entry.make(s)->JudgesStates();
  }
  return true;  // An unknown name has been reported.
}

}  // namespace

template <class V, Is<ExploreBudget> S>
void Fields(V& v, S& budget) {
  v("writes", budget.writes, kBudget);
  v("reads", budget.reads, kBudget);
  v("kills", budget.kills, kBudget);
  v("power_losses", budget.power_losses, kBudget);
  v("crashes", budget.crashes, kBudget);
  v("cuts", budget.cuts, kBudget);
  v("breaks", budget.breaks, kBudget);
  v("disk_errors", budget.disk_errors, kBudget);
  v("snapshots", budget.snapshots, kBudget);
}

template <class V, Is<ExploreGrain> S>
void Fields(V& v, S& grain) {
  v("disk", grain.disk, kFineOrEager);
  v("recovery", grain.recovery, kFineOrEager);
  v("election", grain.election, kFineOrCanonical);
}

template <class V, Is<ExploreBounds> S>
void Fields(V& v, S& bounds) {
  v("epoch", bounds.epoch, Integer{1, zab::kLastEpoch.value});
  v("round", bounds.round, Integer{1});
  v("states", bounds.states, Integer{1});
}

template <class V, Is<Scope> S>
void Fields(V& v, S& explore) {
  v("from", explore.from,
    Words<ExploreFrom>{{{ExploreFrom::kStart, "start"}, {ExploreFrom::kSettled, "settled"}}});
  v("budget", explore.budget, Object{});
  v("grain", explore.grain, Object{});
  v("bounds", explore.bounds, Object{});
  v("invariants", explore.invariants, ListOf<InvariantName>{});
  if constexpr (V::kReads) {
    if (v.GivesUp()) return;
    const Scenario& s = v.in.scenario;
    if (s.ServerCount() > kMostServers) {
      v.Fail("",
             absl::StrCat("wanted at most ", kMostServers, " servers, found ", s.ServerCount()));
    }
    for (const std::string& name : explore.invariants) {
      if (JudgesStates(s, name)) continue;
      v.Fail("invariants", absl::StrCat("wanted invariants that a state can violate, found ", name,
                                        ", which judges times or how files grow"));
    }
  }
}

void ReadValue(ReadContext& in, const Place& at, Scope& out) {
  Object().Read(in, at, out);
}
Value WriteValue(const Scenario& s, const Scope& value) {
  return Object().Write(s, value);
}

}  // namespace scenario
