// Story: what a transition of one server tells, as far as anybody who judges it listens.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "protocol/wire/operation.h"
#include "scenarios/runner/record/record.h"
#include "sim/file_store.h"

namespace scenario::explore {

struct Told {
  Record record;                               // Without id, time and connection.
  std::shared_ptr<const sim::FileStore> disk;  // Of its server just then, if it is looked at.
  std::optional<zab::Operation> request;       // kInvoked: what was asked for.
};
using Story = std::vector<Told>;

}  // namespace scenario::explore
