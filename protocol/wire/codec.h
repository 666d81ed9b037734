// Messages as ZooKeeper's bytes and back (REFERENCE.md 5).  The quorum port's packets carry no
// length and a SNAP is followed by a raw stream, so the decoder is fed piece by piece.
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

/// Which end reads: some types mean different things in the two directions (PING, ACK) and a
/// learner's packets are refused at the other end.
enum class ReadingEnd : uint8_t { kLeader, kLearner };

/// Splits a quorum connection's byte stream into messages.  A plain value.
class QuorumDecoder {
 public:
  explicit QuorumDecoder(ReadingEnd end) : end_(end) {}

  /// Bytes fed after an error are dropped.
  void Feed(absl::string_view bytes);

  /// The next complete message; std::nullopt if more bytes are needed.  InvalidArgument for bytes
  /// that are no packet of that direction: the connection is useless from then on.  After a Snap
  /// has been returned the raw stream follows: take it with TakeRaw until it is complete, then go
  /// on.
  absl::StatusOr<std::optional<Message>> Next();

  /// All undecoded bytes, removed from the decoder (the part of a snapshot stream that has
  /// arrived).
  std::string TakeRaw();
  /// Gives bytes back that stand before everything undecoded.
  void Unread(absl::string_view bytes);

 private:
  ReadingEnd end_;
  absl::string_view pending() const { return absl::string_view(buffer_).substr(consumed_); }

  std::string buffer_;
  size_t consumed_ = 0;   // Bytes of buffer_ already decoded.
  size_t needed_ = 0;     // Fewer undecoded bytes than that are no packet: not worth a look.
  absl::Status failure_;  // The first error.
};

/// Longest packet accepted; longer ones are hostile.  jute.maxbuffer plus the packet's own fields.
constexpr size_t kMaxPacket = 0xfffff + 1024;

}  // namespace zab
