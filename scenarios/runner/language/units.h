// Reads and writes durations, sizes, ratios and zxids.  Formatting and parsing is a round trip.
// Errors are kInvalidArgument, and their message says what was wanted.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "protocol/base/random.h"
#include "protocol/base/time.h"
#include "protocol/wire/ids.h"
#include "scenarios/runner/language/scenario.h"

namespace scenario {

/// 31 years.  The longest duration and the latest time, so that sums of a few never overflow.
constexpr zab::Duration kLongestDuration = zab::Seconds(1'000'000'000);
/// Of an exponential distribution.
constexpr zab::Duration kLongestMean = kLongestDuration / 100;

/// "150ms": 0 or more, with ns, us, ms, s, min or h.
absl::StatusOr<zab::Duration> ParseDuration(absl::string_view text);
/// The same, or negative: "-150ms".
absl::StatusOr<zab::Duration> ParseSignedDuration(absl::string_view text);
/// In the largest unit that is exact: "90s", "-1500ms", "0s".
std::string FormatDuration(zab::Duration duration);

/// "64KiB", in bytes; B, KiB, MiB or GiB; below 2^53.
absl::StatusOr<int64_t> ParseSize(absl::string_view text);
std::string FormatSize(int64_t bytes);

/// "2MiB/s", in bytes per second; at least 1KiB/s, so that no time overflows.
absl::StatusOr<int64_t> ParseBandwidth(absl::string_view text);
std::string FormatBandwidth(int64_t bytes_per_second);

/// "3%" or "3/100", in lowest terms.
absl::StatusOr<zab::Ratio> ParseRatio(absl::string_view text);
std::string FormatRatio(zab::Ratio ratio);

/// "2:17".
absl::StatusOr<zab::Zxid> ParseZxid(absl::string_view text);
/// "1:1..1:20", or one zxid; of one epoch, ascending, counters from 1.
absl::StatusOr<ZxidRange> ParseZxidRange(absl::string_view text);
std::string FormatZxidRange(const ZxidRange& range);

/// A decimal number of 64 bits.
absl::StatusOr<uint64_t> ParseSeed(absl::string_view text);

/// [a-z][a-z0-9]*: a server, a client.
bool IsNodeName(absl::string_view text);
/// [a-z][a-z0-9_-]*: an event, a block, an operation, a tag.
bool IsIdentifier(absl::string_view text);
/// Identifiers separated by slashes; they may begin with digits and contain dots.
bool IsScenarioId(absl::string_view text);
/// [A-Za-z][A-Za-z0-9_]*: a zone, a profile.
bool IsZoneName(absl::string_view text);
/// [a-z][a-z0-9_]*: a name of `bind`.
bool IsVariableName(absl::string_view text);

}  // namespace scenario
