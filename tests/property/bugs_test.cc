// Each known bug has a story that shows it: with the bug the named invariants are violated;
// stories_test.cc checks that the story holds without it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "scenarios/runner/invariants/invariant.h"
#include "scenarios/runner/run/run.h"
#include "scenarios/runner/search/explored_run.h"
#include "scenarios/runner/verdict/judge.h"
#include "tests/support/shipped.h"

namespace bugs_test {
namespace {

using scenario::BugEntry;

std::string StoryOf(const BugEntry& bug) {
  return support::ShippedScenario(absl::StrCat("bugs/", absl::AsciiStrToLower(bug.id)));
}

/// The zxids, numbers and servers in a sentence.
std::set<std::string> NamedIn(const std::string& sentence) {
  static const std::regex kName("[0-9]+:[0-9]+|[0-9a-f]{7,16}|n[1-9]");
  const std::sregex_iterator found(sentence.begin(), sentence.end(), kName);
  std::set<std::string> names;
  for (auto name = found; name != std::sregex_iterator(); ++name) names.insert(name->str());
  return names;
}

class Bugs : public testing::TestWithParam<BugEntry> {};

TEST_P(Bugs, TheStoryShowsIt) {
  const BugEntry& bug = GetParam();
  const scenario::Document document = support::MustLoad(StoryOf(bug));
  const scenario::Scenario& story = document.scenario();
  ASSERT_TRUE(story.known_bug);
  EXPECT_EQ(story.known_bug->id, bug.id);
  EXPECT_EQ(story.known_bug->violates, std::vector{std::string(bug.violates)});
  EXPECT_FALSE(story.title.zh.empty());
  EXPECT_FALSE(story.doc.zh.empty());
  for (uint64_t i = 0; i < story.run.seeds.size(); ++i) {
    const uint64_t seed = story.run.seeds[i];
    const auto instance = document.Instantiate(seed);
    const auto result =
        scenario::RunOnce(*instance, seed, {.bug = scenario::BugIn(*instance, bug)});
    EXPECT_EQ(result.verdict, scenario::RunVerdict::kHeld) << testing::PrintToString(result.unmet);
    EXPECT_TRUE(scenario::HasShown(result));
    for (const scenario::Violation& violation : result.violations) {
      EXPECT_EQ(NamedIn(violation.facts.en), NamedIn(violation.facts.zh)) << violation.facts.zh;
      EXPECT_NE(violation.facts.en, violation.facts.zh);
    }
  }
}

/// The violation that identifies the bug gives the failure its name, even if others came first.
TEST_P(Bugs, ACampaignFindsItInItsStory) {
  const BugEntry& bug = GetParam();
  const scenario::Document document = support::MustLoad(StoryOf(bug));
  const uint64_t seed = document.scenario().run.seeds[0];
  auto instance = document.Instantiate(seed);
  const scenario::Explored found = Explore(*instance, seed);
  EXPECT_TRUE(found.shows_bug);
  const std::string name(bug.violates);
  const bool late = name == scenario::kMissedDeadline;
  EXPECT_THAT(found.signature, testing::StartsWith(late ? "late: " : "violated: " + name + " at "));
  instance->known_bug.reset();
  EXPECT_EQ(Explore(*instance, seed).verdict, scenario::RunVerdict::kHeld);
}

// The same judge reports that correct servers do not show the bug.
TEST_P(Bugs, NotShownIsNotCaught) {
  const scenario::Document document = support::MustLoad(StoryOf(GetParam()));
  const uint64_t seed = document.scenario().run.seeds[0];
  const auto instance = document.Instantiate(seed);
  scenario::RunResult result = scenario::RunOnce(*instance, seed, {.keep_going = true});
  EXPECT_TRUE(result.violations.empty());
  result.bug = scenario::BugIn(*instance, GetParam());
  EXPECT_FALSE(scenario::HasShown(result));
  EXPECT_EQ(scenario::VerdictOf(*instance, result), scenario::RunVerdict::kUnmet);
}

std::string NameOf(const testing::TestParamInfo<BugEntry>& bug) {
  std::string name(bug.param.id);
  std::erase(name, '-');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Known, Bugs, testing::ValuesIn(scenario::AllBugs()), NameOf);

TEST(BugTable, IsSound) {
  std::set<std::string> ids;
  for (const BugEntry& bug : scenario::AllBugs()) {
    EXPECT_TRUE(ids.emplace(bug.id).second) << bug.id;
    EXPECT_TRUE(bug.violates == scenario::kMissedDeadline || scenario::IsInvariant(bug.violates));
    size_t same_switch = 0;
    for (const BugEntry& other : scenario::AllBugs()) same_switch += bug.is_on == other.is_on;
    EXPECT_EQ(same_switch, 1u) << bug.id;
  }
  // Every switch is a bool of KnownBugs, and each has an entry.
  EXPECT_EQ(ids.size(), sizeof(zab::KnownBugs) / sizeof(bool));
}

/// With all three servers up, a server that receives its own votes changes its vote endlessly at
/// one instant.
TEST(BugTable, ElectionsInNoTimeMissTheirDeadline) {
  const scenario::BugEntry& bug = *scenario::FindBug("ZOOKEEPER-1419");
  const auto document = scenario::Document::Load(
      StoryOf(bug),
      {"/events=[]",
       R"(/expect={"deadlines":[{"name":"elected","until":"has_leader","within":"900ms"}]})"});
  ASSERT_TRUE(document.ok()) << document.status();
  const uint64_t seed = document->scenario().run.seeds[0];
  const scenario::Explored found = Explore(*document->Instantiate(seed), seed);
  EXPECT_EQ(found.verdict, scenario::RunVerdict::kLate) << found.first;
  EXPECT_LT(found.events, 1'000'000u);
}

TEST(BugTable, SuggestsTheNearestId) {
  EXPECT_EQ(scenario::NearestBug("ZOOKEEPER-46466"), "; did you mean \"ZOOKEEPER-4646\"?");
  EXPECT_EQ(scenario::NearestBug("zookeeper-2845"), "; did you mean \"ZOOKEEPER-2845\"?");
  EXPECT_EQ(scenario::NearestBug("2845"), "; did you mean \"ZOOKEEPER-2845\"?");
  EXPECT_EQ(scenario::NearestBug("heartbleed"), "");
}

// A scenario other than the bug's own: one of several runs has to show it.
TEST(BugTable, ASwarmFindsThem) {
  const scenario::Document document = support::MustLoad(support::ShippedScenario("ci/swarm"));
  const BugEntry& bug = *scenario::FindBug("ZOOKEEPER-4685");
  scenario::Judge judge(document.scenario(), /*together=*/true);
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    const auto instance = document.Instantiate(seed);
    judge.Add(scenario::RunOnce(*instance, seed, {.bug = scenario::BugIn(*instance, bug)}));
  }
  const scenario::RunSummary summary = judge.Finish();
  EXPECT_EQ(summary.verdict, scenario::RunVerdict::kHeld);
  EXPECT_GT(summary.shown, 0u);
  EXPECT_GE(summary.violated, summary.shown);
}

}  // namespace
}  // namespace bugs_test
