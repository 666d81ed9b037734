// One record per op code.
#include "protocol/wire/request.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "absl/strings/str_cat.h"
#include "protocol/base/check.h"
#include "protocol/wire/txn.h"

namespace zab {
namespace {

constexpr int32_t kEphemeralFlag = 1;
constexpr int32_t kSequentialFlag = 2;

// What followers of ZooKeeper forward and we cannot do.  (ZK ZooDefs.OpCode.)
bool IsForwardedByZooKeeper(OpType type) {
  constexpr int32_t kCodes[] = {7, 13, 14, 15, 16, 19, 20, 21};
  return std::find(std::begin(kCodes), std::end(kCodes), static_cast<int32_t>(type)) !=
         std::end(kCodes);
}

// The record as it is; `in` stands behind the op code.
Operation Unimplemented(OpType type, JuteReader& in) {
  return {.type = OpType::kUnimplemented,
          .data = std::string(in.Raw(in.remaining())),
          .code = static_cast<int32_t>(type)};
}

Operation ReadCreateRequest(JuteReader& in) {
  JuteReader record = in;
  Operation operation{.type = OpType::kCreate, .path = in.String(), .data = in.Buffer()};
  const std::vector<Acl> acls = ReadAcls(in);
  const int32_t flags = in.Int();
  operation.ephemeral = (flags & kEphemeralFlag) != 0;
  operation.sequential = (flags & kSequentialFlag) != 0;
  const bool plain = (flags & ~(kEphemeralFlag | kSequentialFlag)) == 0;
  const bool built = plain && acls == std::vector<Acl>{Acl{}};
  return built || !in.ok() || !in.at_end() ? operation : Unimplemented(OpType::kCreate, record);
}

absl::StatusOr<Operation> ReadBody(OpType type, JuteReader& in) {
  switch (type) {
    case OpType::kCreateSession: return Operation{.type = type, .timeout = in.Int()};
    case OpType::kCloseSession: return Operation{.type = type};
    case OpType::kCreate: return ReadCreateRequest(in);
    case OpType::kSetData:
      return Operation{.type = type, .path = in.String(), .data = in.Buffer(), .version = in.Int()};
    case OpType::kDelete: return Operation{.type = type, .path = in.String(), .version = in.Int()};
    case OpType::kSync: return Operation{.type = type, .path = in.String()};
    case OpType::kUnimplemented:
    case OpType::kExists:
    case OpType::kGetData:
    case OpType::kGetChildren: break;  // Reads are answered where they arrive.
  }
  if (IsForwardedByZooKeeper(type)) return Unimplemented(type, in);
  return absl::InvalidArgumentError("no operation that is forwarded");
}

}  // namespace

void WriteRequest(const Operation& operation, JuteWriter& out) {
  const bool built = operation.type != OpType::kUnimplemented;
  out.Int(built ? static_cast<int32_t>(operation.type) : operation.code);
  switch (operation.type) {
    case OpType::kCreateSession: return out.Int(operation.timeout);
    case OpType::kCloseSession: return;
    case OpType::kCreate:
      out.String(operation.path);
      out.Buffer(operation.data);
      WriteAcls({Acl{}}, out);
      return out.Int((operation.ephemeral ? kEphemeralFlag : 0) |
                     (operation.sequential ? kSequentialFlag : 0));
    case OpType::kSetData:
      out.String(operation.path);
      out.Buffer(operation.data);
      return out.Int(operation.version);
    case OpType::kDelete: out.String(operation.path); return out.Int(operation.version);
    case OpType::kSync: return out.String(operation.path);
    case OpType::kUnimplemented: return out.Raw(operation.data.value_or(""));
    case OpType::kExists:
    case OpType::kGetData:
    case OpType::kGetChildren: break;
  }
  ZAB_CHECK(false) << Name(operation.type) << " is not forwarded";
}

absl::StatusOr<Operation> ReadRequest(JuteReader& in) {
  const int32_t code = in.Int();
  absl::StatusOr<Operation> operation = ReadBody(static_cast<OpType>(code), in);
  if (operation.ok() && (!in.ok() || !in.at_end())) {
    return absl::InvalidArgumentError(absl::StrCat("bad body of op ", code));
  }
  return operation;
}

}  // namespace zab
