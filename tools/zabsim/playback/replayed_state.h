// The state of every server behind any event, replayed from the records: roles, epochs, logs,
// links. What tools/viewer/state.mjs does for the browser, by the same rules.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "protocol/wire/ids.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/record/record.h"
#include "tools/zabsim/playback/watched_run.h"

namespace zabsim {

enum class ReplayedRole : uint8_t { kLooking, kFollowing, kLeading, kDown };

/// Where a server has a transaction.
enum class LogEntry : uint8_t {
  kAbsent,
  kBase,      // In a snapshot, or before what the trace tells.
  kVolatile,  // Written, not synced: a power loss would take it.
  kSynced,
};

struct ReplayedServer {
  ReplayedRole role = ReplayedRole::kLooking;
  bool paused = false;
  bool serving = false;  // Its tree is shown to clients.
  bool damaged = false;  // It found its history damaged.
  scenario::Kind phase =
      scenario::Kind::kNone;             // kElection, ..., kBroadcast; none before the first.
  zab::ServerId leader;                  // Whom it was elected to follow; 0: none.
  zab::Epoch accepted, current;          // On its disk.
  zab::Zxid base;                        // Up to there its history is not known entry by entry.
  std::vector<scenario::ZxidRange> log;  // Behind base, ascending.
  zab::Zxid synced;                      // On its disk up to there.
  zab::Zxid delivered, committed;        // In this life of its process.

  bool up() const { return role != ReplayedRole::kDown; }
  /// The end of its history.
  zab::Zxid last() const { return log.empty() ? base : log.back().last; }
  LogEntry EntryOf(zab::Zxid zxid) const;
};

/// What is wrong with a link.
struct ReplayedLink {
  int cuts = 0;
  bool clogged = false;
};

struct ReplayedState {
  std::vector<ReplayedServer> servers;                                 // By server id, from 1 at 0.
  absl::btree_map<std::pair<uint16_t, uint16_t>, ReplayedLink> links;  // From, to.
  zab::Zxid committed;  // The newest that any leader has committed.

  void Apply(const scenario::Record& record);
};

/// Finds the state behind any event with at most 512 steps.
class ReplayedStates {
 public:
  /// `run` must live as long.
  explicit ReplayedStates(const WatchedRun& run);

  /// Good until the next call.
  const ReplayedState& At(size_t event);

 private:
  const WatchedRun& run_;
  std::vector<ReplayedState> keyframes_;  // Before event k * 512.
  ReplayedState state_;
  size_t next_ = 0;  // The first event that state_ does not have.
};

}  // namespace zabsim
