// zabsim help [TOPIC]: the vocabularies that scenarios and results use, from the tables that the
// code itself reads.
#include "tools/zabsim/program/help_command.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "scenarios/runner/invariants/invariant.h"
#include "scenarios/runner/language/probe_table.h"
#include "tools/zabsim/bugs/commands.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/crashes/commands.h"
#include "tools/zabsim/disk/commands.h"
#include "tools/zabsim/engines/commands.h"
#include "tools/zabsim/fuzz/commands.h"
#include "tools/zabsim/run/commands.h"
#include "tools/zabsim/sweep/commands.h"

namespace zabsim {
namespace {

int HelpInvariants() {
  for (const scenario::InvariantEntry& entry : scenario::AllInvariants()) {
    std::cout << absl::StrCat(entry.name) << "\n    " << absl::StrCat(entry.description) << "\n";
  }
  return 0;
}

int HelpProbes() {
  std::cout
      << "What `on` can name in `when`, `until`, `sometimes` and `never`, with its filters:\n";
  for (const scenario::ProbeRow& probe : scenario::kProbeTable) {
    if (!probe.MayTrigger()) continue;
    std::string line = absl::StrCat(Name(probe.probe), ": by");
    for (const scenario::Column column : probe.columns) {
      absl::StrAppend(&line, ", ", scenario::Name(column));
    }
    if (!probe.kinds.empty()) {
      absl::StrAppend(&line, ", kind ",
                      absl::StrJoin(probe.kinds, "|", [](std::string* out, scenario::Kind kind) {
                        absl::StrAppend(out, Name(kind));
                      }));
    }
    std::cout << line << "\n";
  }
  return 0;
}

int HelpExitCodes() {
  std::cout << R"(0    held; a violation that the scenario or --bug expects counts as held;
     fsck: clean or torn
2    usage or bad scenario, found before any run
10   safety violated; fsck: damaged
11   a liveness deadline missed
12   two runs of one seed differ
13   an expectation not met: wrong outcome or metric, a `never` seen, a known bug not caught
14   vacuous: a `sometimes` was not hit, or what the file asks for was never done (says what)
15   unknown: a budget, a guard or a checker ran out; never a pass
70   our own bug
74   the storage failed, as a full disk does: what was found is judged, but not all of it is written
130  Ctrl-C; what was done so far is written
Of several, the first in this order is the code: 70, 74, 10, 12, 11, 13, 14, 15, 0.
)";
  return 0;
}

/// The part of scenarios/README.md that is generated from the schema.
int HelpKeys() {
  const std::string path = ScenarioFolder() + "/README.md";
  std::ifstream file(path);
  const std::string page((std::istreambuf_iterator<char>(file)), {});
  const size_t keys = page.find("## Keys\n");
  if (keys == std::string::npos) {
    return Fail(absl::NotFoundError(
        absl::StrCat(path, ": cannot be read; the key reference is beside the shipped scenarios")));
  }
  std::cout << page.substr(keys);
  return 0;
}

struct Topic {
  absl::string_view name;
  int (*show)();  // The exit code.
};

constexpr Topic kTopics[] = {
    {"invariants", HelpInvariants},
    {"probes", HelpProbes},
    {"exit-codes", HelpExitCodes},
    {"keys", HelpKeys},
    {"disk", HelpDisk},
    {"fsck", HelpFsck},
    {"crashes", HelpCrashes},
    {"fuzz", HelpFuzz},
    {"sweep", HelpSweep},
    {"campaign", HelpEngines},
    {"shrink", HelpShrink},
    {"bugs", HelpBugs},
};

std::vector<std::string> TopicNames() {
  std::vector<std::string> names;
  for (const Topic& topic : kTopics) names.emplace_back(topic.name);
  return names;
}

bool IsTopic(const std::string& name) {
  return std::ranges::any_of(kTopics, [&](const Topic& topic) { return topic.name == name; });
}

int Help(const std::string& name) {
  for (const Topic& topic : kTopics) {
    if (topic.name == name) return topic.show();
  }
  return Command::kShowHelp;
}

}  // namespace

Command HelpCommand(const std::vector<Command>& commands) {
  const auto topic = std::make_shared<std::string>();
  std::vector<std::string> names = TopicNames();
  for (const Command& command : commands) {
    if (!command.hidden && !IsTopic(command.name)) names.push_back(command.name);
  }
  names.emplace_back("help");
  Command command{"help", "Explain a topic or a command"};
  command.Add("TOPIC", topic.get(), "A topic, or the name of a command").OneOf(std::move(names));
  command.examples = {"zabsim help exit-codes", "zabsim help run"};
  command.run = [topic] { return Help(*topic); };
  command.help_of = topic.get();
  return command;
}

std::string TopicsText() {
  return absl::StrCat("Topics of `zabsim help TOPIC`: ", absl::StrJoin(TopicNames(), ", "), ".");
}

}  // namespace zabsim
