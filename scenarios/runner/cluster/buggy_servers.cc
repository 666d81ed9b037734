// A bug is one switch in the server's configuration.
#include "scenarios/runner/cluster/buggy_servers.h"

#include <utility>

#include "scenarios/runner/cluster/zab_process.h"

namespace scenario {

ServerFactory WithBug(const BugEntry& bug, ServerFactory servers) {
  if (!servers) servers = ZabProcessFactory;
  return [is_on = bug.is_on, servers = std::move(servers)](zab::PeerConfig config,
                                                           const zab::Chooser& chooser) {
    config.known_bugs.*is_on = true;
    return servers(std::move(config), chooser);
  };
}

ServerFactory WithBugOf(const Scenario& scenario, ServerFactory servers) {
  if (!scenario.known_bug) return servers;
  return WithBug(*FindBug(scenario.known_bug->id), std::move(servers));
}

}  // namespace scenario
