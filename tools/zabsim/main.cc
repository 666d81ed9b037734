// The command line of zabsim.  One file per subcommand; nothing here but the choice between them.
#include <cstdio>

#include "CLI/CLI.hpp"
#include "tools/zabsim/command.h"
#include "tools/zabsim/version.h"

int main(int argc, char** argv) {
  CLI::App app("Deterministic simulator for ZooKeeper Atomic Broadcast (ZAB)", "zabsim");
  app.set_version_flag("--version", zabsim::VersionText());
  app.require_subcommand(1);
  app.footer("Topics of `zabsim help TOPIC`: invariants, probes, exit-codes, keys, disk,"
             " fsck, crashes.");
  zabsim::Action action;
  zabsim::AddRun(app, action);
  zabsim::AddValidate(app, action);
  zabsim::AddList(app, action);
  zabsim::AddDisk(app, action);
  zabsim::AddFsck(app, action);
  zabsim::AddCrashes(app, action);
  zabsim::AddHelp(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {  // CLI11's own way to say that it is done.
    return app.exit(error) == 0 ? 0 : zabsim::kExitUsage;
  }
  return action();
}
