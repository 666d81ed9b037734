// What the subcommands share: one function each to declare itself, exit codes, and where scenarios lie.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace CLI {
class App;
}

namespace zabsim {

/// Exit codes that are no verdict (scenario-language 6); those of verdicts are scenario::ExitCodeOf.
constexpr int kExitUsage = 2;
constexpr int kExitInterrupted = 130;

/// What a subcommand does once the command line is read; the result is the exit code.
using Action = std::function<int()>;

// Each adds its subcommand to `app` and sets `action` when it is chosen.
void AddRun(CLI::App& app, Action& action);
void AddValidate(CLI::App& app, Action& action);
void AddList(CLI::App& app, Action& action);
void AddDisk(CLI::App& app, Action& action);
void AddFsck(CLI::App& app, Action& action);
void AddCrashes(CLI::App& app, Action& action);
void AddHelp(CLI::App& app, Action& action);

/// `zabsim help disk` and `zabsim help fsck`.
int HelpDisk();
int HelpFsck();
/// `zabsim help crashes`.
int HelpCrashes();

/// Prints an error to standard error; returns kExitUsage.
int Fail(const absl::Status& status);

/// The folder of shipped scenarios: ./scenarios, else the source tree's, else the installed one; empty
/// if there is none.
std::string ScenarioFolder();
/// All scenario files below a folder, sorted; schema.json is none.
std::vector<std::string> ScenarioFiles(const std::string& folder);

}  // namespace zabsim
