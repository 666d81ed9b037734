// The cells of a sweep, and that they are files of their own.
#include "scenarios/runner/sweep/cells.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "scenarios/runner/parse/canonical.h"
#include "tests/support/shipped.h"

namespace scenario::cells_test {

Document WithSweep(const std::string& sweep) {
  const auto document = Document::Parse(
      absl::StrCat(R"({"format": "zabsim/1", "cluster": {"voters": ["n1", "n2", "n3"]},
                       "end": {"virtual": "1s"}, "sweep": )",
                   sweep, "}"),
      "sweep.json");
  EXPECT_TRUE(document.ok()) << document.status().message();
  return *document;
}

std::vector<std::string> LabelsOf(const Document& document) {
  std::vector<std::string> labels;
  for (const SweepCell& cell : CellsOf(*document.scenario().sweep, 1)) {
    labels.push_back(absl::StrJoin(cell.labels, " "));
  }
  return labels;
}

TEST(Cells, AFullDesignVariesTheLastParameterFastest) {
  const Document document =
      WithSweep(R"({"matrix": {"/timing/tick_time": ["1s", "2s"], "/timing/sync_limit": [5, 4]}})");
  const std::vector<std::string> wanted = {"5 1s", "5 2s", "4 1s", "4 2s"};
  EXPECT_EQ(LabelsOf(document), wanted);
}

TEST(Cells, ExclusionNeedsAllOfAnEntry) {
  const Document document = WithSweep(
      R"({"matrix": {"/timing/tick_time": ["1s", "2s"], "/timing/sync_limit": [4, 5]},
          "exclude": [{"/timing/tick_time": "1s", "/timing/sync_limit": 4}]})");
  const std::vector<std::string> wanted = {"4 2s", "5 1s", "5 2s"};
  EXPECT_EQ(LabelsOf(document), wanted);
}

TEST(Cells, PairwiseCoversEachPairThatIsNotExcluded) {
  const Document document = WithSweep(
      R"({"matrix": {"/timing/tick_time": ["1s", "2s", "3s"], "/timing/sync_limit": [3, 4, 5],
                     "/timing/init_limit": [6, 7, 8]},
          "design": "pairwise",
          "exclude": [{"/timing/tick_time": "3s", "/timing/init_limit": 8}]})");
  std::set<std::pair<std::string, std::string>> pairs;
  const auto cells = CellsOf(*document.scenario().sweep, 1);
  EXPECT_LE(cells.size(), 12u);  // Of 24.
  for (const SweepCell& cell : cells) {
    for (size_t a = 0; a < 3; ++a) {
      for (size_t b = a + 1; b < 3; ++b) {
        pairs.emplace(absl::StrCat(a, cell.labels[a]), absl::StrCat(b, cell.labels[b]));
      }
    }
  }
  EXPECT_EQ(pairs.size(), 3u * 9 - 1);
}

TEST(Cells, ALatinHypercubeDependsOnTheSeedAlone) {
  const Document document = WithSweep(
      R"({"matrix": {"/timing/sync_limit": [3, 4, 5, 6], "/timing/init_limit": [7, 8, 9, 10]},
          "design": "latin"})");
  const Sweep& sweep = *document.scenario().sweep;
  const auto labels = [&](uint64_t seed) {
    std::string all;
    for (const SweepCell& cell : CellsOf(sweep, seed))
      absl::StrAppend(&all, cell.labels[0], "/", cell.labels[1], " ");
    return all;
  };
  EXPECT_EQ(labels(1), labels(1));
  EXPECT_NE(labels(1), labels(2));
  std::set<std::string> taken;
  for (const SweepCell& cell : CellsOf(sweep, 1)) taken.insert(cell.labels[1]);
  EXPECT_EQ(taken.size(), 4u);
}

TEST(Cells, ACellIsTheFileWithItsValuesAndWithoutTheSweep) {
  const std::string path = ZABSIM_SOURCE_DIR "/tests/scenarios/good/every_key.json";
  const Document document = support::MustLoad(path);
  const Sweep& sweep = *document.scenario().sweep;
  std::set<std::string> digests;
  for (const SweepCell& cell : CellsOf(sweep, 1)) {
    const auto of_cell = LoadCell(path, {}, sweep, cell);
    ASSERT_TRUE(of_cell.ok()) << of_cell.status().message();
    EXPECT_FALSE(of_cell->scenario().sweep);
    EXPECT_EQ(absl::StrCat(of_cell->scenario().timing.sync_limit), cell.labels[0]);
    digests.insert(of_cell->digest());
  }
  EXPECT_EQ(digests.size(), CellsOf(sweep, 1).size());
}

TEST(Cells, TheCanonicalFormKeepsTheSweep) {
  const Document document = WithSweep(
      R"({"matrix": {"/timing/tick_time": ["1s", "2s"],
                     "size": [{"label": "3", "set": {"/timing/sync_limit": 3}}]},
          "design": "latin", "cells": 7, "exclude": [{"size": "3"}], "repeat": 5,
          "precision": {"metric": "committed", "within": "1/20", "most": 9}})");
  const auto again = Document::Parse(CanonicalText(document.scenario()), "again.json");
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_EQ(CanonicalText(again->scenario()), CanonicalText(document.scenario()));
}

TEST(Cells, AFileWithoutASweepHasTheDigestThatItHad) {
  EXPECT_EQ(CanonicalText(support::MustLoad(support::ShippedScenario("leader-crash")).scenario())
                .find("sweep"),
            std::string::npos);
}

}  // namespace scenario::cells_test
