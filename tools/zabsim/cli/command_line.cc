// The command line of zabsim.  One file per subcommand; nothing here but the choice between them.
#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/cli/version.h"

namespace zabsim {

absl::StatusOr<scenario::ServerFactory> FindPeer(const Peers& peers, const std::string& name) {
  if (name.empty()) return scenario::ServerFactory();
  const auto found = peers.find(name);
  if (found != peers.end()) return found->second;
  return absl::InvalidArgumentError(absl::StrCat(
      "--peer: no servers \"", name, "\"; there are ",
      absl::StrJoin(peers, ", ",
                    [](std::string* out, const auto& peer) { absl::StrAppend(out, peer.first); })));
}

void AddPeer(CLI::App& command, std::string& name, const Peers& peers) {
  if (!peers.empty()) command.add_option("--peer", name, "Which servers, instead of real ones");
}

int Main(int argc, char** argv, const Peers& peers) {
  CLI::App app("Deterministic simulator for ZooKeeper Atomic Broadcast (ZAB)", "zabsim");
  app.set_version_flag("--version", VersionText());
  app.require_subcommand(1);
  app.footer(
      "Topics of `zabsim help TOPIC`: invariants, probes, exit-codes, keys, disk,"
      " fsck, crashes, fuzz, shrink, bugs.");
  Action action;
  AddRun(app, action, peers);
  AddValidate(app, action);
  AddList(app, action);
  AddTrace(app, action);
  AddDiff(app, action);
  AddBugs(app, action);
  AddView(app, action);
  AddWatch(app, action);
  AddDisk(app, action);
  AddFsck(app, action);
  AddCrashes(app, action);
  AddFuzz(app, action, peers);
  AddMerge(app, action);
  AddReplay(app, action, peers);
  AddSelfcheck(app, action, peers);
  AddShrink(app, action, peers);
  AddWorker(app, action, peers);
  AddHelp(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {  // CLI11's own way to say that it is done.
    return app.exit(error) == 0 ? 0 : kExitUsage;
  }
  return action();
}

}  // namespace zabsim
