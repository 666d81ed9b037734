// The election port: the hello, the frames, and the notifications in them.
#include <optional>
#include <string>
#include <vector>

#include "protocol/base/check.h"
#include "protocol/election/notification.h"
#include "tests/fuzz/fuzz.h"

namespace {

struct Decoded {
  std::optional<zab::Hello> hello;
  std::vector<std::string> payloads;
  bool failed = false;
  friend bool operator==(const Decoded&, const Decoded&) = default;
};

void DecodeAll(zab::FrameDecoder& decoder, bool accepted, Decoded& out) {
  if (accepted && !out.hello) {
    const auto hello = decoder.NextHello();
    out.failed = !hello.ok();
    if (out.failed || !hello->has_value()) return;
    out.hello = **hello;
  }
  while (true) {
    const auto payload = decoder.Next();
    out.failed = !payload.ok();
    if (out.failed || !payload->has_value()) return;
    out.payloads.push_back(**payload);
  }
}

Decoded Decode(bool accepted, absl::string_view bytes, const std::vector<size_t>& sizes) {
  zab::FrameDecoder decoder;
  Decoded decoded;
  fuzz::ForEachPiece(bytes, sizes, [&](absl::string_view piece) {
    decoder.Feed(piece);
    DecodeAll(decoder, accepted, decoded);
  });
  return decoded;
}

void TryNotification(absl::string_view payload) {
  const auto notification = zab::DecodeNotification(payload);
  if (!notification.ok()) return;
  const auto again = zab::DecodeNotification(zab::EncodeNotification(*notification).view());
  ZAB_CHECK(again.ok() && *again == *notification) << "lost in a round trip";
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::Input input(data, size);
  const bool accepted = input.Byte() % 2 != 0;
  const std::vector<size_t> sizes = fuzz::TakeSizes(input);
  const absl::string_view bytes = input.Rest();
  TryNotification(bytes);
  const Decoded whole = Decode(accepted, bytes, {});
  ZAB_CHECK(Decode(accepted, bytes, sizes) == whole) << "other frames in pieces";
  for (const std::string& payload : whole.payloads) {
    TryNotification(payload);
    const Decoded again = Decode(false, zab::Frame(payload).view(), {});
    ZAB_CHECK(!again.failed && again.payloads == std::vector{payload}) << "frame lost";
  }
  return 0;
}
