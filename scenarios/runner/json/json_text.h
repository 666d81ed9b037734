// From a path to bytes, and from bytes to a tree: all that is refused before anybody asks what the
// file says.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "scenarios/runner/json/diagnostics.h"
#include "scenarios/runner/json/value.h"

namespace scenario {

constexpr size_t kMaxFileBytes = size_t{4} << 20;

/// The bytes of a regular file of 1 byte to 4 MiB; else kInvalidArgument, and the message names the
/// file.
absl::StatusOr<std::string> ReadSource(const std::string& path);

/// Reads JSON.  Refuses syntax errors, invalid UTF-8, duplicate keys, numbers that are no integers
/// or beyond 2^53, and more than 64 levels, each with its line.  Nothing if a problem was added.
std::optional<Value> ParseJson(absl::string_view text, Diagnostics& problems);

}  // namespace scenario
