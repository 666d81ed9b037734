// One key after the other.
#include "tests/live/config_file.h"

#include <algorithm>
#include <fstream>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace live {
namespace {

bool ReadNumber(absl::string_view text, int64_t& number) {
  return absl::SimpleAtoi(text, &number);
}

template <class Small>
bool ReadSmall(absl::string_view text, Small& small) {
  uint32_t number = 0;
  if (!absl::SimpleAtoi(text, &number) || number > UINT16_MAX) return false;
  small = static_cast<Small>(number);
  return true;
}

// "10.0.0.1:2888:3888:participant;10.0.0.1:2181"; the last two parts may be missing.
bool ReadMember(absl::string_view sid, absl::string_view text, zab::PeerConfig& config) {
  zab::Member member;
  const std::vector<std::string> ends = absl::StrSplit(text, absl::MaxSplits(';', 1));
  if (ends.size() == 2) member.client_address = ends[1];
  const std::vector<std::string> parts = absl::StrSplit(ends[0], ':');
  if (parts.size() < 3 || !ReadSmall(sid, member.server.value) ||
      !ReadSmall(parts[1], member.quorum_port) || !ReadSmall(parts[2], member.election_port)) {
    return false;
  }
  member.name = parts[0];
  config.voters.push_back(std::move(member));
  return true;
}

bool ReadKey(absl::string_view key, absl::string_view value, ServerConfig& config) {
  zab::PeerConfig& peer = config.peer;
  if (absl::ConsumePrefix(&key, "server.")) return ReadMember(key, value, peer);
  if (key == "initLimit") return ReadNumber(value, peer.timing.init_limit);
  if (key == "syncLimit") return ReadNumber(value, peer.timing.sync_limit);
  if (key == "snapCount") return ReadNumber(value, peer.limits.snap_count);
  if (key == "commitLogCount") return ReadNumber(value, peer.limits.commit_log_count);
  if (key == "dataDir") config.data_dir = std::string(value);
  if (key != "tickTime") return true;
  int64_t milliseconds = 0;
  const bool good = ReadNumber(value, milliseconds);
  peer.timing.tick_time = zab::Milliseconds(milliseconds);
  return good;
}

}  // namespace

absl::StatusOr<ServerConfig> ReadConfigFile(const std::string& path) {
  ServerConfig config;
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  for (std::string line; std::getline(file, line);) {
    const std::vector<std::string> pair = absl::StrSplit(line, absl::MaxSplits('=', 1));
    if (pair.size() == 2 && !ReadKey(pair[0], pair[1], config)) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": ", line));
    }
  }
  std::string sid;
  std::ifstream(config.data_dir + "/myid") >> sid;
  if (!ReadSmall(sid, config.peer.self.value) || !config.peer.IsVoter(config.peer.self)) {
    return absl::InvalidArgumentError(absl::StrCat(config.data_dir, "/myid names no server"));
  }
  std::sort(config.peer.voters.begin(), config.peer.voters.end(),
            [](const auto& a, const auto& b) { return a.server < b.server; });
  return config;
}

}  // namespace live
