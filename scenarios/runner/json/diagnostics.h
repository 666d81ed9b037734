// The problems found in a scenario file: as many as can be reported at once, not just the first.
#pragma once

#include <compare>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "scenarios/runner/json/value.h"

namespace scenario {

/// The problems of one file, up to a limit.
class Diagnostics {
 public:
  explicit Diagnostics(absl::string_view file) : file_(file) {}

  /// "FILE:LINE: /pointer: MESSAGE".
  void Add(const Place& at, absl::string_view message);
  /// The same without a tree.  Line 0 omits the line.
  void Add(int line, absl::string_view pointer, absl::string_view message);

  bool empty() const { return problems_.empty(); }
  size_t count() const { return problems_.size() + left_out_; }
  const std::string& file() const { return file_; }
  /// OK, or kInvalidArgument with one problem per line, in the order of the file.
  absl::Status ToStatus() const;

 private:
  static constexpr size_t kLimit = 20;
  std::string file_;
  struct Problem {
    int line = 0;
    size_t order = 0;  // The order in which problems were found.
    std::string text;
    friend auto operator<=>(const Problem&, const Problem&) = default;
  };
  std::vector<Problem> problems_;
  size_t left_out_ = 0;
};

/// A hint about a text that is none of the candidates: that it is not supported yet, a suggestion,
/// or an empty string.
std::string HintFor(absl::string_view text, const std::vector<std::string>& candidates);

/// `; did you mean "x"?` with the candidate nearest to the text; empty if none is near.
std::string DidYouMean(absl::string_view text, const std::vector<std::string>& candidates);

}  // namespace scenario
