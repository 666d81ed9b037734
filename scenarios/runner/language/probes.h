// The table of probes in the scenario language, with the columns that filters may use.  Traces have
// more probes and columns; scenario files may rely on these.
#pragma once

#include <string>
#include <vector>

#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/record/record.h"

namespace scenario {

struct ProbeColumns {
  Probe probe{};
  std::vector<Column> columns;  // In addition to kBy, which all have.
  std::vector<Kind> kinds;      // The possible values of `kind`; empty if it has none.
};

/// The table, in the order of scenarios/README.md.
const std::vector<ProbeColumns>& TriggerProbes();

/// The entry of the probe; null if triggers may not use it.
const ProbeColumns* FindTriggerProbe(Probe probe);

/// "by", "to", ...
absl::string_view Name(Column column);

/// The kinds that are messages, in protocol order.
const std::vector<Kind>& MessageKinds();

}  // namespace scenario
