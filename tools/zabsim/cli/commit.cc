// The environment comes first: on CI systems the folder may be a temporary merge that exists
// nowhere else.
#include "tools/zabsim/cli/commit.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace zabsim {
namespace {

std::string HashByGit() {
  std::string hash;
  FILE* git = ::popen("git rev-parse HEAD 2> /dev/null", "r");
  if (git == nullptr) return hash;
  std::array<char, 64> buffer;
  while (std::fgets(buffer.data(), buffer.size(), git) != nullptr) hash += buffer.data();
  ::pclose(git);
  return std::string(absl::StripAsciiWhitespace(hash));
}

}  // namespace

std::optional<uint64_t> SeedOfCommit(absl::string_view hash) {
  const bool good = hash.size() == 40 && std::ranges::all_of(hash, [](char c) {
                      return absl::ascii_isxdigit(static_cast<unsigned char>(c));
                    });
  uint64_t seed = 0;
  if (!good || !absl::SimpleHexAtoi(hash.substr(0, 16), &seed)) return std::nullopt;
  return seed;
}

absl::StatusOr<uint64_t> SeedOfThisCommit() {
  for (const char* variable : {"GITHUB_SHA", "CI_COMMIT_SHA"}) {
    const char* hash = std::getenv(variable);
    if (hash == nullptr || *hash == '\0') continue;
    if (const auto seed = SeedOfCommit(hash)) return *seed;
    return absl::InvalidArgumentError(
        absl::StrCat("$", variable, ": wanted the 40 digits of a commit, found \"", hash, "\""));
  }
  if (const auto seed = SeedOfCommit(HashByGit())) return *seed;
  return absl::InvalidArgumentError(
      "run.seeds.from is \"commit\", and there is none: no $GITHUB_SHA, no $CI_COMMIT_SHA, and git "
      "knows of no commit here; choose seeds with --seed or --seeds");
}

absl::StatusOr<scenario::Seeds> ResolveSeeds(scenario::Seeds seeds) {
  if (!seeds.of_commit) return seeds;
  const absl::StatusOr<uint64_t> seed = SeedOfThisCommit();
  if (!seed.ok()) return seed.status();
  seeds.from = *seed;
  return seeds;
}

}  // namespace zabsim
