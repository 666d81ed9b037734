// Text in two languages, and how the parts of a scenario refer to each other.
#pragma once

#include <compare>
#include <cstddef>
#include <string>

namespace scenario {

/// Text in two languages.
struct Text {
  std::string en;
  std::string zh;  // Empty: falls back to `en`.
  bool empty() const { return en.empty() && zh.empty(); }
  friend bool operator==(const Text&, const Text&) = default;
};

/// Positions in Scenario::clients, ::events, ::operations and ::variables.
struct ClientIndex {
  size_t value = 0;
  friend constexpr auto operator<=>(const ClientIndex&, const ClientIndex&) = default;
};
struct EventIndex {
  size_t value = 0;
  friend constexpr auto operator<=>(const EventIndex&, const EventIndex&) = default;
};
struct OperationIndex {
  size_t value = 0;
  friend constexpr auto operator<=>(const OperationIndex&, const OperationIndex&) = default;
};
struct VariableIndex {
  size_t value = 0;
  friend constexpr auto operator<=>(const VariableIndex&, const VariableIndex&) = default;
};

}  // namespace scenario
