// Servers broken on purpose, with one fault each, to test campaigns, signatures and shrinking.
#pragma once

#include <string>

#include "absl/container/btree_map.h"
#include "scenarios/runner/cluster/cluster.h"

namespace support {

/// All of them by name.  Each server starts with fresh state.
absl::btree_map<std::string, scenario::ServerFactory> Mutants();

}  // namespace support
