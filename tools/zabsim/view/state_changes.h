// The state of the cluster for a page: cells with integers, and by how much each event changes
// which. The browser adds and subtracts; what a record means it need not know.
#pragma once

#include <string>
#include <vector>

#include "tools/zabsim/view/recorded_run.h"

namespace zabsim {

/// The names of the cells of a server, of a client, of a link in one direction, and of a piece of a
/// log.  Cells come in this order: those of each server; of each client; of the link from each
/// server to each server, from * n + to; then, of the pieces of logs (LogPieces), piece by piece
/// those of all servers.  A server has as many pieces as its cell `pieces` says.
struct StateNames {
  std::vector<std::string> server, client, link, piece;
};
StateNames NamesOfState();

/// Varints: for each of `kept` how many cells are another after it than after the one before it
/// (all are 0 before the first); then of all these changes the cells; then, signed, the
/// differences. `kept`: some of the records of the run, in their order; what lies between them is
/// counted too.
std::string StateChanges(const RecordedRun& run, const std::vector<scenario::Record>& kept);

}  // namespace zabsim
