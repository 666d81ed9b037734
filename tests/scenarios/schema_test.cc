// Compares schema.json with the parser: defaults and probes.  tests/tools/schema_test.py checks
// that both accept and reject the same files.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "scenarios/runner/json/json_text.h"
#include "scenarios/runner/language/probe_table.h"
#include "scenarios/runner/parse/canonical.h"
#include "scenarios/runner/parse/document.h"
#include "tests/support/golden.h"

namespace scenario::schema_test {
namespace {

constexpr char kSchemaPath[] = ZABSIM_SOURCE_DIR "/scenarios/schema.json";
constexpr size_t kSchemaColumns = 100;  // Longer ones take a line for each key.

Value Schema() {
  Diagnostics problems("schema.json");
  const auto text = ReadSource(kSchemaPath);
  EXPECT_TRUE(text.ok());
  return ParseJson(*text, problems).value_or(Value());
}

// Compares the defaults in the schema with those of the parser.
class Defaults {
 public:
  explicit Defaults(const Value& schema) : schema_(schema) {}

  void Compare(const Value& schema, const Value& filled, const std::string& path) {
    const Value* wanted = schema.Find("default");
    if (wanted != nullptr) {
      ++count_;
      EXPECT_EQ(CompactJson(*wanted), CompactJson(filled)) << path;
    }
    const Value& object = *Resolve(&schema);
    const Value* keys = object.Find("properties");
    if (keys == nullptr) return;
    for (const Value& key : keys->children) {
      const Value* member = filled.Find(key.key);
      const std::string inner = absl::StrCat(path, "/", key.key);
      if (member != nullptr) {
        Compare(key, *member, inner);
      } else {
        EXPECT_EQ(key.Find("default"), nullptr) << inner << " has no default in the parser";
      }
    }
  }
  int count() const { return count_; }

 private:
  // Follows $ref and anyOf to the first schema with keys.
  const Value* Resolve(const Value* schema) const {
    if (const Value* reference = schema->Find("$ref")) {
      const Value* target = &schema_;
      for (const absl::string_view part : absl::StrSplit(reference->text.substr(2), '/')) {
        target = target->Find(part);
      }
      return Resolve(target);
    }
    const Value* choices = schema->Find("anyOf");
    if (choices == nullptr) return schema;
    for (const Value& one : choices->children) {
      const Value* resolved = Resolve(&one);
      if (resolved->Find("properties") != nullptr) return resolved;
    }
    return schema;
  }

  const Value& schema_;
  int count_ = 0;
};

TEST(Schema, StatesTheDefaultsOfTheParser) {
  const auto document = Document::Parse(
      R"({"format": "zabsim/1", "cluster": {"voters": ["n1"]},
          "end": {"virtual": "1s", "quiet": {"at": "1s"}}})",
      "x.json");
  ASSERT_TRUE(document.ok());
  const Value schema = Schema();
  Defaults defaults(schema);
  defaults.Compare(schema, ToValue(document->scenario()), "");
  EXPECT_GT(defaults.count(), 30);
}

// The same for objects in lists: a file with one of each that has only its required keys.
TEST(Schema, StatesTheDefaultsOfItemsOfLists) {
  const auto document = Document::Parse(
      R"({"format": "zabsim/1", "cluster": {"voters": ["n1", "n2"]},
          "network": {"default": {"latency": {"dist": "exp", "mean": "1ms"},
                                  "break": {"mean_every": "1s"}}},
          "workload": [{"kind": "script", "ops": [
                          {"at": "1s", "op": "create", "path": "/a"},
                          {"at": "1s", "op": "setData", "path": "/a"}]},
                       {"kind": "closed"}],
          "events": [{"id": "a", "when": {"on": "proposed"}, "do": [{"crash": {"target": "n1"}}]},
                     {"after": {"event": "a"}}],
          "nemesis": [{"kind": "crash_restart"}, {"kind": "partition"}],
          "end": {"virtual": "900s", "quiet": {"at": "1s"}},
          "expect": {"deadlines": [{"until": "has_leader"}]}})",
      "x.json");
  ASSERT_TRUE(document.ok()) << document.status().message();
  const Value filled = ToValue(document->scenario());
  const Value schema = Schema();
  const Value& definitions = *schema.Find("definitions");
  const Value& top = *schema.Find("properties");
  const auto item = [&](const char* list) -> const Value& {
    return *top.Find(list)->Find("items");
  };

  // A member is present only if it belongs to the kind, so only present members are compared.
  const auto compare = [&](const Value& object, const Value& found, const std::string& path) {
    for (const Value& key : object.Find("properties")->children) {
      const Value* wanted = key.Find("default");
      const Value* member = found.Find(key.key);
      if (wanted == nullptr || member == nullptr) continue;
      if (key.key == "clients" || key.key == "do") continue;  // Expanded, or given above.
      EXPECT_EQ(CompactJson(*wanted), CompactJson(*member)) << path << "/" << key.key;
    }
  };
  const Value& workload = *filled.Find("workload");
  const Value& script = *definitions.Find("script");
  const Value& op = *script.Find("properties")->Find("ops")->Find("items");
  for (const Value& one : workload.children[0].Find("ops")->children) compare(op, one, "ops");
  compare(*definitions.Find("closed"), workload.children[1], "closed");
  const Value& event = filled.Find("events")->children[0];
  compare(item("events"), event, "event");
  compare(*definitions.Find("when"), *event.Find("when"), "when");
  const Value& crash = *definitions.Find("action")->Find("properties")->Find("crash");
  compare(crash, *event.Find("do")->children[0].Find("crash"), "crash");
  for (const Value& one : filled.Find("nemesis")->children)
    compare(item("nemesis"), one, "nemesis");
}

// The lines of the schema for a probe, as long as they may be.
std::string ProbeLines(const ProbeRow& row) {
  const std::string name = absl::StrCat("\"const\": \"", Name(row.probe), "\",");
  const std::string meaning = absl::StrCat("\"description\": \"", row.meaning, "\"");
  std::string one = absl::StrCat("        {", name, " ", meaning, "}");
  if (one.size() < kSchemaColumns) return one;
  return absl::StrCat("        {\n          ", name, "\n          ", meaning, "\n        }");
}

// The schema's list of probes is made of the table.
TEST(Schema, HasTheProbesOfTheTable) {
  const std::string text = support::ReadText(kSchemaPath);
  const std::string opening = "\"oneOf\": [\n";
  const size_t begin = text.find(opening, text.find("    \"probe\": {\n")) + opening.size();
  const size_t end = text.find("\n      ]", begin);
  ASSERT_NE(end, std::string::npos);
  std::vector<std::string> probes;
  for (const ProbeRow& row : kProbeTable) {
    if (row.MayTrigger()) probes.push_back(ProbeLines(row));
  }
  support::ExpectGolden(kSchemaPath, absl::StrCat(text.substr(0, begin),
                                                  absl::StrJoin(probes, ",\n"), text.substr(end)));
}

// What the table says of a probe in words names the columns and kinds that its filters may use.
TEST(ProbeTable, MeaningsNameTheColumns) {
  for (const ProbeRow& row : kProbeTable) {
    if (!row.MayTrigger()) continue;
    const absl::string_view text = row.meaning;
    for (const Column column :
         {Column::kTo, Column::kFrom, Column::kZxid, Column::kEpoch, Column::kOp}) {
      const bool has = std::ranges::find(row.columns, column) != row.columns.end();
      EXPECT_EQ(absl::StrContains(text, absl::StrCat("`", Name(column), "`")), has) << text;
    }
    EXPECT_EQ(absl::StrContains(text, "`kind`"), !row.kinds.empty()) << text;
    if (row.kinds.size() > 4) continue;  // All messages.
    for (const Kind kind : row.kinds) EXPECT_TRUE(absl::StrContains(text, Name(kind))) << text;
  }
}

}  // namespace
}  // namespace scenario::schema_test
