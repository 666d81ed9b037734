// zabsim watch FILE: a run on the terminal, event by event, or as text.
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/language/units.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/cli/language_option.h"
#include "tools/zabsim/cli/terminal_text.h"
#include "tools/zabsim/playback/player.h"
#include "tools/zabsim/view/recorded_run.h"
#include "tools/zabsim/view/run_choice_option.h"
#include "tools/zabsim/watch/commands.h"
#include "tools/zabsim/watch/plain.h"
#include "tools/zabsim/watch/terminal.h"

namespace zabsim {
namespace {

struct WatchOptions {
  std::string file, zxid, language = "en";
  RunChoice choice;
  bool plain = false, heartbeats = false, no_color = false;
};

absl::StatusOr<std::optional<zab::Zxid>> ZxidToFollow(const WatchOptions& options) {
  if (options.zxid.empty()) return std::nullopt;
  const auto zxid = scenario::ParseZxid(options.zxid);
  if (zxid.ok()) return *zxid;
  return absl::InvalidArgumentError(absl::StrCat("--zxid: ", std::string(zxid.status().message()),
                                                 ", found \"", options.zxid, "\""));
}

absl::StatusOr<WatchedRun> RunToWatch(const WatchOptions& options) {
  if (!options.plain && !HasTerminal()) {
    return absl::InvalidArgumentError(
        "zabsim watch needs a terminal for its screen and keys; --plain prints the run as text");
  }
  auto run = LoadRun(options.file, options.choice);
  if (!run.ok()) return run.status();
  if (run->records.empty()) {
    return absl::DataLossError(absl::StrCat(options.file, ": has no complete record to show"));
  }
  return WatchedRun(*std::move(run));
}

bool WantsColor(const WatchOptions& options) {
  return !options.no_color && ColorPermitted();
}

int Watch(const WatchOptions& options) {
  const auto zxid = ZxidToFollow(options);
  if (!zxid.ok()) return Fail(zxid.status());
  const auto run = RunToWatch(options);
  if (!run.ok()) return Fail(run.status());
  const Language language = LanguageOf(options.language);
  if (options.plain) {
    PrintPlain(*run, {.language = language, .heartbeats = options.heartbeats, .zxid = *zxid},
               std::cout);
    return 0;
  }
  Player player(*run, {.language = language,
                       .speaks_chinese = SpeaksUtf8(),
                       .heartbeats = options.heartbeats,
                       .zxid = *zxid});
  const absl::Status status = PlayOnTerminal(player, WantsColor(options));
  return status.ok() ? 0 : Fail(status);
}

}  // namespace

Command WatchCommand() {
  const auto options = std::make_shared<WatchOptions>();
  Command command{"watch", "Play a run on the terminal"};
  command.examples = {
      "zabsim watch scenarios/leader-crash.json",
      "zabsim watch scenarios/leader-crash.json --plain --zxid=1:40",
  };
  command.Add("FILE", &options->file, "A trace, a folder of findings, or a scenario, which is run")
      .Required();
  AddRunChoice(command, options->choice);
  command.Add("--plain", &options->plain,
              "Print it as text, for pipes and screen readers: no keys, no symbols");
  command.Add("--zxid", &options->zxid,
              "Follow this transaction, as in 2:17; with --plain nothing else is printed");
  command.Add("--heartbeats", &options->heartbeats, "Show heartbeats too");
  command.Add("--no-color", &options->no_color, "No colours, as with NO_COLOR=1");
  AddLanguage(command, options->language);
  command.run = [options] { return Watch(*options); };
  return command;
}

}  // namespace zabsim
