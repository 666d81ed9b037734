// The problems that the visitors report.
#include "scenarios/runner/parse/object_reader.h"

#include "absl/strings/str_join.h"

namespace scenario {
void Wrong(ReadContext& in, const Place& at, absl::string_view wanted, absl::string_view hint) {
  in.problems.Add(at, absl::StrCat(wanted, ", found ", Describe(at.value), hint));
}

bool HasType(ReadContext& in, const Place& at, Value::Type type, absl::string_view wanted) {
  if (at.value.Is(type)) return true;
  Wrong(in, at, wanted);
  return false;
}

std::optional<size_t> Lookup(ReadContext& in, const Place& at, absl::string_view name,
                             const NameList& names, absl::string_view what) {
  const std::optional<size_t> found = names.Find(name);
  if (found.has_value()) return found;
  constexpr size_t kListed = 12;
  std::string hint = DidYouMean(name, names.all());
  if (names.size() == 0) {
    hint = "; there is none";
  } else if (hint.empty() && names.size() <= kListed) {
    hint = absl::StrCat("; there are ", absl::StrJoin(names.all(), ", "));
  }
  in.problems.Add(at, absl::StrCat("wanted ", what, ", found \"", name, "\"", hint));
  return std::nullopt;
}

void ObjectIn::Fail(absl::string_view key, absl::string_view message) {
  const Value* value = at_.value.Find(key);
  if (value == nullptr) return in.problems.Add(at_, message);
  in.problems.Add(Place{*value, &at_}, message);
}

void ObjectIn::Done() {
  if (given_up_) return;
  const std::vector<std::string> known(known_.begin(), known_.end());
  bool all_known = true;
  for (const Value& member : at_.value.children) {
    if (known_.contains(member.key)) continue;
    all_known = false;
    std::string hint = HintFor(member.key, known);
    if (hint.empty()) hint = absl::StrCat("; known here: ", absl::StrJoin(known, ", "));
    in.problems.Add(Place{member, &at_}, absl::StrCat("unknown key \"", member.key, "\"", hint));
  }
  // If one is present but misspelt, it has just been reported.
  if (all_known && !missing_.empty()) {
    in.problems.Add(at_, absl::StrCat("wanted one of the keys ", missing_, ", found none"));
  }
}

const Value* ObjectIn::Take(absl::string_view key) {
  known_.emplace(key);
  return at_.value.Find(key);
}

bool ObjectIn::HasOneOf(const std::vector<std::string>& keys) {
  std::vector<std::string> found;
  for (const std::string& key : keys) {
    if (Has(key)) found.push_back(absl::StrCat("\"", key, "\""));
    known_.insert(key);
  }
  if (found.empty()) missing_ = absl::StrJoin(keys, ", ");
  if (found.size() > 1) {
    in.problems.Add(at_, absl::StrCat("wanted one of the keys ", absl::StrJoin(keys, ", "),
                                      ", found ", absl::StrJoin(found, " and ")));
  }
  return found.size() == 1;
}

}  // namespace scenario
