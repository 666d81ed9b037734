// One pass over the options for each format.
#include "tools/zabsim/program/reference.h"

#include <iostream>
#include <memory>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace zabsim {
namespace {

bool IsFlag(const Option& option) {
  return std::holds_alternative<bool*>(option.target);
}

/// "--seed" of "-s,--seed"; a positional argument has no dashes.
std::vector<std::string> NamesOf(const Option& option) {
  return absl::StrSplit(option.names, ',');
}

bool IsPositional(const Option& option) {
  return option.names.empty() || option.names[0] != '-';
}

/// Also those of its subcommands.
template <class Visit>
void ForEachOption(const Command& command, Visit visit) {
  for (const Option& option : command.options) {
    if (!option.hidden) visit(option);
  }
  for (const Command& inner : command.commands) ForEachOption(inner, visit);
}

std::vector<std::string> InnerNames(const Command& command) {
  std::vector<std::string> names;
  names.reserve(command.commands.size());
  for (const Command& inner : command.commands) names.push_back(inner.name);
  return names;
}

template <class Visit>
void ForEachCommand(const Commands& commands, Visit visit) {
  for (const Command& command : commands) {
    if (!command.hidden) visit(command);
  }
}

// ---- The manual page ----------------------------------------------------------------------------

std::string Roff(absl::string_view text) {
  std::string escaped = absl::StrReplaceAll(text, {{"\\", "\\e"}, {"-", "\\-"}});
  const bool is_request = !escaped.empty() && (escaped[0] == '.' || escaped[0] == '\'');
  return is_request ? "\\&" + escaped : escaped;
}

std::string RoffOf(const Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : NamesOf(option)) names.push_back("\\fB" + Roff(name) + "\\fR");
  std::string text = absl::StrCat(".TP\n", absl::StrJoin(names, ", "));
  if (!IsPositional(option) && !IsFlag(option)) text += "=\\fIVALUE\\fR";
  absl::StrAppend(&text, "\n", Roff(option.help), ".\n");
  if (!option.choices.empty()) {
    absl::StrAppend(&text, "One of ", Roff(absl::StrJoin(option.choices, ", ")), ".\n");
  }
  return text;
}

std::string RoffOf(const Command& command, const std::string& before = "zabsim") {
  const std::string name = absl::StrCat(before, " ", command.name);
  std::string text = absl::StrCat(".SS ", name, "\n", Roff(command.description), ".\n");
  for (const Command& inner : command.commands) text += RoffOf(inner, name);
  if (!command.commands.empty()) return text;
  ForEachOption(command, [&](const Option& option) { text += RoffOf(option); });
  if (command.examples.empty()) return text;
  absl::StrAppend(&text, ".PP\nExamples:\n.nf\n");
  for (const std::string& line : command.examples) absl::StrAppend(&text, Roff(line), "\n");
  return text + ".fi\n";
}

// ---- Completions --------------------------------------------------------------------------------

/// The words that may stand behind a command: "--quiet", "--seed=", "--color=auto", "help"'s
/// topics.
std::vector<std::string> WordsOf(const Command& command) {
  std::vector<std::string> words = {"--help"};
  for (const std::string& name : InnerNames(command)) words.push_back(name);
  ForEachOption(command, [&](const Option& option) {
    if (IsPositional(option)) {
      words.insert(words.end(), option.choices.begin(), option.choices.end());
      return;
    }
    for (const std::string& name : NamesOf(option)) {
      if (IsFlag(option) || name.substr(0, 2) != "--") {
        words.push_back(name);
        continue;
      }
      if (option.choices.empty()) words.push_back(name + "=");
      for (const std::string& choice : option.choices) {
        words.push_back(absl::StrCat(name, "=", choice));
      }
    }
  });
  return words;
}

std::string BashCompletions(const Commands& commands) {
  std::vector<std::string> names = {"--help", "--version"};
  std::string cases;
  ForEachCommand(commands, [&](const Command& command) {
    names.push_back(command.name);
    absl::StrAppend(&cases, "    ", command.name, ") words=\"",
                    absl::StrJoin(WordsOf(command), " "), "\" ;;\n");
  });
  return absl::StrCat(R"(# Made by `zabsim completions bash`.
_zabsim() {
  local line=${COMP_LINE:0:COMP_POINT} words
  local word=${line##* }
  case ${COMP_WORDS[1]} in
)",
                      cases, "    *) words=\"", absl::StrJoin(names, " "), "\" ;;\n", R"(  esac
  [[ $COMP_CWORD -eq 1 ]] && words=")",
                      absl::StrJoin(names, " "), R"("
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace
  [[ $word == --*=* ]] && COMPREPLY=("${COMPREPLY[@]#*=}")  # Bash has split the word at "=".
}
complete -o default -F _zabsim zabsim
)");
}

std::string ZshQuoted(absl::string_view text) {
  return absl::StrReplaceAll(
      text, {{"'", "'\\''"}, {"[", "\\["}, {"]", "\\]"}, {":", "\\:"}, {"\\", "\\\\"}});
}

std::string ZshCompletions(const Commands& commands) {
  std::string list, cases;
  ForEachCommand(commands, [&](const Command& command) {
    absl::StrAppend(&list, " '", command.name, ":", ZshQuoted(command.description), "'");
    absl::StrAppend(&cases, "    ", command.name, ") _arguments");
    const std::vector<std::string> inner = InnerNames(command);
    if (!inner.empty()) {
      absl::StrAppend(&cases, " \\\n      '1:command:(", absl::StrJoin(inner, " "), ")'");
    }
    ForEachOption(command, [&](const Option& option) {
      if (IsPositional(option)) return;
      const std::string values = option.choices.empty()
                                     ? "_files"
                                     : absl::StrCat("(", absl::StrJoin(option.choices, " "), ")");
      for (const std::string& name : NamesOf(option)) {
        absl::StrAppend(&cases, " \\\n      '*", name, IsFlag(option) ? "" : "=", "[",
                        ZshQuoted(option.help), "]", IsFlag(option) ? "" : ":value:" + values, "'");
      }
    });
    absl::StrAppend(&cases, " \\\n      '*:file:_files' ;;\n");
  });
  return absl::StrCat("#compdef zabsim\n# Made by `zabsim completions zsh`.\nlocal -a commands\n",
                      "commands=(", list, ")\n", R"(if (( CURRENT == 2 )); then
  _describe command commands
else
  shift words
  (( CURRENT-- ))
  case $words[1] in
)",
                      cases, "  esac\nfi\n");
}

std::string FishQuoted(absl::string_view text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"'", "\\'"}}), "'");
}

std::string FishCompletions(const Commands& commands) {
  std::string text = "# Made by `zabsim completions fish`.\n";
  ForEachCommand(commands, [&](const Command& command) {
    absl::StrAppend(&text, "complete -c zabsim -n __fish_use_subcommand -f -a ", command.name,
                    " -d ", FishQuoted(command.description), "\n");
    const std::vector<std::string> inner = InnerNames(command);
    if (!inner.empty()) {
      absl::StrAppend(&text, "complete -c zabsim -n '__fish_seen_subcommand_from ", command.name,
                      "' -f -a '", absl::StrJoin(inner, " "), "'\n");
    }
    ForEachOption(command, [&](const Option& option) {
      const std::string condition = absl::StrCat("complete -c zabsim -n '",
                                                 "__fish_seen_subcommand_from ", command.name, "'");
      if (IsPositional(option)) {
        if (option.choices.empty()) return;
        absl::StrAppend(&text, condition, " -f -a ", FishQuoted(absl::StrJoin(option.choices, " ")),
                        "\n");
        return;
      }
      absl::StrAppend(&text, condition);
      for (const absl::string_view name : NamesOf(option)) {
        const bool is_long = name.substr(0, 2) == "--";
        absl::StrAppend(&text, is_long ? " -l " : " -s ", name.substr(is_long ? 2 : 1));
      }
      if (!IsFlag(option)) text += " -r";
      if (!option.choices.empty()) {
        absl::StrAppend(&text, " -f -a ", FishQuoted(absl::StrJoin(option.choices, " ")));
      }
      absl::StrAppend(&text, " -d ", FishQuoted(option.help), "\n");
    });
  });
  return text;
}

}  // namespace

std::string ManualPage(const Commands& commands) {
  std::string text =
      ".TH ZABSIM 1\n.SH NAME\nzabsim \\- deterministic simulator of ZooKeeper Atomic Broadcast\n"
      ".SH SYNOPSIS\n\\fBzabsim\\fR \\fICOMMAND\\fR [\\fIARGUMENT\\fR...]\n.SH COMMANDS\n";
  ForEachCommand(commands, [&](const Command& command) { text += RoffOf(command); });
  return text +
         ".SH EXIT STATUS\n\\fBzabsim help exit\\-codes\\fR lists the exit codes.\n"
         ".SH SEE ALSO\n\\fBzabsim help\\fR lists topics, such as the keys of scenarios.\n";
}

std::vector<std::string> CompletionShells() {
  return {"bash", "zsh", "fish"};
}

std::string Completions(const Commands& commands, const std::string& shell) {
  if (shell == "zsh") return ZshCompletions(commands);
  return shell == "fish" ? FishCompletions(commands) : BashCompletions(commands);
}

Command ManCommand(const Commands& commands) {
  Command command{"man", "Print the manual page"};
  command.examples = {"zabsim man > zabsim.1 && man ./zabsim.1"};
  command.run = [&commands] {
    std::cout << ManualPage(commands);
    return 0;
  };
  return command;
}

Command CompletionsCommand(const Commands& commands) {
  const auto shell = std::make_shared<std::string>();
  Command command{"completions", "Print a script that completes commands and options"};
  command.examples = {"source <(zabsim completions bash)",
                      "zabsim completions fish > ~/.config/fish/completions/zabsim.fish"};
  command.Add("SHELL", shell.get(), "For which shell").Required().OneOf(CompletionShells());
  command.run = [&commands, shell] {
    std::cout << Completions(commands, *shell);
    return 0;
  };
  return command;
}

}  // namespace zabsim
