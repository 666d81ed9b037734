// A peer as text, and what follows from it.
#include "protocol/base/fields.h"
#include "protocol/peer.h"

namespace zab {

std::string ToString(const Peer& peer) {
  return TextOf(peer);
}

std::ostream& operator<<(std::ostream& out, const Peer& peer) {
  return out << TextOf(peer);
}

bool operator==(const Peer& a, const Peer& b) {
  return SameFields(a, b);
}

Hash128 HashOf(const Peer& peer) {
  return HashOfFields(peer);
}

}  // namespace zab
