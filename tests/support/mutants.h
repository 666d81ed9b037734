// Servers broken on purpose, one fault each: what campaigns, signatures and shrinking are tried on.
#pragma once

#include <string>

#include "absl/container/btree_map.h"
#include "scenarios/runner/cluster/cluster.h"

namespace support {

/// By name.  Each server has a fresh state.
absl::btree_map<std::string, scenario::ServerFactory> Mutants();

}  // namespace support
