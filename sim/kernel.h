// Kernel: the time, the event queue and the draws, which all parts of a world share.  The world
// owns it and passes it to each call; no part keeps a reference.
#pragma once

#include <cstdint>
#include <variant>

#include "protocol/base/handles.h"
#include "protocol/base/random.h"
#include "protocol/base/time.h"
#include "sim/armed_faults.h"
#include "sim/causes.h"
#include "sim/event_queue.h"
#include "sim/node_id.h"
#include "sim/process.h"

namespace sim {

/// The position of an observer in the order of World::AddObserver, from 0.
struct ObserverId {
  uint32_t value = 0;
  friend constexpr auto operator<=>(const ObserverId&, const ObserverId&) = default;
};

/// A connection in the network's table, and one of its two directions: 0 is that of its initiator.
struct StreamId {
  uint32_t connection = 0;
  uint8_t direction = 0;
};

namespace event {

// Some of these may be stale when they occur, which is detected by the seq that their scheduler
// remembers, or by the incarnation.
struct Start {
  NodeId node;
  uint64_t incarnation = 0;
};
struct Timer {
  NodeId node;
  TimerKey key;
};
struct Task {
  NodeId node;
  TaskKind kind = 0;
  uint64_t number = 0;
  uint64_t incarnation = 0;
};
struct Signal {
  NodeId node;
  int signal = 0;
  uint64_t incarnation = 0;
};
/// The work of a process is done.
struct Worked {
  NodeId node;
  uint64_t incarnation = 0;
};
/// A node that was paused or at work processes its next waiting input.
struct Drain {
  NodeId node;
  uint64_t incarnation = 0;
};
/// The first packet of the stream that is on the wire arrives.
struct Arrival {
  StreamId stream;
};
/// The stream retries to send its first packet that is not on the wire.
struct Retry {
  StreamId stream;
};
/// The send buffer of the stream has room for its first packet that is not on the wire.
struct Space {
  StreamId stream;
};
/// A machine resets a connection of a process that has ended.
struct Reset {
  StreamId stream;
};
struct ConnectTimeout {
  uint32_t connection = 0;
};
struct SendDone {
  NodeId node;
  zab::ConnectionId connection;
  uint64_t incarnation = 0;
};
/// A random break of the link (LinkProfile::breaks).
struct LinkBreak {
  NodeId from;
  NodeId to;
};
/// The running operation of the disk is done.
struct Disk {
  NodeId node;
};
struct Alarm {
  ObserverId observer;
  uint64_t token = 0;
};

}  // namespace event

using EventBody = std::variant<event::Start, event::Timer, event::Task, event::Signal, event::Drain,
                               event::Worked, event::Arrival, event::Retry, event::Space,
                               event::Reset, event::ConnectTimeout, event::SendDone,
                               event::LinkBreak, event::Disk, event::Alarm>;

struct Event {
  EventBody body;
  uint64_t cause = 0;  // Id of a record (causes.h).
};

struct Kernel {
  zab::Time now;
  zab::Chooser chooser;
  EventQueue<Event> queue;
  Causes causes;
  ArmedFaults armed;

  /// Schedules with the current cause; returns the seq.
  uint64_t Schedule(zab::Time time, const EventBody& body) {
    return queue.Push(time, Event{body, causes.OfEffect()});
  }
};

}  // namespace sim
