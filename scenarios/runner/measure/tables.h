// The tables of `zabsim run --metrics`: one observation per row, as CSV (RFC 4180).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "protocol/base/time.h"
#include "protocol/wire/ids.h"

namespace scenario {

enum class Table : uint8_t {
  kRuns,
  kWrites,
  kReads,
  kElections,
  kRecoveries,
  kOutages,
  kTraffic,
  kQueues,
  kFaults
};
constexpr size_t kTableCount = static_cast<size_t>(Table::kFaults) + 1;

/// "writes": its file is writes.csv.
absl::string_view Name(Table table);
/// Without those that each table begins with.
std::vector<std::string> ColumnsOf(Table table);

/// The values of a row, in the order of the columns.
using Cells = std::vector<std::string>;
/// Gets each row when it is complete.
using RowSink = std::function<void(Table, const Cells&)>;

/// One line with its line break; values with a comma, quote or line break are quoted.
std::string CsvLine(const Cells& cells);

/// Nanoseconds; empty: there is none.
std::string CellOf(std::optional<zab::Time> time);
/// "1:17"; empty: none.
std::string CellOf(zab::Zxid zxid);

}  // namespace scenario
