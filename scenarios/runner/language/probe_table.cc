#include "scenarios/runner/language/probe_table.h"

namespace scenario {

absl::string_view Name(Column column) {
  switch (column) {
    case Column::kBy: return "by";
    case Column::kTo: return "to";
    case Column::kFrom: return "from";
    case Column::kZxid: return "zxid";
    case Column::kEpoch: return "epoch";
    case Column::kOp: return "op";
  }
  return "?";
}

absl::string_view Name(Tone tone) {
  switch (tone) {
    case Tone::kPlain: return "plain";
    case Tone::kLeader: return "leader";
    case Tone::kFault: return "fault";
    case Tone::kRepair: return "repair";
    case Tone::kSync: return "sync";
  }
  return "?";
}

}  // namespace scenario
