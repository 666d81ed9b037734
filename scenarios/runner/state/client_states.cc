#include "scenarios/runner/state/client_states.h"

namespace scenario {
namespace {

ClientStatus StatusOf(Kind answer) {
  if (answer == Kind::kOk) return ClientStatus::kOk;
  return answer == Kind::kError ? ClientStatus::kError : ClientStatus::kUnknown;
}

}  // namespace

absl::string_view Name(ClientStatus status) {
  switch (status) {
    case ClientStatus::kIdle: return "IDLE";
    case ClientStatus::kWaiting: return "WAITING";
    case ClientStatus::kOk: return "OK";
    case ClientStatus::kError: return "ERROR";
    case ClientStatus::kUnknown: break;
  }
  return "UNKNOWN";
}

void ClientStates::OnRecord(const Record& record) {
  const TraceEvent& event = record.event;
  if (event.probe == Probe::kClientConnected) {
    clients_[record.node].server = event.peer;
  } else if (event.probe == Probe::kClientClosed) {
    clients_[record.node].server = {};
  } else if (event.probe == Probe::kInvoked) {
    clients_[record.node].status = ClientStatus::kWaiting;
    clients_[record.node].operation = event.code;
  } else if (event.probe == Probe::kReturned) {
    clients_[record.node].status = StatusOf(event.kind);
    clients_[record.node].zxid = event.zxid;
  }
}

}  // namespace scenario
