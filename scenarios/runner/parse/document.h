// From a file to a scenario that can be run: the one entrance to the parser.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "scenarios/runner/json/value.h"
#include "scenarios/runner/language/scenario.h"

namespace scenario {

/// A file that is valid, with every value that `run.vary` may draw.  A plain value.
class Document {
 public:
  /// Reads the file, applies overrides ("/end/virtual=20s": a JSON pointer and a value, which is
  /// JSON or else a string), and checks everything.  kInvalidArgument: what is wrong, one problem a
  /// line, each "FILE:LINE: /pointer: ...".
  static absl::StatusOr<Document> Load(const std::string& path,
                                       const std::vector<std::string>& overrides = {});
  /// The same with the text at hand; `path` is for messages and for an `id` that is not given.
  static absl::StatusOr<Document> Parse(absl::string_view text, const std::string& path,
                                        const std::vector<std::string>& overrides = {});

  /// As the file stands, nothing drawn.
  const Scenario& scenario() const { return scenario_; }
  /// 32 hex digits of the canonical form: the identity of the experiment, whatever the seed.
  const std::string& digest() const { return digest_; }
  /// The document with its overrides and its id: JSON that Parse reads as this one again, whatever
  /// the path.
  std::string Text() const;
  /// What a run executes that draws so (of a seed): `run.vary` is drawn, and then empty.  Fails if
  /// two values that are valid each for itself are not so together.
  absl::StatusOr<Scenario> Instantiate(zab::Chooser chooser) const;

 private:
  Document() = default;
  absl::StatusOr<Scenario> Vary(zab::Chooser& chooser) const;

  std::string path_;
  Value tree_;
  Scenario scenario_;
  std::string digest_;
};

}  // namespace scenario
