// The epoch files' text and their atomic replacement.
#include "protocol/storage/epochs.h"

#include <string>

#include "protocol/base/check.h"

namespace zab {

std::optional<Epoch> ParseEpoch(absl::string_view text) {
  text = text.substr(0, text.find_first_of("\r\n"));
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<uint64_t>(c - '0');
    if (value > kLastEpoch.value) return std::nullopt;
  }
  return Epoch{static_cast<uint32_t>(value)};
}

OperationId Epochs::Store(Kind kind, const char* file, Epoch epoch, Outbox& out) {
  ZAB_CHECK(!busy()) << "two epochs at a time";
  kind_ = kind;
  storing_ = epoch;
  waits_for_ = out.Replace(file, Payload(std::to_string(epoch.value)));
  return *waits_for_;
}

OperationId Epochs::StoreAccepted(Epoch epoch, Outbox& out) {
  ZAB_CHECK(epoch >= accepted_) << "a promise revoked: " << ToString(epoch);
  return Store(Kind::kAccepted, kAcceptedEpochFile, epoch, out);
}

OperationId Epochs::StoreCurrent(Epoch epoch, Outbox& out) {
  return Store(Kind::kCurrent, kCurrentEpochFile, epoch, out);
}

bool Epochs::OnFileDone(const FileDone& done, Outbox& out) {
  if (!waits_for_ || done.operation != *waits_for_) return false;
  if (done.error != FileError::kNone) return true;  // Never durable; the peer halts.
  waits_for_.reset();
  (kind_ == Kind::kAccepted ? accepted_ : current_) = storing_;
  out.Emit({.probe = Probe::kEpochPersisted, .kind = kind_, .epoch = storing_});
  return true;
}

}  // namespace zab
