// The page of `zabsim view`: the viewer (tools/viewer) with one run in it.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/zabsim/view/recorded_run.h"

namespace zabsim {

/// The viewer with the places @META@ and @DATA@, as the build makes it from tools/viewer and
/// tools/captions.
std::string ViewerTemplate();

/// How much of a run a page holds.
enum class Detail : uint8_t { kAll, kNoHeartbeats, kNoMessages, kMilestones };

/// "", "heartbeats", "messages", "all-but-milestones": what was left out.
absl::string_view LeftOut(Detail detail);

struct Page {
  std::string html;
  Detail detail = Detail::kAll;
  uint64_t records = 0;  // Those embedded.
};

/// With as much detail as `most` records allow.  kResourceExhausted: there are more milestones.
absl::StatusOr<Page> PageOf(const RecordedRun& run, uint64_t most);

}  // namespace zabsim
