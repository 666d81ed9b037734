// The quorum port: any bytes, in any pieces, give the same packets, and each survives its encoder.
#include <string>
#include <vector>

#include "protocol/base/check.h"
#include "protocol/wire/codec.h"
#include "tests/fuzz/fuzz.h"

namespace {

struct Decoded {
  std::vector<std::string> packets;  // As our own encoder writes them.
  bool failed = false;
  friend bool operator==(const Decoded&, const Decoded&) = default;
};

void DecodeAll(zab::QuorumDecoder& decoder, Decoded& out) {
  while (true) {
    const auto message = decoder.Next();
    if (!message.ok()) {
      ZAB_CHECK(!decoder.Next().ok()) << "good again after an error";
      out.failed = true;
      return;
    }
    if (!message->has_value()) return;
    out.packets.emplace_back(zab::Encode(**message).view());
    // The raw stream behind it is taken and, as it is none here, given back.
    if (std::holds_alternative<zab::Snap>(**message)) decoder.Unread(decoder.TakeRaw());
  }
}

Decoded Decode(zab::ReadingEnd end, absl::string_view bytes, const std::vector<size_t>& sizes) {
  zab::QuorumDecoder decoder(end);
  Decoded decoded;
  fuzz::ForEachPiece(bytes, sizes, [&](absl::string_view piece) {
    decoder.Feed(piece);
    DecodeAll(decoder, decoded);
  });
  return decoded;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::Input input(data, size);
  const auto end = input.Byte() % 2 == 0 ? zab::ReadingEnd::kLearner : zab::ReadingEnd::kLeader;
  const std::vector<size_t> sizes = fuzz::TakeSizes(input);
  const absl::string_view bytes = input.Rest();
  const Decoded whole = Decode(end, bytes, {});
  ZAB_CHECK(Decode(end, bytes, sizes) == whole) << "other packets in pieces";
  for (const std::string& packet : whole.packets) {
    const Decoded again = Decode(end, packet, {});
    ZAB_CHECK(!again.failed && again.packets == std::vector{packet}) << "lost in a round trip";
  }
  return 0;
}
