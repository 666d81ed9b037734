// Hands the declared options to CLI11: the only file that includes it.
#include "tools/zabsim/cli/command_line.h"

#include <iostream>
#include <type_traits>

#include "CLI/CLI.hpp"
#include "protocol/base/check.h"
#include "tools/zabsim/cli/command.h"

namespace zabsim {
namespace {

CLI::Option* AddTarget(CLI::App& app, const Option& option) {
  return std::visit(
      [&](auto* target) -> CLI::Option* {
        using Value = std::remove_pointer_t<decltype(target)>;
        if constexpr (std::is_same_v<Value, bool>) {
          return app.add_flag(option.names, *target, option.help);
        } else {
          CLI::Option* added = app.add_option(option.names, *target, option.help);
          if (std::is_same_v<Value, std::vector<std::string>> && !added->get_positional()) {
            added->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
          }
          return added;
        }
      },
      option.target);
}

void AddOption(CLI::App& app, const Option& option) {
  CLI::Option* added = AddTarget(app, option);
  added->required(option.required);
  if (option.hidden) added->group("");
  if (!option.choices.empty()) added->check(CLI::IsMember(option.choices));
  if (option.range) added->check(CLI::Range(option.range->first, option.range->second));
  if (option.shows_default) added->capture_default_str();
  for (const std::string& name : option.needs) added->needs(app.get_option(name));
  for (const std::string& name : option.excludes) added->excludes(app.get_option(name));
}

void AddCommand(CLI::App& app, const Command& command) {
  CLI::App* added = app.add_subcommand(command.name, command.description);
  for (const Command& inner : command.commands) AddCommand(*added, inner);
  if (!command.commands.empty()) added->require_subcommand(1);
  if (command.hidden) added->group("");
  for (const Option& option : command.options) AddOption(*added, option);
  std::string examples;
  for (const std::string& line : command.examples) examples += "  " + line + "\n";
  if (!examples.empty()) added->footer("Examples:\n" + examples);
}

/// The command that was named.
const Command& Chosen(const CLI::App& app, const std::vector<Command>& commands) {
  for (const Command& command : commands) {
    if (!app.got_subcommand(command.name)) continue;
    if (command.commands.empty()) return command;
    return Chosen(*app.get_subcommand(command.name), command.commands);
  }
  ZAB_CHECK(false) << "CLI11 has let a line without a command pass";
  return commands.front();
}

}  // namespace

int CommandLine::Run(int argc, char** argv) const {
  CLI::App app(description, name);
  app.set_version_flag("--version", version);
  app.require_subcommand(1);
  app.footer(footer);
  for (const Command& command : commands) AddCommand(app, command);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {  // CLI11 throws after --help too.
    return app.exit(error) == 0 ? 0 : kExitUsage;
  }
  const Command& command = Chosen(app, commands);
  const int code = command.run();
  if (code != Command::kShowHelp) return code;
  const bool of_one = command.help_of != nullptr && !command.help_of->empty();
  std::cout << (of_one ? app.get_subcommand(*command.help_of)->help(name) : app.help());
  return 0;
}

}  // namespace zabsim
