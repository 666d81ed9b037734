// The command line as data.  A command declares its options here, without CLI11, which costs
// seconds in every file that includes it; command_line.cc alone hands them to CLI11.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace zabsim {

/// An option, a flag or a positional argument.
struct Option {
  /// Where the value goes; must outlive the command line.  bool: a flag.  A vector: a positional
  /// argument takes all that follow, an option one value each time it is given.
  using Target = std::variant<bool*, std::string*, std::vector<std::string>*, unsigned*, uint64_t*,
                              std::optional<uint64_t>*>;

  std::string names;  // "--seed" or "-o,--out"; without dashes, as "FILE", it is positional.
  Target target;
  std::string help;
  bool required = false;
  bool hidden = false;                       // --help does not show it.
  bool shows_default = false;                // --help shows the value that the target has now.
  std::vector<std::string> choices;          // Empty: any value.
  std::optional<std::pair<int, int>> range;  // Both ends included.
  std::vector<std::string> needs, excludes;  // Names of options that were added before it.

  Option& Required();
  Option& Hidden();
  Option& ShowDefault();
  Option& OneOf(std::vector<std::string> values);
  Option& Within(int least, int most);
  Option& Needs(std::string name);
  Option& Excludes(std::string name);
};

/// A subcommand of zabsim, or of another.
struct Command {
  /// What `run` returns to have a --help shown: that of the command that `help_of` names, or that
  /// of the program.
  static constexpr int kShowHelp = -1;

  std::string name;
  std::string description;
  bool hidden = false;  // `zabsim --help` does not show it.
  std::deque<Option> options = {};
  std::vector<Command> commands = {};      // Not empty: one of them follows, as in "campaign init".
  std::vector<std::string> examples = {};  // Command lines, below its --help.
  const std::string* help_of = nullptr;    // Of kShowHelp; outlives the command line.
  std::function<int()> run = {};  // After the options are read; the exit code, or kShowHelp.

  /// The result can be refined: command.Add("--jobs", &jobs, "Threads").Within(1, 256).
  Option& Add(std::string names, Option::Target target, std::string help);
};

/// Adds --set, which changes values of a scenario file.
void AddOverrides(Command& command, std::vector<std::string>& overrides);

}  // namespace zabsim
