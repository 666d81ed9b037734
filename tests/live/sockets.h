// TCP connections that block nobody.
#pragma once

#include <deque>
#include <string>
#include <utility>

#include "absl/container/btree_map.h"
#include "protocol/boundary/config.h"
#include "protocol/boundary/io.h"

namespace live {

/// The ports and connections of one peer.  What happens to them becomes its inputs, in order.
class Sockets {
 public:
  /// Addresses are those of config.voters; names of hosts are IPv4 addresses.
  Sockets(zab::PeerConfig config, std::deque<zab::Input>& inputs)
      : config_(std::move(config)), inputs_(inputs) {}
  ~Sockets();
  Sockets(const Sockets&) = delete;
  Sockets& operator=(const Sockets&) = delete;

  /// Of the client port nothing is opened: real clients need sessions, which peers have not yet.
  /// Ends the process if the port is taken.
  void Listen(zab::Port port);
  void Unlisten(zab::Port port);
  void Connect(zab::ConnectionId connection, zab::ServerId server, zab::Port port);
  void Send(const zab::Send& send);
  /// What was sent before goes out first.
  void Close(zab::ConnectionId connection);

  /// Waits until something happens or `limit` has passed; takes in what has happened.
  void Poll(zab::Duration limit);

 private:
  struct Connection {
    int fd = -1;
    bool connecting = false;
    bool closing = false;  // The peer has closed it; the rest of `unsent` goes out.
    std::string unsent;
    uint64_t accepted_bytes = 0;      // Sent and unsent.
    std::deque<uint64_t> wants_done;  // At which counts of sent bytes a SendDone is due.
  };

  void OnListener(zab::Port port, int fd);
  void OnReady(zab::ConnectionId id, short events);
  void OnConnected(zab::ConnectionId id);
  void Receive(zab::ConnectionId id);
  /// Sends what the kernel takes.
  void Flush(zab::ConnectionId id);
  /// Forgets the connection, and tells the peer if it has not closed it itself.
  void Drop(zab::ConnectionId id);

  zab::PeerConfig config_;
  std::deque<zab::Input>& inputs_;
  absl::btree_map<zab::Port, int> listeners_;
  absl::btree_map<zab::ConnectionId, Connection> connections_;
  uint64_t next_accepted_ = zab::ConnectionId::kFirstAccepted;
};

}  // namespace live
