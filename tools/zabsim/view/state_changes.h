// The state of the cluster for a page: cells with integers, and by how much each event changes
// which. The browser adds and subtracts; what a record means it need not know.
#pragma once

#include <string>
#include <vector>

#include "tools/zabsim/view/recorded_run.h"

namespace zabsim {

/// The names of the cells that each server has, in order.  Server k has cells k * (how many there
/// are), ...; after those of all n servers come, for each pair of servers, from * n + to, how often
/// the link is cut and whether it is clogged; then, for each range of a log, range * n + server,
/// its epoch and its first and last counter.  A server has as many ranges as its cell `ranges`
/// says.
std::vector<std::string> StateFields();

/// Varints: for each of `kept` how many cells are another after it than after the one before it
/// (all are 0 before the first); then of all these changes the cells; then, signed, the
/// differences. `kept`: some of the records of the run, in their order; what lies between them is
/// counted too.
std::string StateChanges(const RecordedRun& run, const std::vector<scenario::Record>& kept);

}  // namespace zabsim
