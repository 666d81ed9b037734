// Columns are part of the format (scenarios/MEASURING.md 2).
#include "scenarios/runner/measure/tables.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "scenarios/runner/measure/metrics.h"

namespace scenario {
namespace {

struct Columns {
  absl::string_view table, columns;
};

constexpr std::array<Columns, kTableCount> kColumns = {{
    {"runs", "digest,verdict,events,virtual_time,trace_hash,leader_clients"},
    {"writes",
     "client,session,cxid,op,server,leader,zxid,submitted,proposed,first_acked,quorum_acked,"
     "committed,replied,result,error"},
    {"reads", "client,session,cxid,op,server,submitted,replied,result,error"},
    {"elections", "start,elected,established,rounds,notifications,winner,epoch,why"},
    {"recoveries", "leader,learner,kind,start,acked,uptodate,messages,proposals,bytes"},
    {"outages", "who,start,end,ended"},
    {"traffic", "from,to,type,messages,bytes"},
    {"queues", "place,longest,mean,retransmissions"},
    {"faults", "time,what,kind,node,peer"},
}};

const Columns& RowOf(Table table) {
  return kColumns[static_cast<size_t>(table)];
}

}  // namespace

absl::string_view Name(Table table) {
  return RowOf(table).table;
}

std::vector<std::string> ColumnsOf(Table table) {
  std::vector<std::string> columns = absl::StrSplit(RowOf(table).columns, ',');
  if (table == Table::kRuns) {
    for (const MetricInfo& metric : AllMetrics()) columns.emplace_back(metric.name);
  }
  return columns;
}

std::string CsvLine(const Cells& cells) {
  std::string line;
  for (const std::string& cell : cells) {
    if (&cell != &cells.front()) line += ',';
    if (cell.find_first_of(",\"\n\r") == std::string::npos) {
      line += cell;
    } else {
      absl::StrAppend(&line, "\"", absl::StrReplaceAll(cell, {{"\"", "\"\""}}), "\"");
    }
  }
  return line + "\n";
}

std::string CellOf(std::optional<zab::Time> time) {
  return time ? absl::StrCat(time->nanoseconds) : "";
}

std::string CellOf(zab::Zxid zxid) {
  return zxid == zab::Zxid{} ? "" : ToString(zxid);
}

}  // namespace scenario
