// Ensemble: real peers on an ideal network and ideal disks, without the simulator.  Effects are
// performed at once and in order; when no input is left, time advances to the next timer.  For
// tests that need several servers and every message.
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

  /// Writes both epochs and a log of `zxids` (BenchTxn) to the disk of a server that is down.
  void GiveDisk(ServerId id, Epoch epoch, const std::vector<Zxid>& zxids);
  void Start(ServerId id);
  /// Stops it at once and breaks its connections; its disk stays.
  void Crash(ServerId id);
  /// Breaks the connections between two servers; they may connect again.
  void Break(ServerId a, ServerId b);

  /// Gives one input to one peer.  False if there is nothing to do until `limit`.
  bool Step(Time limit);
  /// Runs for `duration`.
  void RunFor(Duration duration);
  /// Runs until `holds` is true; false if it is not within a minute.
  bool RunUntil(const std::function<bool()>& holds);

  /// Gives an input from outside to a server that is up.
  void Push(ServerId to, Input input) {
    inbox_.push_back({to, servers_.at(to).starts, std::move(input)});
  }
  /// Gives a message to `to` as if `from` had sent it on the quorum connection that they have.
  void Deliver(ServerId from, ServerId to, const Message& message);
  /// Connects a new client; whether it is accepted shows after the next step.
  ConnectionId ConnectClient(ServerId to, Zxid last_zxid_seen = {});

  /// Called with every input before the peer takes it, and with every effect.
  std::function<void(ServerId to, const Input&)> on_input = [](ServerId, const Input&) {};
  std::function<void(ServerId from, const Effect&)> on_effect = [](ServerId, const Effect&) {};
  /// Returns false for a message that is to be lost.
  std::function<bool(ServerId from, ServerId to, const Payload&)> may_pass =
      [](ServerId, ServerId, const Payload&) { return true; };
  /// The result of a file operation; with kNone it is performed.
  std::function<FileError(ServerId, const FileOp&)> disk_says = [](ServerId, const FileOp&) {
    return FileError::kNone;
  };

  /// The server at the other end of a connection, even after it has been closed.
  ServerId Other(ServerId id, ConnectionId connection) const;

 private:
  using End = std::pair<ServerId, ConnectionId>;
  struct Pending {
    ServerId to;
    int start = 0;  // Dropped if the server has been restarted since.
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
