// The client port's records, to bytes and back, and what is refused.
#include "protocol/wire/client_wire.h"

#include <gtest/gtest.h>

namespace zab::client_wire_test {
namespace {

/// The only frame in these bytes.
std::string FrameIn(const Payload& bytes) {
  client::FrameDecoder decoder;
  decoder.Feed(bytes.view());
  const auto frame = decoder.Next();
  EXPECT_TRUE(frame.ok() && frame->has_value());
  const auto next = decoder.Next();
  EXPECT_TRUE(next.ok() && !next->has_value());
  return std::string(frame->value_or(""));
}

/// Every proper beginning of the frame is refused, and so is one byte too many.
template <class Parse>
void ExpectExactLength(const std::string& frame, Parse parse) {
  for (size_t size = 0; size < frame.size(); ++size) {
    EXPECT_FALSE(parse(frame.substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(parse(frame + '\0').ok());
}

TEST(ClientWire, ConnectRequest) {
  const std::string frame = FrameIn(client::Encode(client::ConnectRequest{{Epoch{3}, 7}}));
  EXPECT_EQ(client::ParseConnectRequest(frame)->last_zxid_seen, (Zxid{Epoch{3}, 7}));
  ExpectExactLength(frame, client::ParseConnectRequest);
}

TEST(ClientWire, ConnectResponse) {
  const std::string frame = FrameIn(client::Encode(client::ConnectResponse{-5}));
  EXPECT_EQ(client::ParseConnectResponse(frame)->client_id, -5);
  ExpectExactLength(frame, client::ParseConnectResponse);
}

TEST(ClientWire, Request) {
  for (const OpType type : {OpType::kCreate, OpType::kDelete, OpType::kExists, OpType::kGetData,
                            OpType::kSetData, OpType::kGetChildren, OpType::kSync}) {
    const Operation operation{
        .type = type, .path = "/a", .data = "x", .version = 4, .sequential = true};
    const std::string frame = FrameIn(client::Encode(client::Request{9, operation}));
    const auto request = client::ParseRequest(frame);
    ASSERT_TRUE(request.ok()) << request.status();
    EXPECT_EQ(request->cxid, 9);
    EXPECT_EQ(request->operation.type, type);
    EXPECT_EQ(request->operation.path, "/a");
    EXPECT_EQ(request->operation.data, "x");
    EXPECT_EQ(request->operation.version, 4);
    EXPECT_TRUE(request->operation.sequential);
    ExpectExactLength(frame, client::ParseRequest);
  }
}

TEST(ClientWire, ARequestOfAnUnknownTypeIsRefused) {
  const Operation operation{.type = static_cast<OpType>(99), .path = "/a"};
  EXPECT_FALSE(client::ParseRequest(FrameIn(client::Encode(client::Request{1, operation}))).ok());
}

TEST(ClientWire, Reply) {
  const Stat stat{.czxid = {Epoch{1}, 2},
                  .mzxid = {Epoch{1}, 3},
                  .ctime = 4,
                  .mtime = 5,
                  .version = 6,
                  .cversion = 7,
                  .aversion = 8,
                  .ephemeral_owner = 9,
                  .data_length = 10,
                  .num_children = 11,
                  .pzxid = {Epoch{1}, 12}};
  const client::Reply sent{
      .cxid = 1,
      .zxid = {Epoch{2}, 3},
      .result = {.error = Error::kNoNode, .path = "/a", .stat = stat, .children = {"b", "c"}}};
  const std::string frame = FrameIn(client::Encode(sent));
  const auto reply = client::ParseReply(frame);
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->cxid, 1);
  EXPECT_EQ(reply->zxid, sent.zxid);
  EXPECT_EQ(reply->result.error, Error::kNoNode);
  EXPECT_EQ(reply->result.path, "/a");
  EXPECT_FALSE(reply->result.data);
  EXPECT_EQ(reply->result.stat, stat);
  EXPECT_EQ(reply->result.children, sent.result.children);
  ExpectExactLength(frame, client::ParseReply);
}

TEST(ClientWire, FramesComeInPieces) {
  const Payload bytes = client::Encode(client::ConnectResponse{7});
  client::FrameDecoder decoder;
  for (const char c : bytes.view().substr(0, bytes.size() - 1)) {
    decoder.Feed(absl::string_view(&c, 1));
    EXPECT_FALSE(decoder.Next()->has_value());
  }
  decoder.Feed(bytes.view().substr(bytes.size() - 1));
  EXPECT_TRUE(decoder.Next()->has_value());
}

TEST(ClientWire, AFrameOfAnImpossibleLengthIsRefused) {
  for (const absl::string_view length : {"\xff\xff\xff\xff", "\x7f\xff\xff\xff"}) {
    client::FrameDecoder decoder;
    decoder.Feed(length);
    EXPECT_FALSE(decoder.Next().ok());
  }
}

}  // namespace
}  // namespace zab::client_wire_test
