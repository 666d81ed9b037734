// Observer: watches a world and may act on it; for checkers, fault injection, and collecting facts.
#pragma once

#include <cstdint>
#include <memory>

#include "protocol/base/file_op.h"
#include "protocol/base/time.h"
#include "sim/moment.h"
#include "sim/node_id.h"
#include "sim/trace.h"

namespace sim {

class World;

/// A file operation that has ended.
struct FileEnd {
  NodeId node;
  zab::FileKind kind{};
  zab::Time submitted;
  zab::Time ended;
  uint64_t ahead = 0;  // Operations before it in the queue of the disk when it was submitted.
};

/// Owned by the world and cloned with it: it refers to itself by ObserverId and to nothing outside
/// the world.
class Observer {
 public:
  Observer() = default;
  virtual ~Observer() = default;
  virtual std::unique_ptr<Observer> Clone() const = 0;

  /// Called with each record when it is emitted, before the process performs the next effect, so
  /// that a crash here is a crash at exactly this point.  Records emitted meanwhile follow after
  /// this one, in order.
  virtual void OnTrace(World& /*world*/, const Record& /*record*/) {}
  /// World::AfterStep.
  virtual void OnAfterStep(World& /*world*/, uint64_t /*token*/) {}
  /// World::WatchMoments.  A crash here is a crash at exactly this point: what the moment announces
  /// does not happen.
  virtual void OnMoment(World& /*world*/, const Moment& /*moment*/) {}
  /// World::WatchFiles: an operation has ended, well or not.  Nothing may be changed here.
  virtual void OnFileEnd(const World& /*world*/, const FileEnd& /*end*/) {}
  /// World::At.
  virtual void OnAlarm(World& /*world*/, uint64_t /*token*/) {}

 protected:
  Observer(const Observer&) = default;
  Observer& operator=(const Observer&) = default;
};

}  // namespace sim
