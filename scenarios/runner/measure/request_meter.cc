// Everything comes from records: `invoked` and `returned` of the client, the stages of its write
// from the servers, which name the client and its cxid or, later, the zxid.
#include "scenarios/runner/measure/request_meter.h"

#include <algorithm>
#include <variant>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"

namespace scenario {
namespace {

/// When nothing more can be expected of its clients.
zab::Time EndOf(const Scenario& scenario, const Block& block) {
  const auto* closed = std::get_if<Closed>(&block.kind);
  if (closed == nullptr) return scenario.end.at;
  zab::Time end = scenario.end.at;
  if (scenario.end.quiet) end = std::min(end, scenario.end.quiet->at);
  return closed->until ? std::min(end, *closed->until) : end;
}

}  // namespace

RequestMeter::RequestMeter(const Scenario& scenario) {
  for (const Client& client : scenario.clients) {
    clients_.push_back({.end = EndOf(scenario, scenario.workload[client.block])});
  }
}

RequestMeter::Served* RequestMeter::ClientAt(const Scenario& scenario, NodeId node) {
  const size_t first = scenario.ServerCount() + 1;
  const bool known = node.value >= first && node.value - first < clients_.size();
  return known ? &clients_[node.value - first] : nullptr;
}

void RequestMeter::OnRecord(const Scenario& scenario, const Record& record,
                            std::optional<zab::ServerId> leader, Measured& measured,
                            const RowSink& rows) {
  const Probe probe = record.event.probe;
  if (probe == Probe::kProposed) return OnProposed(record, measured);
  if (probe == Probe::kAcked || probe == Probe::kQuorum || probe == Probe::kCommitted) {
    return OnStage(record, measured);
  }
  OnClient(scenario, record, leader, measured, rows);
}

void RequestMeter::OnStage(const Record& record, Measured& measured) {
  const Probe probe = record.event.probe;
  const auto proposal = std::ranges::find(proposals_, record.event.zxid, &Proposal::zxid);
  if (proposal == proposals_.end()) return;
  if (probe == Probe::kAcked && std::exchange(proposal->acked, true)) return;
  Request& request = requests_.at(proposal->request);
  if (probe == Probe::kAcked) {
    request.first_acked = record.time;
    measured.Add(Quantity::kFirstAck, *request.proposed, record.time);
  } else if (probe == Probe::kQuorum) {
    request.quorum_acked = record.time;
    measured.Add(Quantity::kQuorumAck, *request.proposed, record.time);
  } else {
    request.committed = record.time;
    measured.Add(Quantity::kCommitLatency, *request.proposed, record.time);
    proposals_.erase(proposal);
  }
}

void RequestMeter::OnClient(const Scenario& scenario, const Record& record,
                            std::optional<zab::ServerId> leader, Measured& measured,
                            const RowSink& rows) {
  Served* const client = ClientAt(scenario, record.node);
  if (client == nullptr) return;  // That of the liveness write.
  const Probe probe = record.event.probe;
  if (probe == Probe::kClientConnected) {
    ++client->sessions;
  } else if (probe == Probe::kClientClosed) {
    if (!client->outage) client->lost = record.time;
  } else if (probe == Probe::kInvoked) {
    OnInvoked(record, *client, leader, measured);
  } else {
    OnReturned(scenario, record, *client, measured, rows);
  }
}

void RequestMeter::OnInvoked(const Record& record, Served& client,
                             std::optional<zab::ServerId> leader, Measured& measured) {
  if (client.lost) client.outage = std::exchange(client.lost, std::nullopt);
  const auto type = static_cast<zab::OpType>(record.event.code);
  const zab::ServerId server = record.event.peer;
  requests_[{record.event.client, record.event.number}] = {.client = record.node,
                                                           .session = client.sessions,
                                                           .type = type,
                                                           .server = server,
                                                           .submitted = record.time};
  if (!zab::IsWrite(type)) return;
  measured.Count(Counter::kWritesSubmitted);
  if (leader == server) measured.Count(Counter::kWritesAtLeader);
}

void RequestMeter::OnProposed(const Record& record, Measured& measured) {
  const RequestKey key{record.event.client, record.event.number};
  const auto found = requests_.find(key);
  if (found == requests_.end()) return;
  Request& request = found->second;
  request.proposed = record.time;
  request.zxid = record.event.zxid;
  request.leader = {record.node.value};
  proposals_.push_back({record.event.zxid, key});
  measured.Add(Quantity::kWriteWait, request.submitted, record.time);
}

void RequestMeter::OnReturned(const Scenario& scenario, const Record& record, Served& client,
                              Measured& measured, const RowSink& rows) {
  const RequestKey key{record.event.client, record.event.number};
  const auto found = requests_.find(key);
  if (found == requests_.end()) return;
  const Request request = found->second;
  requests_.erase(found);
  std::erase_if(proposals_, [&](const Proposal& proposal) { return proposal.request == key; });

  const bool answered = record.event.kind != Kind::kIndeterminate;
  if (answered) {
    if (client.outage) EndOutage(scenario, record.node, client, record.time, true, measured, rows);
  } else if (!client.outage) {
    client.outage = std::min(request.submitted, client.lost.value_or(request.submitted));
    client.lost.reset();
  }
  if (zab::IsWrite(request.type)) {
    CountWrite(record, request, measured);
  } else if (answered) {
    measured.Count(Counter::kReadsAcknowledged);
    measured.Add(Quantity::kReadLatency, request.submitted, record.time);
  } else {
    measured.Count(Counter::kReadsIndeterminate);
  }
  AddRow(scenario, key, request, &record, rows);
}

void RequestMeter::CountWrite(const Record& record, const Request& request, Measured& measured) {
  if (record.event.kind == Kind::kIndeterminate) {
    return measured.Count(Counter::kWritesIndeterminate);
  }
  if (record.event.kind == Kind::kError) return measured.Count(Counter::kWritesFailed);
  measured.Count(Counter::kWritesAcknowledged);
  measured.Add(Quantity::kWriteLatency, request.submitted, record.time);
  if (!first_write_) first_write_ = record.time;
  last_write_ = record.time;
}

void RequestMeter::EndOutage(const Scenario& scenario, NodeId node, Served& client, zab::Time end,
                             bool ended, Measured& measured, const RowSink& rows) const {
  const zab::Time begin = *std::exchange(client.outage, std::nullopt);
  if (end <= begin) return;
  measured.Add(Quantity::kClientOutage, begin, end);
  measured.Count(Counter::kClientUnavailable, static_cast<uint64_t>((end - begin).nanoseconds));
  if (!rows) return;
  rows(Table::kOutages,
       {scenario.NameOf(node), CellOf(begin), CellOf(end), absl::StrCat(ended ? 1 : 0)});
}

void RequestMeter::AddRow(const Scenario& scenario, const RequestKey& key, const Request& request,
                          const Record* returned, const RowSink& rows) {
  if (!rows) return;
  const bool is_write = zab::IsWrite(request.type);
  Cells cells = {scenario.NameOf(request.client), absl::StrCat(request.session),
                 absl::StrCat(key.second), std::string(zab::Name(request.type)),
                 scenario.NameOf(request.server)};
  if (is_write) {
    cells.push_back(request.leader.value == 0 ? "" : scenario.NameOf(request.leader));
    cells.push_back(CellOf(request.zxid));
  }
  cells.push_back(CellOf(request.submitted));
  if (is_write) {
    for (const auto& stage :
         {request.proposed, request.first_acked, request.quorum_acked, request.committed}) {
      cells.push_back(CellOf(stage));
    }
  }
  const bool answered = returned != nullptr && returned->event.kind != Kind::kIndeterminate;
  cells.push_back(answered ? CellOf(returned->time) : "");
  cells.emplace_back(returned != nullptr ? Name(returned->event.kind) : "");
  cells.push_back(answered ? absl::StrCat(returned->event.code) : "");
  rows(is_write ? Table::kWrites : Table::kReads, cells);
}

void RequestMeter::Finish(const Scenario& scenario, zab::Time end, Measured& measured,
                          const RowSink& rows) {
  for (const auto& [key, request] : requests_) AddRow(scenario, key, request, nullptr, rows);
  for (size_t i = 0; i < clients_.size(); ++i) {
    Served& client = clients_[i];
    if (!client.outage) continue;
    const NodeId node = scenario.NodeOf(ClientIndex{i});
    EndOutage(scenario, node, client, std::min(end, client.end), false, measured, rows);
  }
  const uint64_t count = measured[Quantity::kWriteLatency].count();
  if (count < 2 || *last_write_ == *first_write_) return;
  // Writes per 1,000 s; 128 bits, so that nothing overflows.
  const absl::uint128 span((*last_write_ - *first_write_).nanoseconds);
  measured[Counter::kWriteThroughput] =
      absl::Uint128Low64(absl::uint128(count - 1) * uint64_t{1'000'000'000'000} / span);
}

}  // namespace scenario
