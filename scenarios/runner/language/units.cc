// The grammars of the scalar values.
#include "scenarios/runner/language/units.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace scenario {
namespace {

struct Unit {
  absl::string_view name;
  int64_t factor;
};
// Largest first.
constexpr std::array<Unit, 6> kTimes = {{{"h", 3'600'000'000'000},
                                         {"min", 60'000'000'000},
                                         {"s", 1'000'000'000},
                                         {"ms", 1'000'000},
                                         {"us", 1'000},
                                         {"ns", 1}}};
constexpr std::array<Unit, 4> kSizes = {
    {{"GiB", int64_t{1} << 30}, {"MiB", int64_t{1} << 20}, {"KiB", int64_t{1} << 10}, {"B", 1}}};

// Digits only: SimpleAtoi takes signs and spaces too.
template <class Number>
bool ParseDigits(absl::string_view text, Number& out) {
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit) &&
         absl::SimpleAtoi(text, &out);
}

template <size_t kCount>
absl::StatusOr<int64_t> ParseQuantity(absl::string_view text, const std::array<Unit, kCount>& units,
                                      int64_t largest, absl::string_view wanted,
                                      absl::string_view at_most) {
  const bool negative = absl::ConsumePrefix(&text, "-");
  const auto digits =
      std::find_if_not(text.begin(), text.end(), absl::ascii_isdigit) - text.begin();
  const absl::string_view number = text.substr(0, static_cast<size_t>(digits));
  const absl::string_view name = text.substr(number.size());
  const auto unit =
      std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.name == name; });
  if (number.empty() || unit == units.end()) return absl::InvalidArgumentError(wanted);
  if (negative) return absl::InvalidArgumentError(absl::StrCat(wanted, ", not a negative one"));
  int64_t value = 0;
  if (!ParseDigits(number, value) || value > largest / unit->factor) {
    return absl::InvalidArgumentError(at_most);
  }
  return value * unit->factor;
}

template <size_t kCount>
std::string FormatQuantity(int64_t value, const std::array<Unit, kCount>& units,
                           absl::string_view zero) {
  if (value == 0) return std::string(zero);
  const auto unit = std::find_if(units.begin(), units.end(),
                                 [&](const Unit& u) { return value % u.factor == 0; });
  return absl::StrCat(value / unit->factor, unit->name);
}

template <class Predicate>
bool IsName(absl::string_view text, Predicate first, Predicate later) {
  return !text.empty() && first(text[0]) && std::all_of(text.begin() + 1, text.end(), later);
}
bool IsLowerLetter(char c) {
  return c >= 'a' && c <= 'z';
}
bool IsLetter(char c) {
  return IsLowerLetter(c) || (c >= 'A' && c <= 'Z');
}
bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

absl::StatusOr<zab::Duration> ParseDuration(absl::string_view text) {
  const absl::StatusOr<int64_t> nanoseconds =
      ParseQuantity(text, kTimes, kLongestDuration.nanoseconds,
                    "wanted a duration such as \"150ms\" (an integer and ns, us, ms, s, min or h)",
                    "wanted a duration of at most 1000000000s");
  if (!nanoseconds.ok()) return nanoseconds.status();
  return zab::Nanoseconds(*nanoseconds);
}

absl::StatusOr<zab::Duration> ParseSignedDuration(absl::string_view text) {
  const bool is_back = absl::ConsumePrefix(&text, "-");
  const absl::StatusOr<zab::Duration> duration = ParseDuration(text);
  return duration.ok() && is_back ? zab::Duration{} - *duration : duration;
}

std::string FormatDuration(zab::Duration duration) {
  return FormatQuantity(duration.nanoseconds, kTimes, "0s");
}

absl::StatusOr<int64_t> ParseSize(absl::string_view text) {
  return ParseQuantity(text, kSizes, (int64_t{1} << 53) - 1,
                       "wanted a size such as \"64KiB\" (an integer and B, KiB, MiB or GiB)",
                       "wanted a size below 2^53 bytes");
}

std::string FormatSize(int64_t bytes) {
  return FormatQuantity(bytes, kSizes, "0B");
}

absl::StatusOr<int64_t> ParseBandwidth(absl::string_view text) {
  constexpr int64_t kLeast = 1024;
  const bool is_rate = absl::ConsumeSuffix(&text, "/s");
  absl::StatusOr<int64_t> bytes = ParseSize(is_rate ? text : "");
  if (bytes.ok() && *bytes >= kLeast) return bytes;
  return absl::InvalidArgumentError(
      "wanted a bandwidth such as \"2MiB/s\" (an integer and B/s, KiB/s, MiB/s or GiB/s), at least "
      "1KiB/s");
}

std::string FormatBandwidth(int64_t bytes_per_second) {
  return absl::StrCat(FormatSize(bytes_per_second), "/s");
}

absl::StatusOr<zab::Ratio> ParseRatio(absl::string_view text) {
  zab::Ratio ratio;
  const size_t slash = text.find('/');
  const bool percent = absl::ConsumeSuffix(&text, "%");
  if (percent) ratio.denominator = 100;
  const bool numbers = percent ? ParseDigits(text, ratio.numerator)
                               : slash != absl::string_view::npos &&
                                     ParseDigits(text.substr(0, slash), ratio.numerator) &&
                                     ParseDigits(text.substr(slash + 1), ratio.denominator);
  if (!numbers || ratio.denominator == 0) {
    return absl::InvalidArgumentError(
        "wanted a ratio such as \"3%\" or \"3/100\" (integers, the second above 0)");
  }
  constexpr uint64_t kLargest = 1'000'000'000;
  if (ratio.numerator > kLargest || ratio.denominator > kLargest) {
    return absl::InvalidArgumentError("wanted a ratio of numbers of at most 1000000000");
  }
  const uint64_t divisor = std::gcd(ratio.numerator, ratio.denominator);
  return zab::Ratio{ratio.numerator / divisor, ratio.denominator / divisor};
}

std::string FormatRatio(zab::Ratio ratio) {
  if (100 % ratio.denominator == 0) {
    return absl::StrCat(ratio.numerator * (100 / ratio.denominator), "%");
  }
  return absl::StrCat(ratio.numerator, "/", ratio.denominator);
}

absl::StatusOr<zab::Zxid> ParseZxid(absl::string_view text) {
  const size_t colon = text.find(':');
  zab::Zxid zxid;
  if (colon == absl::string_view::npos || !ParseDigits(text.substr(0, colon), zxid.epoch.value) ||
      !ParseDigits(text.substr(colon + 1), zxid.counter) || zxid.epoch.value >= uint32_t{1} << 31) {
    return absl::InvalidArgumentError(
        "wanted a zxid such as \"2:17\" (epoch below 2^31, counter below 2^32)");
  }
  return zxid;
}

absl::StatusOr<ZxidRange> ParseZxidRange(absl::string_view text) {
  const size_t dots = text.find("..");
  const absl::StatusOr<zab::Zxid> first = ParseZxid(text.substr(0, dots));
  const absl::StatusOr<zab::Zxid> last =
      dots == absl::string_view::npos ? first : ParseZxid(text.substr(dots + 2));
  if (!first.ok() || !last.ok() || first->counter == 0 || first->epoch != last->epoch ||
      *last < *first) {
    return absl::InvalidArgumentError(
        "wanted zxids such as \"2:17\" or \"1:1..1:20\" (one epoch, ascending, counters from 1)");
  }
  return ZxidRange{*first, *last};
}

std::string FormatZxidRange(const ZxidRange& range) {
  if (range.first == range.last) return zab::ToString(range.first);
  return absl::StrCat(zab::ToString(range.first), "..", zab::ToString(range.last));
}

absl::StatusOr<uint64_t> ParseSeed(absl::string_view text) {
  uint64_t seed = 0;
  if (ParseDigits(text, seed)) return seed;
  return absl::InvalidArgumentError("wanted a seed: an integer from 0 to 18446744073709551615");
}

bool IsNodeName(absl::string_view text) {
  return IsName(text, IsLowerLetter, +[](char c) { return IsLowerLetter(c) || IsDigit(c); });
}

bool IsIdentifier(absl::string_view text) {
  return IsName(
      text, IsLowerLetter,
      +[](char c) { return IsLowerLetter(c) || IsDigit(c) || c == '_' || c == '-'; });
}

bool IsScenarioId(absl::string_view text) {
  const auto word = +[](char c) {
    return IsLowerLetter(c) || IsDigit(c) || c == '_' || c == '-' || c == '.' || c == '/';
  };
  return IsName(
             text, +[](char c) { return IsLowerLetter(c) || IsDigit(c); }, word) &&
         !absl::StrContains(text, "//") && !absl::EndsWith(text, "/");
}

bool IsZoneName(absl::string_view text) {
  return IsName(text, IsLetter, +[](char c) { return IsLetter(c) || IsDigit(c) || c == '_'; });
}

bool IsVariableName(absl::string_view text) {
  return IsName(
      text, IsLowerLetter, +[](char c) { return IsLowerLetter(c) || IsDigit(c) || c == '_'; });
}

}  // namespace scenario
