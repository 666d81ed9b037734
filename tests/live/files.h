// File operations on a real directory.
#pragma once

#include <string>

#include "protocol/boundary/io.h"

namespace live {

/// Performs a peer's file operations on one directory, each at once: when Perform returns, what it
/// reports is true of the disk.
class Files {
 public:
  /// Makes the directory if it is missing.
  explicit Files(std::string directory);

  /// After a change that failed no later operation is performed: all of them are kAborted.
  zab::FileDone Perform(const zab::FileOp& operation);

 private:
  zab::FileError Change(const zab::FileOp& operation) const;
  std::string PathOf(const std::string& name) const { return directory_ + "/" + name; }

  std::string directory_;
  bool failed_ = false;
};

}  // namespace live
