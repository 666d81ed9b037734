// Triggers: whether a record is what a filter asks for, whether a condition holds, what a name
// binds.
#pragma once

#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/matching/run_facts.h"
#include "scenarios/runner/record/record.h"

namespace scenario {

/// All filters that are there hold.  A name that is not bound yet matches nothing.
bool Matches(const ProbeFilter& filter, const Record& record, const Context& context);

bool Holds(const While& condition, const Context& context);

/// The record's value of that column; monostate if it has none.
Bindable ColumnOf(Column column, const Record& record, const RunFacts& facts);

}  // namespace scenario
