// The core of the parser.  Each object of the language has one list of its keys,
//
//     template <class V, Is<Quiet> S>
//     void Fields(V& v, S& quiet) {
//       v.Required("at", quiet.at);
//       v("heal", quiet.heal, HealCodec{});
//     }
//
// and two visitors walk it: ObjectIn fills the struct from the tree and reports problems, and
// ObjectOut builds the tree of the canonical form.  A key's default is the member's initialiser.  A
// codec says how one value is read and written; DefaultCodec picks the way by the type.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "scenarios/runner/json/diagnostics.h"
#include "scenarios/runner/json/value.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/parse/names.h"

namespace scenario {

template <class S, class T>
concept Is = std::same_as<std::remove_const_t<S>, T>;

/// State shared by everything that reads one file.
struct ReadContext {
  const Names& names;
  Diagnostics& problems;
  Scenario& scenario;         // Keys listed earlier in Fields(Scenario) have been read.
  size_t visible_events = 0;  // Only variables bound by the first so many events may be used.
  bool self = false;          // Whether `@self` has a meaning here.
};

/// Reports "wanted ..., found ..." at a value; `wanted` includes the word "wanted".
void Wrong(ReadContext& in, const Place& at, absl::string_view wanted, absl::string_view hint = "");
/// Whether the value has that type; reports a problem if not.
bool HasType(ReadContext& in, const Place& at, Value::Type type, absl::string_view wanted);
/// Looks up a name; if it is unknown, reports it with a suggestion and returns nullopt.
std::optional<size_t> Lookup(ReadContext& in, const Place& at, absl::string_view name,
                             const NameList& names, absl::string_view what);

// ---- Values of basic types (values.cc) ----------------------------------------------------------

void ReadValue(ReadContext& in, const Place& at, bool& out);
void ReadValue(ReadContext& in, const Place& at, std::string& out);
void ReadValue(ReadContext& in, const Place& at, Text& out);
void ReadValue(ReadContext& in, const Place& at, zab::Duration& out);
void ReadValue(ReadContext& in, const Place& at, zab::Time& out);
void ReadValue(ReadContext& in, const Place& at, zab::Zxid& out);
void ReadValue(ReadContext& in, const Place& at, zab::Epoch& out);
void ReadValue(ReadContext& in, const Place& at, zab::ServerId& out);  // A server's name.
void ReadValue(ReadContext& in, const Place& at, EventIndex& out);
void ReadValue(ReadContext& in, const Place& at, OperationIndex& out);  // "block/op".
void ReadValue(ReadContext& in, const Place& at, ZxidRange& out);
void ReadValue(ReadContext& in, const Place& at, Selector& out);
void ReadValue(ReadContext& in, const Place& at, ProbeFilter& out);

Value WriteValue(const Scenario& s, bool value);
Value WriteValue(const Scenario& s, const std::string& value);
Value WriteValue(const Scenario& s, const Text& value);
Value WriteValue(const Scenario& s, zab::Duration value);
Value WriteValue(const Scenario& s, zab::Time value);
Value WriteValue(const Scenario& s, zab::Zxid value);
Value WriteValue(const Scenario& s, zab::Epoch value);
Value WriteValue(const Scenario& s, zab::ServerId value);
Value WriteValue(const Scenario& s, EventIndex value);
Value WriteValue(const Scenario& s, OperationIndex value);
Value WriteValue(const Scenario& s, const ZxidRange& value);
Value WriteValue(const Scenario& s, const Selector& value);
Value WriteValue(const Scenario& s, const ProbeFilter& value);

// ---- The two visitors ---------------------------------------------------------------------------

struct DefaultCodec {
  template <class T>
  void Read(ReadContext& in, const Place& at, T& out) const {
    ReadValue(in, at, out);
  }
  template <class T>
  Value Write(const Scenario& s, const T& value) const {
    return WriteValue(s, value);
  }
};

template <class T>
constexpr bool kIsOptional = false;
template <class T>
constexpr bool kIsOptional<std::optional<T>> = true;

/// A codec of an optional that has a written form for nullopt.
template <class Codec>
concept KnowsNone = requires { Codec::kKnowsNone; };

/// Reads the members of one object.
class ObjectIn {
 public:
  static constexpr bool kReads = true;

  ObjectIn(ReadContext& context, const Place& at)
      : in(context), at_(at), problems_before_(context.problems.count()) {}

  /// Reads the key into `out`, which keeps its value if the key is missing.
  template <class T, class Codec = DefaultCodec>
  void operator()(absl::string_view key, T& out, const Codec& codec = {}) {
    const Value* value = Take(key);
    if (value == nullptr) return;
    const Place place{*value, &at_};
    if constexpr (kIsOptional<T> && !KnowsNone<Codec>) {
      codec.Read(in, place, out.emplace());
    } else {
      codec.Read(in, place, out);
    }
  }
  template <class T, class Codec = DefaultCodec>
  void Required(absl::string_view key, T& out, const Codec& codec = {}) {
    (*this)(key, out, codec);
    if (!Has(key)) Fail("", absl::StrCat("wanted a key \"", key, "\", found none"));
  }
  /// Exactly one of the keys must be present; its value becomes the alternative with the same
  /// index.
  template <class... Ts, class Codec>
  void OneOf(const std::vector<std::string>& keys, std::variant<Ts...>& out, const Codec& codec) {
    OneOf(keys, out, codec, std::index_sequence_for<Ts...>());
  }

  bool Has(absl::string_view key) const { return at_.value.Find(key) != nullptr; }
  /// Reports a problem at the key, or at the object if the key is missing.
  void Fail(absl::string_view key, absl::string_view message);
  /// Whether there were problems so far.  If so, the key that determines which other keys are
  /// allowed may be wrong, and Done reports no unknown keys.
  bool GivesUp() {
    given_up_ = in.problems.count() > problems_before_;
    return given_up_;
  }
  /// Reports all keys that were not read.
  void Done();

  ReadContext& in;

 private:
  const Value* Take(absl::string_view key);
  bool HasOneOf(const std::vector<std::string>& keys);

  template <class Variant, class Codec, size_t... kIndex>
  void OneOf(const std::vector<std::string>& keys, Variant& out, const Codec& codec,
             std::index_sequence<kIndex...>) {
    if (!HasOneOf(keys)) return;
    (ReadAlternative<kIndex>(keys[kIndex], out, codec), ...);
  }
  template <size_t kIndex, class Variant, class Codec>
  void ReadAlternative(const std::string& key, Variant& out, const Codec& codec) {
    if (Has(key)) (*this)(key, out.template emplace<kIndex>(), codec);
  }

  const Place& at_;
  const size_t problems_before_;
  bool given_up_ = false;
  absl::btree_set<std::string> known_;
  std::string missing_;  // The keys of a OneOf if none of them is present.
};

/// Writes the members of one object.
class ObjectOut {
 public:
  static constexpr bool kReads = false;

  explicit ObjectOut(const Scenario& context) : scenario(context) {}

  template <class T, class Codec = DefaultCodec>
  void operator()(absl::string_view key, const T& value, const Codec& codec = {}) {
    if constexpr (kIsOptional<T> && !KnowsNone<Codec>) {
      if (value.has_value()) object.Add(key, codec.Write(scenario, *value));
    } else {
      object.Add(key, codec.Write(scenario, value));
    }
  }
  template <class T, class Codec = DefaultCodec>
  void Required(absl::string_view key, const T& value, const Codec& codec = {}) {
    (*this)(key, value, codec);
  }
  template <class... Ts, class Codec>
  void OneOf(const std::vector<std::string>& keys, const std::variant<Ts...>& value,
             const Codec& codec) {
    std::visit([&](const auto& chosen) { (*this)(keys[value.index()], chosen, codec); }, value);
  }
  void Fail(absl::string_view, absl::string_view) {}
  bool GivesUp() const { return false; }

  const Scenario& scenario;
  Value object = Value::Object();
};

}  // namespace scenario
