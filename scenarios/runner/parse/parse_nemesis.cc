// The key `nemesis`: random faults.
#include "absl/strings/str_cat.h"
#include "scenarios/runner/parse/codecs.h"
#include "scenarios/runner/parse/sections.h"

namespace scenario {
namespace {

Words<NemesisKind> NemesisWords() {
  Words<NemesisKind> words;
  for (const NemesisRow& row : kNemeses) words.words.emplace_back(row.kind, row.word);
  return words;
}

Words<Shape> ShapeWords(const NemesisRow& row) {
  Words<Shape> words;
  for (const auto& [shape, word] : row.shapes) words.words.emplace_back(shape, word);
  return words;
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
  const NemesisRow& row = RowOf(nemesis.kind);
  if (row.targets) {
    if constexpr (V::kReads) nemesis.targets = DefaultTargets();
    v("targets", nemesis.targets, ListOf<>{{}, /*may_be_empty=*/false});
  }
  const Words<Shape> shapes = ShapeWords(row);
  if (!shapes.words.empty()) {
    if constexpr (V::kReads) {
      for (const auto& [shape, word] : shapes.words) nemesis.shapes.push_back(shape);
    }
    v("shapes", nemesis.shapes, ListOf<Words<Shape>>{shapes, /*may_be_empty=*/false});
  }
  if (row.factor) {
    v("factor", nemesis.factor, Integer{2, kLargestFactor});
  }
  Limit limit{nemesis.limit};  // NOLINT(misc-const-correctness): read into.
  if (row.limit) v("limit", limit, Object{});
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
