// The role of a server that reads its disk: at its start, and when it has lost its leader before a
// received SNAP was saved (REFERENCE.md 15.1, 9.2).  It sends nothing meanwhile.
#pragma once

#include <optional>
#include <ostream>

#include "protocol/roles/core.h"
#include "protocol/roles/transitions.h"
#include "protocol/storage/directory.h"
#include "protocol/storage/restore.h"

namespace zab {

class Recovering {
 public:
  enum class Phase : uint8_t {
    kDraining,   // Waits until no operation is in progress on the disk.
    kReading,    // Reads the directory.
    kRepairing,  // Repairs are in progress on the disk.
    kDone,
  };
  static constexpr Transition<Phase> kTransitions[] = {
      {Phase::kDraining, Phase::kReading},
      {Phase::kReading, Phase::kRepairing},
      {Phase::kRepairing, Phase::kDone},
  };

  /// `why` is the reason of the election that follows.
  explicit Recovering(Reason why) : why_(why) {}

  /// Call after each step: begins to read once no other operation is in progress on the disk.
  void Poll(Core& core, Outbox& out);
  void OnFileDone(const FileDone& done, Core& core, Outbox& out);

  /// Whether Core has the state of the disk, so that an election may begin.
  bool done() const { return phase_ == Phase::kDone; }
  Reason why() const { return why_; }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("why", why_);
    field("phase", phase_);
    field("reader", reader_);
    field("image", image_);
    field("restored", restored_);
    field("waits_for", waits_for_);
  }

 private:
  void Enter(Phase next);
  void Repair(Core& core, Outbox& out);
  void Finish(Core& core, Outbox& out);

  Reason why_;
  Phase phase_ = Phase::kDraining;
  DirectoryReader reader_;
  DirectoryImage image_;
  Restored restored_;      // From kRepairing on.
  OperationId waits_for_;  // In kRepairing: the last repair operation.
};

/// "reading".
absl::string_view Name(Recovering::Phase phase);
/// Its fields, for failed checks.
std::ostream& operator<<(std::ostream& out, const Recovering& recovering);

}  // namespace zab
