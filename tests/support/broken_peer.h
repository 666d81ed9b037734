// Peers broken on purpose: a decorator that edits what a real peer wants done.  A checker never
// seen to fail checks nothing.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "scenarios/runner/cluster/cluster.h"
#include "scenarios/runner/cluster/zab_process.h"

namespace support {

/// Changes the effects of one step.  Called for every server; a plain value.
using Sabotage = std::function<void(zab::Effects& effects)>;

class BrokenPeer final : public scenario::ZabProcess {
 public:
  BrokenPeer(ZabProcess process, Sabotage sabotage)
      : ZabProcess(std::move(process)), sabotage_(std::move(sabotage)) {}
  std::unique_ptr<Process> Clone() const override { return std::make_unique<BrokenPeer>(*this); }

 protected:
  void Edit(zab::Effects& effects) override { sabotage_(effects); }

 private:
  Sabotage sabotage_;
};

/// An ensemble of which every server is broken in that way.
scenario::ServerFactory BrokenServers(Sabotage sabotage);

/// An ensemble that takes no notice of disk errors: each operation seems to have been done, and
/// what cannot be read seems to be empty.
scenario::ServerFactory ErrorBlindServers();

/// File operations of that kind on files whose names begin so are not done, though the peer is told
/// that they are.
Sabotage SkipFileOperation(zab::FileKind kind, std::string prefix);
/// File operations that `wanted` picks are not done, though the peer is told that they are.
/// `before` is the one that the peer wanted before it in the same step; null: there is none.
Sabotage SkipFileOperations(
    std::function<bool(const zab::FileOp& file, const zab::FileOp* before)> wanted);
/// Of files whose temporary name begins so: renamed first, synced then.
Sabotage RenameBeforeFsync(std::string prefix);
/// A snapshot gets its name as soon as it is written, whatever the log has synced.
Sabotage NameSnapshotsAtOnce();
/// A received snapshot gets its final name before the old history is removed.
Sabotage NameBeforeRemoval();
/// The leader sends COMMIT with each PROPOSAL.
Sabotage CommitAtOnce();
/// Every so many PROPOSALs, one is not sent.
Sabotage LoseProposals(int every);
/// Replies are changed before they are sent.
Sabotage ChangeReplies(std::function<void(zab::ClientReply& reply)> change);

}  // namespace support
