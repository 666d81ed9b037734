// Levels of detail, and the window around the verdict.
#include "tools/zabsim/view/detail.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "scenarios/explore/caption.h"

namespace zabsim {
namespace {

bool IsKept(const sim::Record& record, const scenario::Scenario& scenario, Detail detail) {
  const zab::Probe probe = record.event.probe;
  const bool message = probe == zab::Probe::kMsgSent || probe == zab::Probe::kMsgDelivered;
  switch (detail) {
    case Detail::kNoHeartbeats: return !message || record.event.kind != zab::Kind::kPingMessage;
    case Detail::kNoMessages: return !message;
    case Detail::kMilestones: return scenario::CaptionOf(record, scenario).has_value();
    case Detail::kAll:
    case Detail::kWindow: break;
  }
  return true;
}

/// The id of the record at which the first invariant was violated; else of the last record.
uint64_t VerdictRecord(const RecordedRun& run) {
  const auto result = nlohmann::json::parse(run.result, nullptr, /*allow_exceptions=*/false);
  if (result.is_object() && result.contains("violations") && !result["violations"].empty()) {
    return result["violations"][0]["record"];
  }
  return run.records.back().id;
}

/// Half of them, or more where there are few milestones, is what led to the verdict and a little of
/// what came of it; the rest are the milestones nearest to that.
std::vector<sim::Record> AroundVerdict(const RecordedRun& run, uint64_t most) {
  const std::vector<sim::Record>& all = run.records;
  const auto verdict =
      std::ranges::lower_bound(all, VerdictRecord(run), {}, &sim::Record::id) - all.begin();
  const auto size = static_cast<std::ptrdiff_t>(std::max<uint64_t>(1, most / 2));
  const auto count = static_cast<std::ptrdiff_t>(all.size());
  const auto last = std::min(count, std::max(verdict + 1 + size / 8, size));
  const auto first = last - size;
  auto room = static_cast<std::ptrdiff_t>(most) - size;
  std::vector<sim::Record> kept;
  for (auto i = first; i-- > 0 && room > 0;) {
    if (!IsKept(all[static_cast<size_t>(i)], run.scenario, Detail::kMilestones)) continue;
    kept.push_back(all[static_cast<size_t>(i)]);
    --room;
  }
  std::ranges::reverse(kept);
  kept.insert(kept.end(), all.begin() + first, all.begin() + last);
  for (auto i = last; i < count && room > 0; ++i) {
    if (!IsKept(all[static_cast<size_t>(i)], run.scenario, Detail::kMilestones)) continue;
    kept.push_back(all[static_cast<size_t>(i)]);
    --room;
  }
  return kept;
}

}  // namespace

absl::string_view LeftOut(Detail detail) {
  switch (detail) {
    case Detail::kAll: return "";
    case Detail::kNoHeartbeats: return "heartbeats";
    case Detail::kNoMessages: return "messages";
    case Detail::kMilestones: return "all-but-milestones";
    case Detail::kWindow: return "all-but-window";
  }
  return "";
}

ChosenRecords ChooseRecords(const RecordedRun& run, uint64_t most) {
  using enum Detail;
  for (const Detail detail : {kAll, kNoHeartbeats, kNoMessages, kMilestones}) {
    ChosenRecords chosen{.detail = detail};
    std::ranges::copy_if(
        run.records, std::back_inserter(chosen.records),
        [&](const sim::Record& record) { return IsKept(record, run.scenario, detail); });
    if (chosen.records.size() <= most) return chosen;
  }
  return {AroundVerdict(run, most), kWindow};
}

}  // namespace zabsim
