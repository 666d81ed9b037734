// The quorum port: the same bytes give the same packets in any pieces, and each packet survives a
// round trip.
#include <string>
#include <vector>

#include "protocol/base/check.h"
#include "protocol/wire/codec.h"
#include "tests/fuzz/fuzz.h"

namespace {

struct Decoded {
  std::vector<std::string> packets;  // As written by our encoder.
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
    // Takes the raw stream after it and gives it back, since there is none here.
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
