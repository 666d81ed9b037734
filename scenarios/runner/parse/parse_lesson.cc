// The key `lesson`: where the run stops for the student, and the question asked there.
#include "absl/strings/str_cat.h"
#include "scenarios/runner/parse/parse_filter.h"
#include "scenarios/runner/parse/sections.h"

namespace scenario {

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

}  // namespace scenario
