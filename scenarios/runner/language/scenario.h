// A parsed scenario: plain structs, complete (with all defaults) and valid (all names resolved).
// The runner executes it, and canonical.h writes it back.  scenarios/README.md explains each key;
// the comments here add what is not said there.
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
#include "scenarios/runner/language/scope.h"
#include "scenarios/runner/language/sweep.h"

namespace scenario {

/// Zxids from first to last, both included, of one epoch.
struct ZxidRange {
  zab::Zxid first;
  zab::Zxid last;
};

/// The most writes in the log of an initial state, and the most that are generated below a
/// snapshot.
inline constexpr uint32_t kMostInitialWrites = 100'000;

/// What a server finds on its disk at the start.
struct InitialState {
  std::vector<ZxidRange> log;  // Ascending and contiguous.
  std::optional<zab::Zxid> snapshot;
  zab::Epoch current_epoch;   // At least the epoch of the last zxid.
  zab::Epoch accepted_epoch;  // At least current_epoch.
};

/// A tree that the snapshots of all initial histories contain.
struct InitialTree {
  uint64_t nodes = 0;
  uint64_t value_size = 0;  // In bytes, of each node.
};

struct Cluster {
  std::vector<std::string> voters;  // The sid is the position, from 1.
  absl::btree_map<std::string, std::vector<zab::ServerId>> zones;
  zab::Limits server;
  absl::btree_map<zab::ServerId, InitialState> initial;  // Others start empty.
  InitialTree initial_tree;
};

/// How a scenario came from its file, for results; no part of the experiment or of its digest.
struct Derivation {
  std::vector<std::string> set;                     // What was changed: "/end/virtual=20s".
  absl::btree_map<std::string, std::string> drawn;  // What `run.vary` drew: pointer to JSON.
};

struct Scenario {
  std::string id;
  Text title;
  Text doc;
  std::vector<std::string> tags;
  Cluster cluster;
  zab::Timing timing;
  absl::btree_map<zab::ServerId, ServerClock>
      clocks;  // The key `timing.clock`; other clocks are accurate.
  std::optional<KnownBug> known_bug;
  Network network;
  Disks disk;
  Servers servers;  // The key `server`.
  std::vector<Block> workload;
  std::vector<Event> events;
  std::vector<Nemesis> nemesis;
  End end;
  Expect expect;
  Run run;
  std::optional<Sweep> sweep;
  std::optional<Lesson> lesson;
  std::optional<Scope> explore;
  Derivation derivation;

  std::vector<Client> clients;              // Of all blocks, in their order.
  std::vector<ScriptOperation> operations;  // Of all script blocks, in their order.
  std::vector<Variable> variables;          // All names of `bind`, in the order of the events.

  size_t ServerCount() const { return cluster.voters.size(); }
  /// Of all servers, ascending.
  auto ServerIds() const { return sim::IdsUpTo<zab::ServerId>(ServerCount()); }
  NodeId NodeOf(ClientIndex client) const {
    return NodeId{static_cast<uint16_t>(ServerCount() + client.value + 1)};
  }
  static NodeId NodeOf(zab::ServerId server) { return NodeId{server.value}; }
  /// "n2", "c1"; empty for an unknown node.
  std::string NameOf(NodeId node) const;
  std::string NameOf(zab::ServerId server) const { return NameOf(NodeOf(server)); }
  /// "w/second".
  std::string NameOf(OperationIndex operation) const;
  /// The initial profile of a link: from `links`, else from the pair of zones, else the default.
  /// Links of clients always have streams.
  LinkProfile LinkOf(NodeId from, NodeId to) const;
  /// Whether any profile has transport datagram, which may break ZAB's guarantees.
  bool UsesDatagrams() const;
  DiskProfile DiskOf(zab::ServerId server) const;
  sim::MachineProfile MachineOf(zab::ServerId server) const;
  /// The drift at the start and, again, from quiet on.
  int32_t DriftOf(zab::ServerId server) const;
};

}  // namespace scenario
