// Peer: one ZooKeeper server as a step function.  It does no I/O, has no clock and no thread: what
// happens comes in as an Input, what it wants done goes out as Effects, and whoever drives it, over
// a simulated or a real network, does just that.
#pragma once

#include <string>
#include <variant>

#include "protocol/boundary/io.h"
#include "protocol/roles/core.h"
#include "protocol/roles/follower.h"
#include "protocol/roles/leader.h"
#include "protocol/roles/looking.h"
#include "protocol/roles/recovering.h"

namespace zab {

/// A plain value: copying it gives a second server in the same state.
class Peer {
 public:
  using Role = std::variant<Recovering, Looking, Follower, Leader>;

  /// A server that has just been started: nothing happens before the input Started.  `entity` is
  /// whom `chooser` draws for, and must differ from one start of the server to the next.
  Peer(PeerConfig config, Chooser chooser, Entity entity);

  /// Takes one input and appends what is to be done.  All of it may be done at once, in order.
  void Step(Instant now, const Input& input, Effects& effects);

  /// Truths that hold between any two steps, but for known bugs; ends the process if one does not.
  void CheckInvariants() const;

  const Core& core() const { return core_; }
  const Role& role() const { return role_; }

 private:
  struct Dispatcher;

  void OnFileDone(const FileDone& done, Outbox& out);
  void OnTimer(TimerId timer, Outbox& out);
  void OnResume(const Task& task, Outbox& out);
  void OnNotifications(const std::vector<ReceivedNotification>& received, Outbox& out);
  void OnLogProgress(Outbox& out);
  /// Without a leader: whether all that may be announced is durable and in the tree.
  bool CatchUp();
  /// Changes the role as long as one has come to its end.
  void ChangeRoles(Outbox& out);
  void BecomeLooking(Reason why, bool reload, Outbox& out);
  void MaybeSnapshot(Outbox& out);

  Core core_;
  Role role_;
};

}  // namespace zab
