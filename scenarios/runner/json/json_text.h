// Reads a file and parses it as JSON, rejecting everything that is wrong independently of its
// meaning.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "scenarios/runner/json/diagnostics.h"
#include "scenarios/runner/json/value.h"

namespace scenario {

constexpr size_t kMaxFileBytes = size_t{4} << 20;

/// The bytes of a regular file of 1 byte to 4 MiB; otherwise kInvalidArgument with a message that
/// names the file.
absl::StatusOr<std::string> ReadSource(const std::string& path);

/// Parses JSON.  Rejects syntax errors, invalid UTF-8, duplicate keys, numbers that are not
/// integers or are beyond 2^53, and more than 64 levels of nesting, each with its line.  nullopt if
/// a problem was added.
std::optional<Value> ParseJson(absl::string_view text, Diagnostics& problems);

}  // namespace scenario
