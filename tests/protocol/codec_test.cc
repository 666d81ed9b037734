// The bytes of the quorum port: round trips of every message in any pieces, the raw stream after
// SNAP, and invalid bytes.
#include "protocol/wire/codec.h"

#include <gtest/gtest.h>

#include "protocol/base/random.h"
#include "protocol/wire/jute.h"

namespace zab::codec_test {

constexpr Zxid kZxid{Epoch{2}, 17};

TxnRef SampleTxn() {
  return MakeTxn({.client_id = 1, .cxid = 2, .zxid = kZxid, .time = 3},
                 CreateTxn{.path = "/a", .data = "hello", .acl = {Acl{}}, .parent_cversion = 1},
                 99);
}

Operation Create(bool sequential) {
  return {.type = OpType::kCreate, .path = "/a", .data = "d", .sequential = sequential};
}

std::vector<Message> ToLeader() {
  const auto request = [](Operation operation) {
    return ForwardedRequest{.client_id = -3, .cxid = 4, .operation = std::move(operation)};
  };
  return {FollowerInfo{.accepted_epoch = Epoch{1}, .server = ServerId{2}, .config_version = 5},
          AckEpoch{.last_zxid = kZxid, .current_epoch = Epoch{1}},
          AckEpoch{},
          Ack{kZxid},
          Ack{{Epoch{2}, 0}},
          Ping{.zxid = kZxid, .reply = true},
          request(Create(false)),
          request(Create(true)),
          request({.type = OpType::kDelete, .path = "/a", .version = 3}),
          request({.type = OpType::kSetData, .path = "/a", .data = std::nullopt, .version = -1}),
          request({.type = OpType::kSync, .path = "/"}),
          Ping{.zxid = kZxid, .reply = true, .sessions = {{-5, 4000}, {6, 8000}}},
          Revalidate{{-5, 4000}},
          request({.type = OpType::kCreateSession, .timeout = 4000}),
          request({.type = OpType::kCloseSession}),
          request({.type = OpType::kCreate, .path = "/e", .data = "", .ephemeral = true}),
          request({.type = OpType::kUnimplemented, .data = "a multi's record", .code = 14})};
}

std::vector<Message> ToLearner() {
  return {LeaderInfo{Epoch{0x7fffffff}},
          Diff{kZxid},
          Trunc{{Epoch{2}, 0}},
          Snap{kZxid},
          NewLeader{Epoch{2}, "version=0"},
          UpToDate{},
          Proposal{SampleTxn()},
          Commit{kZxid},
          Ping{.zxid = kZxid},
          SyncReply{},
          RevalidateReply{-5, true},
          RevalidateReply{6, false}};
}

struct Case {
  ReadingEnd end;
  Message message;
  std::string bytes;
};

std::vector<Case> AllCases() {
  std::vector<Case> cases;
  const auto add = [&cases](ReadingEnd end, const std::vector<Message>& messages) {
    for (const Message& message : messages) {
      cases.push_back({end, message, std::string(Encode(message).view())});
    }
  };
  add(ReadingEnd::kLeader, ToLeader());
  add(ReadingEnd::kLearner, ToLearner());
  return cases;
}

// All messages in `bytes`, fed in pieces of `step`; stops at the first error.
std::vector<Message> Decoded(ReadingEnd end, absl::string_view bytes, size_t step,
                             absl::Status* status = nullptr) {
  QuorumDecoder decoder(end);
  std::vector<Message> messages;
  for (size_t at = 0; at < bytes.size(); at += step) {
    decoder.Feed(bytes.substr(at, step));
    for (;;) {
      absl::StatusOr<std::optional<Message>> next = decoder.Next();
      if (status != nullptr) *status = next.status();
      if (!next.ok()) return messages;
      if (!next->has_value()) break;
      messages.push_back(**next);
    }
  }
  return messages;
}

TEST(Codec, EveryMessageComesBackInAnyPieces) {
  for (const Case& c : AllCases()) {
    for (size_t step = 1; step <= c.bytes.size(); ++step) {
      const std::vector<Message> messages = Decoded(c.end, c.bytes, step);
      ASSERT_EQ(messages.size(), 1u) << Name(KindOf(c.message)) << " in pieces of " << step;
      EXPECT_EQ(messages[0].index(), c.message.index());
      EXPECT_EQ(Encode(messages[0]).view(), c.bytes);
    }
  }
}

TEST(Codec, NoPrefixIsAMessageOrAnError) {
  for (const Case& c : AllCases()) {
    for (size_t size = 0; size < c.bytes.size(); ++size) {
      absl::Status status;
      EXPECT_TRUE(Decoded(c.end, c.bytes.substr(0, size), size + 1, &status).empty());
      EXPECT_TRUE(status.ok()) << Name(KindOf(c.message)) << " cut at " << size;
    }
  }
}

TEST(Codec, EachEndTakesItsOwnPacketsOnly) {
  for (const Case& c : AllCases()) {
    if (std::holds_alternative<Ping>(c.message)) continue;
    const bool leader = c.end == ReadingEnd::kLeader;
    absl::Status status;
    Decoded(leader ? ReadingEnd::kLearner : ReadingEnd::kLeader, c.bytes, 1000, &status);
    EXPECT_FALSE(status.ok()) << Name(KindOf(c.message));
  }
}

TEST(Codec, AStreamOfAllMessagesComesBack) {
  for (const ReadingEnd end : {ReadingEnd::kLeader, ReadingEnd::kLearner}) {
    std::string stream;
    size_t count = 0;
    for (int round = 0; round < 20; ++round) {
      for (const Case& c : AllCases()) {
        if (c.end != end) continue;
        stream += c.bytes;
        ++count;
      }
    }
    for (const size_t step : {size_t{1}, size_t{7}, size_t{64}, size_t{5000}, size_t{1} << 20}) {
      EXPECT_EQ(Decoded(end, stream, step).size(), count);
    }
  }
}

TEST(Codec, FieldsComeBack) {
  const auto leader = [](const Message& m) {
    return Decoded(ReadingEnd::kLeader, Encode(m).view(), 99).at(0);
  };
  const auto info = std::get<FollowerInfo>(leader(ToLeader()[0]));
  EXPECT_EQ(info.accepted_epoch, Epoch{1});
  EXPECT_EQ(info.server, ServerId{2});
  EXPECT_EQ(info.config_version, 5);
  const auto nothing = std::get<AckEpoch>(leader(AckEpoch{}));
  EXPECT_EQ(nothing.last_zxid, std::nullopt);
  EXPECT_EQ(nothing.current_epoch, std::nullopt);
  EXPECT_TRUE(std::get<Ping>(leader(Ping{.zxid = kZxid, .reply = true})).reply);
  const auto create = std::get<ForwardedRequest>(leader(ToLeader()[7]));
  EXPECT_EQ(create.client_id, -3);
  EXPECT_EQ(create.cxid, 4);
  EXPECT_EQ(create.operation.type, OpType::kCreate);
  EXPECT_EQ(create.operation.data, "d");
  EXPECT_TRUE(create.operation.sequential);
  const auto set = std::get<ForwardedRequest>(leader(ToLeader()[9]));
  EXPECT_EQ(set.operation.data, std::nullopt);
  EXPECT_EQ(set.operation.version, -1);
}

TEST(Codec, SessionsComeBack) {
  const auto leader = [](const Message& m) {
    return Decoded(ReadingEnd::kLeader, Encode(m).view(), 99).at(0);
  };
  const auto ping = std::get<Ping>(leader(ToLeader()[11]));
  EXPECT_EQ(ping.sessions, (std::vector<Session>{{-5, 4000}, {6, 8000}}));
  EXPECT_EQ(std::get<Revalidate>(leader(ToLeader()[12])).session, (Session{-5, 4000}));
  EXPECT_EQ(std::get<ForwardedRequest>(leader(ToLeader()[13])).operation.timeout, 4000);
  const auto close = std::get<ForwardedRequest>(leader(ToLeader()[14]));
  EXPECT_EQ(close.operation.type, OpType::kCloseSession);
  const auto create = std::get<ForwardedRequest>(leader(ToLeader()[15])).operation;
  EXPECT_TRUE(create.ephemeral);
  EXPECT_FALSE(create.sequential);
}

// A server of ZooKeeper whose client asks for what we cannot do is as healthy as any.
TEST(Codec, TheUnimplementedIsReadAsThat) {
  std::string body;
  JuteWriter out(body);
  out.Long(1);
  out.Int(2);
  out.Int(static_cast<int32_t>(OpType::kCreate));
  out.String("/a");
  out.Buffer("data");
  WriteAcls({Acl{.permissions = 1}}, out);
  out.Int(0);
  std::string bytes;
  JuteWriter packet(bytes);
  packet.Int(1);
  packet.Long(-1);
  packet.Buffer(body);
  packet.Int(-1);
  const auto messages = Decoded(ReadingEnd::kLeader, bytes, 99);
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(std::get<ForwardedRequest>(messages[0]).operation.type, OpType::kUnimplemented);
}

// LearnerInfo has grown: sid; + protocol version; + config version.
TEST(Codec, OldLearnersAreUnderstood) {
  const std::string now = AllCases()[0].bytes;
  for (const size_t size : {size_t{8}, size_t{12}}) {
    std::string bytes = now.substr(0, 15);
    bytes += static_cast<char>(size);
    bytes += now.substr(16, size) + std::string(4, '\xff');
    const std::vector<Message> messages = Decoded(ReadingEnd::kLeader, bytes, 99);
    ASSERT_EQ(messages.size(), 1u);
    EXPECT_EQ(std::get<FollowerInfo>(messages[0]).server, ServerId{2});
    EXPECT_EQ(std::get<FollowerInfo>(messages[0]).config_version, 0);
  }
}

TEST(Codec, AuthinfoIsSkipped) {
  std::string bytes = AllCases()[3].bytes;  // An ACK: its last int is null authinfo.
  bytes.resize(bytes.size() - 4);
  JuteWriter out(bytes);
  out.Int(2);
  out.String("ip");
  out.String("127.0.0.1");
  out.Buffer(std::nullopt);
  out.String("x");
  const std::string twice = bytes + bytes;
  for (size_t step = 1; step < twice.size(); ++step) {
    EXPECT_EQ(Decoded(ReadingEnd::kLeader, twice, step).size(), 2u);
  }
}

TEST(Codec, TheRawStreamAfterASnapIsHandedOver) {
  const std::string snap(Encode(Snap{kZxid}).view());
  const std::string commit(Encode(Commit{kZxid}).view());
  QuorumDecoder decoder(ReadingEnd::kLearner);
  decoder.Feed(snap + "raw bytes");
  ASSERT_TRUE(decoder.Next().value().has_value());
  EXPECT_EQ(decoder.TakeRaw(), "raw bytes");
  EXPECT_EQ(decoder.TakeRaw(), "");
  decoder.Feed("more" + commit.substr(0, 5));
  EXPECT_EQ(decoder.TakeRaw(), "more" + commit.substr(0, 5));
  decoder.Feed(commit.substr(5));
  decoder.Unread(commit.substr(0, 5));
  EXPECT_TRUE(std::holds_alternative<Commit>(decoder.Next().value().value()));
  EXPECT_EQ(decoder.Next().value(), std::nullopt);
}

TEST(Codec, LengthsAreCheckedBeforeTheBytesArrive) {
  for (const int32_t length : {0x7fffffff, -2, static_cast<int32_t>(kMaxPacket)}) {
    std::string bytes;
    JuteWriter out(bytes);
    out.Int(2);
    out.Long(5);
    out.Int(length);
    absl::Status status;
    Decoded(ReadingEnd::kLearner, bytes, 99, &status);
    EXPECT_FALSE(status.ok()) << length;
  }
}

TEST(Codec, TooMuchAuthinfoIsRefused) {
  for (const int32_t ids : {0x7fffffff, 1000, -2}) {
    std::string bytes = AllCases()[3].bytes;
    bytes.resize(bytes.size() - 4);
    JuteWriter(bytes).Int(ids);
    absl::Status status;
    Decoded(ReadingEnd::kLeader, bytes, 99, &status);
    EXPECT_FALSE(status.ok()) << ids;
  }
}

// A megabyte in single bytes; quadratic work would take minutes.
TEST(Codec, SingleBytesAreCheap) {
  const ForwardedRequest request{
      .operation = {.type = OpType::kSetData, .path = "/a", .data = std::string(1'000'000, 'x')}};
  const std::string bytes(Encode(request).view());
  EXPECT_EQ(Decoded(ReadingEnd::kLeader, bytes + bytes, 1).size(), 2u);
}

TEST(Codec, AFailedDecoderStaysFailed) {
  QuorumDecoder decoder(ReadingEnd::kLearner);
  decoder.Feed(std::string(20, '\xff'));
  EXPECT_EQ(decoder.Next().status().code(), absl::StatusCode::kInvalidArgument);
  decoder.Feed(Encode(UpToDate{}).view());
  EXPECT_EQ(decoder.Next().status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(decoder.TakeRaw(), "");
}

// Changes, removes and duplicates bytes of valid packets.
TEST(Codec, HostileBytesGiveAStatus) {
  constexpr Stream kStream("test/codec");
  const std::vector<Case> cases = AllCases();
  uint64_t accepted = 0;
  for (uint64_t round = 0; round < 60'000; ++round) {
    uint64_t ordinal = 0;
    const auto draw = [&](uint64_t bound) {
      return Draw(3, kStream, Entity{round}, ordinal++) % bound;
    };
    const Case& c = cases[round % cases.size()];
    std::string bytes = c.bytes;
    for (uint64_t edits = 1 + draw(4); edits > 0; --edits) {
      const size_t at = draw(bytes.size());
      switch (draw(4)) {
        case 0: bytes[at] = static_cast<char>(draw(256)); break;
        case 1: bytes[at] = static_cast<char>(bytes[at] ^ (1 << draw(8))); break;
        case 2: bytes.erase(at, 1 + draw(4)); break;
        default: bytes.insert(at, bytes.substr(at, 1 + draw(8))); break;
      }
      if (bytes.empty()) bytes = "x";
    }
    bytes += c.bytes;
    for (const Message& message : Decoded(c.end, bytes, 1 + draw(60))) {
      ++accepted;
      EXPECT_FALSE(Encode(message).empty());
    }
  }
  EXPECT_GT(accepted, 1000u) << "some survive: a changed zxid is another zxid";
}

TEST(Codec, NoiseGivesAStatus) {
  constexpr Stream kStream("test/noise");
  for (uint64_t round = 0; round < 20'000; ++round) {
    std::string bytes;
    for (uint64_t i = 0; i < 8; ++i) {
      // Sparse bits, so that lengths are often small enough to be accepted.
      const uint64_t noise = Draw(4, kStream, Entity{round}, 3 * i) &
                             Draw(4, kStream, Entity{round}, 3 * i + 1) &
                             Draw(4, kStream, Entity{round}, 3 * i + 2);
      JuteWriter(bytes).UnsignedLong(noise);
    }
    Decoded(ReadingEnd::kLeader, bytes, 64);
    Decoded(ReadingEnd::kLearner, bytes, 5);
  }
}

}  // namespace zab::codec_test
