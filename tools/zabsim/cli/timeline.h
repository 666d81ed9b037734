// The timeline that `zabsim run` shows: the important events of a run, in virtual time, in English
// or Chinese.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/runner/invariants/checker.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/record/record.h"
#include "scenarios/runner/state/cluster_state.h"
#include "scenarios/runner/verdict/result.h"

namespace zabsim {

enum class Language : uint8_t { kEnglish, kChinese };

/// `text` in `language`; Chinese falls back to English.
const std::string& In(Language language, const scenario::Text& text);

/// "held", "通过".
std::string VerdictWord(scenario::RunVerdict verdict, Language language);
/// The same, but of a run that shows its known bug "ZOOKEEPER-4643 shows".
std::string VerdictWord(const scenario::RunResult& result, Language language);
/// "1.5s  violated: CommittedNeverLost: 1:2 was committed; ...".
std::string ViolationText(Language language, const scenario::Violation& violation);

/// Turns records into lines.  Commits are counted, not listed: each line has their number since the
/// line before.
class Timeline {
 public:
  /// `bug`: the known bug that is switched on; empty: none.
  Timeline(const scenario::Scenario& scenario, Language language, bool color, std::string bug = "");

  /// The line for `record`, without line break; none if it is not shown.  After a long silence
  /// another one comes before it: what servers waited for.
  std::optional<std::string> Line(const scenario::Record& record);
  /// At the end, if the silence before it was long: what servers wait for, without line break.
  std::optional<std::string> Silence(zab::Time end) const;

 private:
  std::optional<std::string> Say(const scenario::Record& record) const;
  std::optional<std::string> SayNote(const scenario::TraceEvent& event) const;

  const scenario::Scenario& scenario_;
  Language language_;
  bool color_;
  std::string bug_;
  uint64_t commits_ = 0;  // Since the last line.
  scenario::ClusterState state_;
  zab::Time last_;  // Of the last line.
};

}  // namespace zabsim
