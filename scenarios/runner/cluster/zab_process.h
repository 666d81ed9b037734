// ZabProcess: a zab::Peer on a simulated machine.  It adapts the peer's Inputs and Effects to the
// world.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "protocol/peer.h"
#include "protocol/wire/client_wire.h"
#include "sim/process.h"

namespace scenario {

/// World::Signal: take a snapshot now.
constexpr int kSnapshotSignal = 1;

class ZabProcess : public sim::Process {
 public:
  /// The peer draws from `chooser` with (node, incarnation) as its entity.
  ZabProcess(zab::PeerConfig config, zab::Chooser chooser, sim::NodeId node, uint64_t incarnation);

  std::unique_ptr<sim::Process> Clone() const override {
    return std::make_unique<ZabProcess>(*this);
  }
  const zab::Peer& peer() const { return peer_; }

  void Start(sim::Host& host) override;
  void OnTimer(sim::TimerKey key, sim::Host& host) override;
  void OnAccepted(zab::ConnectionId connection, sim::PortNumber port, sim::NodeId from,
                  sim::Host& host) override;
  void OnConnected(zab::ConnectionId connection, sim::Host& host) override;
  void OnConnectFailed(zab::ConnectionId connection, sim::Host& host) override;
  void OnReceived(zab::ConnectionId connection, const zab::Payload& bytes,
                  sim::Host& host) override;
  void OnSendDone(zab::ConnectionId connection, sim::Host& host) override;
  void OnClosed(zab::ConnectionId connection, sim::Host& host) override;
  void OnFileDone(zab::OperationId operation, zab::FileError error, const zab::Payload& bytes,
                  const std::vector<std::string>& names, sim::Host& host) override;
  void OnTask(uint32_t kind, uint64_t number, sim::Host& host) override;
  void OnSignal(int signal, sim::Host& host) override;

 protected:
  /// Called with the effects before they are performed; tests override it to break a peer on
  /// purpose.
  virtual void Edit(zab::Effects& /*effects*/) {}

 private:
  /// A connection on the client port; its bytes are decoded here.
  struct ClientConnection {
    zab::client::FrameDecoder decoder;
    bool introduced = false;  // Whether its ConnectRequest has been read.
  };

  void Step(const zab::Input& input, sim::Host& host);
  void Perform(sim::Host& host);
  /// False if the bytes are not valid frames of a client.
  bool ReadClient(zab::ConnectionId connection, const zab::Payload& bytes, sim::Host& host);

  zab::Peer peer_;
  zab::Effects effects_;  // Of the current step; a member to reuse its memory.
  absl::btree_map<zab::ConnectionId, ClientConnection> clients_;
};

/// Makes the server of each incarnation.
sim::ProcessFactory ZabProcessFactory(zab::PeerConfig config, const zab::Chooser& chooser);

}  // namespace scenario
