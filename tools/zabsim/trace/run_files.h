// The files that a run can write: its trace, and the log of its choices.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "scenarios/runner/parse/document.h"
#include "scenarios/runner/search/choice_log.h"
#include "scenarios/runner/verdict/result.h"
#include "tools/zabsim/trace/trace_file.h"

namespace zabsim {

/// How the run is made; as TraceHeader has it.
struct RunManner {
  bool keep_going = false;
  std::string bug, peer;
};

struct RunPaths {
  std::string trace, choices;  // Empty: not wanted.
};

class RunFiles {
 public:
  /// Both must outlive it.
  RunFiles(const RunPaths& paths, const scenario::Document& document, uint64_t seed)
      : paths_(paths), document_(document), seed_(seed) {}

  /// For Document::Instantiate and RunOptions.
  zab::DrawWatch* draws() { return paths_.choices.empty() ? nullptr : &recorder_; }
  /// Before the run.
  absl::Status Open(const RunManner& manner);
  bool wants_records() const { return !paths_.trace.empty(); }
  void OnRecord(const scenario::Record& record) {
    if (wants_records()) trace_.Write(record);
  }
  /// After it.  An error if they could not be written completely.
  absl::Status Close(const scenario::RunResult& result, const scenario::Scenario& scenario,
                     const scenario::HostInfo& host);

 private:
  const RunPaths& paths_;
  const scenario::Document& document_;
  uint64_t seed_;
  scenario::ChoiceRecorder recorder_;
  TraceOutput trace_;
};

}  // namespace zabsim
