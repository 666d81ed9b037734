// A process for tests of the kernel: it logs its inputs and can echo messages.  Tests act on its
// behalf through a Host.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sim/world.h"

namespace sim {

/// The numbers of what toys tell, beside those of ToyVocabulary.
enum ToyProbe : uint8_t { kMsgSent = 36, kMsgDelivered = 37, kFired = 56, kNote = 57 };

/// Numbers that are not the world's own, so that tests see them mapped.
inline Vocabulary ToyVocabulary() {
  return {.number_of_probe =
              [](WorldProbe probe) {
                constexpr uint8_t kNumbers[] = {0,  38, 39, 40, 41, 42, 50, 51,
                                                52, 53, 54, 55, 61, 62, 63};
                return kNumbers[static_cast<size_t>(probe)];
              },
          .number_of_kind =
              [](WorldKind kind) {
                constexpr uint8_t kNumbers[] = {0, 12, 13, 34, 35, 36, 37, 38, 39, 40, 41};
                return kNumbers[static_cast<size_t>(kind)];
              }};
}
/// The number of that in the trace of a toy world.
inline uint8_t NumberOf(WorldProbe probe) {
  return ToyVocabulary().number_of_probe(probe);
}
/// "crashed", "note".
inline std::string NameIn(const Record& record) {
  switch (record.columns.probe) {
    case kMsgSent: return "msg_sent";
    case kMsgDelivered: return "msg_delivered";
    case kFired: return "fired";
    case kNote: return "note";
    default: break;
  }
  for (int i = 1; i <= static_cast<int>(WorldProbe::kClockSet); ++i) {
    const auto probe = static_cast<WorldProbe>(i);
    if (NumberOf(probe) == record.columns.probe) return std::string(Name(probe));
  }
  return "?";
}
/// "power".
inline std::string KindIn(const Record& record) {
  for (int i = 0; i <= static_cast<int>(WorldKind::kWiped); ++i) {
    const auto kind = static_cast<WorldKind>(i);
    if (ToyVocabulary().number_of_kind(kind) == record.columns.kind) return std::string(Name(kind));
  }
  return "?";
}

constexpr PortNumber kToyPort = 1;
constexpr Tag kTag = 31;

/// Listens on kToyPort; each input adds a line with the time to its log.
class Toy : public Process {
 public:
  explicit Toy(bool echoes = false) : echoes_(echoes) {}
  std::unique_ptr<Process> Clone() const override { return std::make_unique<Toy>(*this); }

  void Start(Host& host) override {
    host.Listen(kToyPort);
    Log(host, "start");
  }
  void OnTimer(TimerKey key, Host& host) override { Log(host, absl::StrCat("timer ", key.name)); }
  void OnAccepted(zab::ConnectionId connection, PortNumber, NodeId from, Host& host) override {
    accepted_ = connection;
    Log(host, absl::StrCat("accepted ", Short(connection), " from ", from.value));
  }
  void OnConnected(zab::ConnectionId connection, Host& host) override {
    Log(host, absl::StrCat("connected ", Short(connection)));
  }
  void OnConnectFailed(zab::ConnectionId connection, Host& host) override {
    Log(host, absl::StrCat("connect-failed ", Short(connection)));
  }
  void OnReceived(zab::ConnectionId connection, const zab::Payload& bytes, Host& host) override {
    Log(host, absl::StrCat("received ", bytes.view()));
    host.Emit({.probe = kMsgDelivered});
    if (!echoes_) return;
    host.Emit({.probe = kMsgSent});
    host.Send(connection, bytes, false);
  }
  void OnSendDone(zab::ConnectionId connection, Host& host) override {
    Log(host, absl::StrCat("send-done ", Short(connection)));
  }
  void OnClosed(zab::ConnectionId connection, Host& host) override {
    Log(host, absl::StrCat("closed ", Short(connection)));
  }
  void OnFileDone(zab::OperationId operation, zab::FileError error, const zab::Payload& bytes,
                  const std::vector<std::string>& names, Host& host) override {
    std::string line = absl::StrCat("file ", operation.value);
    if (error != zab::FileError::kNone) {
      absl::StrAppend(&line, " error ", static_cast<int>(error));
    }
    if (!bytes.empty()) absl::StrAppend(&line, " ", bytes.view());
    if (!names.empty()) absl::StrAppend(&line, " ", absl::StrJoin(names, ","));
    Log(host, line);
  }
  void OnWorked(Host& host) override { Log(host, "worked"); }
  void OnTask(TaskKind kind, uint64_t number, Host& host) override {
    Log(host, absl::StrCat("task ", kind, " ", number));
  }
  void OnSignal(int signal, Host& host) override { Log(host, absl::StrCat("signal ", signal)); }

  /// Accepted ids are shown as a1, a2, ...
  static std::string Short(zab::ConnectionId connection) {
    constexpr uint64_t kFirst = zab::ConnectionId::kFirstAccepted;
    return connection.value < kFirst ? absl::StrCat(connection.value)
                                     : absl::StrCat("a", connection.value - kFirst + 1);
  }

  /// The lines since the last call, each "<time> <what>".
  std::vector<std::string> TakeLog() { return std::exchange(log_, {}); }
  zab::ConnectionId accepted() const { return accepted_; }

 private:
  void Log(Host& host, const std::string& what) {
    log_.push_back(zab::ToString(host.now().monotonic) + " " + what);
  }

  bool echoes_;
  zab::ConnectionId accepted_;  // The latest.
  std::vector<std::string> log_;
};

using Lines = std::vector<std::string>;

/// A world of toys, all started.
inline std::unique_ptr<World> ToyWorld(int nodes, const LinkProfile& link = {}, uint64_t seed = 1,
                                       bool echo = false, const DiskProfile& disk = {}) {
  auto world = std::make_unique<World>(seed, link, ToyVocabulary());
  for (int i = 1; i <= nodes; ++i) {
    const NodeId node = world->AddNode(
        absl::StrCat("n", i), [echo](NodeId, uint64_t) { return std::make_unique<Toy>(echo); },
        disk);
    world->Start(node);
  }
  world->RunUntil(zab::Time{0});
  return world;
}

inline Toy& ToyOf(World& world, NodeId node) {
  return static_cast<Toy&>(*world.process(node));
}
inline Lines LogOf(World& world, NodeId node) {
  return ToyOf(world, node).TakeLog();
}
/// A Host that acts as the node's process.
inline Host As(World& world, NodeId node) {
  return {world, node, world.incarnation(node)};
}

constexpr NodeId kN1{1};
constexpr NodeId kN2{2};
constexpr NodeId kN3{3};
constexpr zab::ConnectionId kC1{1};
constexpr zab::ConnectionId kC2{2};

inline zab::Time At(zab::Duration since_start) {
  return zab::Time{} + since_start;
}

inline void SendText(World& world, NodeId node, zab::ConnectionId connection, std::string text,
                     bool wants_done = false, Tag tag = 0) {
  As(world, node).Send(connection, zab::Payload(std::move(text)), wants_done, tag);
}

/// Toys whose n1 has connected to n2 as connection 1, which takes until 3 ms with a latency of 1
/// ms; the logs are empty.
inline std::unique_ptr<World> ConnectedToys(const LinkProfile& link = {}, uint64_t seed = 1) {
  auto world = ToyWorld(3, link, seed);
  As(*world, kN1).Connect(kC1, kN2, kToyPort);
  world->RunUntil(At(zab::Milliseconds(10)));
  LogOf(*world, kN1);
  LogOf(*world, kN2);
  return world;
}

}  // namespace sim
