// Two directories that should hold the same: two servers of one ensemble, or a server of ours and
// one of ZooKeeper's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/inspection/inspect.h"

namespace zab {

/// One difference between the two sides.
struct Difference {
  enum class Kind : uint8_t {
    kLast,         // The last transaction.
    kNode,         // A node that one side has alone.
    kField,        // A field of a node; `field` names it as a client knows it.
    kSession,      // A session that one side has alone, or its timeout.
    kTransaction,  // What one side has logged under a zxid.
  };
  Kind kind{};
  std::string of;     // The node's path, the session's id, the zxid; empty for kLast.
  std::string field;  // Of kField.
  std::string a, b;   // What each side has; empty: nothing.
};

struct Comparison {
  std::vector<Difference> differences;  // Last transaction, transactions, nodes by path, sessions.
  uint64_t nodes = 0, sessions = 0;     // That A has.
  uint64_t transactions = 0;            // That both have logged.
};

/// Compares what restores of the two give and what their logs hold for the same zxids.  The order
/// of children, the numbering of ACLs and which part of the history is in files make no difference;
/// neither does /zookeeper/config, which each server makes itself, nor whether the parts of a
/// failed multi are shown as failed.  Neither side may be damaged beyond restoring.
Comparison Compare(const DirectoryImage& a, const Inspection& restored_a, const DirectoryImage& b,
                   const Inspection& restored_b, size_t max_record = kMaxEntry);

/// "last", "node", "field", "session", "transaction".
const char* Name(Difference::Kind kind);

}  // namespace zab
