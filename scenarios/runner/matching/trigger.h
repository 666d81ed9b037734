// Triggers: matches filters, evaluates conditions, and reads columns.
#pragma once

#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/matching/run_facts.h"
#include "scenarios/runner/record/record.h"

namespace scenario {

/// Whether the record matches all filters that are set.  An unbound variable matches nothing.
bool Matches(const ProbeFilter& filter, const Record& record, const Context& context);

bool Holds(const While& condition, const Context& context);

/// The record's value of that column; monostate if it has none.
Bindable ColumnOf(Column column, const Record& record, const RunFacts& facts);

}  // namespace scenario
