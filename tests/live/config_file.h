// A real server's configuration file (zoo.cfg).
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "protocol/boundary/config.h"

namespace live {

struct ServerConfig {
  zab::PeerConfig peer;
  std::string data_dir;
};

/// Reads tickTime, initLimit, syncLimit, snapCount, commitLogCount, dataDir, the lines server.N and
/// dataDir/myid; other keys are a real server's alone.  Errors name the line.
absl::StatusOr<ServerConfig> ReadConfigFile(const std::string& path);

}  // namespace live
