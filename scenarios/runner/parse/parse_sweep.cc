// The key `sweep`.  Whether a value fits its place is checked when the cells are made
// (sweep_cells.h).
#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "scenarios/runner/measure/metrics.h"
#include "scenarios/runner/parse/codecs.h"
#include "scenarios/runner/parse/sections.h"

namespace scenario {
namespace {

bool IsPointer(absl::string_view name) {
  return absl::StartsWith(name, "/");
}

bool Below(absl::string_view pointer, absl::string_view place) {
  return pointer == place || absl::StartsWith(pointer, absl::StrCat(place, "/"));
}

// Reports what no cell may change: what a sweep is, and which runs it makes.
bool MayBeSet(ReadContext& in, const Place& at, absl::string_view pointer) {
  if (!IsPointer(pointer)) {
    Wrong(in, at, "wanted a JSON pointer such as \"/timing/tick_time\"");
    return false;
  }
  for (const absl::string_view fixed : {"/sweep", "/run", "/format", "/id"}) {
    if (!Below(pointer, fixed)) continue;
    in.problems.Add(at, absl::StrCat("\"", fixed, "\" cannot be varied by a sweep"));
    return false;
  }
  return true;
}

// How tables name a value without a label.
std::string LabelOf(const Value& value) {
  return value.Is(Value::Type::kString) ? value.text : CompactJson(value);
}

// {"/pointer": value, ...}.
struct SettingsCodec {
  void Read(ReadContext& in, const Place& at,
            std::vector<std::pair<std::string, Value>>& out) const {
    if (!HasType(in, at, Value::Type::kObject, "wanted {\"/pointer\": value, ...}")) return;
    if (at.value.children.empty()) in.problems.Add(at, "wanted at least one value, found none");
    for (const Value& member : at.value.children) {
      const Place place{member, &at};
      if (MayBeSet(in, place, member.key)) out.emplace_back(member.key, member);
    }
  }
  Value Write(const Scenario&, const std::vector<std::pair<std::string, Value>>& set) const {
    Value out = Value::Object();
    for (const auto& [pointer, value] : set) out.Add(pointer, value);
    return out;
  }
};

// Of a parameter with a name of its own: {"label": ..., "set": {...}}.
struct LabelledCodec {
  void Read(ReadContext& in, const Place& at, SweepValue& out) const {
    if (!HasType(in, at, Value::Type::kObject,
                 "wanted {\"label\": text, \"set\": {pointer: value}}, as the parameter's name is "
                 "no JSON pointer")) {
      return;
    }
    ObjectIn visitor(in, at);
    visitor.Required("label", out.label);
    visitor.Required("set", out.set, SettingsCodec{});
    visitor.Done();
  }
  Value Write(const Scenario& s, const SweepValue& value) const {
    ObjectOut visitor(s);
    visitor("label", value.label);
    visitor("set", value.set, SettingsCodec{});
    return std::move(visitor.object);
  }
};

// The values of one parameter.
struct ValuesCodec {
  void Read(ReadContext& in, const Place& at, std::vector<SweepValue>& out) const {
    const std::string& name = at.value.key;
    if (IsPointer(name)) {
      if (!MayBeSet(in, at, name)) return;
      if (!HasType(in, at, Value::Type::kArray, "wanted a list of values")) return;
      for (const Value& item : at.value.children) {
        out.push_back({.label = LabelOf(item), .set = {{name, item}}});
      }
    } else {
      ListOf<LabelledCodec>().Read(in, at, out);
    }
    if (out.empty()) in.problems.Add(at, "wanted at least one item, found none");
    for (size_t i = 0; i < out.size(); ++i) {
      const auto same = [&](const SweepValue& other) { return other.label == out[i].label; };
      const auto end = out.begin() + static_cast<std::ptrdiff_t>(i);
      if (out[i].label.empty() || std::find_if(out.begin(), end, same) == end) continue;
      in.problems.Add(at, absl::StrCat("the value \"", out[i].label, "\" is there twice"));
    }
  }
};

struct ParameterKey {
  bool ReadKey(ReadContext& in, const Place& at, std::string& out) const {
    out = at.value.key;
    if (!out.empty()) return true;
    in.problems.Add(at, "wanted a JSON pointer or a name, found none");
    return false;
  }
};

using Matrix = absl::btree_map<std::string, std::vector<SweepValue>>;

// {parameter: values}.
struct MatrixCodec {
  void Read(ReadContext& in, const Place& at, Matrix& out) const {
    MapOf<ParameterKey, ValuesCodec>().Read(in, at, out);
  }
  Value Write(const Scenario& s, const Matrix& matrix) const {
    Value out = Value::Object();
    for (const auto& [name, values] : matrix) {
      Value list = Value::Array();
      for (const SweepValue& value : values) {
        list.children.push_back(IsPointer(name) ? value.set[0].second
                                                : LabelledCodec().Write(s, value));
      }
      out.Add(name, std::move(list));
    }
    return out;
  }
};

// {parameter: value}: which cells are left out.
struct ExcludeCodec {
  const Sweep& sweep;

  void Read(ReadContext& in, const Place& at, SweepLabels& out) const {
    if (!HasType(in, at, Value::Type::kObject, "wanted {parameter: value}")) return;
    NameList names;
    for (const auto& [name, values] : sweep.matrix) names.Add(name);
    for (const Value& member : at.value.children) {
      const Place place{member, &at};
      if (!Lookup(in, place, member.key, names, "a parameter of the matrix")) continue;
      NameList labels;
      for (const SweepValue& value : sweep.matrix.at(member.key)) labels.Add(value.label);
      const std::string label = LabelOf(member);
      if (Lookup(in, place, label, labels, "a value of that parameter")) out[member.key] = label;
    }
    if (at.value.children.empty()) in.problems.Add(at, "wanted at least one value, found none");
  }
  Value Write(const Scenario&, const SweepLabels& excluded) const {
    Value out = Value::Object();
    for (const auto& [name, label] : excluded) out.Add(name, Value::String(label));
    return out;
  }
};

struct MetricName {
  void Read(ReadContext& in, const Place& at, std::string& out) const {
    if (!HasType(in, at, Value::Type::kString, "wanted the name of a metric")) return;
    NameList names;
    for (const MetricInfo& metric : AllMetrics()) names.Add(metric.name);
    out = at.value.text;
    Lookup(in, at, out, names, "a metric (scenarios/MEASURING.md lists them)");
  }
  Value Write(const Scenario& s, const std::string& name) const { return WriteValue(s, name); }
};

uint64_t CombinationsOf(const Sweep& sweep) {
  uint64_t count = 1;
  for (const auto& [name, values] : sweep.matrix) {
    count = std::min(count * std::max<uint64_t>(values.size(), 1), kMostCombinations + 1);
  }
  return count;
}

// What only all keys together can be wrong about.
template <class V>
void CheckTogether(V& v, const Sweep& sweep) {
  const Seeds& seeds = v.in.scenario.run.seeds;
  if (!seeds.list.empty() && seeds.list.size() < sweep.MostRepeats()) {
    v.Fail(sweep.precision ? "precision" : "repeat",
           absl::StrCat("wanted a seed in `run.seeds` for each of ", sweep.MostRepeats(),
                        " repeats, found ", seeds.list.size(),
                        "; a range {\"from\": 1} has as many as are needed"));
  }
  if (seeds.of_commit) {
    v.Fail("repeat",
           "wanted `run.seeds` with a number or a list, found those of the commit: a "
           "sweep is to be made again from other commits too");
  }
  if (sweep.cells && sweep.design != SweepDesign::kLatin) {
    v.Fail("cells", absl::StrCat("wanted `design` \"latin\" beside it, found \"",
                                 Name(sweep.design), "\", whose cells follow from the matrix"));
  }
  if (sweep.precision && sweep.precision->most < std::max<uint64_t>(sweep.repeat, 2)) {
    v.Fail("precision",
           absl::StrCat("wanted `most` of at least ", std::max<uint64_t>(sweep.repeat, 2),
                        " (`repeat`, and 2), found ", sweep.precision->most));
  }
  const uint64_t combinations = CombinationsOf(sweep);
  const uint64_t most = sweep.design == SweepDesign::kFull ? kMostCells : kMostCombinations;
  if (combinations > most) {
    v.Fail("matrix", absl::StrCat("wanted at most ", most,
                                  " combinations, found more; `design` "
                                  "\"pairwise\" or \"latin\" takes few of many"));
  }
}

}  // namespace

absl::string_view Name(SweepDesign design) {
  switch (design) {
    case SweepDesign::kFull: return "full";
    case SweepDesign::kPairwise: return "pairwise";
    case SweepDesign::kLatin: return "latin";
  }
  return "";
}

template <class V, Is<SweepPrecision> S>
void Fields(V& v, S& precision) {
  v.Required("metric", precision.metric, MetricName{});
  v.Required("within", precision.within, RatioCodec{});
  v.Required("most", precision.most, Integer{1, 100'000});
}

template <class V, Is<Sweep> S>
void Fields(V& v, S& sweep) {
  v.Required("matrix", sweep.matrix, MatrixCodec{});
  Words<SweepDesign> designs;
  for (const auto design : {SweepDesign::kFull, SweepDesign::kPairwise, SweepDesign::kLatin}) {
    designs.words.emplace_back(design, std::string(Name(design)));
  }
  v("design", sweep.design, designs);
  v("cells", sweep.cells, Integer{1, static_cast<int64_t>(kMostCells)});
  if constexpr (V::kReads) {
    if (v.GivesUp()) return;
  }
  v("exclude", sweep.exclude, ListOf<ExcludeCodec>{ExcludeCodec{sweep}});
  v("repeat", sweep.repeat, Integer{1, 100'000});
  v("precision", sweep.precision, Object{});
  if constexpr (V::kReads) {
    if (!v.GivesUp()) CheckTogether(v, sweep);
  }
}

void ReadValue(ReadContext& in, const Place& at, Sweep& out) {
  Object().Read(in, at, out);
}
Value WriteValue(const Scenario& s, const Sweep& value) {
  return Object().Write(s, value);
}

}  // namespace scenario
