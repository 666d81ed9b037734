// The config text, with the ports that REFERENCE.md 1.3 fixes.
#include "protocol/boundary/config.h"

#include "absl/strings/str_cat.h"

namespace zab {

std::string PeerConfig::ConfigText() const {
  std::string text;
  for (const Member& voter : voters) {
    absl::StrAppend(&text, "server.", voter.server.value, "=", voter.name,
                    ":2888:3888:participant\n");
  }
  text += "version=0";  // Hex, and the last line has no newline.
  return text;
}

}  // namespace zab
