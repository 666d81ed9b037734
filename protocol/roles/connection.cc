// Sends messages and traces them.
#include "protocol/roles/connection.h"

#include "protocol/boundary/message_kind.h"

namespace zab {
namespace {

struct Describer {
  TraceEvent operator()(const FollowerInfo& m) const { return {.epoch = m.accepted_epoch}; }
  TraceEvent operator()(const LeaderInfo& m) const { return {.epoch = m.new_epoch}; }
  TraceEvent operator()(const AckEpoch& m) const {
    return {.epoch = m.current_epoch.value_or(Epoch{}), .zxid = m.last_zxid.value_or(Zxid{})};
  }
  TraceEvent operator()(const Diff& m) const { return {.zxid = m.zxid}; }
  TraceEvent operator()(const Trunc& m) const { return {.zxid = m.zxid}; }
  TraceEvent operator()(const Snap& m) const { return {.zxid = m.zxid}; }
  TraceEvent operator()(const NewLeader& m) const { return {.epoch = m.epoch}; }
  TraceEvent operator()(const UpToDate&) const { return {}; }
  TraceEvent operator()(const Proposal& m) const {
    return {.zxid = m.txn->zxid(),
            .client = m.txn->header.client_id,
            .number = m.txn->header.cxid,
            .txn = m.txn->hash};
  }
  TraceEvent operator()(const Ack& m) const { return {.zxid = m.zxid}; }
  TraceEvent operator()(const Commit& m) const { return {.zxid = m.zxid}; }
  TraceEvent operator()(const Ping& m) const { return {.zxid = m.zxid}; }
  TraceEvent operator()(const ForwardedRequest& m) const {
    return {.client = m.client_id, .number = m.cxid};
  }
  TraceEvent operator()(const SyncReply&) const { return {}; }
  TraceEvent operator()(const Revalidate& m) const { return {.client = m.session.id}; }
  TraceEvent operator()(const RevalidateReply& m) const { return {.client = m.session_id}; }
};

}  // namespace

TraceEvent Describe(const Message& message) {
  TraceEvent event = std::visit(Describer{}, message);
  event.kind = KindOf(message);
  return event;
}

Packet MakePacket(const Message& message) {
  Packet packet{.description = Describe(message), .bytes = Encode(message)};
  packet.description.probe = Probe::kMsgSent;
  return packet;
}

void SendPacket(ServerId to, ConnectionId connection, const Packet& packet, Outbox& out) {
  TraceEvent event = packet.description;
  event.peer = to;
  event.connection = connection.value;
  out.Emit(event);
  out.Send(connection, packet.bytes);
}

void SendMessage(ServerId to, ConnectionId connection, const Message& message, Outbox& out) {
  SendPacket(to, connection, MakePacket(message), out);
}

void TraceDelivered(ServerId from, ConnectionId connection, const Message& message, Outbox& out) {
  TraceEvent event = Describe(message);
  event.probe = Probe::kMsgDelivered;
  event.peer = from;
  event.connection = connection.value;
  out.Emit(event);
}

}  // namespace zab
