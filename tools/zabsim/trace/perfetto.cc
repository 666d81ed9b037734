// Times are microseconds with the nanoseconds as decimals.  An arrow begins and ends in a span, so
// that each record is one, a microsecond long.
#include "tools/zabsim/trace/perfetto.h"

#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "scenarios/runner/captions/caption.h"
#include "tools/zabsim/trace/columns.h"

namespace zabsim {
namespace {

std::string Quoted(absl::string_view text) {
  return nlohmann::json(std::string(text))
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string Microseconds(zab::Time time) {
  return absl::StrFormat("%d.%03d", time.nanoseconds / 1000, time.nanoseconds % 1000);
}

}  // namespace

PerfettoWriter::PerfettoWriter(std::ostream& out, const scenario::Scenario& scenario,
                               Language language)
    : out_(out), scenario_(scenario), language_(language) {
  out_ << "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[";
  const size_t probe = scenario.ServerCount() + scenario.clients.size() + 1;
  for (size_t i = 0; i <= probe; ++i) {
    const sim::NodeId node{static_cast<uint16_t>(i)};
    const std::string name = i == 0 ? "world" : i == probe ? "probe" : scenario.NameOf(node);
    NameThread(node, "process_name", Thread::kPhases, name);
    NameThread(node, "thread_name", Thread::kPhases, "phases");
    NameThread(node, "thread_name", Thread::kEvents, "events");
    NameThread(node, "thread_name", Thread::kMessages, "messages");
  }
}

void PerfettoWriter::Add(const scenario::Record& record) {
  AddSpans(record);
  const bool sent = record.event.probe == scenario::Probe::kMsgSent;
  const bool delivered = record.event.probe == scenario::Probe::kMsgDelivered;
  const Thread thread = sent || delivered ? Thread::kMessages : Thread::kEvents;
  const scenario::Explanation explanation = scenario::Explain(record, scenario_);
  Write(record.node, thread, record.time,
        absl::StrCat("\"ph\":\"X\",\"dur\":1,\"cat\":\"", Name(record.event.probe),
                     "\",\"name\":", Quoted(In(language_, explanation.what)),
                     ",\"args\":", RecordJson(record, scenario_)));
  if (!sent && (!delivered || record.cause == 0)) return;
  const uint64_t flow = sent ? record.id : record.cause;
  Write(record.node, thread, record.time,
        absl::StrCat(sent ? "\"ph\":\"s\"" : "\"ph\":\"f\",\"bp\":\"e\"", ",\"id\":", flow,
                     ",\"cat\":\"message\",\"name\":", Quoted(Name(record.event.kind))));
}

void PerfettoWriter::AddSpans(const scenario::Record& record) {
  using enum scenario::Probe;
  const scenario::Probe probe = record.event.probe;
  if (probe == kPhaseChanged) {
    BeginSpan(record.node, record.time, absl::AsciiStrToUpper(Name(record.event.kind)));
  } else if (probe == kCrashed || probe == kHalted) {
    BeginSpan(record.node, record.time, "DOWN");
  } else if (probe == kRestarted) {
    EndSpan(record.node, record.time);
  }
}

void PerfettoWriter::Finish(zab::Time time) {
  while (!spans_.empty()) EndSpan(*spans_.begin(), time);
  out_ << "\n]}\n";
}

void PerfettoWriter::BeginSpan(sim::NodeId node, zab::Time time, absl::string_view name) {
  EndSpan(node, time);
  spans_.insert(node);
  Write(node, Thread::kPhases, time, absl::StrCat("\"ph\":\"B\",\"name\":", Quoted(name)));
}

void PerfettoWriter::EndSpan(sim::NodeId node, zab::Time time) {
  if (spans_.erase(node) > 0) Write(node, Thread::kPhases, time, "\"ph\":\"E\"");
}

void PerfettoWriter::NameThread(sim::NodeId node, absl::string_view kind, Thread thread,
                                absl::string_view name) {
  Write(
      node, thread, zab::Time{},
      absl::StrCat("\"ph\":\"M\",\"name\":\"", kind, "\",\"args\":{\"name\":", Quoted(name), "}"));
}

void PerfettoWriter::Write(sim::NodeId node, Thread thread, zab::Time time,
                           absl::string_view rest) {
  out_ << (first_ ? "\n" : ",\n") << "{\"pid\":" << node.value
       << ",\"tid\":" << static_cast<int>(thread) << ",\"ts\":" << Microseconds(time) << "," << rest
       << "}";
  first_ = false;
}

}  // namespace zabsim
