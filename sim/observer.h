// Observer: whoever watches a world and may act on it: checkers, fault injectors, the judge.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/moment.h"
#include "sim/trace.h"

namespace sim {

class World;

/// Owned by the world, and cloned with it: refers to itself by ObserverId and to nothing outside.
class Observer {
 public:
  Observer() = default;
  virtual ~Observer() = default;
  virtual std::unique_ptr<Observer> Clone() const = 0;

  /// Each record, when it is emitted and before the process performs the next effect: a crash here
  /// is a crash at that very point.  What is emitted meanwhile is seen after this record, in order.
  virtual void OnTrace(World& /*world*/, const Record& /*record*/) {}
  /// World::AfterStep.
  virtual void OnAfterStep(World& /*world*/, uint64_t /*token*/) {}
  /// World::WatchMoments.  A crash here is a crash at that very point: what the moment announces
  /// does not happen.
  virtual void OnMoment(World& /*world*/, const Moment& /*moment*/) {}
  /// World::At.
  virtual void OnAlarm(World& /*world*/, uint64_t /*token*/) {}

 protected:
  Observer(const Observer&) = default;
  Observer& operator=(const Observer&) = default;
};

}  // namespace sim
