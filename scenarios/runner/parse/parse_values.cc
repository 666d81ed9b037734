// Reads and writes values of basic types, and implements the codecs of codecs.h.
#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "scenarios/runner/invariants/invariant.h"
#include "scenarios/runner/language/units.h"
#include "scenarios/runner/parse/codecs.h"
#include "scenarios/runner/parse/parse_filter.h"

namespace scenario {
namespace {

// Parses a string with `parse`; if that fails, reports what was wanted and returns false.
template <class T, class Parse>
bool ReadText(ReadContext& in, const Place& at, T& out, const Parse& parse) {
  const auto parsed = parse(at.value.Is(Value::Type::kString) ? at.value.text : "");
  if (parsed.ok()) {
    out = *parsed;
  } else {
    Wrong(in, at, parsed.status().message());
  }
  return parsed.ok();
}

// Words with a special meaning in places where servers, clients or events are named.
bool IsReserved(absl::string_view name) {
  constexpr std::array<absl::string_view, 10> kReserved = {
      "all",    "any",      "core",      "default", "followers",
      "leader", "minority", "observers", "quiet",   "rest"};
  return std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end();
}

bool CheckNewName(ReadContext& in, const Place& at, absl::string_view name,
                  bool (*valid)(absl::string_view), absl::string_view wanted) {
  if (!valid(name)) {
    in.problems.Add(at, absl::StrCat("wanted ", wanted, ", found \"", name, "\""));
  } else if (IsReserved(name)) {
    in.problems.Add(at, absl::StrCat("\"", name, "\" has a special meaning; choose another name"));
  } else {
    return true;
  }
  return false;
}

}  // namespace

// ---- Basic types --------------------------------------------------------------------------------

void ReadValue(ReadContext& in, const Place& at, bool& out) {
  if (HasType(in, at, Value::Type::kBoolean, "wanted true or false")) out = at.value.boolean;
}
Value WriteValue(const Scenario&, bool value) {
  return Value::Boolean(value);
}

void ReadValue(ReadContext& in, const Place& at, std::string& out) {
  if (HasType(in, at, Value::Type::kString, "wanted a string")) out = at.value.text;
}
Value WriteValue(const Scenario&, const std::string& value) {
  return Value::String(value);
}

template <class V, Is<Text> S>
void Fields(V& v, S& text) {
  v.Required("en", text.en);
  // Omitted, not empty, if it falls back to the other language.
  if (V::kReads || !text.zh.empty()) v("zh", text.zh);
}
void ReadValue(ReadContext& in, const Place& at, Text& out) {
  if (at.value.Is(Value::Type::kString)) {
    out.en = at.value.text;
  } else if (at.value.Is(Value::Type::kObject)) {
    Object().Read(in, at, out);
  } else {
    Wrong(in, at, "wanted text: a string, or {\"en\": \"...\", \"zh\": \"...\"}");
  }
}
Value WriteValue(const Scenario& s, const Text& value) {
  return Object().Write(s, value);
}

void ReadValue(ReadContext& in, const Place& at, zab::Duration& out) {
  ReadText(in, at, out, ParseDuration);
}
Value WriteValue(const Scenario&, zab::Duration value) {
  return Value::String(FormatDuration(value));
}

void ReadValue(ReadContext& in, const Place& at, zab::Time& out) {
  zab::Duration since_start = out - zab::Time{};
  ReadValue(in, at, since_start);
  out = zab::Time{} + since_start;
}
Value WriteValue(const Scenario& s, zab::Time value) {
  return WriteValue(s, value - zab::Time{});
}

void ReadValue(ReadContext& in, const Place& at, zab::Zxid& out) {
  ReadText(in, at, out, ParseZxid);
}
Value WriteValue(const Scenario&, zab::Zxid value) {
  return Value::String(zab::ToString(value));
}

void ReadValue(ReadContext& in, const Place& at, zab::Epoch& out) {
  Integer{0, (int64_t{1} << 31) - 1}.Read(in, at, out.value);
}
Value WriteValue(const Scenario&, zab::Epoch value) {
  return Value::Integer(value.value);
}

void ReadValue(ReadContext& in, const Place& at, ZxidRange& out) {
  ReadText(in, at, out, ParseZxidRange);
}
Value WriteValue(const Scenario&, const ZxidRange& value) {
  return Value::String(FormatZxidRange(value));
}

// ---- Names --------------------------------------------------------------------------------------

void ReadValue(ReadContext& in, const Place& at, zab::ServerId& out) {
  if (!HasType(in, at, Value::Type::kString, "wanted the name of a server")) return;
  ServerKey().Find(in, at, at.value.text, out);
}
Value WriteValue(const Scenario& s, zab::ServerId value) {
  return Value::String(s.NameOf(value));
}

void ReadValue(ReadContext& in, const Place& at, EventIndex& out) {
  if (!HasType(in, at, Value::Type::kString, "wanted the id of an event")) return;
  out.value = Lookup(in, at, at.value.text, in.names.events, "the id of an event").value_or(0);
}
Value WriteValue(const Scenario& s, EventIndex value) {
  return Value::String(s.events[value.value].id);
}

void ReadValue(ReadContext& in, const Place& at, OperationIndex& out) {
  constexpr absl::string_view kWanted = "the operation of a script, \"block/op\"";
  if (!HasType(in, at, Value::Type::kString, absl::StrCat("wanted ", kWanted))) return;
  out.value = Lookup(in, at, at.value.text, in.names.operations, kWanted).value_or(0);
}
Value WriteValue(const Scenario& s, OperationIndex value) {
  return Value::String(s.NameOf(value));
}

bool ServerKey::Find(ReadContext& in, const Place& at, absl::string_view name,
                     zab::ServerId& out) const {
  const std::optional<size_t> found =
      Lookup(in, at, name, in.names.servers, "the name of a server");
  if (found.has_value()) out.value = static_cast<uint16_t>(*found + 1);
  return found.has_value();
}

bool NewNameKey::ReadKey(ReadContext& in, const Place& at, std::string& out) const {
  out = at.value.key;
  return CheckNewName(in, at, out, valid, wanted);
}

void NewName::Read(ReadContext& in, const Place& at, std::string& out) const {
  if (!HasType(in, at, Value::Type::kString, absl::StrCat("wanted ", wanted))) return;
  if (CheckNewName(in, at, at.value.text, valid, wanted)) out = at.value.text;
}

NewName Identifier() {
  return {IsIdentifier, "an id of a-z, 0-9, _ and -, beginning with a letter"};
}

void InvariantName::Read(ReadContext& in, const Place& at, std::string& out) const {
  if (!HasType(in, at, Value::Type::kString, "wanted the name of an invariant")) return;
  NameList names;
  for (const InvariantEntry& entry : AllInvariants()) names.Add(entry.name);
  if (Lookup(in, at, at.value.text, names, "an invariant")) out = at.value.text;
}

void KnownName::Read(ReadContext& in, const Place& at, std::string& out) const {
  if (!HasType(in, at, Value::Type::kString, absl::StrCat("wanted ", what))) return;
  if (Lookup(in, at, at.value.text, in.names.*names, what).has_value()) out = at.value.text;
}

std::optional<NodeId> FindNode(const Names& names, absl::string_view name) {
  if (const std::optional<size_t> server = names.servers.Find(name)) {
    return NodeId{static_cast<uint16_t>(*server + 1)};
  }
  if (const std::optional<size_t> client = names.clients.Find(name)) {
    return NodeId{static_cast<uint16_t>(names.servers.size() + *client + 1)};
  }
  return std::nullopt;
}

void AnyNode::Read(ReadContext& in, const Place& at, NodeId& out) const {
  if (!HasType(in, at, Value::Type::kString, "wanted the name of a server or client")) return;
  const std::optional<NodeId> found = FindNode(in.names, at.value.text);
  if (found.has_value()) {
    out = *found;
    return;
  }
  std::vector<std::string> all = in.names.servers.all();
  all.insert(all.end(), in.names.clients.all().begin(), in.names.clients.all().end());
  Wrong(in, at, "wanted the name of a server or client", DidYouMean(at.value.text, all));
}

// ---- Numbers and words --------------------------------------------------------------------------

bool Integer::Check(ReadContext& in, const Place& at) const {
  if (at.value.Is(Value::Type::kInteger) && at.value.integer >= min && at.value.integer <= max) {
    return true;
  }
  const bool open = max == kLargestInteger;
  Wrong(in, at,
        open ? absl::StrCat("wanted an integer of at least ", min)
             : absl::StrCat("wanted an integer from ", min, " to ", max));
  return false;
}

std::string WantedOneOf(const std::vector<std::string>& words) {
  std::string text = "wanted ";
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    absl::StrAppend(&text, "\"", words[i], "\"");
  }
  return text;
}

Words<Kind> KindWords(const KindList& kinds) {
  Words<Kind> words;
  for (const Kind kind : kinds) words.words.emplace_back(kind, Name(kind));
  return words;
}

void DurationCodec::Read(ReadContext& in, const Place& at, zab::Duration& out) const {
  zab::Duration duration;
  if (!ReadText(in, at, duration, ParseDuration)) return;
  if (duration < min) {
    const std::string least =
        min == zab::Nanoseconds(1) ? "above 0" : absl::StrCat("of at least ", FormatDuration(min));
    return Wrong(in, at, absl::StrCat("wanted a duration ", least));
  }
  out = duration;
}

void SignedDurationCodec::Read(ReadContext& in, const Place& at, zab::Duration& out) const {
  ReadText(in, at, out, ParseSignedDuration);
}

void TimeOrQuiet::Read(ReadContext& in, const Place& at, std::optional<zab::Time>& out) const {
  if (at.value.Is(Value::Type::kString) && at.value.text == "quiet") {
    out.reset();
  } else {
    ReadValue(in, at, out.emplace());
  }
}

void RatioCodec::Read(ReadContext& in, const Place& at, zab::Ratio& out) const {
  zab::Ratio ratio;
  if (!ReadText(in, at, ratio, ParseRatio)) return;
  if (at_most_one && ratio.numerator > ratio.denominator) {
    return Wrong(in, at, "wanted a ratio of at most 100%");
  }
  out = ratio;
}
Value RatioCodec::Write(const Scenario&, zab::Ratio value) const {
  return Value::String(FormatRatio(value));
}

void Size::Read(ReadContext& in, const Place& at, int64_t& out) const {
  int64_t bytes = 0;
  if (!ReadText(in, at, bytes, ParseSize)) return;
  if (bytes < min || bytes > max) {
    return Wrong(in, at,
                 absl::StrCat("wanted a size from ", FormatSize(min), " to ", FormatSize(max)));
  }
  out = bytes;
}
void Size::Read(ReadContext& in, const Place& at, uint64_t& out) const {
  int64_t bytes = static_cast<int64_t>(out);
  Read(in, at, bytes);
  out = static_cast<uint64_t>(bytes);
}
Value Size::Write(const Scenario&, int64_t bytes) const {
  return Value::String(FormatSize(bytes));
}

void Bandwidth::Read(ReadContext& in, const Place& at, int64_t& out) const {
  ReadText(in, at, out, ParseBandwidth);
}
Value Bandwidth::Write(const Scenario&, int64_t bytes_per_second) const {
  return Value::String(FormatBandwidth(bytes_per_second));
}

// ---- Probes and filters that are objects of their own -------------------------------------------

void ProbeName::Read(ReadContext& in, const Place& at, Probe& out) const {
  if (!HasType(in, at, Value::Type::kString, "wanted the name of a probe")) return;
  std::vector<std::string> all;
  for (const ProbeRow& entry : kProbeTable) {
    if (!entry.MayTrigger()) continue;
    all.emplace_back(Name(entry.probe));
    if (all.back() != at.value.text) continue;
    out = entry.probe;
    return;
  }
  for (int i = 0; i < kProbeCount; ++i) {
    if (Name(static_cast<Probe>(i)) == at.value.text) {
      return Wrong(in, at, "wanted a probe that scenarios may name", ", which is in traces only");
    }
  }
  Wrong(in, at, "wanted the name of a probe", DidYouMean(at.value.text, all));
}

template <class V, Is<ProbeFilter> S>
void Fields(V& v, S& filter) {
  FilterKeys(v, filter);
}

void ReadValue(ReadContext& in, const Place& at, ProbeFilter& out) {
  Object().Read(in, at, out);
}
Value WriteValue(const Scenario& s, const ProbeFilter& value) {
  return Object().Write(s, value);
}

}  // namespace scenario
