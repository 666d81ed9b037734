// Requester: a client as checkers see it.
#pragma once

#include "protocol/wire/operation.h"
#include "sim/process.h"

namespace scenario {

/// The process of every client node.
class Requester : public sim::Process {
 public:
  /// The last request sent; while kInvoked is being traced, the traced one.  Null if there is none
  /// yet.
  virtual const zab::Operation* last_request() const = 0;
};

}  // namespace scenario
