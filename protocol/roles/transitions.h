// Transitions between the phases of a role.  Each role has one table of legal transitions; its
// function Enter, the only place that changes the phase, refuses all others.
#pragma once

#include <algorithm>
#include <ranges>

#include "absl/strings/string_view.h"

namespace zab {

template <class Phase>
struct Transition {
  Phase from;
  Phase to;
};

/// Whether `table` allows it.
template <class Table, class Phase>
constexpr bool IsLegal(const Table& table, Phase from, Phase to) {
  return std::ranges::any_of(table,
                             [&](const auto& step) { return step.from == from && step.to == to; });
}

}  // namespace zab
