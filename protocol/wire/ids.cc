// Ids as text.
#include "protocol/wire/ids.h"

#include <cinttypes>
#include <cstdio>

namespace zab {

std::string ToString(ServerId server) {
  return std::to_string(server.value);
}
std::string ToString(Epoch epoch) {
  return std::to_string(epoch.value);
}
std::string ToString(Zxid zxid) {
  return std::to_string(zxid.epoch.value) + ":" + std::to_string(zxid.counter);
}

std::string ToHex(Zxid zxid) {
  char text[17];
  std::snprintf(text, sizeof text, "%" PRIx64, zxid.ToWire());
  return text;
}

}  // namespace zab
