// Operations of clients and their results.  In-process structs; their bytes on the quorum port
// (REQUEST) are in codec.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "protocol/wire/ids.h"

namespace zab {

/// ZooKeeper's op codes (REFERENCE.md 12.1).
enum class OpType : int32_t {
  kCloseSession = -11,  // This and the next come from servers whose clients have sessions.
  kCreateSession = -10,
  kUnimplemented = 0,  // Any other write of ZooKeeper's: it fails (REFERENCE.md D29).
  kCreate = 1,
  kDelete = 2,
  kExists = 3,
  kGetData = 4,
  kSetData = 5,
  kGetChildren = 8,
  kSync = 9,
};

/// ZooKeeper's error codes (REFERENCE.md 12.2) that the supported operations can return.
enum class Error : int32_t {
  kOk = 0,
  kMarshallingError = -5,
  kUnimplemented = -6,
  kBadArguments = -8,
  kNoNode = -101,
  kNoAuth = -102,  // /zookeeper/config, which clients may only read.
  kBadVersion = -103,
  kNoChildrenForEphemerals = -108,
  kNodeExists = -110,
  kNotEmpty = -111,
  kSessionExpired = -112,
};

struct Operation {
  OpType type{};
  std::string path;
  std::optional<std::string> data;  // create, setData; unimplemented: the record as it came.
  int32_t version = -1;             // delete, setData; -1: any.
  bool sequential = false;          // create.
  bool ephemeral = false;           // create: the node ends with the client's session.
  int32_t timeout = 0;              // createSession: ms.
  int32_t code = 0;                 // unimplemented: ZooKeeper's op code.

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("type", type);
    field("path", path);
    field("data", data);
    field("version", version);
    field("sequential", sequential);
    field("ephemeral", ephemeral);
    field("timeout", timeout);
    field("code", code);
  }
};

/// Whether it is a transaction; all others except sync are answered from the local tree.
constexpr bool IsWrite(OpType type) {
  switch (type) {
    case OpType::kCloseSession:
    case OpType::kCreateSession:
    case OpType::kUnimplemented:
    case OpType::kCreate:
    case OpType::kDelete:
    case OpType::kSetData: return true;
    case OpType::kExists:
    case OpType::kGetData:
    case OpType::kGetChildren:
    case OpType::kSync: return false;
  }
  return false;
}

/// The Stat that a client sees (REFERENCE.md 12.3).
struct Stat {
  Zxid czxid, mzxid;
  int64_t ctime = 0, mtime = 0;  // ms since 1970.
  int32_t version = 0, cversion = 0, aversion = 0;
  int64_t ephemeral_owner = 0;
  int32_t data_length = 0, num_children = 0;
  Zxid pzxid;
  friend bool operator==(const Stat&, const Stat&) = default;
};

struct Result {
  Error error = Error::kOk;
  std::string path;                   // create, sync.
  std::optional<std::string> data;    // getData.
  std::optional<Stat> stat;           // exists, getData, setData.
  std::vector<std::string> children;  // getChildren: sorted.
};

/// "create", "setData", ...
absl::string_view Name(OpType type);
/// "NoNode"; "error -123" for a code without a name here.
std::string Name(Error error);

}  // namespace zab
