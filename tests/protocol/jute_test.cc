// Jute: the exact bytes of every primitive, and readers with invalid bytes.
#include "protocol/wire/jute.h"

#include <gtest/gtest.h>

#include <limits>

namespace zab::jute_test {

template <class Write>
std::string Written(Write write) {
  std::string bytes;
  JuteWriter writer(bytes);
  write(writer);
  return bytes;
}

TEST(Jute, WritesBigEndian) {
  const std::string bytes = Written([](JuteWriter& out) {
    out.Bool(true);
    out.Bool(false);
    out.Int(0x01020304);
    out.Int(-2);
    out.Long(0x0102030405060708);
    out.UnsignedLong(~uint64_t{0});
  });
  EXPECT_EQ(bytes, std::string("\x01\x00\x01\x02\x03\x04\xff\xff\xff\xfe"
                               "\x01\x02\x03\x04\x05\x06\x07\x08\xff\xff\xff\xff\xff\xff\xff\xff",
                               26));
}

TEST(Jute, WritesLengthsAndNull) {
  const std::string bytes = Written([](JuteWriter& out) {
    out.String("/a");
    out.Buffer(std::nullopt);
    out.Buffer("");
    out.Raw("xy");
  });
  EXPECT_EQ(bytes, std::string("\0\0\0\2/a\xff\xff\xff\xff\0\0\0\0xy", 16));
}

TEST(Jute, ReadsWhatItWrites) {
  const std::string bytes = Written([](JuteWriter& out) {
    out.Bool(true);
    out.Int(std::numeric_limits<int32_t>::min());
    out.Long(std::numeric_limits<int64_t>::min());
    out.String(std::string("a\0b", 3));
    out.Buffer(std::nullopt);
    out.Buffer("data");
    out.Int(2);
    out.Raw("12345678");
  });
  JuteReader in(bytes);
  EXPECT_TRUE(in.Bool());
  EXPECT_EQ(in.Int(), std::numeric_limits<int32_t>::min());
  EXPECT_EQ(in.Long(), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(in.String(), std::string("a\0b", 3));
  EXPECT_EQ(in.Buffer(), std::nullopt);
  EXPECT_EQ(in.Buffer(), "data");
  EXPECT_EQ(in.Count(4), 2);
  EXPECT_EQ(in.Raw(8), "12345678");
  EXPECT_TRUE(in.ok());
  EXPECT_TRUE(in.at_end());
}

TEST(Jute, EverythingIsZeroAfterTheFirstBadField) {
  const std::string bytes("\0\0\0\7", 4);
  JuteReader in(bytes);
  EXPECT_EQ(in.Long(), 0);
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.Int(), 0) << "four bytes remain, but their meaning is unknown";
  EXPECT_FALSE(in.Bool());
  EXPECT_EQ(in.String(), "");
  EXPECT_EQ(in.Count(1), 0);
  EXPECT_EQ(in.position(), 0u);
}

TEST(Jute, RefusesLengthsThatTheInputDoesNotHold) {
  for (const std::string& length : {std::string("\x7f\xff\xff\xff", 4), std::string("\0\0\0\4", 4),
                                    std::string("\xff\xff\xff\xfe", 4)}) {
    const std::string bytes = length + "abc";
    JuteReader buffer(bytes);
    buffer.Buffer();
    EXPECT_FALSE(buffer.ok());
    JuteReader count(bytes);
    EXPECT_EQ(count.Count(1), 0);
    EXPECT_FALSE(count.ok());
  }
}

TEST(Jute, ACountIsMeasuredInItems) {
  const std::string bytes = std::string("\0\0\0\2", 4) + "12345678";
  EXPECT_EQ(JuteReader(bytes).Count(4), 2);
  JuteReader too_many(bytes);
  EXPECT_EQ(too_many.Count(5), 0);
  EXPECT_FALSE(too_many.ok());
}

TEST(Jute, NullIsAnEmptyVectorAndAnEmptyString) {
  const std::string null("\xff\xff\xff\xff", 4);
  JuteReader count(null);
  EXPECT_EQ(count.Count(4), 0);
  EXPECT_TRUE(count.ok());
  JuteReader text(null);
  EXPECT_EQ(text.String(), "");
  EXPECT_TRUE(text.ok());
}

TEST(Jute, ABooleanIsZeroOrOne) {
  JuteReader in("\x02");
  EXPECT_FALSE(in.Bool());
  EXPECT_FALSE(in.ok());
}

}  // namespace zab::jute_test
