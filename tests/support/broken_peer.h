// Peers broken on purpose: a decorator that edits the effects of a real peer.  They show that the
// checkers can fail.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "scenarios/runner/cluster/cluster.h"
#include "scenarios/runner/cluster/zab_process.h"

namespace support {

/// Changes the effects of one step.  A copyable value, called for every server.
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

/// Servers that are all broken in this way.
scenario::ServerFactory BrokenServers(Sabotage sabotage);

/// Servers that ignore disk errors: each operation seems to succeed, and unreadable files seem
/// empty.
scenario::ServerFactory ErrorBlindServers();

/// Skips file operations of this kind on files with this prefix, but reports them as done.
Sabotage SkipFileOperation(zab::FileKind kind, std::string prefix);
/// Skips the file operations selected by `wanted`, but reports them as done.  `before` is the
/// previous file operation of the same step; null if there is none.
Sabotage SkipFileOperations(
    std::function<bool(const zab::FileOp& file, const zab::FileOp* before)> wanted);
/// Renames files whose temporary name has this prefix before they are synced.
Sabotage RenameBeforeFsync(std::string prefix);
/// Snapshots get their name as soon as they are written, even if the log is not synced.
Sabotage NameSnapshotsAtOnce();
/// Received snapshots get their final name before the old history is removed.
Sabotage NameBeforeRemoval();
/// The leader sends COMMIT with each PROPOSAL.
Sabotage CommitAtOnce();
/// One of every `every` PROPOSALs is not sent.
Sabotage LoseProposals(int every);
/// Changes replies before they are sent.
Sabotage ChangeReplies(std::function<void(zab::ClientReply& reply)> change);

}  // namespace support
