// Loads a file, applies overrides, and draws what varies.
#include "scenarios/runner/parse/document.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "protocol/base/hash.h"
#include "protocol/base/random.h"
#include "scenarios/runner/json/diagnostics.h"
#include "scenarios/runner/json/json_text.h"
#include "scenarios/runner/language/units.h"
#include "scenarios/runner/parse/canonical.h"
#include "scenarios/runner/parse/sections.h"
#include "scenarios/runner/parse/swarm.h"

namespace scenario {
namespace {

// The path below the last folder `scenarios`, without .json; characters that an id cannot have
// become '-'.
std::string IdFromPath(absl::string_view path) {
  constexpr absl::string_view kFolder = "scenarios/";
  const size_t folder = path.rfind(kFolder);
  const bool whole = folder == 0 || (folder != absl::string_view::npos && path[folder - 1] == '/');
  const size_t slash = path.rfind('/');
  if (whole) {
    path = path.substr(folder + kFolder.size());
  } else if (slash != absl::string_view::npos) {
    path = path.substr(slash + 1);
  }
  std::string id = absl::AsciiStrToLower(absl::StripSuffix(path, ".json"));
  for (char& c : id) {
    if (!IsScenarioId(std::string("a") + c + "a")) c = '-';
  }
  return IsScenarioId(id) ? id : absl::StrCat("s", id);
}

absl::StatusOr<Scenario> Read(const Value& tree, const std::string& path) {
  Diagnostics problems(path);
  Scenario scenario;
  scenario.id = IdFromPath(path);
  const Names names = CollectNames(tree);
  ReadContext in{names, problems, scenario};
  ReadValue(in, Place{tree}, scenario);
  if (!problems.empty()) return problems.ToStatus();
  return scenario;
}

// What an override sets has no line.
void ForgetLines(Value& value) {
  value.line = 0;
  for (Value& child : value.children) ForgetLines(child);
}

Value* ChildOf(Value& value, const std::string& token) {
  if (value.Is(Value::Type::kObject)) return const_cast<Value*>(value.Find(token));
  size_t index = 0;
  const bool found = value.Is(Value::Type::kArray) && absl::SimpleAtoi(token, &index) &&
                     index < value.children.size();
  return found ? &value.children[index] : nullptr;
}

// Removes what the JSON pointer names.
absl::Status RemoveAt(Value& root, absl::string_view pointer) {
  Value* parent = nullptr;
  Value* at = &root;
  for (const absl::string_view raw : absl::StrSplit(absl::StripPrefix(pointer, "/"), '/')) {
    parent = at;
    at = ChildOf(*parent, absl::StrReplaceAll(raw, {{"~1", "/"}, {"~0", "~"}}));
    if (at == nullptr) return absl::InvalidArgumentError("there is nothing to remove");
  }
  parent->children.erase(parent->children.begin() + (at - parent->children.data()));
  return absl::OkStatus();
}

// "/pointer=value".  A value that is not JSON is a string: --set=/end/virtual=20s needs no quotes.
// null, which no key can have, removes it (as RFC 7396 has it).
absl::Status Override(Value& tree, const std::string& text) {
  const size_t equals = text.find('=');
  const auto refuse = [&](absl::string_view why) {
    return absl::InvalidArgumentError(absl::StrCat("--set=", text, ": ", why));
  };
  if (equals == std::string::npos) return refuse("wanted /pointer=value");
  const std::string written = text.substr(equals + 1);
  Diagnostics problems("");
  std::optional<Value> value = ParseJson(written, problems);
  if (!value.has_value()) value = Value::String(written);
  ForgetLines(*value);
  const std::string pointer = text.substr(0, equals);
  const absl::Status status = value->Is(Value::Type::kNull) && absl::StartsWith(pointer, "/")
                                  ? RemoveAt(tree, pointer)
                                  : SetAt(tree, pointer, *std::move(value));
  return status.ok() ? status : refuse(status.message());
}

// The file was sound without its overrides: each line says that the mistake is theirs.
absl::Status BlameOverrides(const absl::Status& status) {
  const std::string text = absl::StrReplaceAll(status.message(), {{"\n", "\n--set: "}});
  return absl::Status(status.code(), absl::StrCat("--set: ", text));
}

// Checks the file with each value of `vary`, one at a time.
absl::Status CheckVary(const Value& tree, const Run& run, const std::string& path) {
  constexpr size_t kMost = 256;  // Each costs a parse of the whole file.
  const Value* at = tree.Find("run");
  const int line = at != nullptr && at->Find("vary") != nullptr ? at->Find("vary")->line : 0;
  const auto refuse = [&](absl::string_view message) {
    Diagnostics problems(path);
    problems.Add(line, "/run/vary", message);
    return problems.ToStatus();
  };
  size_t count = 0;
  for (const auto& [pointer, values] : run.vary) count += values.size();
  if (count > kMost) {
    return refuse(absl::StrCat("wanted at most ", kMost, " values in all, found ", count));
  }
  for (const auto& [pointer, values] : run.vary) {
    for (const Value& value : values) {
      Value varied = tree;
      const absl::Status set = SetAt(varied, pointer, value);
      if (!set.ok()) return refuse(set.message());
      const absl::Status read = Read(varied, path).status();
      if (read.ok()) continue;
      return refuse(
          absl::StrCat("with ", pointer, " = ", CompactJson(value), ":\n", read.message()));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Document> Document::Load(const std::string& path,
                                        const std::vector<std::string>& overrides) {
  const absl::StatusOr<std::string> text = ReadSource(path);
  if (!text.ok()) return text.status();
  return Parse(*text, path, overrides);
}

absl::StatusOr<Document> Document::Parse(absl::string_view text, const std::string& path,
                                         const std::vector<std::string>& overrides) {
  Diagnostics problems(path);
  std::optional<Value> tree = ParseJson(text, problems);
  if (!tree.has_value()) return problems.ToStatus();
  Document document;
  document.path_ = path;
  document.tree_ = *std::move(tree);
  const Value written = document.tree_;
  for (const std::string& text_of_one : overrides) {
    absl::Status status = Override(document.tree_, text_of_one);
    if (!status.ok()) return status;
  }
  absl::StatusOr<Scenario> scenario = Read(document.tree_, path);
  if (!scenario.ok()) {
    const bool blame = !overrides.empty() && Read(written, path).ok();
    return blame ? BlameOverrides(scenario.status()) : scenario.status();
  }
  absl::Status vary = CheckVary(document.tree_, scenario->run, path);
  if (!vary.ok()) return vary;
  document.digest_ = DigestOf(*scenario);
  document.scenario_ = *std::move(scenario);
  document.scenario_.derivation.set = overrides;
  return document;
}

std::string Document::Text() const {
  if (tree_.Find("id") != nullptr) return PrettyJson(tree_);
  Value named = tree_;
  named.Add("id", Value::String(scenario_.id));
  return PrettyJson(named);
}

absl::StatusOr<Scenario> Document::Vary(zab::Chooser& chooser) const {
  if (scenario_.run.vary.empty()) return scenario_;
  Value varied = tree_;
  Derivation derivation = scenario_.derivation;
  for (const auto& [pointer, values] : scenario_.run.vary) {
    const zab::Entity entity{zab::Hash64Of(pointer)};
    const uint64_t chosen = chooser.Below(zab::Stream("run/vary"), entity, values.size());
    absl::Status status = SetAt(varied, pointer, values[chosen]);
    if (!status.ok()) return status;
    derivation.drawn[pointer] = CompactJson(values[chosen]);
  }
  absl::StatusOr<Scenario> scenario = Read(varied, path_);
  if (!scenario.ok()) return scenario;
  scenario->run.vary.clear();
  scenario->derivation = std::move(derivation);
  return scenario;
}

absl::StatusOr<Scenario> Document::Instantiate(zab::Chooser chooser) const {
  absl::StatusOr<Scenario> scenario = Vary(chooser);
  if (scenario.ok() && scenario->run.swarm.value_or(false)) DrawSwarm(*scenario, chooser);
  return scenario;
}

}  // namespace scenario
