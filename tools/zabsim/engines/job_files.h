// Job files for batch engines.  They are the user's own from then on: to be read, changed and kept.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/zabsim/engines/engine_manifest.h"

namespace zabsim {

struct JobSettings {
  std::string folder;   // Absolute.
  std::string program;  // How machines call this zabsim.
  uint64_t tasks = 1;   // At most as many as shards.
  unsigned jobs = 1;    // Processors of a task.
  std::string image;    // Kubernetes: what has the program.
  std::string store;    // Kubernetes: REMOTE:PATH of rclone; empty: a shared volume.
};

struct JobFile {
  std::string name;  // In DIR/jobs/ENGINE.
  std::string text;
  bool executable = false;
};

struct JobFiles {
  std::vector<JobFile> files;
  std::string next;  // What to do with them, in one line.
};

std::vector<std::string> EngineNames();

/// kInvalidArgument: the engine cannot do what is asked for.
absl::StatusOr<JobFiles> JobFilesFor(const std::string& engine, const EngineManifest& manifest,
                                     const JobSettings& settings);

}  // namespace zabsim
