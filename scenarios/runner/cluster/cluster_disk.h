// What servers find on their disks at the start (`cluster.initial`): made-up transactions, in
// ZooKeeper's own files.
#pragma once

#include <vector>

#include "protocol/boundary/config.h"
#include "protocol/storage/directory.h"
#include "protocol/wire/txn.h"
#include "scenarios/runner/language/scenario.h"
#include "sim/file_store.h"

namespace scenario {

/// Who votes, and the settings, as server `self` has them.
zab::PeerConfig PeerConfigOf(const Scenario& scenario, zab::ServerId self);

/// The whole history of `server` at the start, what its snapshot covers included, as ranges; empty
/// if it starts with an empty disk.  What stands before the first entry of its log is taken from a
/// server whose log tells, else it is the epoch from counter 1.
std::vector<ZxidRange> InitialHistory(const Scenario& scenario, zab::ServerId server);

/// The transactions of that history: the write at a zxid is a function of the zxid alone, its
/// digest of the history up to there.
std::vector<zab::TxnRef> InitialTxns(const Scenario& scenario, zab::ServerId server);

/// All files of a disk, as a power loss would leave them.
zab::DirectoryImage DurableImage(const sim::FileStore& files);

/// All files of `server`: epochs, snapshot, log.  Empty if it starts with an empty disk.
zab::DirectoryImage InitialDisk(const Scenario& scenario, zab::ServerId server);

}  // namespace scenario
