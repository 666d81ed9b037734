// The choice log: it contains every draw of every component, reproduces the run with any seed, and
// removing one choice does not shift the others.
#include "scenarios/runner/search/choice_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/runner/parse/document.h"
#include "scenarios/runner/run/run.h"
#include "scenarios/runner/search/strategy.h"

namespace choice_log_test {
namespace {

using scenario::ChoiceLog;
using scenario::ChoiceRecorder;
using scenario::ChoiceReplayer;
using scenario::Document;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr zab::Stream kStream("test/stream");
constexpr zab::Stream kOther("test/other");

Document Swarm() {
  return *Document::Load(ZABSIM_SOURCE_DIR "/scenarios/ci/disk-swarm.json");
}

zab::Hash128 RunWatched(const Document& document, uint64_t seed, zab::DrawWatch* draws) {
  const auto scenario = document.Instantiate({seed, draws});
  return RunOnce(*scenario, seed, {.draws = draws}).trace_hash;
}

ChoiceLog Recorded(const Document& document, uint64_t seed) {
  ChoiceRecorder recorder;
  recorder.log().trace_hash = RunWatched(document, seed, &recorder);
  return recorder.log();
}

TEST(ChoiceLog, RecordingChangesNothing) {
  const Document document = Swarm();
  EXPECT_EQ(Recorded(document, 5).trace_hash, RunWatched(document, 5, nullptr));
}

TEST(ChoiceLog, ReplayedItGivesTheSameRunForEverySeed) {
  const Document document = Swarm();
  const ChoiceLog log = Recorded(document, 5);
  ChoiceReplayer replayer(log);
  EXPECT_EQ(RunWatched(document, 6, &replayer), log.trace_hash);
  EXPECT_GT(replayer.replayed(), 1000u);
  EXPECT_EQ(replayer.missing(), 0u) << replayer.first_missing();
}

TEST(ChoiceLog, ContainsDrawsOfServersClientsLinksDisksAndNemeses) {
  std::set<std::string> streams;
  for (const auto& [key, draws] : Recorded(Swarm(), 5).draws) streams.insert(draws.stream);
  for (const char* stream : {"snapshot/txns", "workload/key", "net/latency", "disk/fsync",
                             "nemesis/interval", "run/vary"}) {
    EXPECT_TRUE(streams.contains(stream)) << stream;
  }
}

TEST(ChoiceLog, RemovingAChoiceShiftsNoOther) {
  ChoiceRecorder recorder;
  zab::Chooser chooser(1, &recorder);
  for (int i = 0; i < 3; ++i) {
    chooser.Bits(kStream, {1});
    chooser.Bits(kOther, {1});
  }
  ChoiceLog log = recorder.log();
  auto& draws = log.draws.begin()->second.bits;
  draws = {7, draws[1]};  // One choice is changed, and the last one is removed.
  ChoiceReplayer replayer(log);
  zab::Chooser again(1, &replayer);
  std::vector<uint64_t> changed;
  const zab::Stream first = log.draws.begin()->second.stream == "test/stream" ? kStream : kOther;
  for (int i = 0; i < 3; ++i) changed.push_back(again.Bits(first, {1}));
  const auto before = recorder.log().draws.begin()->second.bits;
  EXPECT_EQ(changed, (std::vector<uint64_t>{7, before[1], before[2]}));
  EXPECT_EQ(replayer.replayed(), 2u);
  EXPECT_EQ(replayer.missing(), 1u);
  EXPECT_THAT(replayer.first_missing(), HasSubstr("entity 1, number 3"));
}

TEST(ChoiceLog, RoundTripAsText) {
  ChoiceLog log = Recorded(Swarm(), 7);
  log.digest = Swarm().digest();
  log.seed = 7;
  const std::string text = ToText(log);
  EXPECT_THAT(text, StartsWith("{\"format\":\"zabsim-choices/1\",\"streams\":1,"));
  const auto parsed = scenario::ParseChoiceLog(text, "x.choices");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(ToText(*parsed), text);
  EXPECT_FALSE(parsed->IsStale());
  ChoiceReplayer replayer(*parsed);
  EXPECT_EQ(RunWatched(Swarm(), 8, &replayer), log.trace_hash);
}

TEST(ChoiceLog, AnotherVersionOfTheStreamsIsStale) {
  EXPECT_TRUE((ChoiceLog{.streams = zab::kStreamsVersion + 1}.IsStale()));
}

TEST(ChoiceLog, ErrorsGiveTheirLine) {
  const std::string header =
      R"({"format":"zabsim-choices/1","streams":1,"digest":"d","seed":"1","trace_hash":")" +
      std::string(32, '0') + "\"}\n";
  const std::string line = R"({"stream":"a","entity":"1","draws":["00000000000000ff"]})";
  const std::vector<std::pair<std::string, std::string>> mistakes = {
      {"", "x.choices:1: is not a choice log"},
      {"{}", "x.choices:1: is not a choice log"},
      {header + "[]", "x.choices:2: is not a choice log"},
      {header + R"({"stream":"a","entity":1,"draws":[]})", "wanted a number as text, found 1"},
      {header + R"({"stream":"a","entity":"1","draws":["ff"]})", "wanted 16 hex digits"},
      {header + line + "\n" + line, "x.choices:3: "},
  };
  EXPECT_TRUE(scenario::ParseChoiceLog(header + line, "x.choices").ok());
  for (const auto& [text, wanted] : mistakes) {
    EXPECT_THAT(scenario::ParseChoiceLog(text, "x.choices").status().message(), HasSubstr(wanted));
  }
}

}  // namespace
}  // namespace choice_log_test
