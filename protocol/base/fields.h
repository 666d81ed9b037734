// One field list per struct, several uses.  A struct says once what its fields are,
//
//   template <class Visitor>
//   void Fields(Visitor&& field) const {
//     field("phase", phase_);
//     field("leader", leader_);
//   }
//
// and can then be printed, compared and hashed: two states are equal if their texts are, and the
// hash is that of the text.  Long strings and lists are cut short: their beginning is shown, then
// the size and hash of the rest.  For failed checks and tests; never used during a step.
#pragma once

#include <concepts>
#include <cstdint>
#include <ranges>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "absl/strings/string_view.h"
#include "protocol/base/hash.h"

namespace zab {

namespace internal {

struct AnyField {
  template <class T>
  void operator()(const char*, const T&) const {}
};

/// In quotes and escaped; if it is long, only its beginning, size and hash.
void AppendQuoted(absl::string_view text, std::string& out);
/// Stands for the items of a list that are not shown; `rest` is their text.
void AppendElided(size_t count, absl::string_view rest, std::string& out);

constexpr size_t kItemsShown = 8;

}  // namespace internal

template <class T>
concept HasFields = requires(const T& value) { value.Fields(internal::AnyField{}); };
template <class T>
concept HasName = requires(T value) { Name(value); };
template <class T>
concept HasToString = requires(const T& value) { ToString(value); };
template <class T>
concept IsVariant = requires(const T& value) { value.valueless_by_exception(); };
template <class T>
concept IsPair = requires(const T& value) {
  value.first;
  value.second;
};

template <class T>
void AppendText(const T& value, std::string& out);

namespace internal {

template <class T>
void AppendFields(const T& value, std::string& out) {
  const char* separator = "{";
  value.Fields([&](const char* name, const auto& field) {
    out += separator;
    out += name;
    out += '=';
    AppendText(field, out);
    separator = " ";
  });
  out += *separator == '{' ? "{}" : "}";
}

template <class List>
void AppendItems(const List& list, std::string& out) {
  size_t count = 0;
  std::string rest;
  out += '[';
  for (const auto& item : list) {
    std::string& to = count < kItemsShown ? out : rest;
    if (count > 0) to += ' ';
    AppendText(item, to);
    ++count;
  }
  if (count > kItemsShown) AppendElided(count - kItemsShown, rest, out);
  out += ']';
}

/// A value without a field list.
template <class T>
void AppendOther(const T& value, std::string& out) {
  if constexpr (requires { value.view(); }) {
    AppendQuoted(value.view(), out);  // Payload.
  } else if constexpr (requires { value.ToString(); }) {
    AppendQuoted(value.ToString(), out);  // absl::Status.
  } else if constexpr (IsVariant<T>) {
    out += '#' + std::to_string(value.index());
    std::visit([&](const auto& alternative) { AppendText(alternative, out); }, value);
  } else if constexpr (IsPair<T>) {
    AppendText(value.first, out);
    out += ':';
    AppendText(value.second, out);
  } else if constexpr (std::ranges::range<T>) {
    AppendItems(value, out);
  } else if (value) {  // Optional or shared.
    AppendText(*value, out);
  } else {
    out += '-';
  }
}

}  // namespace internal

/// Appends the text of a state of protocol/, or of any part of one.
template <class T>
void AppendText(const T& value, std::string& out) {
  if constexpr (HasFields<T>) {
    internal::AppendFields(value, out);
  } else if constexpr (std::same_as<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::integral<T>) {
    out += std::to_string(value);
  } else if constexpr (HasName<T>) {
    out += std::string(Name(value));
  } else if constexpr (std::is_enum_v<T>) {
    out += std::to_string(static_cast<int64_t>(value));
  } else if constexpr (HasToString<T>) {
    out += ToString(value);
  } else if constexpr (std::convertible_to<const T&, absl::string_view>) {
    internal::AppendQuoted(value, out);
  } else {
    internal::AppendOther(value, out);
  }
}

/// "{phase=discovery leader=3}".
template <HasFields T>
std::string TextOf(const T& value) {
  std::string out;
  AppendText(value, out);
  return out;
}

/// Whether all fields are equal, up to collisions of a 128-bit hash.
template <HasFields T>
bool SameFields(const T& a, const T& b) {
  return TextOf(a) == TextOf(b);
}

template <HasFields T>
Hash128 HashOfFields(const T& value) {
  return Hash128Of(TextOf(value));
}

}  // namespace zab
