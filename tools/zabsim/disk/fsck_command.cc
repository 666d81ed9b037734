// zabsim fsck DIR: reads a data directory of ZooKeeper, ours or Apache's, and says what is in it.
#include <iostream>
#include <memory>
#include <string>

#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/cli/language_option.h"
#include "tools/zabsim/disk/commands.h"
#include "tools/zabsim/disk/data_directory.h"
#include "tools/zabsim/disk/fsck_report.h"

namespace zabsim {
namespace {

constexpr int kExitDamaged = 10;

struct FsckOptions {
  std::string folder, log_folder;
  bool json = false, tree = false;
  std::string language = "en";
};

int Fsck(const FsckOptions& options) {
  const absl::StatusOr<zab::DirectoryImage> image =
      ReadDataDirectory(options.folder, options.log_folder);
  if (!image.ok()) return Fail(image.status());
  const zab::Inspection found = zab::Inspect(*image);
  std::cout << (options.json ? FsckJson(found, options.tree)
                             : FsckText(options.folder, found, LanguageOf(options.language)));
  return found.health == zab::Health::kDamaged ? kExitDamaged : 0;
}

}  // namespace

Command FsckCommand() {
  const auto options = std::make_shared<FsckOptions>();
  Command command{"fsck", "Check a ZooKeeper data directory"};
  command.Add("DIR", &options->folder, "A dataDir, or the version-2 in it").Required();
  command.Add("--log-dir", &options->log_folder, "The dataLogDir, if it is another");
  command.Add("--json", &options->json, "One JSON object");
  command.Add("--tree", &options->tree, "With every node that a restore gives").Needs("--json");
  AddLanguage(command, options->language);
  command.run = [options] { return Fsck(*options); };
  return command;
}

}  // namespace zabsim
