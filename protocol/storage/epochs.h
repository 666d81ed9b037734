// The two epoch files (REFERENCE.md 2.1): ASCII decimal, replaced atomically and durably.
#pragma once

#include <optional>

#include "protocol/base/handles.h"
#include "protocol/storage/directory.h"
#include "protocol/wire/ids.h"

namespace zab {

inline constexpr char kAcceptedEpochFile[] = "acceptedEpoch";
inline constexpr char kCurrentEpochFile[] = "currentEpoch";

/// None if the text is no epoch.
std::optional<Epoch> ParseEpoch(absl::string_view text);

/// What this server has promised and accepted, durably, and the write under way.
class Epochs {
 public:
  Epoch accepted() const { return accepted_; }
  Epoch current() const { return current_; }
  void Set(Epoch accepted, Epoch current) { accepted_ = accepted, current_ = current; }

  /// Begins to store; the values change when it is durable.  One at a time.
  OperationId StoreAccepted(Epoch epoch, Outbox& out);
  OperationId StoreCurrent(Epoch epoch, Outbox& out);
  /// Whether the completion was its own: then the value is durable and has been traced.
  bool OnFileDone(const FileDone& done, Outbox& out);
  bool busy() const { return waits_for_.has_value(); }

 private:
  OperationId Store(Kind kind, const char* file, Epoch epoch, Outbox& out);

  Epoch accepted_, current_;  // Durable.
  std::optional<OperationId> waits_for_;
  Kind kind_ = Kind::kNone;  // kAccepted or kCurrent, while it waits.
  Epoch storing_;            // While it waits.
};

}  // namespace zab
