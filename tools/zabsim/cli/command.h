// What the subcommands share: one function each to declare itself, exit codes, and where scenarios
// lie.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "scenarios/runner/cluster/cluster.h"

namespace CLI {
class App;
}

namespace zabsim {

/// Exit codes that are no verdict (LANGUAGE.md 6); those of verdicts are
/// scenario::ExitCodeOf.
constexpr int kExitUsage = 2;
constexpr int kExitOwnBug = 70;
constexpr int kExitInterrupted = 130;

/// What a subcommand does once the command line is read; the result is the exit code.
using Action = std::function<int()>;

/// Servers to choose from with --peer, besides the real ones: in tests, peers broken on purpose.
using Peers = absl::btree_map<std::string, scenario::ServerFactory>;

/// The factory of that name; empty for the empty name, which means the real servers.
absl::StatusOr<scenario::ServerFactory> FindPeer(const Peers& peers, const std::string& name);
/// Adds --peer, if there is anything to choose.
void AddPeer(CLI::App& command, std::string& name, const Peers& peers);

/// The whole of zabsim.
int Main(int argc, char** argv, const Peers& peers);

// Each adds its subcommand to `app` and sets `action` when it is chosen.
void AddRun(CLI::App& app, Action& action, const Peers& peers);
void AddValidate(CLI::App& app, Action& action);
void AddList(CLI::App& app, Action& action);
void AddTrace(CLI::App& app, Action& action);
void AddDiff(CLI::App& app, Action& action);
void AddBugs(CLI::App& app, Action& action);
void AddView(CLI::App& app, Action& action);
void AddWatch(CLI::App& app, Action& action);
void AddDisk(CLI::App& app, Action& action);
void AddFsck(CLI::App& app, Action& action);
void AddCrashes(CLI::App& app, Action& action);
void AddFuzz(CLI::App& app, Action& action, const Peers& peers);
void AddWorker(CLI::App& app, Action& action, const Peers& peers);
void AddMerge(CLI::App& app, Action& action);
void AddReplay(CLI::App& app, Action& action, const Peers& peers);
void AddSelfcheck(CLI::App& app, Action& action, const Peers& peers);
void AddShrink(CLI::App& app, Action& action, const Peers& peers);
void AddHelp(CLI::App& app, Action& action);

/// `zabsim help disk` and `zabsim help fsck`.
int HelpDisk();
int HelpFsck();
/// `zabsim help crashes`.
int HelpCrashes();
/// `zabsim help fuzz`.
int HelpFuzz();
/// `zabsim help shrink`.
int HelpShrink();
/// `zabsim help bugs`.
int HelpBugs();

/// Prints an error to standard error; returns kExitUsage.
int Fail(const absl::Status& status);

/// The folder of shipped scenarios: ./scenarios, else the source tree's, else the installed one;
/// empty if there is none.
std::string ScenarioFolder();
/// All scenario files below a folder, sorted; schema.json is none.
std::vector<std::string> ScenarioFiles(const std::string& folder);

}  // namespace zabsim
