// The protocol of the client port: length-prefixed frames of jute records.  It is our own, not
// ZooKeeper's, whose session fields need sessions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "protocol/base/bytes.h"
#include "protocol/wire/ids.h"
#include "protocol/wire/operation.h"

namespace zab::client {

/// Client to server, the first frame.
struct ConnectRequest {
  Zxid last_zxid_seen;  // The largest zxid in any reply so far; 0:0 if there was none.
};
/// Server to client, the first frame: the client is accepted.  A server that refuses closes
/// instead.
struct ConnectResponse {
  int64_t client_id = 0;  // TxnHeader.clientId of the client's writes.
};
/// Client to server, every later frame.
struct Request {
  int32_t cxid = 0;  // Counts the requests of one connection, from 1.
  Operation operation;
};
/// Server to client, every later frame; in the order of the requests.
struct Reply {
  int32_t cxid = 0;
  Zxid zxid;  // Of the write, or else the last one that the server had applied.
  Result result;
};

/// The record as one frame.
Payload Encode(const ConnectRequest& record);
Payload Encode(const ConnectResponse& record);
Payload Encode(const Request& record);
Payload Encode(const Reply& record);

/// Parses a frame without its length.  InvalidArgument for bytes that are not such a record.
absl::StatusOr<ConnectRequest> ParseConnectRequest(absl::string_view frame);
absl::StatusOr<ConnectResponse> ParseConnectResponse(absl::string_view frame);
absl::StatusOr<Request> ParseRequest(absl::string_view frame);
absl::StatusOr<Reply> ParseReply(absl::string_view frame);

/// The longest frame accepted: jute.maxbuffer plus the record's own fields.
constexpr size_t kMaxFrame = 0xfffff + 1024;

/// Splits a byte stream into frames.  A plain value.
class FrameDecoder {
 public:
  void Feed(absl::string_view bytes);
  /// The next complete frame without its length, valid until the next Feed; nullopt if more bytes
  /// are needed.  InvalidArgument for a length below 0 or above kMaxFrame; the connection is
  /// unusable from then on.
  absl::StatusOr<std::optional<absl::string_view>> Next();

 private:
  std::string buffer_;
  size_t consumed_ = 0;  // Bytes of buffer_ already returned.
};

}  // namespace zab::client
