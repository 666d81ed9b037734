// Requests of clients, and what they must be answered: the model follows what is committed.
#include <algorithm>
#include <vector>

#include "protocol/base/hash.h"
#include "scenarios/runner/invariants/ghost.h"

namespace scenario {

void Ghost::OnClientRecord(const Record& record, const Surroundings& world) {
  const Event& event = record.event;
  ClientGhost& client = clients_[event.client];
  client.node = record.node;
  if (event.probe == Probe::kInvoked) {
    ClientOperation& operation = client.in_flight.emplace_back();
    operation.number = event.number;
    operation.request.type = static_cast<zab::OpType>(event.code);
    if (const zab::Operation* request = world.last_request(record.node)) {
      operation.request = *request;
      operation.judged = TreeModel::Judges(operation.request);
    }
    // A request of a client of the leader is not forwarded.
    const bool has_server = IsServer(sim::NodeId{event.peer.value});
    if (has_server && server(event.peer).role == ServerGhost::Role::kLeading) {
      operation.floor = server(event.peer).delivered;
    }
    return;
  }
  change_.returned.reset();
  const auto found = std::ranges::find(client.in_flight, event.number, &ClientOperation::number);
  if (found == client.in_flight.end()) return;
  change_.returned = std::move(*found);
  client.in_flight.erase(found);
}

void Ghost::OnReplied(zab::ServerId, const Event& event) {
  const auto client = clients_.find(event.client);
  if (client == clients_.end()) return;
  std::deque<ClientOperation>& waiting = client->second.in_flight;
  const auto found = std::ranges::find(waiting, event.number, &ClientOperation::number);
  if (found == waiting.end() || !found->judged || IsWrite(found->request.type)) return;
  if (found->request.type == zab::OpType::kSync) {
    found->answer = Answer{.path = zab::Hash64Of(found->request.path)};
  } else if (histories_.zxid(modelled_) >= event.zxid || event.zxid.counter == 0) {
    found->answer = model_.Read(found->request, event.zxid);
  }
}

// Everything delivered is committed (MonotonicServing).
void Ghost::AdvanceModel() {
  if (model_.broken() || modelled_ == committed_) return;
  if (!histories_.IsPrefix(modelled_, committed_)) return model_.Break();
  std::vector<HistoryId> added;
  for (HistoryId at = committed_; at != modelled_; at = histories_.parent(at)) added.push_back(at);
  for (auto at = added.rbegin(); at != added.rend(); ++at) ApplyToModel(*at);
  constexpr uint32_t kOften = 64;
  const bool often = histories_.size(committed_) / kOften > histories_.size(modelled_) / kOften;
  modelled_ = committed_;
  if (!often) return;
  model_.Forget(LeastDelivered());
  FoldOld();
}

void Ghost::ApplyToModel(HistoryId history) {
  const zab::Txn* const txn = histories_.contents(history);
  if (txn == nullptr) return model_.Break();
  ClientOperation* request = nullptr;
  const auto client = clients_.find(txn->header.client_id);
  if (client != clients_.end()) {
    std::deque<ClientOperation>& waiting = client->second.in_flight;
    const auto found =
        std::ranges::find(waiting, int64_t{txn->header.cxid}, &ClientOperation::number);
    if (found != waiting.end() && found->judged) request = &*found;
  }
  if (request != nullptr) {
    std::optional<Text> mistake = model_.Mistake(*txn, request->request);
    if (mistake && !change_.mistake) change_.mistake = {history, *std::move(mistake)};
  }
  const std::optional<Answer> answer = model_.Apply(*txn);
  if (request != nullptr) request->answer = answer;
}

/// No server will show less, unless it is new.
zab::Zxid Ghost::LeastDelivered() const {
  zab::Zxid least = histories_.zxid(longest_delivered_);
  for (const ServerGhost& server : servers_) {
    least = std::min(least, histories_.zxid(server.delivered));
  }
  return least;
}

}  // namespace scenario
