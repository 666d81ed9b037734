// tests/corpus: minimised cases of the failures of servers that are broken on purpose, one file per
// server.  Each still fails with its server, as its title says, and holds with real servers.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/parse/document.h"
#include "scenarios/runner/run/run.h"
#include "tests/support/mutants.h"

namespace corpus_test {
namespace {

scenario::RunResult RunFile(const scenario::Document& document,
                            const scenario::ServerFactory& servers) {
  const uint64_t seed = document.scenario().run.seeds[0];
  return RunOnce(*document.Instantiate(seed), seed, {.servers = servers});
}

TEST(Corpus, EachFailsWithItsServerAndHoldsWithRealOnes) {
  for (const auto& [name, servers] : support::Mutants()) {
    SCOPED_TRACE(name);
    const auto document =
        scenario::Document::Load(absl::StrCat(ZABSIM_SOURCE_DIR "/tests/corpus/", name, ".json"));
    ASSERT_TRUE(document.ok()) << document.status();
    const scenario::RunResult broken = RunFile(*document, servers);
    if (broken.violations.empty()) {
      EXPECT_EQ(broken.verdict, scenario::RunVerdict::kLate);
    } else {
      EXPECT_EQ(document->scenario().title.en,
                absl::StrCat(broken.violations[0].name, " is violated"));
    }
    EXPECT_EQ(RunFile(*document, {}).verdict, scenario::RunVerdict::kHeld);
  }
}

}  // namespace
}  // namespace corpus_test
