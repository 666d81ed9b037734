// Statistics against published values; tests/tools/sweep_statistics.py compares whole tables with
// scipy.
#include <gtest/gtest.h>

#include <vector>

#include "tools/zabsim/compare/sweep_data.h"
#include "tools/zabsim/statistics/distributions.h"
#include "tools/zabsim/statistics/estimates.h"
#include "tools/zabsim/statistics/tests.h"

namespace zabsim {
namespace {

TEST(Statistics, TablesOfStudentsTAndTheBinomial) {
  // Fisher and Yates, two-sided 5 %.
  EXPECT_NEAR(StudentQuantile(0.975, 1), 12.706, 5e-4);
  EXPECT_NEAR(StudentQuantile(0.975, 9), 2.262, 5e-4);
  EXPECT_NEAR(StudentQuantile(0.975, 30), 2.042, 5e-4);
  EXPECT_NEAR(StudentTwoSided(2.262, 9), 0.05, 1e-4);
  EXPECT_NEAR(BinomialAtMost(2, 10, 0.5), 56.0 / 1024, 1e-12);
}

TEST(Statistics, TheMedianOfTenLiesBetweenTheSecondAndTheNinth) {
  EXPECT_EQ(QuantileRanks(10, 0.5).low, 2u);
  EXPECT_EQ(QuantileRanks(10, 0.5).high, 9u);
  EXPECT_EQ(QuantileRanks(5, 0.5).low, 0u);  // Too few for an interval.
  EXPECT_EQ(QuantileRanks(5, 0.5).high, 0u);
  EXPECT_EQ(QuantileRanks(6, 0.5).low, 1u);
  EXPECT_EQ(QuantileRanks(100, 0.99).high, 0u);
  EXPECT_EQ(QuantileRanks(400, 0.99).high, 400u);
}

TEST(Statistics, QuantilesLieBetweenObservations) {
  const std::vector<double> ascending = {1, 2, 4, 8};
  EXPECT_EQ(QuantileOf(ascending, 0.5), 3);
  EXPECT_EQ(QuantileOf(ascending, 1), 8);
  EXPECT_NEAR(QuantileOf(ascending, 0.9), 6.8, 1e-12);
  EXPECT_EQ(QuantileOf(std::vector<double>{7}, 0.99), 7);
}

TEST(Statistics, SharesOfNoneAndOfSome) {
  EXPECT_EQ(ShareInterval(0, 100).low, 0);
  EXPECT_EQ(ShareInterval(0, 100).high, 0.03);
  EXPECT_EQ(ShareInterval(100, 100).low, 0.97);
  EXPECT_EQ(ShareInterval(0, 2).high, 1);
  // Newcombe, Statistics in Medicine 17, 1998: 81 of 263.
  EXPECT_NEAR(*ShareInterval(81, 263).low, 0.2553, 5e-5);
  EXPECT_NEAR(*ShareInterval(81, 263).high, 0.3662, 5e-5);
}

TEST(Statistics, WithoutSpreadADifferenceIsCertainOrNone) {
  const std::vector<double> a = {5, 6, 7}, same = {5, 6, 7}, above = {6, 7, 8};
  EXPECT_EQ(PairedDifference(a, same).p, 1);
  const Difference one = PairedDifference(a, above);
  EXPECT_EQ(one.p, 0);
  EXPECT_EQ(one.interval.low, 1);
  EXPECT_EQ(one.interval.high, 1);
}

TEST(Statistics, EffectSizeCountsPairs) {
  EXPECT_EQ(EffectSize(std::vector<double>{1, 2, 3}, std::vector<double>{4, 5}), 1);
  EXPECT_EQ(EffectSize(std::vector<double>{1, 2}, std::vector<double>{1, 2}), 0.5);
  EXPECT_NEAR(EffectSize(std::vector<double>{1, 3}, std::vector<double>{2, 3, 0}), 2.5 / 6, 1e-12);
}

TEST(Statistics, HolmCorrectsInSteps) {
  const std::vector<double> corrected = HolmCorrected(std::vector<double>{0.01, 0.04, 0.03, 0.005});
  const std::vector<double> wanted = {0.03, 0.06, 0.06, 0.02};
  for (size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(corrected[i], wanted[i], 1e-12) << i;
}

TEST(Statistics, NumbersShowNoLastBits) {
  EXPECT_EQ(NumberText(2.0 / 3), "0.6666667");
  EXPECT_EQ(NumberText(1234567890.4), "1234567890");
  EXPECT_EQ(NumberText(std::optional<double>()), "");
}

TEST(Statistics, CellsOfCsvMayBeQuoted) {
  const std::vector<std::string> wanted = {"1", "[\"n1\",\"n2\"]", "", "x"};
  EXPECT_EQ(CsvCells(R"(1,"[""n1"",""n2""]",,x)"), wanted);
}

}  // namespace
}  // namespace zabsim
