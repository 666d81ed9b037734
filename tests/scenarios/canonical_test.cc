// The canonical form (one text per experiment, itself a scenario), overrides, and `run.vary`.
#include "scenarios/runner/parse/canonical.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "scenarios/runner/parse/document.h"

namespace scenario::canonical_test {
namespace {

// All files that must be valid: the shipped scenarios and the good corpus.
std::vector<std::string> GoodFiles() {
  std::vector<std::string> paths;
  for (const char* folder : {"/scenarios", "/tests/scenarios/good"}) {
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(std::string(ZABSIM_SOURCE_DIR) + folder)) {
      const auto& path = entry.path();
      if (path.extension() == ".json" && path.filename() != "schema.json") paths.push_back(path);
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

Document Parsed(const std::string& text, const std::vector<std::string>& overrides = {}) {
  auto document = Document::Parse(text, "x.json", overrides);
  EXPECT_TRUE(document.ok()) << document.status().message();
  return *std::move(document);
}

std::string DigestOfText(const std::string& text, const std::vector<std::string>& overrides = {}) {
  return Parsed(text, overrides).digest();
}

const char kSmall[] =
    R"({"format": "zabsim/1", "cluster": {"voters": ["n1"]}, "end": {"virtual": "2s"}})";

TEST(Canonical, EveryGoodFileKeepsItsDigest) {
  ASSERT_GT(GoodFiles().size(), 3u);
  for (const std::string& path : GoodFiles()) {
    const auto document = Document::Load(path);
    ASSERT_TRUE(document.ok()) << document.status().message();
    const Scenario& scenario = document->scenario();
    EXPECT_EQ(document->digest(), DigestOf(scenario));
    EXPECT_EQ(document->digest().size(), 32u);
    for (const std::string& text : {CanonicalText(scenario), ToFileText(scenario)}) {
      const auto again = Document::Parse(text, "elsewhere.json");
      ASSERT_TRUE(again.ok()) << path << "\n" << again.status().message();
      EXPECT_EQ(CanonicalText(again->scenario()), CanonicalText(scenario)) << path;
    }
  }
}

// `run.vary` draws the same from a file and from its canonical form, including inherited values.
TEST(Canonical, EveryGoodFileVariesAsItsCanonicalFormDoes) {
  for (const std::string& path : GoodFiles()) {
    const auto document = Document::Load(path);
    ASSERT_TRUE(document.ok());
    const Document again = Parsed(CanonicalText(document->scenario()));
    for (uint64_t seed = 1; seed <= 20; ++seed) {
      const auto drawn = document->Instantiate(seed);
      ASSERT_TRUE(drawn.ok()) << drawn.status().message();
      EXPECT_EQ(CanonicalText(*drawn), CanonicalText(*again.Instantiate(seed))) << path;
    }
  }
}

TEST(Canonical, OrderSpellingAndDefaultsDoNotMatter) {
  const std::string digest = DigestOfText(kSmall);
  EXPECT_EQ(digest,
            DigestOfText(R"({"end": {"events": 50000000, "virtual": "2000ms"}, "$schema": "s",
      "cluster": {"voters": ["n1"], "zones": {}}, "id": "x", "format": "zabsim/1", "nemesis": [],
      "network": {"default": {"loss": "0/5"}}})"));
  EXPECT_NE(digest, DigestOfText(kSmall, {"/end/virtual=3s"}));
  EXPECT_NE(digest, DigestOfText(kSmall, {"/run/seeds/count=2"}));
}

// Inherited values stay inherited.
TEST(Canonical, AVariedProfileReachesTheLinksThatUseIt) {
  const char text[] = R"({"format": "zabsim/1", "cluster": {"voters": ["n1", "n2"]},
      "network": {"default": "lan", "profiles": {"lan": {}},
                  "links": [{"from": "n1", "to": "n2", "loss": "1%"}]},
      "disk": {"default": {"fsync": {"dist": "exp", "mean": "1ms"}}, "n1": {"on_crash": "keep"}},
      "workload": [{"kind": "closed", "clients": {"c1": {}}}],
      "end": {"virtual": "9s"},
      "run": {"vary": {"/network/profiles/lan/rto_max": ["1s"], "/disk/default/fsync/mean": ["3ms"],
                       "/workload/0/server": ["n2"]}}})";
  for (const std::string& source : {std::string(text), CanonicalText(Parsed(text).scenario())}) {
    const auto drawn = Parsed(source).Instantiate(1);
    ASSERT_TRUE(drawn.ok()) << drawn.status().message();
    EXPECT_EQ(drawn->LinkOf(NodeId{1}, NodeId{2}).rto_max, zab::Seconds(1));
    EXPECT_EQ(drawn->DiskOf(zab::ServerId{1}).fsync,
              sim::Exp(zab::Duration{}, zab::Milliseconds(3), zab::Milliseconds(60)));
    EXPECT_EQ(std::get<zab::ServerId>(drawn->clients[0].server), zab::ServerId{2});
    EXPECT_TRUE(drawn->run.vary.empty());
  }
}

TEST(Canonical, EachSeedDrawsItsOwnValuesAndTheDigestStays) {
  const Document document = Parsed(kSmall, {R"(/run/vary/~1end~1txns=[1, 2, 3])",
                                            R"(/run/vary/~1timing~1tick_time=["1s", "2s"])"});
  std::set<std::pair<uint64_t, int64_t>> seen;
  for (uint64_t seed = 1; seed <= 64; ++seed) {
    const Scenario first = *document.Instantiate(seed);
    const Scenario second = *document.Instantiate(seed);
    EXPECT_EQ(CanonicalText(first), CanonicalText(second));
    seen.emplace(*first.end.txns, first.timing.tick_time.nanoseconds);
  }
  EXPECT_EQ(seen.size(), 6u);
}

TEST(Canonical, ValuesThatDoNotGoTogetherAreFoundAtTheSeed) {
  const Document document =
      Parsed(kSmall, {R"(/timing/election={"notification_min": "1s", "notification_max": "5s"})",
                      R"(/run/vary/~1timing~1election~1notification_min=["1s", "4s"])",
                      R"(/run/vary/~1timing~1election~1notification_max=["2s", "9s"])"});
  int refused = 0;
  for (uint64_t seed = 1; seed <= 64; ++seed) refused += document.Instantiate(seed).ok() ? 0 : 1;
  EXPECT_GT(refused, 0);
  EXPECT_LT(refused, 64);
}

TEST(Override, AValueIsJsonOrOtherwiseAString) {
  const Document document = Parsed(kSmall, {"/end/virtual=20s", "/cluster/voters/-=n2",
                                            "/timing/init_limit=7", "/doc=", "/title=a=b"});
  const Scenario& s = document.scenario();
  EXPECT_EQ(s.end.at, zab::Time{} + zab::Seconds(20));
  EXPECT_EQ(s.cluster.voters.size(), 2u);
  EXPECT_EQ(s.timing.init_limit, 7);
  EXPECT_EQ(s.title.en, "a=b");
}

TEST(Override, Problems) {
  const auto message = [](const std::string& text) {
    return std::string(Document::Parse(kSmall, "x.json", {text}).status().message());
  };
  EXPECT_EQ(message("/end/virtual"), "--set=/end/virtual: wanted /pointer=value");
  EXPECT_EQ(message("end=1"),
            "--set=end=1: wanted a JSON pointer such as \"/end/virtual\", found \"end\"");
  EXPECT_EQ(message("/cluster/voters/5=n9"),
            "--set=/cluster/voters/5=n9: \"/cluster/voters\" is a list of 1 without an item \"5\"");
  EXPECT_TRUE(absl::StrContains(message("/timing/tick_tiem=1s"), "did you mean \"tick_time\"?"));
}

}  // namespace
}  // namespace scenario::canonical_test
