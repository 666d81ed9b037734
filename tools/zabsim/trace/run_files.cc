// The trace is written during the run, the choices at its end.
#include "tools/zabsim/trace/run_files.h"

#include <optional>

#include "tools/zabsim/campaign/choices_file.h"

namespace zabsim {

absl::Status RunFiles::Open(const RunManner& manner) {
  if (!wants_records()) return absl::OkStatus();
  return trace_.Open(paths_.trace, {.scenario = document_.scenario().id,
                                    .digest = document_.digest(),
                                    .text = document_.Text(),
                                    .seed = seed_,
                                    .keep_going = manner.keep_going,
                                    .bug = manner.bug,
                                    .peer = manner.peer});
}

absl::Status RunFiles::Close(const scenario::RunResult& result, const scenario::Scenario& scenario,
                             const scenario::HostInfo& host) {
  absl::Status status;
  if (wants_records()) {
    std::optional<scenario::TraceEnd> end;  // None: the run was cut short, and so is the file.
    if (!result.interrupted) {
      end.emplace();
      end->result = ToJson(result, scenario, document_.digest(), std::nullopt);
      end->host = ToJson(host);
    }
    status = trace_.Close(end);
  }
  if (!paths_.choices.empty()) {
    status.Update(WriteChoices(paths_.choices, recorder_, document_, seed_, result.trace_hash));
  }
  return status;
}

}  // namespace zabsim
