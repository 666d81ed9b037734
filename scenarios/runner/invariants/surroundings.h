// What checkers look at besides the records: the time, the disks, and what clients have asked for.
#pragma once

#include "protocol/base/time.h"
#include "protocol/wire/ids.h"
#include "protocol/wire/operation.h"
#include "scenarios/runner/record/record.h"
#include "sim/file_store.h"

namespace scenario {

/// Read at each record, in the state just after it.
class Surroundings {
 public:
  virtual ~Surroundings() = default;
  virtual zab::Time now() const = 0;
  virtual const sim::FileStore& files(zab::ServerId server) const = 0;
  /// The request that the client has just sent; null if it is not known.
  virtual const zab::Operation* last_request(NodeId client) const = 0;
};

}  // namespace scenario
