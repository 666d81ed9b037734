// What the visitors report.
#include "scenarios/runner/reader.h"

#include <algorithm>

#include "absl/container/btree_set.h"
#include "absl/strings/str_join.h"

namespace scenario {
namespace {

// Keys of the language page that are still to come.
bool ComesLater(absl::string_view key) {
  static const absl::btree_set<std::string> kLater = {
      "atlas",      "bandwidth", "bitrot",   "budget",    "capacity",          "clock",
      "dup",        "errors",    "factor",   "fail_fast", "groups",            "known_bug",
      "lesson",     "lifetime",  "misdirect", "observers", "queue",            "rate",
      "reorder",    "selfcheck", "shrink",   "strategy",  "snap_retain_count", "swarm",
      "sweep",      "weights",   "corrupt",  "drop_next", "dup_next",          "fail_io",
      "start_client", "step_clock", "wipe"};
  return kLater.contains(key);
}

}  // namespace

void Wrong(In& in, const Place& at, absl::string_view wanted, absl::string_view hint) {
  in.problems.Add(at, absl::StrCat(wanted, ", found ", Describe(at.value), hint));
}

bool HasType(In& in, const Place& at, Value::Type type, absl::string_view wanted) {
  if (at.value.Is(type)) return true;
  Wrong(in, at, wanted);
  return false;
}

std::optional<size_t> Lookup(In& in, const Place& at, absl::string_view name, const NameList& names,
                             absl::string_view what) {
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
  for (const Value& member : at_.value.children) {
    if (std::find(known_.begin(), known_.end(), member.key) != known_.end()) continue;
    std::string hint = DidYouMean(member.key, known_);
    if (hint.empty()) {
      std::vector<std::string> sorted = known_;
      std::sort(sorted.begin(), sorted.end());
      hint = absl::StrCat("; known here: ", absl::StrJoin(sorted, ", "));
    }
    if (ComesLater(member.key)) hint = "; it is not supported yet";
    in.problems.Add(Place{member, &at_}, absl::StrCat("unknown key \"", member.key, "\"", hint));
  }
}

const Value* ObjectIn::Take(absl::string_view key) {
  known_.emplace_back(key);
  return at_.value.Find(key);
}

bool ObjectIn::HasOneOf(const std::vector<std::string>& keys) {
  std::vector<std::string> found;
  for (const std::string& key : keys) {
    if (Has(key)) found.push_back(absl::StrCat("\"", key, "\""));
    known_.push_back(key);
  }
  if (found.size() == 1) return true;
  in.problems.Add(at_, absl::StrCat("wanted one of the keys ", absl::StrJoin(keys, ", "), ", found ",
                                    found.empty() ? "none" : absl::StrJoin(found, " and ")));
  return false;
}

}  // namespace scenario
