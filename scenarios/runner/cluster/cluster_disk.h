// The contents of the servers' disks at the start (`cluster.initial`): generated transactions in
// ZooKeeper's file formats.
#pragma once

#include <vector>

#include "protocol/boundary/config.h"
#include "protocol/storage/directory.h"
#include "protocol/wire/txn.h"
#include "scenarios/runner/language/scenario.h"
#include "sim/file_store.h"

namespace scenario {

/// The configuration of server `self`: the voters and its settings.
zab::PeerConfig PeerConfigOf(const Scenario& scenario, zab::ServerId self);

/// The whole history of `server` at the start as ranges, including what its snapshot covers; empty
/// if it starts with an empty disk.  The part before its log is taken from a server whose log
/// contains it; otherwise it is that epoch from counter 1 and, beyond
/// kMostInitialWrites, only the zxids that the file names: the snapshot covers the rest.
std::vector<ZxidRange> InitialHistory(const Scenario& scenario, zab::ServerId server);

/// The transactions of that history.  The write at a zxid depends on the zxid alone; its digest
/// depends on the history before it.
std::vector<zab::TxnRef> InitialTxns(const Scenario& scenario, zab::ServerId server);

/// All files of a disk as they would be after a power loss.
zab::DirectoryImage DurableImage(const sim::FileStore& files);

/// The initial files of `server`: epochs, snapshot, log.  Empty if it starts with an empty disk.
zab::DirectoryImage InitialDisk(const Scenario& scenario, zab::ServerId server);

}  // namespace scenario
