// All commands, in the order in which --help shows them.
#include "tools/zabsim/program/program.h"

#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "tools/zabsim/bugs/commands.h"
#include "tools/zabsim/cli/command_line.h"
#include "tools/zabsim/cli/version.h"
#include "tools/zabsim/compare/commands.h"
#include "tools/zabsim/crashes/commands.h"
#include "tools/zabsim/disk/commands.h"
#include "tools/zabsim/engines/commands.h"
#include "tools/zabsim/explore/commands.h"
#include "tools/zabsim/fuzz/commands.h"
#include "tools/zabsim/program/help_command.h"
#include "tools/zabsim/program/reference.h"
#include "tools/zabsim/run/commands.h"
#include "tools/zabsim/sweep/commands.h"
#include "tools/zabsim/trace/commands.h"
#include "tools/zabsim/view/commands.h"
#include "tools/zabsim/watch/commands.h"

namespace zabsim {
namespace {

/// What was printed is not all there.  A reader that has gone away, as `head` does, is no failure.
bool StandardOutputFailed() {
  std::cout.flush();
  struct stat output{};
  const bool pipe = ::fstat(STDOUT_FILENO, &output) == 0 &&
                    (S_ISFIFO(output.st_mode) || S_ISSOCK(output.st_mode));
  return !std::cout && !pipe;
}

}  // namespace

int Main(int argc, char** argv, const Peers& peers) {
  CommandLine line{.name = "zabsim",
                   .description = "Deterministic simulator for ZooKeeper Atomic Broadcast (ZAB)",
                   .version = VersionText(),
                   .footer = TopicsText(),
                   .commands = {RunCommand(peers),       ValidateCommand(),
                                ListCommand(),           TraceCommand(),
                                DiffCommand(),           BugsCommand(),
                                ViewCommand(),           WatchCommand(),
                                DiskCommand(),           FsckCommand(),
                                CrashesCommand(),        ExploreCommand(),
                                SweepCommand(peers),     CompareCommand(),
                                FuzzCommand(peers),      MergeCommand(),
                                CampaignCommand(),       ReplayCommand(peers),
                                SelfcheckCommand(peers), ShrinkCommand(peers),
                                WorkerCommand(peers),    SweepWorkerCommand(peers)}};
  line.commands.push_back(ManCommand(line.commands));
  line.commands.push_back(CompletionsCommand(line.commands));
  line.commands.push_back(HelpCommand(line.commands));
  std::signal(SIGXFSZ, SIG_IGN);  // A file that may grow no more is an error like a full disk.
  const int code = line.Run(argc, argv);
  if (!StandardOutputFailed()) return code;
  return WorseCode(code, Fail(absl::ResourceExhaustedError(
                             "standard output could not be written to its end (the storage has "
                             "failed)")));
}

}  // namespace zabsim
