// The corpus of a campaign: files of earlier failures, which are run before anything else.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace zabsim {

struct CorpusFile {
  std::string path;
  /// Its choice log has another version of the streams: it runs by its seed, which may now give
  /// another run.
  bool stale = false;
};

/// The scenario files of that folder.  kInvalidArgument if there is none, or a choice log beside
/// one cannot be read.
absl::StatusOr<std::vector<CorpusFile>> ReadCorpus(const std::string& folder);

}  // namespace zabsim
