#include "sim/distribution.h"

#include <gtest/gtest.h>

#include <vector>

#include "protocol/base/random.h"

namespace sim {
namespace distribution_test {
namespace {

constexpr zab::Stream kStream("test");
constexpr zab::Entity kEntity{1};

// Whether nothing has been drawn yet: the next bits are the first ones.
bool Untouched(zab::Chooser& chooser) {
  return chooser.Bits(kStream, kEntity) == zab::Draw(chooser.seed(), kStream, kEntity, 0);
}

TEST(Distribution, AConstantDrawsNothing) {
  zab::Chooser chooser(1);
  EXPECT_EQ(Const(zab::Milliseconds(5)).Next(kStream, kEntity, chooser), zab::Milliseconds(5));
  const Distribution one = Uniform(zab::Milliseconds(3), zab::Milliseconds(3));
  EXPECT_EQ(one.Next(kStream, kEntity, chooser), zab::Milliseconds(3));
  EXPECT_TRUE(Untouched(chooser));
}

TEST(Distribution, UniformReachesBothEndsAndNothingBeyond) {
  zab::Chooser chooser(1);
  const Distribution uniform = Uniform(zab::Nanoseconds(10), zab::Nanoseconds(13));
  std::vector<int> seen(20);
  for (int i = 0; i < 1000; ++i) {
    ++seen.at(static_cast<size_t>(uniform.Next(kStream, kEntity, chooser).nanoseconds));
  }
  for (size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i] > 0, i >= 10 && i <= 13) << i;
}

TEST(Distribution, ExponentialHasItsMean) {
  zab::Chooser chooser(1);
  const Distribution exp = Exp(zab::Milliseconds(2), zab::Milliseconds(5));
  constexpr int kDraws = 200'000;
  int64_t sum = 0;
  for (int i = 0; i < kDraws; ++i) sum += exp.Next(kStream, kEntity, chooser).nanoseconds;
  // 7 ms; the standard error of the mean is 11 us.
  EXPECT_GT(sum / kDraws, 6'960'000);
  EXPECT_LT(sum / kDraws, 7'040'000);
}

TEST(Distribution, ExponentialStaysBetweenFloorAndCap) {
  zab::Chooser chooser(1);
  const Distribution exp = Exp(zab::Nanoseconds(100), zab::Nanoseconds(50), zab::Nanoseconds(200));
  int capped = 0;
  for (int i = 0; i < 10'000; ++i) {
    const int64_t n = exp.Next(kStream, kEntity, chooser).nanoseconds;
    ASSERT_GE(n, 100);
    ASSERT_LE(n, 200);
    if (n == 200) ++capped;
  }
  // e^-2 of them, 1353.
  EXPECT_GT(capped, 1200);
  EXPECT_LT(capped, 1500);
}

TEST(Distribution, BimodalHasItsShareOfTails) {
  zab::Chooser chooser(1);
  const Distribution bimodal = Bimodal(zab::Milliseconds(35), zab::Milliseconds(220), {1, 200});
  int tails = 0;
  for (int i = 0; i < 100'000; ++i) {
    const zab::Duration next = bimodal.Next(kStream, kEntity, chooser);
    ASSERT_TRUE(next == zab::Milliseconds(35) || next == zab::Milliseconds(220)) << i;
    if (next == zab::Milliseconds(220)) ++tails;
  }
  // 500; the standard deviation is 22.
  EXPECT_GT(tails, 400);
  EXPECT_LT(tails, 600);
}

TEST(Distribution, TheMeanOfEachKind) {
  EXPECT_EQ(Const(zab::Milliseconds(3)).Mean(), zab::Milliseconds(3));
  EXPECT_EQ(Uniform(zab::Milliseconds(2), zab::Milliseconds(6)).Mean(), zab::Milliseconds(4));
  EXPECT_EQ(Exp(zab::Milliseconds(1), zab::Milliseconds(2)).Mean(), zab::Milliseconds(3));
  EXPECT_EQ(Exp(zab::Milliseconds(1), zab::Milliseconds(9), zab::Milliseconds(4)).Mean(),
            zab::Milliseconds(4));
  EXPECT_EQ(Bimodal(zab::Milliseconds(1), zab::Milliseconds(101), {1, 100}).Mean(),
            zab::Milliseconds(2));
}

TEST(Distribution, TimesAFactorKeepsItsShape) {
  EXPECT_EQ(Bimodal(zab::Milliseconds(1), zab::Milliseconds(2), {1, 3}) * 5,
            Bimodal(zab::Milliseconds(5), zab::Milliseconds(10), {1, 3}));
  EXPECT_EQ(Exp(zab::Milliseconds(1), zab::Milliseconds(2)) * 3,
            Exp(zab::Milliseconds(3), zab::Milliseconds(6)));
  EXPECT_NE(Bimodal(zab::Milliseconds(1), zab::Milliseconds(2), {1, 3}),
            Bimodal(zab::Milliseconds(1), zab::Milliseconds(2), {1, 4}));
}

TEST(Distribution, ExponentialOfKnownBits) {
  const zab::Duration mean = zab::Seconds(1);
  EXPECT_EQ(ExponentialOf(0, mean), zab::Nanoseconds(0));
  // u = 1/2: ln 2.
  EXPECT_EQ(ExponentialOf(uint64_t{1} << 63, mean), zab::Nanoseconds(693'147'180));
  // u = 511/512: ln 512, by way of the tail.
  EXPECT_EQ(ExponentialOf(uint64_t{511} << 55, mean), zab::Nanoseconds(6'238'324'624));
  EXPECT_GT(ExponentialOf(~uint64_t{0}, mean), zab::Seconds(30));
  EXPECT_EQ(Exp({}, mean).high, zab::Seconds(20));
}

TEST(Distribution, ExponentialRisesWithItsBits) {
  zab::Duration before;
  for (uint64_t i = 0; i < 4096; ++i) {
    const zab::Duration now = ExponentialOf(i << 52, zab::Seconds(1));
    ASSERT_GE(now, before) << i;
    before = now;
  }
}

TEST(Distribution, AMultipleNeverOverflows) {
  const Distribution doubled = Uniform(zab::Seconds(1), zab::Seconds(900'000'000)) * 2;
  EXPECT_EQ(doubled.low, zab::Seconds(2));
  EXPECT_EQ(doubled.high, zab::Seconds(1'000'000'000));
}

// Draws are part of the format: every golden file depends on them.  The values were also computed
// by a program in another language.
TEST(Draw, KnownValues) {
  EXPECT_EQ(zab::Stream("net/loss").hash, 3195744128744358218u);
  EXPECT_EQ(zab::Draw(1, zab::Stream("net/loss"), zab::Entity{65538}, 0), 3226700831189876128u);
  EXPECT_EQ(zab::Draw(1, zab::Stream("net/loss"), zab::Entity{65538}, 17), 2368072341482144011u);
  EXPECT_EQ(zab::Draw(2, zab::Stream("net/loss"), zab::Entity{65538}, 17), 770277493089747778u);
  EXPECT_EQ(zab::Draw(1, zab::Stream("net/latency"), zab::Entity{65538}, 17),
            13502992507010520229u);
  EXPECT_EQ(zab::Draw(0, zab::Stream(), zab::Entity{}, 0), 8507838430179538973u);
}

}  // namespace
}  // namespace distribution_test
}  // namespace sim
