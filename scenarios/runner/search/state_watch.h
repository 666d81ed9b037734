// StateWatch: collects the abstract states of a run and which messages met which roles, which is
// what a campaign counts as coverage (SEARCH.md 3.1).  Fed with the records of a run.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/container/btree_set.h"
#include "scenarios/runner/record/record.h"
#include "scenarios/runner/state/cluster_state.h"

namespace scenario {

/// Changes whenever the fingerprint of a state may change; fingerprints of different versions must
/// not be compared.
constexpr int kFingerprintVersion = 1;

/// Only states whose fingerprint is divisible by this are counted: an unbiased sample, since
/// fingerprints are hashes, that fits a campaign of a million runs into memory.
constexpr uint64_t kOneStateIn = 8;

/// A server in some role and phase receives a message (kNone: another input) and accepts it (kNone)
/// or has a reason to refuse it or to stop.
struct Encounter {
  Kind role{};
  Kind phase{};
  Kind message{};
  zab::Reason reason{};
  friend constexpr auto operator<=>(const Encounter&, const Encounter&) = default;
};

/// A fingerprint is XXH3-64 over, per server: role, phase, how far its epoch is behind the newest
/// one, how many written transactions it has not delivered {0, 1, 2, 3 and more}, whether all of
/// them are synced, whether it is writing a snapshot, whether it is up, paused or down; and per
/// link between servers: whether a session is open and the kinds of the first three messages of
/// discovery, synchronisation and broadcast in flight.  Servers are sorted by their own part, so
/// that states that differ only in names are equal.
class StateWatch {
 public:
  explicit StateWatch(size_t servers);

  void OnRecord(const Record& record);

  /// The distinct counted states, in the order in which they occurred.
  const std::vector<uint64_t>& states() const { return states_; }
  const absl::btree_set<Encounter>& encounters() const { return encounters_; }

 private:
  /// The kinds of the messages in flight, oldest first.
  struct Link {
    bool open = false;
    std::vector<Kind> in_flight;
  };

  Link& LinkBetween(size_t from, size_t to) {
    return links_[from * cluster_.servers().size() + to];
  }
  bool IsServer(uint16_t node) const { return node >= 1 && node <= cluster_.servers().size(); }
  void OnMessage(const Record& record);
  void Meet(const ServerState& server, Kind message, zab::Reason reason);
  void CloseAll(size_t server);
  void Take();
  uint64_t Fingerprint() const;

  ClusterState cluster_;
  std::vector<Link> links_;  // [from * servers + to].
  std::vector<uint64_t> states_;
  absl::btree_set<uint64_t> seen_;
  absl::btree_set<Encounter> encounters_;
};

}  // namespace scenario
