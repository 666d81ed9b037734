// Peer: one ZooKeeper server as a step function.  It does no I/O and has no clock or threads:
// everything that happens comes in as an Input, everything to be done goes out as Effects, and a
// driver with a simulated or a real network performs them.
#pragma once

#include <ostream>
#include <string>
#include <variant>

#include "protocol/base/hash.h"
#include "protocol/boundary/io.h"
#include "protocol/roles/core.h"
#include "protocol/roles/follower.h"
#include "protocol/roles/leader.h"
#include "protocol/roles/looking.h"
#include "protocol/roles/recovering.h"

namespace zab {

/// A plain value: a copy is a second server in the same state.
class Peer {
 public:
  using Role = std::variant<Recovering, Looking, Follower, Leader>;

  /// A server that has just been started; nothing happens before the input Started.  `entity` is
  /// the entity of its draws and must differ between starts of the server.
  Peer(PeerConfig config, Chooser chooser, Entity entity);

  /// Processes one input and appends the effects.  They may all be performed immediately, in order.
  void Step(Instant now, const Input& input, Effects& effects);

  /// Checks invariants that hold between any two steps, except with known bugs; ends the process if
  /// one is violated.
  void CheckInvariants() const;

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("core", core_);
    std::visit([&](const auto& role) { field(NameOf(role), role); }, role_);
  }

  const Core& core() const { return core_; }
  const Role& role() const { return role_; }

 private:
  struct Dispatcher;

  static constexpr const char* NameOf(const Recovering&) { return "recovering"; }
  static constexpr const char* NameOf(const Looking&) { return "looking"; }
  static constexpr const char* NameOf(const Follower&) { return "follower"; }
  static constexpr const char* NameOf(const Leader&) { return "leader"; }

  void OnFileDone(const FileDone& done, Outbox& out);
  void OnTimer(TimerId timer, Outbox& out);
  void OnResume(const Task& task, Outbox& out);
  void OnNotifications(const std::vector<ReceivedNotification>& received, Outbox& out);
  void OnLogProgress(Outbox& out);
  /// Without a leader: returns whether everything that will be announced is durable and in the
  /// tree.
  bool CatchUp();
  /// Changes the role while the current one has ended.
  void ChangeRoles(Outbox& out);
  void BecomeLooking(Reason why, bool reload, Outbox& out);
  void MaybeSnapshot(Outbox& out);

  Core core_;
  Role role_;
};

/// All fields as text; of a long list the beginning, and the hash of the rest.
std::string ToString(const Peer& peer);
std::ostream& operator<<(std::ostream& out, const Peer& peer);
/// The same in all fields, but for who watches its draws.
bool operator==(const Peer& a, const Peer& b);
/// Equal for equal peers, on every machine.
Hash128 HashOf(const Peer& peer);

}  // namespace zab
