// ClientStates: where each client is connected, what it has asked, and what it was answered.
#pragma once

#include "absl/container/btree_map.h"
#include "scenarios/runner/record/record.h"

namespace scenario {

enum class ClientStatus : uint8_t { kIdle, kWaiting, kOk, kError, kUnknown };
constexpr int kClientStatusCount = static_cast<int>(ClientStatus::kUnknown) + 1;
/// "IDLE", "WAITING", "OK", "ERROR", "UNKNOWN": it will never hear what became of its request.
absl::string_view Name(ClientStatus status);

struct ClientState {
  zab::ServerId server;  // To which it is connected; 0: to none.
  ClientStatus status = ClientStatus::kIdle;
  int32_t operation = 0;  // zab::OpType of its newest request.
  zab::Zxid zxid;         // Of the newest answer.
};

/// A plain value.
class ClientStates {
 public:
  /// Takes a record in; those of servers change nothing.
  void OnRecord(const Record& record);
  /// By node; those of which nothing has been told are missing.
  const absl::btree_map<sim::NodeId, ClientState>& clients() const { return clients_; }

 private:
  absl::btree_map<sim::NodeId, ClientState> clients_;
};

}  // namespace scenario
