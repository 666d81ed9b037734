// Options that say which runs are made: --seed, --seeds and --shard.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/language/units.h"
#include "tools/zabsim/cli/commit.h"

namespace zabsim {

/// Of a date, as 2026-11-30, its digits: 20261130.
inline std::optional<uint64_t> SeedOfDate(const std::string& text) {
  absl::CivilDay day;
  if (text.size() != 10 || !absl::ParseCivilTime(text, &day)) return std::nullopt;
  return static_cast<uint64_t>((day.year() * 100 + day.month()) * 100 + day.day());
}

/// The value of --seed, a number, a commit or a date; kInvalidArgument says what it wanted and
/// found.
inline absl::StatusOr<uint64_t> SeedOption(const std::string& text) {
  if (const auto seed = SeedOfCommit(text)) return *seed;
  if (const auto seed = SeedOfDate(text)) return *seed;
  absl::StatusOr<uint64_t> seed = scenario::ParseSeed(text);
  if (seed.ok()) return seed;
  return absl::InvalidArgumentError(absl::StrCat(
      "--seed: ", seed.status().message(),
      ", the 40 digits of a commit, or a date as in 2026-11-30, found \"", text, "\""));
}

/// The seed of a command that makes one run: --seed, or the file's first.
inline absl::StatusOr<uint64_t> OneSeed(const std::string& option, const scenario::Seeds& seeds) {
  if (!option.empty()) return SeedOption(option);
  const absl::StatusOr<scenario::Seeds> resolved = ResolveSeeds(seeds);
  if (!resolved.ok()) return resolved.status();
  return (*resolved)[0];
}

/// The value of --seeds: A..B, or a list as 1,5,9.
inline absl::StatusOr<scenario::Seeds> SeedsOption(const std::string& text) {
  const auto refuse = [&] {
    return absl::InvalidArgumentError(
        absl::StrCat("--seeds: wanted A..B with A not above B, as in 1..100, or a list, as in "
                     "1,5,9, found \"",
                     text, "\""));
  };
  if (!absl::StrContains(text, "..")) {
    scenario::Seeds seeds;
    for (const absl::string_view item : absl::StrSplit(text, ',')) {
      const absl::StatusOr<uint64_t> seed = scenario::ParseSeed(item);
      if (!seed.ok()) return refuse();
      seeds.list.push_back(*seed);
    }
    return seeds;
  }
  const std::pair<std::string, std::string> ends = absl::StrSplit(text, absl::MaxSplits("..", 1));
  const absl::StatusOr<uint64_t> first = scenario::ParseSeed(ends.first);
  const absl::StatusOr<uint64_t> last = scenario::ParseSeed(ends.second);
  if (!first.ok() || !last.ok() || *last < *first || *last - *first == UINT64_MAX) return refuse();
  return scenario::Seeds{.from = *first, .count = *last - *first + 1};
}

/// The number-th of so many, from 1.
struct Shard {
  uint64_t number = 1, of = 1;
};

/// "2/8".
inline absl::StatusOr<Shard> ShardOption(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, '/');
  Shard shard;
  const bool good = parts.size() == 2 && absl::SimpleAtoi(parts[0], &shard.number) &&
                    absl::SimpleAtoi(parts[1], &shard.of) && shard.number >= 1 &&
                    shard.number <= shard.of && shard.of <= 100'000;
  if (good) return shard;
  return absl::InvalidArgumentError(
      absl::StrCat("--shard: wanted i/n with i from 1 to n, as in 2/8, found \"", text, "\""));
}

}  // namespace zabsim
