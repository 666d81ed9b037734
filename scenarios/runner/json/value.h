// A JSON document as a plain tree with line numbers.  nlohmann's tree is not used because it has no
// positions, keeps the last of two equal keys, reads large integers as floating point, and
// overflows the stack on deep trees.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace scenario {

/// One value.  Integers lie within +-2^53, so that other JSON readers see the same value.
struct Value {
  enum class Type : uint8_t { kNull, kBoolean, kInteger, kString, kArray, kObject };

  static Value Boolean(bool value);
  static Value Integer(int64_t value);
  static Value String(absl::string_view text);
  static Value Array();
  static Value Object();

  bool Is(Type wanted) const { return type == wanted; }
  /// The member of that name; null if there is none or this is not an object.
  const Value* Find(absl::string_view name) const;
  /// Appends a member; the name must be new.
  void Add(absl::string_view name, Value value);

  Type type = Type::kNull;
  bool boolean = false;
  int line = 0;  // The line where it begins, from 1; 0 for a value of an override.
  int64_t integer = 0;
  std::string key;   // Of a member of an object.
  std::string text;  // Of a string.
  std::vector<Value>
      children;  // Items of an array, or members of an object in the order of the file.
};

constexpr int64_t kLargestInteger = int64_t{1} << 53;
constexpr int kMaxDepth = 64;

/// JSON on one line with sorted keys: the form that is hashed.
std::string CompactJson(const Value& value);
/// Indented JSON: members in their order, two spaces per level, values that fit within 100 columns
/// on one line.  Ends with a line break.
std::string PrettyJson(const Value& value);
/// A short rendering for messages; "an object" and "an array" for those types.
std::string Describe(const Value& value);

/// Sets the value at the JSON pointer, creating missing members on the way.  An index must exist or
/// be that of the next item, which "-" also names.  kInvalidArgument: why this is not possible.
absl::Status SetAt(Value& root, absl::string_view pointer, Value value);

/// A value and the path to it, for messages.  Lives on the stack only: `parent` is not owned.
struct Place {
  const Value& value;
  const Place* parent = nullptr;

  /// "/events/0/do"; empty for the root.
  std::string Pointer() const;
  /// The line of the value or, if an override set it, of the nearest enclosing value with a line.
  int Line() const;
};

}  // namespace scenario
