// One pass over the records; the result is read as JSON.
#include "tools/zabsim/playback/watched_run.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "protocol/base/check.h"
#include "scenarios/runner/invariants/invariant.h"

namespace zabsim {
namespace {

/// Whether that probe is a step in the life of a transaction.
bool TellsOfZxid(scenario::Probe probe) {
  using enum scenario::Probe;
  constexpr scenario::Probe kSteps[] = {kProposed, kLogged,    kSynced,    kAcked,
                                        kQuorum,   kCommitted, kDelivered, kReplied};
  return std::ranges::find(kSteps, probe) != std::end(kSteps);
}

}  // namespace

WatchedRun::WatchedRun(RecordedRun run) : run_(std::move(run)) {
  ZAB_CHECK(!run_.records.empty()) << "a run without records";
  NameNodes();
  Index();
  ReadResult();
}

void WatchedRun::NameNodes() {
  names_.emplace_back();
  const size_t nodes = server_count() + scenario().clients.size();
  for (const auto node : sim::IdsUpTo<sim::NodeId>(nodes)) {
    names_.push_back(scenario().NameOf(node));
  }
  const bool probed = std::ranges::any_of(
      run_.records, [&](const scenario::Record& record) { return record.node.value > nodes; });
  if (probed) names_.emplace_back("probe");
}

void WatchedRun::Index() {
  milestones_.resize(count());
  arrives_.resize(count());
  for (size_t i = 0; i < count(); ++i) {
    const scenario::Record& here = record(i);
    milestones_[i] = CaptionOf(here, scenario()).has_value();
    if (TellsOfZxid(here.event.probe) && here.event.zxid != zab::Zxid{}) {
      zxids_.insert(here.event.zxid);
    }
    if (here.event.probe == scenario::Probe::kMsgDelivered && here.cause != 0) {
      arrives_[AtId(here.cause)] = true;
    }
  }
}

void WatchedRun::ReadResult() {
  const auto result = nlohmann::json::parse(run_.result, nullptr, false);
  if (!result.is_object()) return;
  verdict_ = result.value("verdict", "");
  const auto bug = result.value("bug", nlohmann::json::object());
  if (bug.value("shown", false)) shown_bug_ = bug.value("id", "");
  for (const auto& violation : result.value("violations", nlohmann::json::array())) {
    violations_.push_back(
        {.invariant = scenario::InvariantInWords(violation.value("invariant", "")),
         .facts = {violation.value("facts", ""), violation.value("facts_zh", "")},
         .event = AtId(violation.value("record", uint64_t{0}))});
  }
}

scenario::Explanation WatchedRun::Explain(size_t event) const {
  return scenario::Explain(record(event), scenario(), bug());
}

scenario::Text WatchedRun::VerdictInWords() const {
  return scenario::VerdictInWords(verdict_, shown_bug_);
}

bool WatchedRun::IsMessage(size_t event) const {
  const scenario::Probe probe = record(event).event.probe;
  return probe == scenario::Probe::kMsgSent || probe == scenario::Probe::kMsgDelivered;
}

bool WatchedRun::IsHeartbeat(size_t event) const {
  return IsMessage(event) && record(event).event.kind == scenario::Kind::kPingMessage;
}

size_t WatchedRun::AtId(uint64_t id) const {
  const auto found = std::ranges::lower_bound(run_.records, id, {}, &scenario::Record::id);
  return std::min(static_cast<size_t>(found - run_.records.begin()), count() - 1);
}

size_t WatchedRun::AtTime(zab::Time time) const {
  const auto behind = std::ranges::upper_bound(run_.records, time, {}, &scenario::Record::time);
  return behind == run_.records.begin() ? 0
                                        : static_cast<size_t>(behind - run_.records.begin()) - 1;
}

}  // namespace zabsim
