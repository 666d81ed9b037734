// Builds sentences from the captions of milestones, the requests of clients, and the failure.
#include "scenarios/runner/shrink/story.h"

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "scenarios/runner/captions/caption.h"
#include "scenarios/runner/cluster/buggy_servers.h"
#include "scenarios/runner/run/run.h"
#include "scenarios/runner/search/signature.h"

namespace scenario {
namespace {

/// Whether the story tells this milestone.
bool IsTold(const TraceEvent& event) {
  using enum Probe;
  if (event.probe == kRecovered) return event.kind == Kind::kDamaged;
  return event.probe != kLooking && event.probe != kSnapshotEnd && event.probe != kPurged;
}

void Collect(const Selector& selector, const Scenario& scenario, std::vector<std::string>& names) {
  if (const auto* node = std::get_if<Selector::Node>(&selector.form)) {
    names.push_back(scenario.NameOf(node->node));
  }
  const auto* list = std::get_if<Selector::List>(&selector.form);
  if (list == nullptr) return;
  for (const Selector& part : list->parts) Collect(part, scenario, names);
}

std::string NamesOf(const Selector& selector, const Scenario& scenario) {
  std::vector<std::string> names;
  Collect(selector, scenario, names);
  return absl::StrJoin(names, ", ");
}

/// Describes which nodes cannot reach each other; empty if the groups are not given by name.
Text CutBetween(const Partition& partition, const Scenario& scenario) {
  if (partition.oneway) {
    const std::string from = NamesOf(partition.oneway->from, scenario);
    const std::string to = NamesOf(partition.oneway->to, scenario);
    if (from.empty() || to.empty()) return {};
    return {absl::StrCat("nothing from ", from, " reaches ", to, " any more"),
            absl::StrCat(from, " 的一切不再到达 ", to)};
  }
  std::vector<std::string> groups;
  for (const Selector& group : partition.groups) {
    groups.push_back(NamesOf(group, scenario));
    if (groups.back().empty()) return {};
  }
  const std::string sides = absl::StrJoin(groups, " | ");
  std::string bridge_en;
  std::string bridge_zh;
  if (partition.bridge) {
    const std::string bridge = NamesOf(*partition.bridge, scenario);
    bridge_en = absl::StrCat(", with ", bridge, " between");
    bridge_zh = absl::StrCat("，", bridge, " 居中");
  }
  return {absl::StrCat("the network is cut: ", sides, bridge_en),
          absl::StrCat("网络被切断：", sides, bridge_zh)};
}

class Teller {
 public:
  explicit Teller(const Scenario& scenario) : scenario_(scenario) {}

  void OnRecord(const Record& record) {
    if (record.event.probe == Probe::kFired) fired_ = record;
    if (record.event.probe == Probe::kInvoked) return TellRequest(record);
    if (!IsTold(record.event)) return;
    std::optional<Caption> caption = CaptionOf(record, scenario_);
    if (!caption) return;
    const bool of_event = fired_ && record.cause == fired_->id;  // Otherwise of a nemesis.
    if (record.event.probe == Probe::kCut && of_event) TellWhere(caption->text);
    Add(record.time, caption->text);
  }

  /// The whole story; if it is long, its beginning and end.
  Text Paragraph() const {
    constexpr size_t kFirst = 8;
    constexpr size_t kLast = 16;
    Text text;
    for (size_t i = 0; i < sentences_.size(); ++i) {
      const bool left_out = i >= kFirst && i + kLast < sentences_.size();
      if (left_out && i > kFirst) continue;
      absl::StrAppend(&text.en, left_out ? "... " : absl::StrCat(sentences_[i].en, ". "));
      absl::StrAppend(&text.zh, left_out ? "……" : absl::StrCat(sentences_[i].zh, "。"));
    }
    return text;
  }

 private:
  void TellRequest(const Record& record) {
    const size_t client = record.node.value - scenario_.ServerCount() - 1;
    if (client >= scenario_.clients.size()) return;  // The liveness client.
    const std::string& name = scenario_.clients[client].name;
    const std::string server = scenario_.NameOf(record.event.peer);
    const absl::string_view what = Name(static_cast<zab::OpType>(record.event.code));
    Add(record.time, {absl::StrCat(name, " sends ", what, " to ", server),
                      absl::StrCat(name, " 向 ", server, " 发送 ", what)});
  }

  /// Names the servers of a cut whose event names them.
  void TellWhere(Text& text) const {
    const auto event = static_cast<size_t>(fired_->event.number);
    for (const Action& action : scenario_.events[event].actions) {
      const auto* partition = std::get_if<Partition>(&action);
      if (partition == nullptr) continue;
      Text where = CutBetween(*partition, scenario_);
      if (!where.empty()) text = std::move(where);
    }
  }

  /// Adds a sentence once, although each link of a cut has a record.
  void Add(zab::Time time, const Text& what) {
    Text sentence{absl::StrCat("At ", ToString(time), " ", what.en),
                  absl::StrCat(ToString(time), " ", what.zh)};
    if (sentences_.empty() || sentences_.back() != sentence) {
      sentences_.push_back(std::move(sentence));
    }
  }

  const Scenario& scenario_;
  std::vector<Text> sentences_;
  std::optional<Record> fired_;  // The record of the last event that fired.
};

/// The failure: a few words and a sentence.
Story Failure(const RunResult& result, const Scenario& scenario) {
  const PrimaryFailure failure = PrimaryFailureOf(result, scenario);
  if (failure.violation != nullptr) {
    const Violation& violation = *failure.violation;
    const std::string time = ToString(violation.time);
    const Text name = InvariantInWords(violation.name);
    return {
        .title = {absl::StrCat(name.en, " is violated"), absl::StrCat("违反：", name.zh)},
        .text = {absl::StrCat("At ", time, " ", name.en, " is violated: ", violation.facts.en, "."),
                 absl::StrCat(time, " 违反：", name.zh, "：", violation.facts.zh, "。")}};
  }
  if (failure.deadline != nullptr) {
    const std::string& name = failure.deadline->name;
    const std::string within = ToString(failure.deadline->within);
    return {.title = {absl::StrCat("The deadline \"", name, "\" is missed"),
                      absl::StrCat("超过期限“", name, "”")},
            .text = {absl::StrCat("The deadline \"", name, "\" is missed: ", within,
                                  " were not enough."),
                     absl::StrCat("超过期限“", name, "”：", within, " 仍不够。")}};
  }
  const std::string unmet = absl::StrJoin(result.unmet, "; ");
  return {
      .title = {"An expectation is not met", "不符合期望"},
      .text = {absl::StrCat("Not met: ", unmet, "."), absl::StrCat("不符合期望：", unmet, "。")}};
}

}  // namespace

Story TellStory(const Scenario& scenario, uint64_t seed, const ServerFactory& servers) {
  Teller teller(scenario);
  const RunResult result = RunOnce(scenario, seed,
                                   {.sink = [&](const Record& record) { teller.OnRecord(record); },
                                    .servers = WithBugOf(scenario, servers)});
  Story story = Failure(result, scenario);
  const Text events = teller.Paragraph();
  story.text = {events.en + story.text.en, events.zh + story.text.zh};
  return story;
}

}  // namespace scenario
