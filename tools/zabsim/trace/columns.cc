// Integers stay below 2^53 in JSON; client ids and hashes, which do not, are strings.
#include "tools/zabsim/trace/columns.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "scenarios/runner/captions/caption.h"

namespace zabsim {

std::vector<TraceColumn> ColumnsOf(const scenario::Record& record,
                                   const scenario::Scenario& scenario) {
  std::vector<TraceColumn> columns;
  const auto number = [&columns](absl::string_view name, auto value) {
    columns.push_back({name, absl::StrCat(value), true});
  };
  const auto text = [&columns](absl::string_view name, absl::string_view value) {
    columns.push_back({name, std::string(value)});
  };
  const auto hash = [&text](absl::string_view name, uint64_t value) {
    if (value != 0) text(name, absl::StrCat(absl::Hex(value, absl::kZeroPad16)));
  };
  const scenario::TraceEvent& event = record.event;
  number("id", record.id);
  number("t", record.time.nanoseconds);
  number("cause", record.cause);
  if (record.node.value != 0) text("by", scenario.NameOf(record.node));
  text("on", Name(event.probe));
  if (event.kind != scenario::Kind::kNone) text("kind", Name(event.kind));
  if (event.reason != zab::Reason::kNone) text("reason", Name(event.reason));
  if (event.peer.value != 0) text("peer", scenario.NameOf(event.peer));
  if (event.epoch.value != 0) number("epoch", event.epoch.value);
  if (event.zxid != zab::Zxid{}) text("zxid", ToString(event.zxid));
  if (event.client != 0) text("client", absl::StrCat(event.client));
  if (event.number != 0) number("number", event.number);
  if (event.code != 0) number("code", event.code);
  hash("txn", event.txn);
  hash("tree", event.tree);
  if (event.connection != 0) number("connection", event.connection);
  return columns;
}

std::string RecordText(const scenario::Record& record, const scenario::Scenario& scenario,
                       Language language, absl::string_view bug) {
  const std::string cause = record.cause == 0 ? "" : absl::StrCat("  <- #", record.cause);
  return absl::StrFormat("%8s %14s  %s%s", absl::StrCat("#", record.id), ToString(record.time),
                         In(language, scenario::Explain(record, scenario, bug).what), cause);
}

std::string RecordJson(const scenario::Record& record, const scenario::Scenario& scenario) {
  std::string line;
  for (const TraceColumn& column : ColumnsOf(record, scenario)) {
    const absl::string_view quote = column.number ? "" : "\"";
    absl::StrAppend(&line, line.empty() ? "{" : ",", "\"", column.name, "\":", quote, column.text,
                    quote);
  }
  return line + "}";
}

}  // namespace zabsim
