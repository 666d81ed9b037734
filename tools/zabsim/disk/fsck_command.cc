// zabsim fsck DIR: reads a data directory of ZooKeeper, ours or Apache's, and says what is in it.
#include <cstdint>
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
constexpr int kExitDifferent = 12;

struct FsckOptions {
  std::string folder, log_folder, other;
  uint64_t max_record = zab::kMaxEntry;
  bool json = false, tree = false;
  std::string language = "en";
};

// A directory that cannot be restored is told as that: there is nothing to compare.
int CompareWith(const FsckOptions& options, const zab::DirectoryImage& image,
                const zab::Inspection& found) {
  const absl::StatusOr<zab::DirectoryImage> other = ReadDataDirectory(options.other, "");
  if (!other.ok()) return Fail(other.status());
  const zab::Inspection other_found = zab::Inspect(*other, options.max_record);
  const Language language = LanguageOf(options.language);
  if (found.restored.damaged || other_found.restored.damaged) {
    const bool first = found.restored.damaged;
    std::cout << FsckText(first ? options.folder : options.other, first ? found : other_found,
                          language);
    return kExitDamaged;
  }
  const zab::Comparison compared =
      zab::Compare(image, found, *other, other_found, options.max_record);
  std::cout << (options.json ? CompareJson(compared)
                             : CompareText(options.folder, options.other, compared, language));
  return compared.differences.empty() ? 0 : kExitDifferent;
}

int Fsck(const FsckOptions& options) {
  const absl::StatusOr<zab::DirectoryImage> image =
      ReadDataDirectory(options.folder, options.log_folder);
  if (!image.ok()) return Fail(image.status());
  const zab::Inspection found = zab::Inspect(*image, options.max_record);
  if (!options.other.empty()) return CompareWith(options, *image, found);
  std::cout << (options.json ? FsckJson(found, options.tree)
                             : FsckText(options.folder, found, LanguageOf(options.language)));
  return found.health == zab::Health::kDamaged ? kExitDamaged : 0;
}

}  // namespace

Command FsckCommand() {
  const auto options = std::make_shared<FsckOptions>();
  Command command{"fsck", "Check a ZooKeeper data directory"};
  command.examples = {
      "zabsim fsck n3-data",
      "zabsim fsck n3-data --json --tree",
  };
  command.Add("DIR", &options->folder, "A dataDir, or the version-2 in it").Required();
  command.Add("--log-dir", &options->log_folder, "The dataLogDir, if it is another");
  command.Add("--max-record", &options->max_record,
              "The longest record, path or value that is read, in bytes (jute.maxbuffer)");
  command.Add("--compare", &options->other,
              "Another dataDir, or version-2, that should hold the same");
  command.Add("--json", &options->json, "One JSON object");
  command.Add("--tree", &options->tree, "With every node that a restore gives").Needs("--json");
  AddLanguage(command, options->language);
  command.run = [options] { return Fsck(*options); };
  return command;
}

}  // namespace zabsim
