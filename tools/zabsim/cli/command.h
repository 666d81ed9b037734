// What the commands share: exit codes, the servers to choose from, and where the scenarios are.
#pragma once

#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "scenarios/runner/cluster/cluster.h"
#include "tools/zabsim/cli/options.h"

namespace zabsim {

/// Exit codes that are not verdicts (LANGUAGE.md 6); scenario::ExitCodeOf has those of verdicts.
constexpr int kExitUsage = 2;
constexpr int kExitOwnBug = 70;
constexpr int kExitStorage = 74;
constexpr int kExitInterrupted = 130;

/// Servers to choose from with --peer, besides the real ones: in tests, peers broken on purpose.
using Peers = absl::btree_map<std::string, scenario::ServerFactory>;

/// The factory of that name; empty for the empty name, which means the real servers.
absl::StatusOr<scenario::ServerFactory> FindPeer(const Peers& peers, const std::string& name);
/// Adds --peer, if there are any peers.
void AddPeer(Command& command, std::string& name, const Peers& peers);

/// Prints an error to standard error; returns kExitStorage for kResourceExhausted, else kExitUsage.
int Fail(const absl::Status& status);
/// The worse of two exit codes, of which `failed` is that of Fail: usage hides no verdict but 0.
int WorseCode(int code, int failed);

/// The folder of shipped scenarios: ./scenarios, else the source tree's, else the installed one;
/// empty if there is none.
std::string ScenarioFolder();
/// The file that a command line means: "-" is standard input; what is no file may be the id of a
/// shipped scenario, as in "bugs/zookeeper-335".
std::string ScenarioPath(const std::string& argument);
/// All scenario files below a folder, sorted, without schema.json.
std::vector<std::string> ScenarioFiles(const std::string& folder);

}  // namespace zabsim
