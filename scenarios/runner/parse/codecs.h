// How single values of the language are read and written: the codecs that field lists use.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "scenarios/runner/language/probe_table.h"
#include "scenarios/runner/parse/object_reader.h"

namespace scenario {

/// An object with a field list.
struct Object {
  template <class T>
  void Read(ReadContext& in, const Place& at, T& out) const {
    if (!HasType(in, at, Value::Type::kObject, "wanted an object")) return;
    ObjectIn visitor(in, at);
    Fields(visitor, out);
    visitor.Done();
  }
  template <class T>
  Value Write(const Scenario& s, const T& value) const {
    ObjectOut visitor(s);
    Fields(visitor, value);
    return std::move(visitor.object);
  }
};

/// A list.
template <class Codec = DefaultCodec>
struct ListOf {
  Codec codec{};
  bool may_be_empty = true;

  template <class T>
  void Read(ReadContext& in, const Place& at, std::vector<T>& out) const {
    if (!HasType(in, at, Value::Type::kArray, "wanted a list")) return;
    if (!may_be_empty && at.value.children.empty()) {
      in.problems.Add(at, "wanted at least one item, found none");
    }
    out.clear();
    for (const Value& item : at.value.children) {
      codec.Read(in, Place{item, &at}, out.emplace_back());
    }
  }
  template <class T>
  Value Write(const Scenario& s, const std::vector<T>& list) const {
    Value out = Value::Array();
    for (const T& item : list) out.children.push_back(codec.Write(s, item));
    return out;
  }
};

/// An object whose keys are names; `key_codec` converts between a name and its text.
template <class KeyCodec, class Codec>
struct MapOf {
  KeyCodec key_codec{};
  Codec codec{};

  template <class K, class T>
  void Read(ReadContext& in, const Place& at, absl::btree_map<K, T>& out) const {
    if (!HasType(in, at, Value::Type::kObject, "wanted an object")) return;
    out.clear();
    for (const Value& member : at.value.children) {
      K key{};
      if (!key_codec.ReadKey(in, Place{member, &at}, key)) continue;
      const auto [entry, is_new] = out.try_emplace(key);
      if (!is_new) in.problems.Add(Place{member, &at}, "the same is there twice");
      codec.Read(in, Place{member, &at}, entry->second);
    }
  }
  template <class K, class T>
  Value Write(const Scenario& s, const absl::btree_map<K, T>& map) const {
    Value out = Value::Object();
    for (const auto& [key, value] : map) {
      out.Add(key_codec.WriteKey(s, key), codec.Write(s, value));
    }
    return out;
  }
};
/// A server's name as a key.
struct ServerKey {
  bool ReadKey(ReadContext& in, const Place& at, zab::ServerId& out) const {
    return Find(in, at, at.value.key, out);
  }
  bool Find(ReadContext& in, const Place& at, absl::string_view name, zab::ServerId& out) const;
  std::string WriteKey(const Scenario& s, zab::ServerId server) const { return s.NameOf(server); }
};
/// A name that the map itself declares.
struct NewNameKey {
  bool (*valid)(absl::string_view) = nullptr;
  absl::string_view wanted;
  bool ReadKey(ReadContext& in, const Place& at, std::string& out) const;
  std::string WriteKey(const Scenario&, const std::string& name) const { return name; }
};

/// An integer from min to max.
struct Integer {
  int64_t min = 0;
  int64_t max = kLargestInteger;

  template <std::integral T>
  void Read(ReadContext& in, const Place& at, T& out) const {
    if (Check(in, at)) out = static_cast<T>(at.value.integer);
  }
  template <std::integral T>
  Value Write(const Scenario&, T value) const {
    return Value::Integer(static_cast<int64_t>(value));
  }

 private:
  bool Check(ReadContext& in, const Place& at) const;
};

/// `wanted "a", "b" or "c"`.
std::string WantedOneOf(const std::vector<std::string>& words);

/// An enumeration, written as one of the given words.
template <class E>
struct Words {
  std::vector<std::pair<E, std::string>> words;

  void Read(ReadContext& in, const Place& at, E& out) const {
    std::vector<std::string> all;
    for (const auto& [value, word] : words) {
      if (at.value.Is(Value::Type::kString) && at.value.text == word) {
        out = value;
        return;
      }
      all.push_back(word);
    }
    Wrong(in, at, WantedOneOf(all), HintFor(at.value.text, all));
  }
  Value Write(const Scenario&, const E& wanted) const {
    for (const auto& [value, word] : words) {
      if (value == wanted) return Value::String(word);
    }
    return Value();
  }
};

/// The given kinds of trace records, by name.
Words<Kind> KindWords(const KindList& kinds);

/// A duration from `min` (default 0) to kLongestDuration.
struct DurationCodec {
  zab::Duration min;
  void Read(ReadContext& in, const Place& at, zab::Duration& out) const;
  Value Write(const Scenario& s, zab::Duration value) const { return WriteValue(s, value); }
};

/// A duration that may be negative.
struct SignedDurationCodec {
  void Read(ReadContext& in, const Place& at, zab::Duration& out) const;
  Value Write(const Scenario& s, zab::Duration value) const { return WriteValue(s, value); }
};

/// A time, or "quiet", which is read as nullopt.
struct TimeOrQuiet {
  static constexpr bool kKnowsNone = true;
  void Read(ReadContext& in, const Place& at, std::optional<zab::Time>& out) const;
  Value Write(const Scenario& s, const std::optional<zab::Time>& value) const {
    return value.has_value() ? WriteValue(s, *value) : Value::String("quiet");
  }
};

/// A ratio of 0 or more; a probability is at most 1.
struct RatioCodec {
  bool at_most_one = true;
  void Read(ReadContext& in, const Place& at, zab::Ratio& out) const;
  Value Write(const Scenario&, zab::Ratio value) const;
};

/// A size from min to max bytes.
struct Size {
  int64_t min = 0;
  int64_t max = kLargestInteger;
  void Read(ReadContext& in, const Place& at, int64_t& out) const;
  void Read(ReadContext& in, const Place& at, uint64_t& out) const;
  Value Write(const Scenario&, int64_t bytes) const;
  Value Write(const Scenario& s, uint64_t bytes) const {
    return Write(s, static_cast<int64_t>(bytes));
  }
};

/// Bytes per second.
struct Bandwidth {
  void Read(ReadContext& in, const Place& at, int64_t& out) const;
  Value Write(const Scenario&, int64_t bytes_per_second) const;
};

/// A name that is declared here; the reader of the surrounding list checks that it is unique.
struct NewName {
  bool (*valid)(absl::string_view) = nullptr;
  absl::string_view wanted;
  void Read(ReadContext& in, const Place& at, std::string& out) const;
  Value Write(const Scenario& s, const std::string& name) const { return WriteValue(s, name); }
};
/// The id of an event, block, operation or tag.
NewName Identifier();

/// The name of one of `names`, kept as text.
struct KnownName {
  const NameList Names::* names = nullptr;
  absl::string_view what;
  void Read(ReadContext& in, const Place& at, std::string& out) const;
  Value Write(const Scenario& s, const std::string& name) const { return WriteValue(s, name); }
};

/// The name of an invariant, kept as text.
struct InvariantName {
  void Read(ReadContext& in, const Place& at, std::string& out) const;
  Value Write(const Scenario& s, const std::string& name) const { return WriteValue(s, name); }
};

/// A server or a client.
struct AnyNode {
  void Read(ReadContext& in, const Place& at, NodeId& out) const;
  Value Write(const Scenario& s, NodeId node) const { return WriteValue(s, s.NameOf(node)); }
};
std::optional<NodeId> FindNode(const Names& names, absl::string_view name);

/// A selector that may name clients too.
struct NodeSelector {
  void Read(ReadContext& in, const Place& at, Selector& out) const;
  Value Write(const Scenario& s, const Selector& value) const { return WriteValue(s, value); }
};

/// `$name` as a value: the variable, if an earlier event binds it to one of these columns;
/// otherwise reports the problem and returns nullopt.
std::optional<VariableIndex> ReadVariable(ReadContext& in, const Place& at,
                                          absl::string_view dollar_name,
                                          const std::vector<Column>& columns);

}  // namespace scenario
