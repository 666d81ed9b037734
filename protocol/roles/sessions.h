// When the sessions of all clients expire, as the leader keeps it (ZK SessionTrackerImpl).  The
// sessions themselves are in the tree, which outlives the leader.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/container/btree_map.h"
#include "protocol/base/time.h"
#include "protocol/wire/messages.h"

namespace zab {

/// The deadlines of the open sessions.  A plain value.
class Sessions {
 public:
  /// The session expires one timeout after `now` or the last Touch.
  void Open(const Session& session, Time now) {
    deadlines_[session.id] = now + Milliseconds(session.timeout);
  }
  /// Its client was heard from.  False if it is not open.
  bool Touch(const Session& session, Time now) {
    if (!deadlines_.contains(session.id)) return false;
    Open(session, now);
    return true;
  }
  /// Does nothing if it is not open.
  void Close(int64_t id) { deadlines_.erase(id); }
  /// The ids of sessions whose deadline has passed, ascending.
  std::vector<int64_t> Expired(Time now) const {
    std::vector<int64_t> expired;
    for (const auto& [id, deadline] : deadlines_) {
      if (deadline <= now) expired.push_back(id);
    }
    return expired;
  }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("deadlines", deadlines_);
  }

 private:
  absl::btree_map<int64_t, Time> deadlines_;
};

}  // namespace zab
