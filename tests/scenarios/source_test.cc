// From bytes to a tree: what is rejected independently of its meaning, and line numbers.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "absl/strings/match.h"
#include "scenarios/runner/json/json_text.h"
#include "scenarios/runner/json/value.h"

namespace scenario::source_test {
namespace {

// The problems of the text; empty if there are none.
std::string ProblemsOf(const std::string& text) {
  Diagnostics problems("f.json");
  const std::optional<Value> value = ParseJson(text, problems);
  EXPECT_EQ(value.has_value(), problems.empty());
  return std::string(problems.ToStatus().message());
}

Value Parsed(const std::string& text) {
  Diagnostics problems("f.json");
  const std::optional<Value> value = ParseJson(text, problems);
  EXPECT_TRUE(value.has_value()) << problems.ToStatus().message();
  return value.value_or(Value());
}

std::string Nested(int levels) {
  return std::string(static_cast<size_t>(levels), '[') +
         std::string(static_cast<size_t>(levels), ']');
}

TEST(Source, ValuesHaveLines) {
  const Value root = Parsed("\n{\n  \"a\": 12\n  ,\n\"b\": [true,\r\n null, \"x\"\n]}\n\n");
  EXPECT_EQ(root.line, 2);
  EXPECT_EQ(root.Find("a")->line, 3);  // The lexer reads past a number to know where it ends.
  EXPECT_EQ(root.Find("b")->line, 5);
  EXPECT_EQ(root.Find("b")->children[0].line, 5);
  EXPECT_EQ(root.Find("b")->children[1].line, 6);
  EXPECT_EQ(root.Find("b")->children[2].line, 6);
}

TEST(Source, PlacesAreJsonPointers) {
  const Value root = Parsed(R"({"a/b": [{}, {"c~d": 1}]})");
  const Value& list = root.children[0];
  const Place top{root};
  const Place a{list, &top};
  const Place second{list.children[1], &a};
  const Place c{list.children[1].children[0], &second};
  EXPECT_EQ(top.Pointer(), "");
  EXPECT_EQ(c.Pointer(), "/a~1b/1/c~0d");
}

TEST(Source, AtMostSixtyFourLevels) {
  EXPECT_EQ(ProblemsOf(Nested(64)), "");
  EXPECT_TRUE(absl::StrContains(ProblemsOf(Nested(65)), "wanted at most 64 levels"));
  EXPECT_TRUE(absl::StrContains(ProblemsOf(Nested(1'000'000)), "wanted at most 64 levels"));
}

TEST(Source, IntegersUpTo2To53) {
  EXPECT_EQ(Parsed("9007199254740992").integer, kLargestInteger);
  EXPECT_EQ(Parsed("-9007199254740992").integer, -kLargestInteger);
  EXPECT_NE(ProblemsOf("9007199254740993"), "");
  EXPECT_NE(ProblemsOf("-9007199254740993"), "");
  EXPECT_NE(ProblemsOf("18446744073709551616"), "");
  EXPECT_NE(ProblemsOf("1.0"), "");
  EXPECT_NE(ProblemsOf("1e3"), "");
  EXPECT_NE(ProblemsOf("1e999"), "");
}

TEST(Source, AllProblemsOfATextAreReportedUpToALimit) {
  EXPECT_EQ(ProblemsOf("[1.5,\n2.5]"),
            "f.json:1: /0: wanted an integer, found 1.5: numbers have neither a fraction nor an "
            "exponent; other values have a unit, such as \"1500ms\" or \"3/100\"\n"
            "f.json:2: /1: wanted an integer, found 2.5: numbers have neither a fraction nor an "
            "exponent; other values have a unit, such as \"1500ms\" or \"3/100\"");
  std::string many = "[";
  for (int i = 0; i < 100; ++i) many += "1.5,\n";
  EXPECT_TRUE(absl::EndsWith(ProblemsOf(many + "0]"), "\nf.json: and 80 more"));
}

TEST(Source, Utf8IsKeptAndChecked) {
  EXPECT_EQ(Parsed("\"\\u9886\xe5\xaf\xbc\"").text, "\xe9\xa2\x86\xe5\xaf\xbc");
  for (const char* bad : {"\"\xff\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "\"\xe4\xbd\"", "\xe4"}) {
    EXPECT_TRUE(absl::StrContains(ProblemsOf(bad), "not JSON")) << bad;
  }
}

TEST(Source, FilesThatCannotBeRead) {
  const std::string folder = testing::TempDir();
  const auto message_of = [](const std::string& path) {
    return std::string(ReadSource(path).status().message());
  };
  EXPECT_EQ(message_of(folder), folder + ": wanted a file, found a directory");
  EXPECT_EQ(message_of("no/such.json"), "no/such.json: no such file");
  EXPECT_EQ(message_of(""), ": no such file");

  const std::string path = folder + "source_test.json";
  std::ofstream(path) << std::string(kMaxFileBytes, ' ');
  EXPECT_TRUE(ReadSource(path).ok());
  std::ofstream(path, std::ios::app) << ' ';
  EXPECT_EQ(message_of(path), path + ": wanted at most 4 MiB, found more");
  std::ofstream(path, std::ios::trunc).flush();
  EXPECT_EQ(message_of(path), path + ": the file is empty");
  std::remove(path.c_str());
}

TEST(Source, PrintingGivesTheSameTree) {
  const std::string text = R"({"a":[1,-2,true,null,"q\"\\\n\u0001"],"b":{},"c":[]})";
  EXPECT_EQ(CompactJson(Parsed(text)), text);
  EXPECT_EQ(CompactJson(Parsed(PrettyJson(Parsed(text)))), text);
  EXPECT_EQ(CompactJson(Parsed(R"({"b":1,"a":2})")), R"({"a":2,"b":1})");
}

TEST(Source, SetAtCreatesMissingMembers) {
  Value root = Parsed(R"({"a": [1, 2]})");
  EXPECT_TRUE(SetAt(root, "/b/c~1d/e", Value::Integer(7)).ok());
  EXPECT_TRUE(SetAt(root, "/a/1", Value::Integer(3)).ok());
  EXPECT_TRUE(SetAt(root, "/a/-/x", Value::Integer(4)).ok());
  EXPECT_EQ(CompactJson(root), R"({"a":[1,3,{"x":4}],"b":{"c/d":{"e":7}}})");
  EXPECT_FALSE(SetAt(root, "/a/5", Value()).ok());
  EXPECT_FALSE(SetAt(root, "/a/one", Value()).ok());
  EXPECT_FALSE(SetAt(root, "/a/0/x", Value()).ok());
  EXPECT_FALSE(SetAt(root, "a", Value()).ok());
  EXPECT_FALSE(SetAt(root, "", Value()).ok());
}

}  // namespace
}  // namespace scenario::source_test
