// Server: one machine of an explored world, with its process and its disk, and what one input does
// to it.  Everything that others see of that is in the Outcome.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "protocol/peer.h"
#include "scenarios/runner/explore/story.h"
#include "scenarios/runner/language/scope.h"
#include "sim/file_store.h"

namespace scenario::explore {

/// One end of a connection, as all servers in the same state call it.
struct EndName {
  zab::Port port{};
  uint8_t other = 0;  // The node at the other end: a server's sid.
  uint8_t slot = 0;   // The smallest that is free when the connection begins.
  friend constexpr auto operator<=>(const EndName&, const EndName&) = default;
};

struct End {
  EndName name;
  zab::ConnectionId number;  // Of this path.
};

/// A client of one request.
struct ClientEnd {
  zab::ConnectionId number;
  uint8_t request = 0;  // Which one, from 0.
  int64_t session = 0;  // 0: not yet accepted.
  bool outstanding = false;
};

/// A plain value.
struct Server {
  std::optional<zab::Peer> peer;  // nullopt: no process runs.
  sim::FileStore files;
  std::deque<zab::FileOp> queue;     // Of the disk.
  bool disk_failed = false;          // No further operation of this life changes the disk.
  std::vector<zab::TimerId> timers;  // Set, and able to fire; ascending.
  uint8_t listening = 0;             // A bit per port.
  uint32_t lives = 0;                // How often a process was started.
  std::vector<End> ends;             // Open, ascending by number.
  std::vector<ClientEnd> clients;    // Ascending by number.
  std::vector<uint32_t> accepted;    // By node and port: how many connections in this life.

  bool Listens(zab::Port port) const { return (listening >> static_cast<int>(port) & 1) != 0; }
  bool HasTimer(zab::TimerName name) const;
};

/// The same for all servers that go on in the same way.  `without`: a field of zab::Core that is
/// left out, to show that this is noticed.
zab::Hash128 HashOf(const Server& server, absl::string_view without = "");

enum class InputKind : uint8_t {
  kRestart,     // A process starts.
  kAccepted,    // `end` without slot: a connection from there.
  kConnected,   // `end`.
  kRefused,     // `end`.
  kReceived,    // `end`, `number`: of the bytes.
  kClosed,      // `end`.
  kTimer,       // `number`: its name.
  kDisk,        // The next operation, or those up to the next reaction.
  kDiskError,   // The next operation fails.
  kWrite,       // `number`: the request.
  kRead,        // Likewise.
  kSnapshot,    // A snapshot is asked for.
  kQuorumLost,  // Half ticks pass without a word from a quorum, until the leader gives up.
  kKill,        // `number`: how many queued operations are done before.
  kPowerLoss,   // Likewise.
};

struct ServerInput {
  InputKind kind{};
  EndName end;
  uint32_t number = 0;

  /// Different for different inputs.
  uint64_t Packed() const {
    return uint64_t{static_cast<uint8_t>(kind)} << 56 |
           uint64_t{static_cast<uint8_t>(end.port)} << 48 | uint64_t{end.other} << 40 |
           uint64_t{end.slot} << 32 | number;
  }
};

/// What a server does to the network.
struct NetAction {
  enum class Kind : uint8_t {
    kAccept,   // The connection just accepted has this name.
    kConnect,  // To `end`.
    kSend,
    kClose,
    kDie,  // The process has ended.
  };
  Kind kind{};
  EndName end;
  zab::Payload bytes;  // kSend.
};

struct Outcome {
  std::vector<NetAction> actions;
  Story story;
};

/// Each draw is the mildest, so that nothing depends on how often was drawn before.
class MildestDraws final : public zab::DrawWatch {
 public:
  uint64_t OnDraw(zab::Stream, zab::Entity, uint64_t, uint64_t) override { return 0; }
};

/// What all servers of a world have in common.
struct Setting {
  std::vector<zab::PeerConfig> configs;  // By sid - 1.
  Grain disk{};
  zab::DrawWatch* draws = nullptr;  // Of all peers.
  /// Whether anybody listens to an event, and whether the disk is looked at then.
  std::function<bool(const TraceEvent& event)> is_heard;
  std::function<bool(Probe probe)> looks_at_disk;
};

/// Gives `server`, whose sid is `self`, the input, which must be possible.
Outcome Step(const Setting& setting, zab::ServerId self, const ServerInput& input,
             const zab::Payload& bytes, Server& server);

/// The client of the request of that number, one for each.
constexpr NodeId ClientOf(size_t servers, uint32_t number) {
  return {static_cast<uint16_t>(servers + number + 1)};
}
/// The request of that number: the writes create /w1, /w2, ...; a read reads /w1.
zab::Operation RequestOf(bool is_write, uint32_t number);

}  // namespace scenario::explore
