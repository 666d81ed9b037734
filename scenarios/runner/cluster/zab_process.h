// ZabProcess: a zab::Peer on a simulated machine.  It adapts the peer's Inputs and Effects to the
// world.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
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
  void OnTask(sim::TaskKind kind, uint64_t number, sim::Host& host) override;
  void OnWorked(sim::Host& host) override;
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

  /// Handles the input, now or after the time that it takes.
  void Step(zab::Input input, sim::Host& host);
  void Handle(const zab::Input& input, sim::Host& host);
  static zab::Duration CostOf(const zab::Input& input, sim::Host& host);
  /// The effects that are left, up to one that takes time.
  void Perform(sim::Host& host);
  /// What the client has sent; closes the connection if it is none of a client's.
  void ReadClient(zab::ConnectionId connection, sim::Host& host);
  /// False if the bytes are not valid frames of a client.
  bool ReadFrames(zab::ConnectionId connection, sim::Host& host);

  zab::Peer peer_;
  std::optional<zab::Input> at_work_;  // Handled when its time is over.
  zab::Effects effects_;               // Of the current step.
  size_t performed_ = 0;               // How many of them.
  bool paid_ = false;                  // The next one has taken its time.
  zab::ConnectionId reading_;          // The client whose request is at work; 0: none.
  absl::btree_map<zab::ConnectionId, ClientConnection> clients_;
};

/// Makes the server of each incarnation.
sim::ProcessFactory ZabProcessFactory(zab::PeerConfig config, const zab::Chooser& chooser);

}  // namespace scenario
