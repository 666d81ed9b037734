// One line per message, so that the compiler reports a missing one.
#include "protocol/boundary/message_kind.h"

namespace zab {
namespace {

Kind Of(const FollowerInfo&) {
  return Kind::kFollowerInfoMessage;
}
Kind Of(const LeaderInfo&) {
  return Kind::kLeaderInfoMessage;
}
Kind Of(const AckEpoch&) {
  return Kind::kAckEpochMessage;
}
Kind Of(const Diff&) {
  return Kind::kDiffMessage;
}
Kind Of(const Trunc&) {
  return Kind::kTruncMessage;
}
Kind Of(const Snap&) {
  return Kind::kSnapMessage;
}
Kind Of(const NewLeader&) {
  return Kind::kNewLeaderMessage;
}
Kind Of(const UpToDate&) {
  return Kind::kUpToDateMessage;
}
Kind Of(const Proposal&) {
  return Kind::kProposalMessage;
}
Kind Of(const Ack&) {
  return Kind::kAckMessage;
}
Kind Of(const Commit&) {
  return Kind::kCommitMessage;
}
Kind Of(const Ping&) {
  return Kind::kPingMessage;
}
Kind Of(const ForwardedRequest&) {
  return Kind::kRequestMessage;
}
Kind Of(const SyncReply&) {
  return Kind::kSyncMessage;
}
Kind Of(const Revalidate&) {
  return Kind::kRevalidateMessage;
}
Kind Of(const RevalidateReply&) {
  return Kind::kRevalidateMessage;
}

}  // namespace

Kind KindOf(const Message& message) {
  return std::visit([](const auto& m) { return Of(m); }, message);
}

}  // namespace zab
