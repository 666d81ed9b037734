// All commands, in the order in which --help shows them.
#include "tools/zabsim/program/program.h"

#include "tools/zabsim/bugs/commands.h"
#include "tools/zabsim/cli/command_line.h"
#include "tools/zabsim/cli/version.h"
#include "tools/zabsim/crashes/commands.h"
#include "tools/zabsim/disk/commands.h"
#include "tools/zabsim/fuzz/commands.h"
#include "tools/zabsim/program/help_command.h"
#include "tools/zabsim/run/commands.h"
#include "tools/zabsim/trace/commands.h"
#include "tools/zabsim/view/commands.h"
#include "tools/zabsim/watch/commands.h"

namespace zabsim {

int Main(int argc, char** argv, const Peers& peers) {
  const CommandLine line{
      .name = "zabsim",
      .description = "Deterministic simulator for ZooKeeper Atomic Broadcast (ZAB)",
      .version = VersionText(),
      .footer = TopicsText(),
      .commands = {RunCommand(peers), ValidateCommand(), ListCommand(), TraceCommand(),
                   DiffCommand(), BugsCommand(), ViewCommand(), WatchCommand(), DiskCommand(),
                   FsckCommand(), CrashesCommand(), FuzzCommand(peers), MergeCommand(),
                   ReplayCommand(peers), SelfcheckCommand(peers), ShrinkCommand(peers),
                   WorkerCommand(peers), HelpCommand()}};
  return line.Run(argc, argv);
}

}  // namespace zabsim
