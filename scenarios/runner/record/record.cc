// Columns to what they mean, and back.
#include "scenarios/runner/record/record.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace scenario {
namespace {

template <class Value>
void AppendColumn(absl::string_view name, const Value& value, std::string& text) {
  absl::StrAppend(&text, " ", name, "=", value);
}

Probe ProbeOf(sim::WorldProbe probe) {
  switch (probe) {
    case sim::WorldProbe::kCrashed: return Probe::kCrashed;
    case sim::WorldProbe::kRestarted: return Probe::kRestarted;
    case sim::WorldProbe::kPaused: return Probe::kPaused;
    case sim::WorldProbe::kResumed: return Probe::kResumed;
    case sim::WorldProbe::kHalted: return Probe::kHalted;
    case sim::WorldProbe::kCut: return Probe::kCut;
    case sim::WorldProbe::kHealed: return Probe::kHealed;
    case sim::WorldProbe::kClogged: return Probe::kClogged;
    case sim::WorldProbe::kReleased: return Probe::kReleased;
    case sim::WorldProbe::kLinkSet: return Probe::kLinkSet;
    case sim::WorldProbe::kDiskSet: return Probe::kDiskSet;
    case sim::WorldProbe::kDiskFailed: return Probe::kDiskFailed;
    case sim::WorldProbe::kDiskCorrupted: return Probe::kDiskCorrupted;
    case sim::WorldProbe::kClockSet: return Probe::kClockSet;
  }
  return {};
}

Kind KindOf(sim::WorldKind kind) {
  switch (kind) {
    case sim::WorldKind::kNone: return Kind::kNone;
    case sim::WorldKind::kPower: return Kind::kPower;
    case sim::WorldKind::kKill: return Kind::kKill;
    case sim::WorldKind::kRead: return Kind::kRead;
    case sim::WorldKind::kWrite: return Kind::kWrite;
    case sim::WorldKind::kFsync: return Kind::kFsync;
    case sim::WorldKind::kFull: return Kind::kFull;
    case sim::WorldKind::kRot: return Kind::kRot;
    case sim::WorldKind::kBlock: return Kind::kBlock;
    case sim::WorldKind::kReordered: return Kind::kReordered;
    case sim::WorldKind::kWiped: return Kind::kWiped;
  }
  return {};
}

// Of either's events.
template <class Event>
sim::Columns ToColumns(const Event& event) {
  return {.probe = static_cast<uint8_t>(event.probe),
          .kind = static_cast<uint8_t>(event.kind),
          .reason = static_cast<uint8_t>(event.reason),
          .peer = {event.peer.value},
          .term = event.epoch.value,
          .position = event.zxid.ToWire(),
          .client = event.client,
          .number = event.number,
          .code = event.code,
          .item = event.txn,
          .state = event.tree,
          .connection = event.connection};
}

}  // namespace

sim::Columns ColumnsOf(const TraceEvent& event) {
  return ToColumns(event);
}

sim::Columns ColumnsOf(const zab::TraceEvent& event) {
  return ToColumns(event);
}

Record RecordOf(const sim::Record& record) {
  const sim::Columns& columns = record.columns;
  return {.id = record.id,
          .time = record.time,
          .node = record.node,
          .cause = record.cause,
          .event = {.probe = static_cast<Probe>(columns.probe),
                    .kind = static_cast<Kind>(columns.kind),
                    .reason = static_cast<zab::Reason>(columns.reason),
                    .peer = {columns.peer.value},
                    .epoch = {columns.term},
                    .zxid = zab::Zxid::FromWire(columns.position),
                    .client = columns.client,
                    .number = columns.number,
                    .code = columns.code,
                    .txn = columns.item,
                    .tree = columns.state,
                    .connection = columns.connection}};
}

sim::Trace::Sink Converting(RecordSink sink) {
  if (!sink) return {};
  return [sink = std::move(sink)](const sim::Record& record) { sink(RecordOf(record)); };
}

sim::Vocabulary WorldVocabulary() {
  return {
      .number_of_probe = [](sim::WorldProbe probe) { return static_cast<uint8_t>(ProbeOf(probe)); },
      .number_of_kind = [](sim::WorldKind kind) { return static_cast<uint8_t>(KindOf(kind)); },
      .text_of = [](const sim::Record& record) { return ToString(RecordOf(record)); }};
}

std::string ToString(const Record& record) {
  const TraceEvent& event = record.event;
  std::string text = absl::StrCat("#", record.id, " ", zab::ToString(record.time), " node ",
                                  record.node.value, " ", Name(event.probe));
  if (event.kind != Kind::kNone) AppendColumn("kind", Name(event.kind), text);
  if (event.reason != zab::Reason::kNone) AppendColumn("reason", Name(event.reason), text);
  if (event.peer.value != 0) AppendColumn("peer", event.peer.value, text);
  if (event.epoch.value != 0) AppendColumn("epoch", event.epoch.value, text);
  if (event.zxid != zab::Zxid{}) AppendColumn("zxid", zab::ToString(event.zxid), text);
  if (event.client != 0) AppendColumn("client", event.client, text);
  if (event.number != 0) AppendColumn("number", event.number, text);
  if (event.code != 0) AppendColumn("code", event.code, text);
  if (event.txn != 0) AppendColumn("txn", absl::Hex(event.txn), text);
  if (event.tree != 0) AppendColumn("tree", absl::Hex(event.tree), text);
  if (event.connection != 0) AppendColumn("connection", event.connection, text);
  if (record.cause != 0) absl::StrAppend(&text, " <- #", record.cause);
  return text;
}

}  // namespace scenario
