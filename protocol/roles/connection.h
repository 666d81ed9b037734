// Sends messages on quorum connections and traces them.
#pragma once

#include "protocol/boundary/outbox.h"
#include "protocol/wire/codec.h"

namespace zab {

/// The columns of a message in msg_sent and msg_delivered.
TraceEvent Describe(const Message& message);

/// Encodes and sends; `to` is for the trace.  To send to many learners, encode a Packet once and
/// use the overload below.
void SendMessage(ServerId to, ConnectionId connection, const Message& message, Outbox& out);

/// A message with its bytes, to be sent to several learners or later.
struct Packet {
  TraceEvent description;  // probe kMsgSent.
  Payload bytes;

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("description", description);
    field("bytes", bytes);
  }
};
Packet MakePacket(const Message& message);
void SendPacket(ServerId to, ConnectionId connection, const Packet& packet, Outbox& out);

/// Traces that a message has been read from `from`.
void TraceDelivered(ServerId from, ConnectionId connection, const Message& message, Outbox& out);

}  // namespace zab
