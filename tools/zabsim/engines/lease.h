// Leases: who works on which shard, by files in a folder that machines share, without a server.
// The file SHARD.N is the N-th lease of a shard.  The task that creates it, which the file system
// lets only one do, has the shard, until it is renewed no more (its time of change is its last sign
// of life) and somebody creates the next one.  All times are those of the file system's clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace zabsim {

/// The newest lease of a shard.
struct LeaseView {
  uint64_t number = 0;
  std::string holder;           // "host, process 17".
  std::chrono::seconds age{0};  // Since its last sign of life.
  bool given_back = false;

  /// Nobody else may take the shard.
  bool IsHeld(std::chrono::seconds limit) const { return !given_back && age < limit; }
};

/// By shard.  Makes the folder if there is none.
absl::StatusOr<absl::btree_map<uint64_t, LeaseView>> ReadLeases(const std::string& folder);

class Lease {
 public:
  /// None: somebody has it whose last sign of life is younger than `limit`.
  static absl::StatusOr<std::optional<Lease>> Take(const std::string& folder, uint64_t shard,
                                                   std::chrono::seconds limit);

  /// A sign of life.  False: it has become somebody else's, whose work nobody may disturb.
  absl::StatusOr<bool> Renew() const;
  /// Gives it back: others may take the shard at once.
  absl::Status Release() const;

 private:
  Lease(std::string folder, uint64_t shard, uint64_t number)
      : folder_(std::move(folder)), shard_(shard), number_(number) {}

  std::string folder_;
  uint64_t shard_;
  uint64_t number_;
};

}  // namespace zabsim
