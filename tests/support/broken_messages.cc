// A message is two effects: its trace record, and directly after it the bytes.
#include "tests/support/broken_messages.h"

#include <utility>

#include "protocol/base/check.h"
#include "protocol/election/notification.h"
#include "protocol/wire/codec.h"

namespace support {
namespace {

template <class M>
M Decode(const zab::Payload& bytes, zab::ReadingEnd end) {
  zab::QuorumDecoder decoder(end);
  decoder.Feed(bytes.view());
  const auto message = decoder.Next();
  ZAB_CHECK(message.ok() && message->has_value());
  return std::get<M>(**message);
}

constexpr size_t kFrameLength = 4;

}  // namespace

Sabotage EditMessages(zab::Kind kind, MessageEdit edit) {
  return [kind, edit = std::move(edit)](zab::Effects& effects) {
    zab::Effects edited;
    bool announced = false;  // The next Send is such a message.
    for (zab::Effect& effect : effects) {
      const auto* trace = std::get_if<zab::Trace>(&effect);
      if (trace != nullptr && trace->event.probe == zab::Probe::kMsgSent) {
        announced = trace->event.kind == kind;
      }
      const auto* send = std::get_if<zab::Send>(&effect);
      if (send == nullptr || !std::exchange(announced, false)) {
        edited.push_back(std::move(effect));
        continue;
      }
      bool wants_done = send->wants_done;
      for (zab::Payload& bytes : edit(send->bytes)) {
        edited.push_back(
            zab::Send{send->connection, std::move(bytes), std::exchange(wants_done, false)});
      }
    }
    effects = std::move(edited);
  };
}

Sabotage OverstateVotes() {
  return EditMessages(zab::Kind::kNotificationMessage, [](const zab::Payload& bytes) {
    auto notification = zab::DecodeNotification(bytes.view().substr(kFrameLength));
    ZAB_CHECK(notification.ok());
    notification->zxid = zab::Zxid{zab::Epoch{1000}, 1};
    notification->peer_epoch = zab::Epoch{1000};
    return std::vector{zab::Frame(zab::EncodeNotification(*notification).view())};
  });
}

Sabotage UnderstateEpoch() {
  return EditMessages(zab::Kind::kLeaderInfoMessage, [](const zab::Payload& bytes) {
    auto info = Decode<zab::LeaderInfo>(bytes, zab::ReadingEnd::kLearner);
    info.new_epoch.value -= 1;
    return std::vector{zab::Encode(info)};
  });
}

Sabotage UnderstateHistory() {
  return EditMessages(zab::Kind::kAckEpochMessage, [](const zab::Payload& bytes) {
    auto ack = Decode<zab::AckEpoch>(bytes, zab::ReadingEnd::kLeader);
    if (ack.last_zxid) ack.last_zxid = zab::Zxid{};
    return std::vector{zab::Encode(ack)};
  });
}

Sabotage UpToDateAtOnce() {
  return EditMessages(zab::Kind::kNewLeaderMessage, [](const zab::Payload& bytes) {
    return std::vector{bytes, zab::Encode(zab::UpToDate{})};
  });
}

Sabotage DiffInsteadOfTrunc() {
  return EditMessages(zab::Kind::kTruncMessage, [](const zab::Payload& bytes) {
    const auto trunc = Decode<zab::Trunc>(bytes, zab::ReadingEnd::kLearner);
    return std::vector{zab::Encode(zab::Diff{trunc.zxid})};
  });
}

Sabotage LoseCommits(int every) {
  auto edit = [every, count = 0](const zab::Payload& bytes) mutable {
    return ++count % every == 0 ? std::vector<zab::Payload>{} : std::vector{bytes};
  };
  return EditMessages(zab::Kind::kCommitMessage, edit);
}

}  // namespace support
