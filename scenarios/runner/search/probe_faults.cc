// Faults exactly before or after a server writes, sends or receives something: most recovery bugs
// need just one or two of these (SEARCH.md 2.2).
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "scenarios/runner/language/probe_table.h"
#include "scenarios/runner/search/strategies.h"

namespace scenario {
namespace {

constexpr zab::Stream kHowMany("probe_sweep/faults");
constexpr zab::Stream kSiteDraw("probe_sweep/where");
constexpr zab::Stream kFaultDraw("probe_sweep/what");
constexpr zab::Stream kPlainRun("probe_sweep/plain");

constexpr size_t kSiteCount = static_cast<size_t>(std::ranges::count_if(
    kProbeTable, [](const ProbeRow& row) { return row.site.how != FaultSite::How::kNever; }));

/// The sites in the order in which they are drawn.
constexpr auto kSites = [] {
  std::array<const ProbeRow*, kSiteCount> sites{};
  for (const ProbeRow& row : kProbeTable) {
    if (row.site.how != FaultSite::How::kNever) sites[row.site.place] = &row;
  }
  return sites;
}();
static_assert(std::ranges::all_of(kSites, [](const ProbeRow* row) { return row != nullptr; }));

/// Small numbers are as likely as large ones.
uint64_t DrawNth(bool often, zab::Entity entity, zab::Chooser& chooser) {
  const uint64_t bits = chooser.Below(kSiteDraw, entity, often ? 9 : 5);
  return 1 + chooser.Below(kSiteDraw, entity, uint64_t{1} << bits);
}

Selector SelfSelector() {
  return {Selector::Self{}};
}
Selector TargetSelector(EventIndex event) {
  return {Selector::TargetOf{event}};
}

/// `before`: the previous fault, if there is one.
WhenProbe DrawSite(std::optional<EventIndex> before, zab::Entity entity, zab::Chooser& chooser) {
  const ProbeRow& site = *kSites[chooser.Below(kSiteDraw, entity, kSites.size())];
  const bool often = site.site.how == FaultSite::How::kOften;
  WhenProbe when{.filter = {.on = site.probe}};
  const auto& kinds = site.kinds;
  // For messages a kind is drawn; otherwise only the most frequent kind would be hit.
  if (!kinds.empty() && (often || chooser.Chance(kSiteDraw, entity, {1, 2}))) {
    when.filter.kind = kinds[chooser.Below(kSiteDraw, entity, kinds.size())];
  }
  when.nth = DrawNth(often, entity, chooser);
  if (chooser.Chance(kSiteDraw, entity, {1, 2})) when.edge = Edge::kBefore;
  if (before && chooser.Chance(kSiteDraw, entity, {1, 2})) {
    when.condition.fired = before;
    when.nth = 1 + chooser.Below(kSiteDraw, entity, 4);
  }
  return when;
}

Crash DrawCrash(zab::Entity entity, zab::Chooser& chooser) {
  Crash crash{.target = SelfSelector()};
  if (chooser.Chance(kFaultDraw, entity, {1, 3})) crash.kind = Kind::kKill;
  if (chooser.Chance(kFaultDraw, entity, {1, 3})) crash.in_flight = InFlight::kDrop;
  return crash;
}

/// The fault and the action that undoes it.  `event` is the index of the fault's event.
std::pair<Action, Action> DrawFault(EventIndex event, zab::Entity entity, zab::Chooser& chooser) {
  const uint64_t drawn = chooser.Below(kFaultDraw, entity, 10);
  if (drawn < 6) return {DrawCrash(entity, chooser), Restart{TargetSelector(event)}};
  if (drawn < 8) {
    Partition alone{.groups = {SelfSelector(), {Selector::List{}}}, .rest = 1};
    return {std::move(alone), Heal{event}};
  }
  return {Pause{SelfSelector()}, Resume{TargetSelector(event)}};
}

EventIndex AddFault(std::optional<EventIndex> before, Scenario& scenario, zab::Chooser& chooser) {
  const EventIndex index{scenario.events.size()};
  const zab::Entity entity{index.value};
  Event fault{.id = FreshId(scenario, "fault"), .trigger = DrawSite(before, entity, chooser)};
  auto [action, undo] = DrawFault(index, entity, chooser);
  fault.actions.push_back(std::move(action));
  scenario.events.push_back(std::move(fault));
  const int64_t pause = chooser.Between(kFaultDraw, entity, 1, 20);
  Event back{.id = FreshId(scenario, "back"),
             .trigger = AfterEvent{index, zab::Milliseconds(100) * pause}};
  back.actions.push_back(std::move(undo));
  scenario.events.push_back(std::move(back));
  return index;
}

}  // namespace

void DrawProbeFaults(Scenario& scenario, zab::Chooser& chooser) {
  if (chooser.Chance(kPlainRun, {}, {1, 2})) scenario.nemesis.clear();
  const uint64_t faults = 1 + chooser.Below(kHowMany, {}, 3);
  std::optional<EventIndex> last;
  for (uint64_t i = 0; i < faults; ++i) last = AddFault(last, scenario, chooser);
}

}  // namespace scenario
