// Names of operations and errors, as ZooKeeper's clients spell them.
#include "protocol/wire/operation.h"

namespace zab {

absl::string_view Name(OpType type) {
  switch (type) {
    case OpType::kCloseSession: return "closeSession";
    case OpType::kCreateSession: return "createSession";
    case OpType::kUnimplemented: return "unimplemented";
    case OpType::kCreate: return "create";
    case OpType::kDelete: return "delete";
    case OpType::kExists: return "exists";
    case OpType::kGetData: return "getData";
    case OpType::kSetData: return "setData";
    case OpType::kGetChildren: return "getChildren";
    case OpType::kSync: return "sync";
  }
  return "unknown";
}

std::string Name(Error error) {
  switch (error) {
    case Error::kOk: return "OK";
    case Error::kMarshallingError: return "MarshallingError";
    case Error::kUnimplemented: return "Unimplemented";
    case Error::kBadArguments: return "BadArguments";
    case Error::kNoNode: return "NoNode";
    case Error::kNoAuth: return "NoAuth";
    case Error::kBadVersion: return "BadVersion";
    case Error::kNoChildrenForEphemerals: return "NoChildrenForEphemerals";
    case Error::kNodeExists: return "NodeExists";
    case Error::kNotEmpty: return "NotEmpty";
    case Error::kSessionExpired: return "SessionExpired";
  }
  return "error " + std::to_string(static_cast<int32_t>(error));
}

}  // namespace zab
