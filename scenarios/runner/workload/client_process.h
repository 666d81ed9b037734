// ClientProcess: a client with one connection to one server.  It reconnects when the connection is
// lost, sends the requests of its work, and never retries: a request that was in flight when the
// connection was lost is indeterminate (REFERENCE.md 10.1).
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/btree_map.h"
#include "protocol/base/random.h"
#include "protocol/base/time.h"
#include "protocol/wire/client_wire.h"
#include "protocol/wire/operation.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/workload/requester.h"
#include "scenarios/runner/workload/workload.h"

namespace scenario {

/// World::Signal to a client: closed loops send no new requests.
constexpr int kStopSignal = 0;
/// World::Signal to the liveness client: it writes (again).
constexpr int kLivenessSignal = 1;
/// World::Signal: kNoLeaderSignal + sid means that this server leads, kNoLeaderSignal that none
/// does. Only clients attached to the leader need it.
constexpr int kNoLeaderSignal = 1000;

/// ClientSetup::pause of clients for which the scenario says nothing else.
constexpr zab::Duration kReconnectPause = zab::Milliseconds(100);

struct ClientSetup {
  std::vector<zab::ServerId> servers;  // The servers that AnyServer tries, in turn.
  size_t first = 0;                    // The index in `servers` that it tries first.
  Attachment attachment;
  bool draws_server = false;  // With AnyServer: draws each, instead of the next in turn.
  /// It gives up a connection after this long without an answer to a request.  A server that has
  /// lost power is silent, and TCP alone never notifies a client that only waits.
  zab::Duration patience;
  std::optional<zab::Duration> connect_timeout;  // Until the session is open; nullopt: patience.
  /// Before it reconnects after a refusal or a lost connection.
  zab::Duration pause = kReconnectPause;
  Work work;
};

/// The result of an operation of a script.
struct OperationResult {
  bool sent = false;
  Kind kind = Kind::kNone;  // kOk, kError, kIndeterminate; kNone: no answer yet.
  zab::Zxid zxid;           // Of the reply.
  zab::Result result;
};

class ClientProcess : public Requester {
 public:
  ClientProcess(ClientSetup setup, zab::Chooser chooser);

  std::unique_ptr<sim::Process> Clone() const override {
    return std::make_unique<ClientProcess>(*this);
  }

  void Start(sim::Host& host) override;
  void OnTimer(sim::TimerKey key, sim::Host& host) override;
  void OnConnected(zab::ConnectionId connection, sim::Host& host) override;
  void OnConnectFailed(zab::ConnectionId connection, sim::Host& host) override;
  void OnReceived(zab::ConnectionId connection, const zab::Payload& bytes,
                  sim::Host& host) override;
  void OnClosed(zab::ConnectionId connection, sim::Host& host) override;
  void OnSignal(int signal, sim::Host& host) override;

  /// The last request sent; while kInvoked is being traced, the traced one.  Null if there is none
  /// yet.
  const zab::Operation* last_request() const override {
    return last_sent_ ? &last_sent_->operation : nullptr;
  }
  const Job* last_sent() const { return last_sent_ ? &*last_sent_ : nullptr; }
  /// The result of an operation of a script; null if it has not been sent.
  const OperationResult* ResultOf(OperationIndex operation) const;
  zab::Zxid last_zxid_seen() const { return last_zxid_seen_; }

 private:
  enum class Phase : uint8_t {
    kIdle,  // No connection; the retry timer may be set.
    kConnecting,
    kHandshaking,  // The ConnectRequest has been sent.
    kReady,
  };
  enum TimerName : uint32_t { kRetry = 1, kIssue, kPatience };

  struct InFlight {
    int32_t cxid = 0;
    Job job;
  };

  std::optional<zab::ServerId> Target() const;
  void Connect(sim::Host& host);
  /// The connection is lost or given up.
  void DropConnection(sim::Host& host);
  void OnConnectResponse(const zab::client::ConnectResponse& response, sim::Host& host);
  void OnReply(zab::client::Reply reply, sim::Host& host);
  /// Sends all requests that are due, if the session is open.
  void SendDueRequests(sim::Host& host);
  void SendRequest(Job job, sim::Host& host);
  void ReportResult(const InFlight& request, Kind kind, zab::client::Reply reply, sim::Host& host);
  bool IsOver(zab::Time now) const;
  void ResetPatience(sim::Host& host);

  ClientSetup setup_;
  zab::Chooser chooser_;
  Phase phase_ = Phase::kIdle;
  size_t next_server_;                   // In setup_.servers.
  std::optional<zab::ServerId> leader_;  // As last signalled.
  zab::ServerId server_;                 // Of the connection; in kIdle, of the last one.
  zab::ConnectionId connection_;         // The last one opened.
  zab::client::FrameDecoder decoder_;
  int64_t client_id_ = 0;  // Of the connection, once kReady.
  int32_t last_cxid_ = 0;  // Of the connection.
  zab::Zxid last_zxid_seen_;
  std::deque<InFlight> in_flight_;  // Oldest first: replies come in this order.
  std::optional<Job> last_sent_;
  absl::btree_map<OperationIndex, OperationResult> results_;
};

}  // namespace scenario
