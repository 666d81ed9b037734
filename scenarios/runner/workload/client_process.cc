// One connection at a time: connect, handshake, send requests, and start over after a loss.
#include "scenarios/runner/workload/client_process.h"

#include <utility>

#include "protocol/base/check.h"
#include "protocol/base/hash.h"
#include "scenarios/runner/record/answer.h"
#include "scenarios/runner/record/numbers.h"

namespace scenario {
namespace {

constexpr zab::Stream kChoice("client/choice");

sim::NodeId NodeOfServer(zab::ServerId server) {
  return {server.value};
}

}  // namespace

ClientProcess::ClientProcess(ClientSetup setup, zab::Chooser chooser)
    : setup_(std::move(setup)), chooser_(std::move(chooser)), next_server_(setup_.first) {}

const OperationResult* ClientProcess::ResultOf(OperationIndex operation) const {
  const auto found = results_.find(operation);
  return found == results_.end() ? nullptr : &found->second;
}

bool ClientProcess::IsOver(zab::Time now) const {
  return in_flight_.empty() &&
         std::visit([&](const auto& work) { return work.IsOver(now); }, setup_.work);
}

// ---- The connection -----------------------------------------------------------------------------

void ClientProcess::Start(sim::Host& host) {
  const zab::Time begin = std::visit([](const auto& work) { return work.Begin(); }, setup_.work);
  const zab::Time now = host.now().monotonic;
  host.SetTimer({kRetry}, begin > now ? begin - now : zab::Duration{});
}

std::optional<zab::ServerId> ClientProcess::Target() const {
  if (std::holds_alternative<TheLeader>(setup_.attachment)) return leader_;
  if (const auto* server = std::get_if<zab::ServerId>(&setup_.attachment)) return *server;
  return setup_.servers[next_server_ % setup_.servers.size()];
}

void ClientProcess::Connect(sim::Host& host) {
  if (IsOver(host.now().monotonic)) return;
  if (setup_.draws_server) {
    next_server_ = chooser_.Below(kChoice, {host.node().value}, setup_.servers.size());
  }
  const std::optional<zab::ServerId> target = Target();
  if (!target) return host.SetTimer({kRetry}, setup_.pause);
  server_ = *target;
  ++connection_.value;
  decoder_ = {};
  phase_ = Phase::kConnecting;
  host.SetTimer({kPatience}, setup_.connect_timeout.value_or(setup_.patience));
  host.Connect(connection_, NodeOfServer(server_), PortNumberOf(zab::Port::kClient));
}

void ClientProcess::OnConnected(zab::ConnectionId connection, sim::Host& host) {
  if (connection != connection_ || phase_ != Phase::kConnecting) return;
  phase_ = Phase::kHandshaking;
  host.Send(connection_, Encode(zab::client::ConnectRequest{.last_zxid_seen = last_zxid_seen_}),
            false);
}

void ClientProcess::OnConnectFailed(zab::ConnectionId connection, sim::Host& host) {
  if (connection == connection_ && phase_ != Phase::kIdle) DropConnection(host);
}

void ClientProcess::OnClosed(zab::ConnectionId connection, sim::Host& host) {
  if (connection == connection_ && phase_ != Phase::kIdle) DropConnection(host);
}

void ClientProcess::DropConnection(sim::Host& host) {
  const bool was_ready = phase_ == Phase::kReady;
  phase_ = Phase::kIdle;
  ++next_server_;
  host.CancelTimer({kPatience});
  host.CancelTimer({kIssue});
  if (was_ready) {
    host.Emit(ColumnsOf({.probe = Probe::kClientClosed, .peer = server_, .client = client_id_}));
  }
  while (!in_flight_.empty()) {
    const InFlight request = std::move(in_flight_.front());
    in_flight_.pop_front();
    ReportResult(request, Kind::kIndeterminate, {.cxid = request.cxid}, host);
  }
  if (!IsOver(host.now().monotonic)) host.SetTimer({kRetry}, setup_.pause);
}

void ClientProcess::OnReceived(zab::ConnectionId connection, const zab::Payload& bytes,
                               sim::Host& host) {
  decoder_.Feed(bytes.view());
  while (connection == connection_ && phase_ != Phase::kIdle) {
    const absl::StatusOr<std::optional<absl::string_view>> frame = decoder_.Next();
    ZAB_CHECK(frame.ok()) << frame.status().ToString();
    if (!frame->has_value()) return;
    if (phase_ == Phase::kHandshaking) {
      const absl::StatusOr<zab::client::ConnectResponse> response =
          zab::client::ParseConnectResponse(**frame);
      ZAB_CHECK(response.ok()) << response.status().ToString();
      OnConnectResponse(*response, host);
    } else {
      absl::StatusOr<zab::client::Reply> reply = zab::client::ParseReply(**frame);
      ZAB_CHECK(reply.ok()) << reply.status().ToString();
      OnReply(*std::move(reply), host);
    }
  }
}

void ClientProcess::OnConnectResponse(const zab::client::ConnectResponse& response,
                                      sim::Host& host) {
  phase_ = Phase::kReady;
  client_id_ = response.client_id;
  last_cxid_ = 0;
  ResetPatience(host);
  host.Emit(ColumnsOf({.probe = Probe::kClientConnected, .peer = server_, .client = client_id_}));
  SendDueRequests(host);
}

void ClientProcess::ResetPatience(sim::Host& host) {
  if (in_flight_.empty()) return host.CancelTimer({kPatience});
  host.SetTimer({kPatience}, setup_.patience);
}

// ---- Requests -----------------------------------------------------------------------------------

void ClientProcess::SendDueRequests(sim::Host& host) {
  while (phase_ == Phase::kReady) {
    const zab::Time now = host.now().monotonic;
    Turn turn = std::visit([&](auto& work) { return work.Next(now, chooser_); }, setup_.work);
    if (turn.job) {
      SendRequest(*std::move(turn.job), host);
      continue;
    }
    if (turn.at) host.SetTimer({kIssue}, *turn.at - now);
    return;
  }
}

void ClientProcess::SendRequest(Job job, sim::Host& host) {
  const int32_t cxid = ++last_cxid_;
  if (job.script) results_[*job.script].sent = true;
  last_sent_ = job;
  zab::Payload bytes = Encode(zab::client::Request{.cxid = cxid, .operation = job.operation});
  in_flight_.push_back({.cxid = cxid, .job = std::move(job)});
  if (in_flight_.size() == 1) ResetPatience(host);
  host.Emit(ColumnsOf({.probe = Probe::kInvoked,
                       .peer = server_,
                       .client = client_id_,
                       .number = cxid,
                       .code = static_cast<int32_t>(last_sent_->operation.type),
                       .tree = zab::Hash64Of(last_sent_->operation.path)}));
  host.Send(connection_, std::move(bytes), false);
}

void ClientProcess::OnReply(zab::client::Reply reply, sim::Host& host) {
  if (in_flight_.empty() || in_flight_.front().cxid != reply.cxid) {
    // A reply out of order: the server is broken (the checkers see its `replied`).  ZooKeeper's
    // client also drops such a connection.
    host.Close(connection_);
    return DropConnection(host);
  }
  const InFlight request = std::move(in_flight_.front());
  in_flight_.pop_front();
  ResetPatience(host);
  if (reply.zxid > last_zxid_seen_) last_zxid_seen_ = reply.zxid;
  const bool ok = reply.result.error == zab::Error::kOk;
  ReportResult(request, ok ? Kind::kOk : Kind::kError, std::move(reply), host);
  SendDueRequests(host);
}

void ClientProcess::ReportResult(const InFlight& request, Kind kind, zab::client::Reply reply,
                                 sim::Host& host) {
  const bool has_answer = kind != Kind::kIndeterminate;
  const TraceEvent event{.probe = Probe::kReturned,
                         .kind = kind,
                         .peer = server_,
                         .zxid = reply.zxid,
                         .client = client_id_,
                         .number = request.cxid,
                         .code = static_cast<int32_t>(reply.result.error),
                         .txn = has_answer ? AnswerOf(reply.result).Digest() : 0};
  std::visit(
      [&](auto& work) { work.OnReturned(request.job, kind, reply.result, host.now().monotonic); },
      setup_.work);
  if (request.job.script) {
    OperationResult& result = results_[*request.job.script];
    result.kind = kind;
    result.zxid = reply.zxid;
    result.result = std::move(reply.result);
  }
  host.Emit(ColumnsOf(event));
}

// ---- Timers and signals -------------------------------------------------------------------------

void ClientProcess::OnTimer(sim::TimerKey key, sim::Host& host) {
  if (key.name == kRetry && phase_ == Phase::kIdle) return Connect(host);
  if (key.name == kIssue) return SendDueRequests(host);
  if (key.name == kPatience && phase_ != Phase::kIdle) {
    host.Close(connection_);
    DropConnection(host);
  }
}

void ClientProcess::OnSignal(int signal, sim::Host& host) {
  if (signal == kStopSignal) {
    std::visit([](auto& work) { work.Stop(); }, setup_.work);
  } else if (signal == kLivenessSignal) {
    if (auto* liveness = std::get_if<LivenessWork>(&setup_.work)) liveness->Again();
    if (phase_ == Phase::kIdle) return host.SetTimer({kRetry}, {});
    SendDueRequests(host);
  } else if (signal == kNoLeaderSignal) {
    leader_.reset();
  } else if (signal > kNoLeaderSignal) {
    leader_ = zab::ServerId{static_cast<uint16_t>(signal - kNoLeaderSignal)};
  }
}

}  // namespace scenario
