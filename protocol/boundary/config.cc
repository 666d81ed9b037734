// The config text (REFERENCE.md 1.3).
#include "protocol/boundary/config.h"

#include "absl/strings/str_cat.h"

namespace zab {

std::string PeerConfig::ConfigText() const {
  std::string text;
  for (const Member& voter : voters) {
    absl::StrAppend(&text, "server.", voter.server.value, "=", voter.name, ":", voter.quorum_port,
                    ":", voter.election_port, ":participant");
    if (!voter.client_address.empty()) absl::StrAppend(&text, ";", voter.client_address);
    text += '\n';
  }
  text += "version=0";  // Hex, and the last line has no newline.
  return text;
}

}  // namespace zab
