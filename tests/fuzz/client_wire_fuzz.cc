// The client port: frames in pieces, and the four records in them.
#include <string>
#include <vector>

#include "protocol/base/check.h"
#include "protocol/wire/client_wire.h"
#include "tests/fuzz/fuzz.h"

namespace {

struct Decoded {
  std::vector<std::string> frames;
  bool failed = false;
  friend bool operator==(const Decoded&, const Decoded&) = default;
};

Decoded Decode(absl::string_view bytes, const std::vector<size_t>& sizes) {
  zab::client::FrameDecoder decoder;
  Decoded decoded;
  fuzz::ForEachPiece(bytes, sizes, [&](absl::string_view piece) {
    if (decoded.failed) return;
    decoder.Feed(piece);
    while (true) {
      const auto frame = decoder.Next();
      decoded.failed = !frame.ok();
      if (decoded.failed || !frame->has_value()) return;
      decoded.frames.emplace_back(**frame);
    }
  });
  return decoded;
}

template <class Record>
void TryRecord(absl::StatusOr<Record> (*parse)(absl::string_view), absl::string_view frame) {
  const auto record = parse(frame);
  if (!record.ok()) return;
  const zab::Payload written = zab::client::Encode(*record);
  const Decoded frames = Decode(written.view(), {});
  ZAB_CHECK(!frames.failed && frames.frames.size() == 1) << "frame lost";
  const auto again = parse(frames.frames[0]);
  ZAB_CHECK(again.ok()) << again.status().ToString();
  ZAB_CHECK(zab::client::Encode(*again) == written) << "lost in a round trip";
}

void TryAll(absl::string_view frame) {
  TryRecord(zab::client::ParseConnectRequest, frame);
  TryRecord(zab::client::ParseConnectResponse, frame);
  TryRecord(zab::client::ParseRequest, frame);
  TryRecord(zab::client::ParseReply, frame);
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::Input input(data, size);
  const std::vector<size_t> sizes = fuzz::TakeSizes(input);
  const absl::string_view bytes = input.Rest();
  TryAll(bytes);
  const Decoded whole = Decode(bytes, {});
  ZAB_CHECK(Decode(bytes, sizes) == whole) << "other frames in pieces";
  for (const std::string& frame : whole.frames) TryAll(frame);
  return 0;
}
