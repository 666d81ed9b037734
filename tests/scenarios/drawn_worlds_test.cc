// Every key of the language has a campaign that draws it, or a reason why none does: what is never
// drawn is never tried.  Compares the schema with the scenarios of a thousand runs of scenarios/ci.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "protocol/base/check.h"
#include "scenarios/runner/json/diagnostics.h"
#include "scenarios/runner/json/json_text.h"
#include "scenarios/runner/parse/canonical.h"
#include "scenarios/runner/search/strategy.h"
#include "tests/support/golden.h"
#include "tests/support/shipped.h"

namespace scenario::drawn_worlds {
namespace {

constexpr uint64_t kRuns = 1000;
constexpr char kScenarios[] = ZABSIM_SOURCE_DIR "/scenarios";

/// What no campaign draws, by how its path begins, and why.
const std::vector<std::pair<std::string, std::string>>& NotDrawn() {
  static const std::vector<std::pair<std::string, std::string>> kReasons = {
      {"/$schema", "for editors"},
      {"/tags", "texts"},
      {"/lesson", "texts"},
      {"/known_bug", "campaigns run without a bug, or with that of --bug"},
      {"/expect", "what must hold; the world is the same"},
      {"/run", "which runs to make"},
      {"/sweep", "which runs to make"},
      {"/explore", "a world of `zabsim explore`, which makes no runs"},
      {"/cluster/initial/NAME",
       "the histories of one file fit each other: ci/snap-swarm has one set of them"},
      {"/end/events", "a guard: drawn runs have one of their own"},
      {"/network/links",
       "a single link has the keys of its profile, which are drawn; gray_link and clog make single "
       "links bad"},
      {"/network/zones", "names of profiles, which are drawn"},
      {"/server/NAME", "server.default is drawn; slow_fsync and pause make single servers slow"},
      {"server_times/profile=", "what no profile says is the profile instant"},
      {"closed/clients/NAME", "blocks are drawn with a server for all clients"},
      {"disk_change/capacity",
       "a server whose disk stays full stops for good; the nemesis disk_error fills disks for a "
       "while"},
      {"disk_profile/atlas",
       "without the atlas an ensemble may stop for good; `--set` lifts it in a test and at night"},
      {"disk_profile/capacity", "the same"},
      {"disk_change/on_crash=\"reordered\"", "the same"},
      {"disk_profile/on_crash=\"reordered\"",
       "lets a whole ensemble lose what it has synced: only with `atlas` false; the nemesis "
       "disk_loss does it within the atlas"},
      {"link_profile/transport", "datagrams break the protocol on purpose"},
      {"link_profile/dup", "of datagrams"},
      {"link_profile/reorder", "of datagrams"},
      {"/events",
       "of stories; the strategies draw crashes, cuts, pauses and changes of latencies as events"},
      {"action", "as events; nemeses, breaks and latencies do what the others do"},
      {"when", "triggers are for stories; the strategy probe_sweep draws its own"},
      {"zxid", "as triggers"},
      {"script", "for stories; campaigns draw their operations"},
      {"filter", "as triggers"},
      {"moment", "as filters"},
      {"never", "as filters"},
      {"reachability", "as filters"},
      {"probe", "as filters"},
  };
  return kReasons;
}

/// The values at one place of the schema in all runs; null where a run has none.
using Values = std::vector<const Value*>;

/// Walks the schema together with the values.  A definition is walked once, with the values of all
/// places that refer to it.
class Worlds {
 public:
  explicit Worlds(const Value& schema) : schema_(schema) {}

  /// The paths of keys that never differ (a key that is not there differs from one that is), and of
  /// words that no run has.
  std::vector<std::string> NeverDrawn(const Values& runs) {
    Object(schema_, runs, "");
    for (size_t round = 0; round < kDeepestReference; ++round) {
      for (auto& [name, values] : std::exchange(referred_, {})) {
        Definition(Target(name), values, name.substr(name.rfind('/') + 1));
      }
    }
    std::vector<std::string> missing;
    for (const auto& [path, drawn] : drawn_) {
      if (drawn.size() < 2) missing.push_back(path);
    }
    for (const auto& [path, count] : words_) {
      if (count == 0) missing.push_back(path);
    }
    return missing;
  }

 private:
  static constexpr size_t kDeepestReference = 4;

  void Visit(const Value& schema, const Values& values, const std::string& path) {
    if (schema.Find("const") != nullptr) return;
    Differ(values, path);
    if (const Value* reference = schema.Find("$ref")) {
      Values& referred = referred_[reference->text];
      referred.insert(referred.end(), values.begin(), values.end());
    } else if (IsObject(schema)) {
      Object(schema, values, path);
    } else if (const Value* alternatives = AlternativesOf(schema)) {
      for (const Value& one : alternatives->children) Visit(one, Fitting(one, values), path);
    } else if (const Value* items = schema.Find("items")) {
      Visit(*items, Children(values, nullptr), path + "[]");
    } else {
      Words(schema, values, path);
    }
  }

  void Definition(const Value& schema, const Values& values, const std::string& name) {
    if (IsObject(schema) || AlternativesOf(schema) != nullptr) Visit(schema, values, name);
  }

  void Object(const Value& schema, const Values& values, const std::string& path) {
    const Value* keys = schema.Find("properties");
    for (size_t i = 0; keys != nullptr && i < keys->children.size(); ++i) {
      const Value& key = keys->children[i];
      Values members;
      for (const Value* value : values) {
        members.push_back(value == nullptr ? nullptr : value->Find(key.key));
      }
      Visit(key, members, absl::StrCat(path, "/", key.key));
    }
    if (const Value* names = schema.Find("patternProperties")) {
      Visit(names->children[0], Children(values, keys), path + "/NAME");
    }
  }

  // A key without values counts, so that it is reported.
  void Differ(const Values& values, const std::string& path) {
    std::set<std::string>& drawn = drawn_[path];
    for (const Value* value : values) drawn.insert(value == nullptr ? "" : CompactJson(*value));
  }

  void Words(const Value& schema, const Values& values, const std::string& path) {
    const Value* words = schema.Find("enum");
    for (size_t i = 0; words != nullptr && i < words->children.size(); ++i) {
      const std::string word = CompactJson(words->children[i]);
      words_[absl::StrCat(path, "=", word)] += std::ranges::count_if(
          values, [&](const Value* v) { return v != nullptr && CompactJson(*v) == word; });
    }
  }

  /// What "#/definitions/filter/properties/on" refers to.
  const Value& Target(const std::string& reference) const {
    const Value* target = &schema_;
    for (const absl::string_view name : absl::StrSplit(reference.substr(2), '/')) {
      target = target->Find(name);
      ZAB_CHECK(target != nullptr) << reference;
    }
    return *target;
  }

  static bool IsObject(const Value& schema) {
    return schema.Find("properties") != nullptr || schema.Find("patternProperties") != nullptr;
  }
  static const Value* AlternativesOf(const Value& schema) {
    const Value* any = schema.Find("anyOf");
    return any != nullptr ? any : schema.Find("oneOf");
  }

  /// Items of arrays, or members of objects that are not among `keys`.
  static Values Children(const Values& values, const Value* keys) {
    Values children;
    for (const Value* value : values) {
      for (size_t i = 0; value != nullptr && i < value->children.size(); ++i) {
        const Value& child = value->children[i];
        if (keys == nullptr || keys->Find(child.key) == nullptr) children.push_back(&child);
      }
    }
    return children;
  }

  /// Those of the type and with the constants of an alternative.
  Values Fitting(const Value& alternative, const Values& values) const {
    Values fitting;
    for (const Value* value : values) {
      if (value != nullptr && Fits(alternative, *value)) fitting.push_back(value);
    }
    return fitting;
  }

  bool Fits(const Value& alternative, const Value& value) const {
    const Value* reference = alternative.Find("$ref");
    const Value& schema = reference == nullptr ? alternative : Target(reference->text);
    if (const Value* only = schema.Find("const")) return CompactJson(*only) == CompactJson(value);
    if (value.Is(Value::Type::kArray) != (schema.Find("items") != nullptr)) return false;
    if (value.Is(Value::Type::kObject) != IsObject(schema)) return false;
    const Value* keys = schema.Find("properties");
    return keys == nullptr || std::ranges::all_of(keys->children, [&](const Value& key) {
             const Value* member = value.Find(key.key);
             return key.Find("const") == nullptr || (member != nullptr && Fits(key, *member));
           });
  }

  const Value& schema_;
  std::map<std::string, Values> referred_;              // By reference.
  std::map<std::string, std::set<std::string>> drawn_;  // By path.
  std::map<std::string, int64_t> words_;                // By path=word.
};

std::vector<Document> Campaigns() {
  std::vector<Document> campaigns;
  for (const std::string& path : support::ShippedScenarios()) {
    if (absl::StrContains(path, "/scenarios/ci/")) campaigns.push_back(support::MustLoad(path));
  }
  return campaigns;
}

TEST(DrawnWorlds, CoverTheLanguage) {
  const std::vector<Document> campaigns = Campaigns();
  std::vector<Value> scenarios;
  for (uint64_t i = 0; i < kRuns; ++i) {
    const PlannedRun run = PlanRun(1, i, FileWeights(campaigns), kDefaultMix);
    const auto scenario = DeriveScenario(campaigns[run.file], run.strategy, run.seed);
    ASSERT_TRUE(scenario.ok()) << scenario.status();
    scenarios.push_back(ToValue(*scenario));
  }
  Values runs;
  for (const Value& scenario : scenarios) runs.push_back(&scenario);

  Diagnostics problems("schema.json");
  const auto schema =
      ParseJson(support::ReadText(absl::StrCat(kScenarios, "/schema.json")), problems);
  ASSERT_TRUE(schema.has_value());
  std::set<std::string> unused;
  for (const auto& [path, why] : NotDrawn()) unused.insert(path);
  for (const std::string& missing : Worlds(*schema).NeverDrawn(runs)) {
    const auto excused = std::ranges::find_if(
        NotDrawn(), [&](const auto& reason) { return absl::StartsWith(missing, reason.first); });
    if (excused == NotDrawn().end()) {
      ADD_FAILURE() << missing << ": no campaign draws it, and no reason says why not";
    } else {
      unused.erase(excused->first);
    }
  }
  EXPECT_THAT(unused, testing::IsEmpty()) << "these are drawn";
}

}  // namespace
}  // namespace scenario::drawn_worlds
