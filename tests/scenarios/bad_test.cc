// Checks the messages for a corpus of invalid scenarios (bad/messages.txt).  Files in text/ are not
// valid JSON; those in schema/ are also rejected by schema.json; those in parser/ only by the
// parser, which tests/tools/schema_test.py verifies.  ZAB_REWRITE_GOLDEN=1 rewrites the messages.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "scenarios/runner/parse/document.h"
#include "tests/support/golden.h"

namespace scenario::bad_test {
namespace {

const std::string kFolder = ZABSIM_SOURCE_DIR "/tests/scenarios/bad/";

std::vector<std::string> Corpus() {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kFolder)) {
    if (entry.path().extension() == ".json") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string MessageOf(const std::string& path) {
  const auto document = Document::Load(path);
  EXPECT_FALSE(document.ok()) << path;
  EXPECT_EQ(document.status().code(), absl::StatusCode::kInvalidArgument) << path;
  return absl::StrReplaceAll(std::string(document.status().message()), {{kFolder, ""}});
}

TEST(BadScenario, MessagesMatchTheGoldenFile) {
  std::string messages;
  for (const std::string& path : Corpus()) {
    absl::StrAppend(&messages, path.substr(kFolder.size()), "\n----\n", MessageOf(path), "\n\n");
  }
  support::ExpectGolden(kFolder + "messages.txt", messages);
}

TEST(BadScenario, EveryMessageGivesThePosition) {
  for (const std::string& path : Corpus()) {
    const std::string name = path.substr(kFolder.size());
    std::istringstream lines(MessageOf(path));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_TRUE(absl::StartsWith(line, absl::StrCat(name, ":"))) << line;
    }
  }
}

TEST(BadScenario, TenThousandServersGiveOneMessage) {
  std::string voters;
  for (int i = 1; i <= 10'000; ++i) absl::StrAppend(&voters, i > 1 ? ", " : "", "\"n", i, "\"");
  const auto document = Document::Parse(
      absl::StrCat(R"({"format": "zabsim/1", "end": {"virtual": "1s"}, "cluster": {"voters": [)",
                   voters, "]}}"),
      "many.json");
  EXPECT_EQ(document.status().message(),
            "many.json:1: /cluster/voters: wanted at most 99 servers, found 10000");
}

TEST(BadScenario, ADirectory) {
  EXPECT_EQ(Document::Load(kFolder).status().message(),
            kFolder + ": wanted a file, found a directory");
}

// The parser copes with any changed or missing byte.
TEST(BadScenario, NoMutationCrashesTheParser) {
  std::ostringstream file;
  file << std::ifstream(ZABSIM_SOURCE_DIR "/tests/scenarios/good/every_key.json").rdbuf();
  const std::string text = file.str();
  const std::string replacements = "\"{}[],:0-9n$@\n";
  int refused = 0;
  for (size_t i = 0; i < text.size(); i += 3) {
    std::string changed = text;
    changed[i] = replacements[i % replacements.size()];
    refused += Document::Parse(changed, "m.json").ok() ? 0 : 1;
    changed = text;
    changed.erase(i, 1 + i % 7);
    refused += Document::Parse(changed, "m.json").ok() ? 0 : 1;
  }
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace scenario::bad_test
