// Notifications, frames and hellos: old and new forms, and invalid bytes.
#include "protocol/election/notification.h"

#include <gtest/gtest.h>

#include "protocol/base/random.h"
#include "protocol/boundary/config.h"

namespace zab::notification_test {

Notification Sample() {
  return {.state = ServerState::kLeading,
          .leader = ServerId{3},
          .zxid = Zxid{Epoch{2}, 17},
          .round = 5,
          .peer_epoch = Epoch{4},
          .config = "server.1=n1:2888:3888:participant\nversion=0"};
}

std::string Bytes(const Payload& payload) {
  return std::string(payload.view());
}

TEST(ConfigText, HasALinePerVoterAndNoLastNewline) {
  const PeerConfig config{.self = ServerId{1},
                          .voters = {{ServerId{1}, "n1"}, {ServerId{2}, "n2"}}};
  EXPECT_EQ(config.ConfigText(),
            "server.1=n1:2888:3888:participant\nserver.2=n2:2888:3888:participant\nversion=0");
}

TEST(ConfigText, TellsPortsAndClientAddresses) {
  const PeerConfig config{.self = ServerId{1},
                          .voters = {{.server = ServerId{1},
                                      .name = "10.0.0.1",
                                      .quorum_port = 4001,
                                      .election_port = 4002,
                                      .client_address = "10.0.0.1:4003"}}};
  EXPECT_EQ(config.ConfigText(),
            "server.1=10.0.0.1:4001:4002:participant;10.0.0.1:4003\nversion=0");
}

TEST(Notification, ComesBackAsItWas) {
  Notification notification = Sample();
  EXPECT_EQ(DecodeNotification(EncodeNotification(notification).view()).value(), notification);
  notification.zxid.reset();
  EXPECT_EQ(DecodeNotification(EncodeNotification(notification).view()).value(), notification);
}

// (ZK FastLeaderElection.WorkerReceiver: backCompatibility28, backCompatibility40.)
TEST(Notification, OldFormsAreRead) {
  const std::string bytes = Bytes(EncodeNotification(Sample()));
  Notification old = Sample();
  old.config.clear();
  EXPECT_EQ(DecodeNotification(bytes.substr(0, 40)).value(), old);
  old.peer_epoch = Epoch{2};  // The zxid's.
  EXPECT_EQ(DecodeNotification(bytes.substr(0, 28)).value(), old);
}

// ZOOKEEPER-3769.
TEST(Notification, ATruncatedConfigIsRefused) {
  const std::string bytes = Bytes(EncodeNotification(Sample()));
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(DecodeNotification(bytes.substr(0, size)).ok(), size == 28 || size == 40) << size;
  }
}

TEST(Notification, FieldsOutOfRangeAreRefused) {
  const std::string good = Bytes(EncodeNotification(Sample()));
  const size_t first_bytes[] = {0, 3, 4, 12, 28, 40};  // state, leader, zxid, epoch, length.
  for (const size_t at : first_bytes) {
    std::string bytes = good;
    bytes[at] = '\x84';
    EXPECT_FALSE(DecodeNotification(bytes).ok()) << at;
  }
  // There would be no round left for the next election.
  Notification last = Sample();
  last.round = INT64_MAX;
  EXPECT_FALSE(DecodeNotification(EncodeNotification(last).view()).ok());
}

// Feeds `bytes` in pieces of `step` and collects the frames after a hello.
std::vector<std::string> FramesIn(absl::string_view bytes, size_t step, std::optional<Hello>& hello,
                                  absl::Status& status) {
  FrameDecoder decoder;
  std::vector<std::string> frames;
  for (size_t at = 0; at < bytes.size(); at += step) {
    decoder.Feed(bytes.substr(at, step));
    if (!hello) {
      absl::StatusOr<std::optional<Hello>> next = decoder.NextHello();
      status = next.status();
      if (!status.ok() || !next->has_value()) continue;
      hello = **next;
    }
    for (;;) {
      absl::StatusOr<std::optional<std::string>> next = decoder.Next();
      status = next.status();
      if (!status.ok() || !next->has_value()) break;
      frames.push_back(**next);
    }
  }
  return frames;
}

TEST(FrameDecoder, SplitsAtAnyByte) {
  const Payload notification = EncodeNotification(Sample());
  std::string stream = Bytes(EncodeHello(ServerId{2}, "n2:3888"));
  for (int i = 0; i < 3; ++i) stream += Bytes(Frame(notification.view()));
  for (size_t step = 1; step <= stream.size(); ++step) {
    std::optional<Hello> hello;
    absl::Status status;
    const std::vector<std::string> frames = FramesIn(stream, step, hello, status);
    EXPECT_TRUE(status.ok());
    EXPECT_EQ(hello, (Hello{ServerId{2}, "n2:3888"}));
    EXPECT_EQ(frames, std::vector<std::string>(3, Bytes(notification)));
  }
}

TEST(FrameDecoder, TheOldHelloIsJustASid) {
  FrameDecoder decoder;
  decoder.Feed(absl::string_view("\0\0\0\0\0\0\0\3\0\0\0\1x", 13));
  EXPECT_EQ(decoder.NextHello().value(), (Hello{ServerId{3}, ""}));
  EXPECT_EQ(decoder.Next().value(), "x");
  EXPECT_EQ(decoder.Next().value(), std::nullopt);
}

TEST(FrameDecoder, SeveralAddressesAreRead) {
  std::string bytes = Bytes(EncodeHello(ServerId{2}, "a:1|b:3888"));
  bytes[7] = '\1';  // Version -65535.
  FrameDecoder decoder;
  decoder.Feed(bytes);
  EXPECT_EQ(decoder.NextHello().value(), (Hello{ServerId{2}, "a:1|b:3888"}));
}

TEST(FrameDecoder, LengthsAreCheckedBeforeTheBytesArrive) {
  for (const absl::string_view length :
       {absl::string_view("\0\0\0\0", 4), absl::string_view("\xff\xff\xff\xff", 4),
        absl::string_view("\0\x08\0\1", 4)}) {
    FrameDecoder decoder;
    decoder.Feed(length);
    EXPECT_FALSE(decoder.Next().ok());
    decoder.Feed("more");
    EXPECT_FALSE(decoder.Next().ok()) << "once failed, always failed";
  }
  FrameDecoder longest;
  longest.Feed(absl::string_view("\0\x08\0\0", 4));
  EXPECT_EQ(longest.Next().value(), std::nullopt);
}

TEST(FrameDecoder, BadHellosAreRefused) {
  const std::string good = Bytes(EncodeHello(ServerId{1}, "n1:3888"));
  const size_t places[] = {5, 8, 13, 16, 18};  // Version, sid, sid above 65535, address length.
  for (const size_t at : places) {
    std::string bytes = good;
    bytes[at] = '\x81';
    FrameDecoder decoder;
    decoder.Feed(bytes);
    EXPECT_FALSE(decoder.NextHello().ok()) << at;
  }
}

TEST(FrameDecoder, HostileBytesGiveAStatus) {
  constexpr Stream kStream("test/notification");
  uint64_t ordinal = 0;
  const std::string good = Bytes(EncodeHello(ServerId{2}, "n2:3888")) +
                           Bytes(Frame(EncodeNotification(Sample()).view()));
  for (uint64_t round = 0; round < 20'000; ++round) {
    std::string bytes = good;
    const uint64_t bits = Draw(2, kStream, Entity{round}, ordinal++);
    for (uint64_t i = 0; i <= bits % 3; ++i) {
      const uint64_t edit = Draw(2, kStream, Entity{round}, ordinal++);
      bytes[edit % bytes.size()] = static_cast<char>(edit >> 40);
    }
    std::optional<Hello> hello;
    absl::Status status;
    for (const std::string& frame : FramesIn(bytes, 1 + (bits >> 32) % 30, hello, status)) {
      const absl::StatusOr<Notification> read = DecodeNotification(frame);
      if (read.ok()) {
        EXPECT_EQ(DecodeNotification(EncodeNotification(*read).view()).value(), *read);
      }
    }
  }
}

}  // namespace zab::notification_test
