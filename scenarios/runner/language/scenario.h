// A parsed scenario: plain structs, complete (every default filled in) and checked (every name is
// known).  What the runner executes, and what a shrinker edits and writes back (canonical.h).  The
// meaning of each field is in scenarios/README.md; here stands what that does not say.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "protocol/base/time.h"
#include "protocol/boundary/config.h"
#include "protocol/wire/ids.h"
#include "scenarios/runner/language/clients.h"
#include "scenarios/runner/language/events.h"
#include "scenarios/runner/language/expectations.h"
#include "scenarios/runner/language/lesson.h"
#include "scenarios/runner/language/names.h"
#include "scenarios/runner/language/nemesis.h"
#include "scenarios/runner/language/physics.h"
#include "scenarios/runner/language/runs.h"

namespace scenario {

/// Zxids from first to last, both included, of one epoch.
struct ZxidRange {
  zab::Zxid first;
  zab::Zxid last;
};

/// What a server finds on its disk at the start.
struct InitialState {
  std::vector<ZxidRange> log;  // Ascending; each follows the one before it.
  std::optional<zab::Zxid> snapshot;
  zab::Epoch current_epoch;   // At least the epoch of the last zxid.
  zab::Epoch accepted_epoch;  // At least current_epoch.
};

struct Cluster {
  std::vector<std::string> voters;  // The sid is the position, from 1.
  absl::btree_map<std::string, std::vector<zab::ServerId>> zones;
  zab::Limits server;
  absl::btree_map<zab::ServerId, InitialState> initial;  // Who is missing starts empty.
};

struct Scenario {
  std::string id;
  Text title;
  Text doc;
  std::vector<std::string> tags;
  Cluster cluster;
  zab::Timing timing;
  absl::btree_map<zab::ServerId, ServerClock> clocks;  // The key `timing.clock`; others are true.
  std::optional<KnownBug> known_bug;
  Network network;
  Disks disk;
  std::vector<Block> workload;
  std::vector<Event> events;
  std::vector<Nemesis> nemesis;
  End end;
  Expect expect;
  Run run;
  std::optional<Lesson> lesson;

  std::vector<Client> clients;              // Of all blocks, in their order.
  std::vector<ScriptOperation> operations;  // Of all script blocks, in their order.
  std::vector<Variable> variables;          // All that `bind` names, in the order of events.

  size_t ServerCount() const { return cluster.voters.size(); }
  NodeId NodeOf(ClientIndex client) const {
    return NodeId{static_cast<uint16_t>(ServerCount() + client.value + 1)};
  }
  static NodeId NodeOf(zab::ServerId server) { return NodeId{server.value}; }
  /// "n2", "c1"; empty for a number that nobody has.
  std::string NameOf(NodeId node) const;
  std::string NameOf(zab::ServerId server) const { return NameOf(NodeOf(server)); }
  /// "w/second".
  std::string NameOf(OperationIndex operation) const;
  /// What holds on the link at the start: an entry of `links`, else the pair of zones, else the
  /// default.  Clients have streams whatever it says.
  LinkProfile LinkOf(NodeId from, NodeId to) const;
  /// Whether a profile has transport datagram: a what-if, which may break what ZAB promises.
  bool UsesDatagrams() const;
  DiskProfile DiskOf(zab::ServerId server) const;
  /// At the start and, again, from quiet on.
  int32_t DriftOf(zab::ServerId server) const;
};

}  // namespace scenario
