// Scalar values as text, and back.
#include <gtest/gtest.h>

#include <string>

#include "scenarios/runner/json/diagnostics.h"
#include "scenarios/runner/language/units.h"

namespace scenario::text_test {
namespace {

TEST(Text, Durations) {
  EXPECT_EQ(ParseDuration("150ms")->nanoseconds, 150'000'000);
  EXPECT_EQ(ParseDuration("7ns")->nanoseconds, 7);
  EXPECT_EQ(ParseDuration("2min")->nanoseconds, 120'000'000'000);
  EXPECT_EQ(*ParseDuration("1000000000s"), kLongestDuration);
  for (const char* bad : {"", "5", "ms", "5 ms", " 5ms", "5ms ", "+5ms", "-5ms", "1.5s", "5m", "5S",
                          "1000000001s", "99999999999999999999ns", "0x5s", "5msms"}) {
    EXPECT_FALSE(ParseDuration(bad).ok()) << bad;
  }
  for (const char* text : {"0s", "1ns", "1500ms", "90s", "2min", "1h", "1000001ns"}) {
    EXPECT_EQ(FormatDuration(*ParseDuration(text)), text);
  }
  EXPECT_EQ(FormatDuration(*ParseDuration("120s")), "2min");
}

TEST(Text, SignedDurations) {
  EXPECT_EQ(*ParseSignedDuration("-800ms"), zab::Milliseconds(-800));
  EXPECT_EQ(*ParseSignedDuration("0s"), zab::Duration{});
  for (const char* bad : {"", "-", "--1s", "-1", "- 1s", "+1s", "-1000000001s"}) {
    EXPECT_FALSE(ParseSignedDuration(bad).ok()) << bad;
  }
  for (const char* text : {"-800ms", "3s", "-1h", "0s"}) {
    EXPECT_EQ(FormatDuration(*ParseSignedDuration(text)), text);
  }
}

TEST(Text, Sizes) {
  EXPECT_EQ(*ParseSize("64KiB"), 65536);
  EXPECT_EQ(*ParseSize("0B"), 0);
  for (const char* bad : {"64", "64KB", "64kib", "-1B", "1/2KiB", "8388608GiB"}) {
    EXPECT_FALSE(ParseSize(bad).ok()) << bad;
  }
  for (const char* text : {"0B", "1023B", "1KiB", "3MiB", "4GiB"}) {
    EXPECT_EQ(FormatSize(*ParseSize(text)), text);
  }
}

TEST(Text, Bandwidths) {
  EXPECT_EQ(*ParseBandwidth("2MiB/s"), 2 << 20);
  for (const char* bad : {"", "2MiB", "2MiB/", "/s", "2MiB/s/s", "-2MiB/s", "1023B/s", "0B/s"}) {
    EXPECT_FALSE(ParseBandwidth(bad).ok()) << bad;
  }
  for (const char* text : {"1KiB/s", "1500B/s", "100MiB/s"}) {
    EXPECT_EQ(FormatBandwidth(*ParseBandwidth(text)), text);
  }
}

TEST(Text, Ratios) {
  EXPECT_EQ(ParseRatio("50%")->denominator, 2u);
  EXPECT_EQ(ParseRatio("3/100")->numerator, 3u);
  for (const char* bad :
       {"", "%", "3", "1/0", "1/", "/2", "-1%", "1.5%", "1/2/3", "1/-2", "3 %", "1/1000000001"}) {
    EXPECT_FALSE(ParseRatio(bad).ok()) << bad;
  }
  for (const char* text : {"0%", "3%", "100%", "150%", "1/3", "1/200"}) {
    EXPECT_EQ(FormatRatio(*ParseRatio(text)), text);
  }
  EXPECT_EQ(FormatRatio(*ParseRatio("6/200")), "3%");
  EXPECT_EQ(FormatRatio(*ParseRatio("0/7")), "0%");
}

TEST(Text, Zxids) {
  EXPECT_EQ(*ParseZxid("2:17"), (zab::Zxid{{2}, 17}));
  EXPECT_EQ(*ParseZxid("2147483647:4294967295"), (zab::Zxid{{2147483647}, 4294967295}));
  for (const char* bad :
       {"", "2", ":", "2:", ":1", "-1:1", "2147483648:1", "1:4294967296", "1:1:1"}) {
    EXPECT_FALSE(ParseZxid(bad).ok()) << bad;
  }
  EXPECT_EQ(FormatZxidRange(*ParseZxidRange("1:1..1:20")), "1:1..1:20");
  EXPECT_EQ(FormatZxidRange(*ParseZxidRange("1:3..1:3")), "1:3");
  for (const char* bad : {"1:2..1:1", "1:1..2:1", "1:0", "1:1..", "..1:1", "1:1...1:2"}) {
    EXPECT_FALSE(ParseZxidRange(bad).ok()) << bad;
  }
}

TEST(Text, Seeds) {
  EXPECT_EQ(*ParseSeed("18446744073709551615"), ~uint64_t{0});
  for (const char* bad : {"", "-1", "+1", "1e3", "0x1", "18446744073709551616"}) {
    EXPECT_FALSE(ParseSeed(bad).ok()) << bad;
  }
}

TEST(Text, Names) {
  EXPECT_TRUE(IsNodeName("n1"));
  for (const char* bad : {"", "1n", "N1", "n-1", "n_1", "\xc3\xa9"}) EXPECT_FALSE(IsNodeName(bad));
  EXPECT_TRUE(IsScenarioId("bugs/zookeeper-4646"));
  EXPECT_TRUE(IsScenarioId("3-servers"));
  for (const char* bad : {"", "/a", "a/", "a//b", "A", "a b"}) EXPECT_FALSE(IsScenarioId(bad));
}

TEST(Text, Suggestions) {
  EXPECT_EQ(DidYouMean("tick_tiem", {"init_limit", "tick_time"}), "; did you mean \"tick_time\"?");
  EXPECT_EQ(DidYouMean("leadre", {"follower", "leader"}), "; did you mean \"leader\"?");
  EXPECT_EQ(DidYouMean("nothing", {"tick_time", "init_limit"}), "");
  EXPECT_EQ(DidYouMean("n4", {"n1", "n2"}), "");
  EXPECT_EQ(DidYouMean(std::string(100'000, 'a'), {std::string(100'000, 'b'), "c"}), "");
  EXPECT_EQ(HintFor("observers", {"voters"}), "; it is not supported yet");
}

}  // namespace
}  // namespace scenario::text_test
