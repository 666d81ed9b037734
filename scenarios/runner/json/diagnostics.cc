// The list of problems, and suggestions for misspelt words.
#include "scenarios/runner/json/diagnostics.h"

#include <algorithm>
#include <numeric>

#include "absl/container/btree_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace scenario {
namespace {

// The number of insertions, deletions, substitutions and swaps of neighbours that turn one text
// into the other.
size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

// Whether a word is planned for the language but not supported yet.
bool ComesLater(absl::string_view word) {
  static const absl::btree_set<std::string> kLater = {
      // Keys.
      "bitrot", "errors", "groups", "lifetime", "misdirect", "observers", "rate", "weights",
      // Actions.
      "start_client",
      // Kinds, operations, shapes.
      "check", "commit", "crash_in_sync", "empirical", "multi", "open", "ring", "session_churn",
      "session_storm", "setACL"};
  return kLater.contains(word);
}

}  // namespace

void Diagnostics::Add(const Place& at, absl::string_view message) {
  Add(at.Line(), at.Pointer(), message);
}

void Diagnostics::Add(int line, absl::string_view pointer, absl::string_view message) {
  if (problems_.size() == kLimit) {
    ++left_out_;
    return;
  }
  std::string text = file_;
  if (line != 0) absl::StrAppend(&text, ":", line);
  constexpr size_t kLongest = 120;
  const bool whole = pointer.size() <= kLongest;
  if (!pointer.empty()) {
    absl::StrAppend(&text, ": ", pointer.substr(0, kLongest), whole ? "" : "...");
  }
  problems_.push_back({line, problems_.size(), absl::StrCat(text, ": ", message)});
}

absl::Status Diagnostics::ToStatus() const {
  if (problems_.empty()) return absl::OkStatus();
  std::vector<Problem> sorted = problems_;
  std::sort(sorted.begin(), sorted.end());
  std::string all = absl::StrJoin(sorted, "\n", [](std::string* out, const Problem& problem) {
    absl::StrAppend(out, problem.text);
  });
  if (left_out_ > 0) absl::StrAppend(&all, "\n", file_, ": and ", left_out_, " more");
  return absl::InvalidArgumentError(all);
}

std::string HintFor(absl::string_view text, const std::vector<std::string>& candidates) {
  return ComesLater(text) ? "; it is not supported yet" : DidYouMean(text, candidates);
}

std::string DidYouMean(absl::string_view text, const std::vector<std::string>& candidates) {
  constexpr size_t kShortest = 3;  // Any two names of two letters are near each other.
  constexpr size_t kLongest = 64;  // The cost is the product of the lengths.
  if (text.size() < kShortest || text.size() > kLongest || candidates.size() < 2) return "";
  const std::string* best = nullptr;
  size_t nearest = std::max<size_t>(1, text.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kLongest) continue;
    const size_t distance = EditDistance(text, candidate);
    if (distance < nearest && distance < candidate.size()) {
      nearest = distance;
      best = &candidate;
    }
  }
  return best == nullptr ? "" : absl::StrCat("; did you mean \"", *best, "\"?");
}

}  // namespace scenario
