// The two epoch files (REFERENCE.md 2.1): ASCII decimal, replaced atomically and durably.
#pragma once

#include <optional>

#include "protocol/base/handles.h"
#include "protocol/storage/directory.h"
#include "protocol/wire/ids.h"

namespace zab {

/// The epoch in the first line of `text`, which may begin with a plus and zeros, as ZooKeeper reads
/// it; nullopt if that is not an epoch (31 bits).
std::optional<Epoch> ParseEpoch(absl::string_view text);

/// The durable accepted and current epochs of this server, and the write in progress.
class Epochs {
 public:
  Epoch accepted() const { return accepted_; }
  Epoch current() const { return current_; }
  void Set(Epoch accepted, Epoch current) { accepted_ = accepted, current_ = current; }

  /// Starts to store an epoch; the value changes when it is durable.  One at a time.
  OperationId StoreAccepted(Epoch epoch, Outbox& out);
  OperationId StoreCurrent(Epoch epoch, Outbox& out);
  /// Returns whether the completion was its own; then the value is durable and has been traced.
  bool OnFileDone(const FileDone& done, Outbox& out);
  bool busy() const { return waits_for_.has_value(); }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("accepted", accepted_);
    field("current", current_);
    field("waits_for", waits_for_);
    field("kind", kind_);
    field("storing", storing_);
  }

 private:
  OperationId Store(Kind kind, const char* file, Epoch epoch, Outbox& out);

  Epoch accepted_, current_;  // Durable.
  std::optional<OperationId> waits_for_;
  Kind kind_ = Kind::kNone;  // kAccepted or kCurrent, while it waits.
  Epoch storing_;            // While it waits.
};

}  // namespace zab
