// Fills the slots of the catalogue, and decides which records are milestones.
#include "scenarios/runner/captions/caption.h"

#include <algorithm>
#include <variant>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "protocol/base/check.h"
#include "scenarios/runner/captions/catalogue.h"
#include "scenarios/runner/language/probe_table.h"
#include "scenarios/runner/language/units.h"

namespace scenario {
namespace {

/// Whether a connection ends because a server judges the other end, which is still there.
bool IsJudgement(zab::Reason reason) {
  using enum zab::Reason;
  return reason != kNone && reason != kConnectionLost && reason != kConnectFailed &&
         reason != kReplaced;
}

/// nullopt: not a milestone.
std::optional<Tone> ToneOf(const TraceEvent& event) {
  if (event.probe == Probe::kChannelDown && !IsJudgement(event.reason)) return std::nullopt;
  const ProbeRow& row = RowOf(event.probe);
  if (row.kind != Kind::kNone && row.kind == event.kind) return row.tone_of_kind;
  return row.tone;
}

const CatalogueEntry& EntryOf(const Record& record, absl::string_view bug) {
  const TraceEvent& event = record.event;
  const bool own = event.peer.value != 0 && event.peer.value == record.node.value;
  const auto entries = CatalogueOfEvents();
  const auto found = std::ranges::find_if(entries, [&](const CatalogueEntry& entry) {
    return entry.probe == event.probe && (!entry.own || own) &&
           (entry.kind == Kind::kNone || entry.kind == event.kind) &&
           (entry.bug[0] == '\0' || bug == entry.bug);
  });
  ZAB_CHECK(found != entries.end()) << Name(event.probe) << " has no caption";
  return *found;
}

/// The liveness client comes after the last client.
std::string NameOfNode(sim::NodeId node, const Scenario& scenario) {
  const bool probe = node.value > scenario.ServerCount() + scenario.clients.size();
  return probe ? "probe" : scenario.NameOf(node);
}

const Event* EventOf(const Record& record, const Scenario& scenario) {
  const auto index = static_cast<size_t>(record.event.number);
  return index < scenario.events.size() ? &scenario.events[index] : nullptr;
}

/// Of a `note`: its text.
Text NoteIn(const Record& record, const Scenario& scenario) {
  const Event* event = EventOf(record, scenario);
  const auto position = static_cast<size_t>(record.event.code);
  if (event == nullptr || position >= event->actions.size()) return {};
  const auto* note = std::get_if<Note>(&event->actions[position]);
  return note != nullptr ? note->text : Text{};
}

/// "0.5%", of millionths.
std::string PercentOf(int millionths) {
  const std::string rest = absl::StrFormat("%04d", millionths % 10'000);
  const size_t digits = rest.find_last_not_of('0') + 1;
  return absl::StrCat(millionths / 10'000, digits > 0 ? "." : "", rest.substr(0, digits), "%");
}

/// What a link or a disk is like from now on: of a kLinkSet or kDiskSet.
Text ProfileOf(const TraceEvent& event) {
  const std::string time = ToString(zab::Nanoseconds(event.number));
  const std::string size = FormatSize(static_cast<int64_t>(event.txn));
  Text text;
  if (event.probe == Probe::kDiskSet) {
    text = {absl::StrCat("an fsync takes ", time, " on average"),
            absl::StrCat("一次 fsync 平均 ", time)};
    if (event.txn > 0) {
      absl::StrAppend(&text.en, ", and ", size, " is all that it holds");
      absl::StrAppend(&text.zh, "，总容量 ", size);
    }
    return text;
  }
  text = {absl::StrCat("a latency of ", time, " on average"), absl::StrCat("平均延迟 ", time)};
  if (event.code > 0) {
    const std::string loss = PercentOf(event.code);
    absl::StrAppend(&text.en, ", ", loss, " lost");
    absl::StrAppend(&text.zh, "，丢包 ", loss);
  }
  if (event.txn > 0) {
    absl::StrAppend(&text.en, ", ", size, " a second");
    absl::StrAppend(&text.zh, "，每秒 ", size);
  }
  return text;
}

/// What a template is filled from.  The words for a reason are in the template's language.
struct Filling {
  const Record& record;
  const Scenario& scenario;
  const char* reason;
  const char* because;
  bool chinese;

  const std::string& In(const Text& text) const {
    return chinese && !text.zh.empty() ? text.zh : text.en;
  }

  std::string Slot(absl::string_view slot) const {
    const TraceEvent& event = record.event;
    if (slot == "by") return NameOfNode(record.node, scenario);
    if (slot == "peer") return NameOfNode({event.peer.value}, scenario);
    if (slot == "zxid") return ToString(event.zxid);
    if (slot == "epoch") return ToString(event.epoch);
    if (slot == "kind") return absl::AsciiStrToUpper(Name(event.kind));
    if (slot == "reason") return reason;
    if (slot == "because") return because;
    if (slot == "number") return absl::StrCat(event.number);
    if (slot == "code") return absl::StrCat(event.code);
    if (slot == "op") return std::string(Name(static_cast<zab::OpType>(event.code)));
    if (slot == "event") {
      const Event* of = EventOf(record, scenario);
      return of != nullptr ? of->id : absl::StrCat(event.number);
    }
    if (slot == "profile") return In(ProfileOf(event));
    if (slot == "note") return In(NoteIn(record, scenario));
    if (slot == "doc") {
      const Event* of = EventOf(record, scenario);
      return of != nullptr ? In(DocOf(*of)) : "";
    }
    ZAB_CHECK(false) << "a caption has the slot {" << std::string(slot) << "}";
    return "";
  }

  std::string Fill(absl::string_view words) const {
    std::string text;
    for (;;) {
      const size_t open = words.find('{');
      if (open == absl::string_view::npos) break;
      const size_t close = words.find('}', open);
      absl::StrAppend(&text, words.substr(0, open), Slot(words.substr(open + 1, close - open - 1)));
      words.remove_prefix(close + 1);
    }
    absl::StrAppend(&text, words);
    return text;
  }
};

Text Say(const CatalogueText& words, const Record& record, const Scenario& scenario) {
  const CatalogueReason& reason = CatalogueOf(record.event.reason);
  const Filling en{record, scenario, reason.name.en, reason.why.en, false};
  const Filling zh{record, scenario, reason.name.zh, reason.why.zh, true};
  return {en.Fill(words.en), zh.Fill(words.zh)};
}

/// Whether the record is of the initial configuration of links and clocks, which is not a change.
bool IsInitial(const Record& record) {
  const Probe probe = record.event.probe;
  return (probe == Probe::kLinkSet || probe == Probe::kClockSet) && record.time == zab::Time{};
}

}  // namespace

std::optional<Caption> CaptionOf(const Record& record, const Scenario& scenario,
                                 absl::string_view bug) {
  if (IsInitial(record)) return std::nullopt;
  const std::optional<Tone> tone = ToneOf(record.event);
  if (!tone) return std::nullopt;
  return Caption{.text = Say(EntryOf(record, bug).what, record, scenario), .tone = *tone};
}

Explanation Explain(const Record& record, const Scenario& scenario, absl::string_view bug) {
  const CatalogueEntry& entry = EntryOf(record, bug);
  return {.what = Say(entry.what, record, scenario),
          .why = Say(entry.why, record, scenario),
          .next = Say(entry.next, record, scenario)};
}

Text DocOf(const Event& event) {
  if (!event.doc.empty()) return event.doc;
  return {absl::StrCat("event ", event.id), absl::StrCat("事件 ", event.id)};
}

Text InWords(zab::Reason reason) {
  const CatalogueText& name = CatalogueOf(reason).name;
  return {name.en, name.zh};
}

Text VerdictInWords(absl::string_view verdict, absl::string_view bug) {
  const absl::string_view key = bug.empty() ? verdict : "shown";
  const auto verdicts = CatalogueOfVerdicts();
  const auto found = std::ranges::find(verdicts, key, &CatalogueWord::key);
  if (found == verdicts.end()) return {std::string(verdict), ""};
  const auto fill = [bug](const char* words) {
    return absl::StrReplaceAll(words, {{"{bug}", bug}});
  };
  return {fill(found->text.en), fill(found->text.zh)};
}

}  // namespace scenario
