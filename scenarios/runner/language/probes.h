// Which probes a trigger may wait for, and by which columns it may choose among them: the table of
// the scenario language.  Traces have more probes and columns than that; these are what files may
// rely on.
#pragma once

#include <string>
#include <vector>

#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/record/record.h"

namespace scenario {

struct ProbeColumns {
  Probe probe{};
  std::vector<Column> columns;  // Besides kBy, which all have.
  std::vector<Kind> kinds;      // What `kind` can be; empty: it has no kind.
};

/// The table, in the order of the language page.
const std::vector<ProbeColumns>& TriggerProbes();

/// The entry of that probe; null if no trigger may name it.
const ProbeColumns* FindTriggerProbe(Probe probe);

/// "by", "to", ...
absl::string_view Name(Column column);

/// The kinds that are messages, in protocol order.
const std::vector<Kind>& MessageKinds();

}  // namespace scenario
