// --peer.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/zabsim/cli/command.h"

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

void AddPeer(Command& command, std::string& name, const Peers& peers) {
  if (!peers.empty()) command.Add("--peer", &name, "Which servers, instead of real ones");
}

}  // namespace zabsim
