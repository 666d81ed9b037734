// From a file to a scenario that can be run: the only entry point of the parser.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "scenarios/runner/json/value.h"
#include "scenarios/runner/language/scenario.h"

namespace scenario {

/// A valid scenario file; it is valid with each single value that `run.vary` may draw.  A plain
/// value.
class Document {
 public:
  /// Reads the file, applies overrides ("/end/virtual=20s": a JSON pointer and a value; a value
  /// that is not JSON is taken as a string), and checks everything.  kInvalidArgument: the problems
  /// found, one per line, each "FILE:LINE: /pointer: ...".
  static absl::StatusOr<Document> Load(const std::string& path,
                                       const std::vector<std::string>& overrides = {});
  /// Like Load, from text; `path` appears in messages and supplies the `id` if the text has none.
  static absl::StatusOr<Document> Parse(absl::string_view text, const std::string& path,
                                        const std::vector<std::string>& overrides = {});

  /// The scenario as written; nothing is drawn.
  const Scenario& scenario() const { return scenario_; }
  /// DigestOf(scenario()): identifies the experiment, independently of the seed.
  const std::string& digest() const { return digest_; }
  /// The document with its overrides and its id, as JSON.  Parse turns it into an equal document,
  /// whatever the path.
  std::string Text() const;
  /// The scenario that a run with this chooser (of a seed) executes: the values of `run.vary` are
  /// drawn and the list is emptied, and the swarm configuration is drawn.  Fails if values that are
  /// valid one by one are not valid together.
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
