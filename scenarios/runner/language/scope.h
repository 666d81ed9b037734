// The key `explore`: a bounded world, of which every state is to be visited.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace scenario {

/// How finely a class of choices is told apart.
enum class Grain : uint8_t {
  kFine,       // Each is a choice of its own.
  kEager,      // They happen at once, as far as nothing that can be seen comes of them.
  kCanonical,  // They happen at once, in one order.
};

/// Where the exploration begins.
enum class ExploreFrom : uint8_t {
  kStart,    // All servers are about to start, on their initial disks.
  kSettled,  // A leader is established, and all servers serve.
};

/// How often each of these may happen on one path.
struct ExploreBudget {
  uint64_t writes = 0;              // Each of a client of its own.
  uint64_t reads = 0;               // Likewise.
  uint64_t kills = 0;               // A process dies; its machine goes on.
  uint64_t power_losses = 0;        // A machine dies.
  std::optional<uint64_t> crashes;  // Kills and power losses together; none: as many as both allow.
  uint64_t cuts = 0;                // Of a pair of servers, until it is healed.
  uint64_t breaks = 0;              // Of a connection between a leader and a learner.
  uint64_t disk_errors = 0;         // An operation of a disk fails.
  uint64_t snapshots = 0;           // A server is asked to take one.
};

struct ExploreGrain {
  Grain disk = Grain::kEager;          // Operations of disks.  kFine or kEager.
  Grain recovery = Grain::kEager;      // What a restarted server reads.  kFine or kEager.
  Grain election = Grain::kCanonical;  // Notifications and their timers.  kFine or kCanonical.
};

/// States beyond are not entered; an exploration that meets one is not complete.
struct ExploreBounds {
  uint64_t epoch = 16;             // The newest accepted.
  uint64_t round = 64;             // Of elections.
  std::optional<uint64_t> states;  // Distinct.
};

struct Scope {
  ExploreFrom from = ExploreFrom::kSettled;
  ExploreBudget budget;
  ExploreGrain grain;
  ExploreBounds bounds;
  std::vector<std::string> invariants;  // Empty: all that judge states.
};

}  // namespace scenario
