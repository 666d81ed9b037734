// What a client asks for, as in REQUEST: the op code and the record after it
// (REFERENCE.md 5.3, 12.1).
#pragma once

#include "absl/status/statusor.h"
#include "protocol/wire/jute.h"
#include "protocol/wire/operation.h"

namespace zab {

/// Of a write or a sync; every ACL is world:anyone ALL.
void WriteRequest(const Operation& operation, JuteWriter& out);

/// The inverse, up to the end of `in`.  Writes that are not implemented are kUnimplemented.
/// InvalidArgument for what no ZooKeeper server forwards.
absl::StatusOr<Operation> ReadRequest(JuteReader& in);

}  // namespace zab
