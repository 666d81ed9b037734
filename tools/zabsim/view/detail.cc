// Levels of detail, and the window around the verdict.
#include "tools/zabsim/view/detail.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "scenarios/runner/captions/caption.h"

namespace zabsim {
namespace {

bool IsKept(const scenario::Record& record, Detail detail) {
  const scenario::Probe probe = record.event.probe;
  const bool message =
      probe == scenario::Probe::kMsgSent || probe == scenario::Probe::kMsgDelivered;
  if (!message || detail == Detail::kAll) return true;
  return detail == Detail::kNoHeartbeats && record.event.kind != scenario::Kind::kPingMessage;
}

/// The id of the record at which the first invariant was violated; else of the last record.
uint64_t VerdictRecord(const RecordedRun& run) {
  const auto result = nlohmann::json::parse(run.result, nullptr, /*allow_exceptions=*/false);
  if (result.is_object() && result.contains("violations") && !result["violations"].empty()) {
    return result["violations"][0]["record"];
  }
  return run.records.back().id;
}

/// At least half of them are what led to the verdict and a little of what followed; the rest are
/// the nearest milestones.
std::vector<scenario::Record> AroundVerdict(const RecordedRun& run, uint64_t most) {
  const std::vector<scenario::Record>& all = run.records;
  std::vector<size_t> milestones;
  for (size_t i = 0; i < all.size(); ++i) {
    if (scenario::CaptionOf(all[i], run.scenario)) milestones.push_back(i);
  }
  const size_t size = most - std::min<size_t>(milestones.size(), most / 2);
  const auto verdict = static_cast<size_t>(
      std::ranges::lower_bound(all, VerdictRecord(run), {}, &scenario::Record::id) - all.begin());
  const size_t last = std::clamp(verdict + 1 + size / 8, size, all.size());
  const size_t first = last - size;
  const auto before = std::ranges::lower_bound(milestones, first) - milestones.begin();
  const auto skipped = std::max<std::ptrdiff_t>(
      0, before - static_cast<std::ptrdiff_t>(most - size));  // The oldest do not fit.

  std::vector<scenario::Record> kept;
  for (auto i = skipped; i < before; ++i) kept.push_back(all[milestones[static_cast<size_t>(i)]]);
  for (size_t i = first; i < last; ++i) kept.push_back(all[i]);
  for (const size_t i : milestones) {
    if (i >= last && kept.size() < most) kept.push_back(all[i]);
  }
  return kept;
}

}  // namespace

absl::string_view LeftOut(Detail detail) {
  switch (detail) {
    case Detail::kAll: return "";
    case Detail::kNoHeartbeats: return "heartbeats";
    case Detail::kNoMessages: return "messages";
    case Detail::kWindow: return "all-but-window";
  }
  return "";
}

ChosenRecords ChooseRecords(const RecordedRun& run, uint64_t most) {
  using enum Detail;
  for (const Detail detail : {kAll, kNoHeartbeats, kNoMessages}) {
    ChosenRecords chosen{.detail = detail};
    std::ranges::copy_if(run.records, std::back_inserter(chosen.records),
                         [&](const scenario::Record& record) { return IsKept(record, detail); });
    if (chosen.records.size() <= most) return chosen;
  }
  return {AroundVerdict(run, most), kWindow};
}

}  // namespace zabsim
