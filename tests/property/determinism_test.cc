// The same scenario and seed give the same bytes: in two runs, in a run and its clone, and in two
// worlds side by side.  Golden hashes make sure that all compilers and builds agree, including
// those with sanitizers.
#include <gtest/gtest.h>

#include <memory>

#include "scenarios/runner/run/run.h"
#include "tests/support/golden.h"
#include "tests/support/shipped.h"

namespace determinism_test {
namespace {

using scenario::Simulation;

constexpr uint64_t kSeeds = 50;

std::unique_ptr<Simulation> Make(const scenario::Document& document, uint64_t seed) {
  auto instance = document.Instantiate(seed);
  return std::make_unique<Simulation>(std::make_shared<const scenario::Scenario>(*instance), seed);
}

void Finish(Simulation& simulation) {
  while (simulation.Step()) {
  }
}

class Determinism : public testing::TestWithParam<std::string> {};

/// One line per scenario: its id, and the hash of the trace hashes of all seeds.
/// ZAB_REWRITE_GOLDEN=1 rewrites it; give the reason in the commit.
constexpr char kGolden[] = ZABSIM_SOURCE_DIR "/tests/property/trace_hashes.txt";

TEST_P(Determinism, RunCloneAndNeighbourAgree) {
  const scenario::Document document = support::MustLoad(GetParam());
  std::string hashes;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const auto one = Make(document, seed);
    const auto two = Make(document, seed);
    // Side by side, event by event, in the same process.
    for (uint64_t i = 0; i < 2000 && one->Step() && two->Step(); ++i) {
    }
    const auto clone = one->Clone();
    Finish(*one);
    Finish(*clone);
    Finish(*two);
    const zab::Hash128 hash = one->world().trace().hash();
    ASSERT_EQ(hash, two->world().trace().hash()) << GetParam() << " --seed=" << seed;
    ASSERT_EQ(hash, clone->world().trace().hash()) << GetParam() << " --seed=" << seed;
    hashes += ToString(hash);
  }
  support::ExpectGoldenLine(kGolden, document.scenario().id, ToString(zab::Hash128Of(hashes)));
}

std::string NameOf(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param.substr(info.param.rfind('/') + 1);
  name.resize(name.size() - std::string(".json").size());
  for (char& c : name) {
    if (c == '-') c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Shipped, Determinism, testing::ValuesIn(support::ShippedScenarios()),
                         NameOf);

TEST(Seeds, DifferentSeedsGiveDifferentRuns) {
  const scenario::Document document = support::MustLoad(support::ShippedScenario("ci/swarm"));
  const auto one = Make(document, 1);
  const auto two = Make(document, 2);
  Finish(*one);
  Finish(*two);
  EXPECT_NE(one->world().trace().hash(), two->world().trace().hash());
}

}  // namespace
}  // namespace determinism_test
