// How much of a long run goes into a page.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "tools/zabsim/view/recorded_run.h"

namespace zabsim {

/// Each leaves out more than the one before it; kWindow keeps what happened around the verdict, and
/// of the rest milestones.
enum class Detail : uint8_t { kAll, kNoHeartbeats, kNoMessages, kWindow };

/// "", "heartbeats", "messages", "all-but-window": what was left out.
absl::string_view LeftOut(Detail detail);

struct ChosenRecords {
  std::vector<scenario::Record> records;  // In their order.
  Detail detail = Detail::kAll;
};

/// The records of the first level of detail that has at most so many.
ChosenRecords ChooseRecords(const RecordedRun& run, uint64_t most);

}  // namespace zabsim
