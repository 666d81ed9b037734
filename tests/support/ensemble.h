// Ensemble: peers as they are, on an ideal network and ideal disks, without the simulator.  What is
// asked for happens at once and in order; time moves on only when nothing else is left, to the next
// timer.  For tests that want several servers and to see each message.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "protocol/peer.h"

namespace zab {

class Ensemble {
 public:
  using Files = std::map<std::string, std::string>;

  struct Server {
    PeerConfig config;
    Files files;
    std::optional<Peer> peer;  // None: it is down.
    std::optional<Reason> halted;
    int starts = 0;
    std::set<Port> ports;  // On which it listens.
    std::map<TimerId, Time> timers;
  };

  /// Voters of these ids, called n<id>; all are down, and their disks empty.
  explicit Ensemble(const std::vector<uint16_t>& ids);

  Server& at(ServerId id) { return servers_.at(id); }
  /// The peer of a server that is up.
  Peer& peer(ServerId id) { return *servers_.at(id).peer; }
  Time now() const { return now_; }

  /// Puts onto the disk of a server that is down: both epochs, and a log of `zxids` (BenchTxn).
  void GiveDisk(ServerId id, Epoch epoch, const std::vector<Zxid>& zxids);
  void Start(ServerId id);
  /// It is gone at once, with all connections; its disk stays.
  void Crash(ServerId id);
  /// Breaks the connections between two servers; they may connect again.
  void Break(ServerId a, ServerId b);

  /// Hands one input to one peer; false if nothing is left to do before `limit`.
  bool Step(Time limit);
  /// Goes on for that long.
  void RunFor(Duration duration);
  /// Goes on until it holds; false if it does not within a minute.
  bool RunUntil(const std::function<bool()>& holds);

  /// Gives an input from outside to a server that is up.
  void Push(ServerId to, Input input) { inbox_.push_back({to, servers_.at(to).starts, input}); }
  /// Gives a message to `to` as if `from` had sent it on the quorum connection that they have.
  void Deliver(ServerId from, ServerId to, const Message& message);
  /// A new client of that server; ask after the next step whether it was let in.
  ConnectionId ConnectClient(ServerId to, Zxid last_zxid_seen = {});

  /// See every input before it is taken, and every effect when it is performed.
  std::function<void(ServerId to, const Input&)> on_input = [](ServerId, const Input&) {};
  std::function<void(ServerId from, const Effect&)> on_effect = [](ServerId, const Effect&) {};
  /// False: the message is lost.
  std::function<bool(ServerId from, ServerId to, const Payload&)> may_pass =
      [](ServerId, ServerId, const Payload&) { return true; };
  /// What becomes of a file operation; kNone: it is performed.
  std::function<FileError(ServerId, const FileOp&)> disk_says = [](ServerId, const FileOp&) {
    return FileError::kNone;
  };

  /// The other end of a connection, also after its end.
  ServerId Other(ServerId id, ConnectionId connection) const;

 private:
  using End = std::pair<ServerId, ConnectionId>;
  struct Pending {
    ServerId to;
    int start = 0;  // The life for which it is meant.
    Input input;
  };
  struct Performer;

  bool FireTimer(Time limit);
  void Disconnect(End end);
  static FileDone Perform(const FileOp& file, Files& files);

  std::map<ServerId, Server> servers_;
  std::map<End, End> links_;  // Both ways.
  std::map<End, std::pair<ServerId, Port>> others_;
  std::deque<Pending> inbox_;
  uint64_t accepted_ = 0;
  Time now_;
};

/// Which message of the quorum port these bytes are; none if they are no such message.
std::optional<Kind> QuorumKind(const Payload& bytes);

}  // namespace zab
