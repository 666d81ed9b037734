// Data directories of ZooKeeper on a real disk: read for fsck, written for disk.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "protocol/storage/directory.h"

namespace zabsim {

/// Reads `folder`, which is a dataDir (its version-2 counts) or a version-2 itself, and if
/// `log_folder` is not empty the transaction logs of that dataLogDir too.  kInvalidArgument: it
/// cannot be read, it is not a data directory, or a log file is in both.
absl::StatusOr<zab::DirectoryImage> ReadDataDirectory(const std::string& folder,
                                                      const std::string& log_folder);

/// Writes FOLDER/myid and FOLDER/version-2/* .  FOLDER must not exist or be empty; its parent must
/// exist.  Afterwards either all of it is there or nothing.
absl::Status WriteDataDirectory(const std::string& folder, const zab::DirectoryImage& image,
                                absl::string_view myid);

}  // namespace zabsim
