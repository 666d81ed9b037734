// Encodes and decodes messages as ZooKeeper's bytes (REFERENCE.md 5).  The quorum port's packets
// carry no length and a SNAP is followed by a raw stream, so the decoder is fed piece by piece.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "protocol/base/bytes.h"
#include "protocol/wire/messages.h"

namespace zab {

Payload Encode(const Message& message);

/// The end that reads: some types differ between the two directions (PING, ACK), and each end
/// rejects packets meant for the other.
enum class ReadingEnd : uint8_t { kLeader, kLearner };

/// Splits a quorum connection's byte stream into messages.  A plain value.
class QuorumDecoder {
 public:
  explicit QuorumDecoder(ReadingEnd end) : end_(end) {}

  /// Bytes fed after an error are dropped.
  void Feed(absl::string_view bytes);

  /// The next complete message; std::nullopt if more bytes are needed.  InvalidArgument for bytes
  /// that are not a packet of this direction; the connection is unusable from then on.  After a
  /// Snap the raw stream follows: take it with TakeRaw until it is complete, then continue.
  absl::StatusOr<std::optional<Message>> Next();

  /// All undecoded bytes, removed from the decoder (the part of a snapshot stream that has
  /// arrived).
  std::string TakeRaw();
  /// Puts bytes back in front of everything undecoded.
  void Unread(absl::string_view bytes);

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("end", end_);
    field("buffer", buffer_);
    field("consumed", consumed_);
    field("needed", needed_);
    field("failure", failure_);
  }

 private:
  ReadingEnd end_;
  absl::string_view pending() const { return absl::string_view(buffer_).substr(consumed_); }

  std::string buffer_;
  size_t consumed_ = 0;   // Bytes of buffer_ already decoded.
  size_t needed_ = 0;     // With fewer undecoded bytes there is no complete packet.
  absl::Status failure_;  // The first error.
};

/// The longest packet accepted: jute.maxbuffer plus the packet's own fields.
constexpr size_t kMaxPacket = 0xfffff + 1024;

}  // namespace zab
