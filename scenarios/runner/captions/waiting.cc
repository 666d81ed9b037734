// Goes by role and phase.
#include "scenarios/runner/captions/waiting.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace scenario {
namespace {

/// Empty: for nothing.
Text AwaitedBy(const ServerState& server) {
  if (!server.up() || server.paused || server.phase == Kind::kBroadcast) return {};
  if (server.role == Role::kLooking) return {"votes of a quorum", "过半服务器的选票"};
  const bool discovers = server.phase == Kind::kDiscovery;
  if (server.role == Role::kFollowing) {
    return discovers ? Text{"the epoch of its leader", "领导者的新纪元"}
                     : Text{"the history of its leader", "领导者的历史"};
  }
  return discovers ? Text{"a quorum to promise its epoch", "过半服务器承诺它的纪元"}
                   : Text{"a quorum to have its history on disk", "过半服务器把它的历史落盘"};
}

}  // namespace

Text WaitsOf(const ClusterState& state, const Scenario& scenario) {
  std::vector<std::pair<Text, std::vector<std::string>>> waits;  // In the order of the servers.
  for (const zab::ServerId sid : scenario.ServerIds()) {
    const Text awaited = AwaitedBy(state.servers()[sid.value - size_t{1}]);
    if (awaited.en.empty()) continue;
    const auto same =
        std::ranges::find_if(waits, [&](const auto& wait) { return wait.first.en == awaited.en; });
    auto& names = same != waits.end()
                      ? same->second
                      : waits.emplace_back(awaited, std::vector<std::string>()).second;
    names.push_back(scenario.NameOf(sid));
  }
  Text text;
  for (const auto& [awaited, names] : waits) {
    absl::StrAppend(&text.en, text.en.empty() ? "" : "; ", absl::StrJoin(names, ", "), " for ",
                    awaited.en);
    absl::StrAppend(&text.zh, text.zh.empty() ? "" : "；", absl::StrJoin(names, "、"), " 等待",
                    awaited.zh);
  }
  return text;
}

}  // namespace scenario
