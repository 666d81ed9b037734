// Determines from each disk what a restart would restore.
#include "scenarios/runner/faults/atlas.h"

#include "protocol/boundary/quorum.h"
#include "protocol/storage/restore.h"
#include "scenarios/runner/cluster/cluster_disk.h"

namespace scenario {
namespace {

/// What a server would recover after a power loss now.
struct Copy {
  bool usable = false;
  zab::Zxid last;
  zab::Epoch accepted;
};

Copy CopyOf(zab::ServerId server, const Context& context, const sim::World& world) {
  const sim::Disk& disk = world.disk(NodeOf(server));
  const zab::Restored restored =
      zab::Restore(DurableImage(disk.files()), PeerConfigOf(context.scenario, server));
  return {.usable = !restored.damaged && !disk.WillFail(sim::IoFault::kRead) &&
                    !context.facts.damaged.contains(server),
          .last = restored.database.last_processed,
          .accepted = restored.accepted_epoch.value_or(zab::Epoch{})};
}

}  // namespace

bool MayCorrupt(NodeId node, Loss loss, const Context& context, const sim::World& world) {
  if (loss == Loss::kDetectable && !context.scenario.disk.atlas) return true;
  const Copy mine = CopyOf(SidOf(node), context, world);
  if (!mine.usable) return false;  // What it held is no longer known.
  size_t holders = 0;
  for (const zab::ServerId sid : context.scenario.ServerIds()) {
    if (sid == SidOf(node)) continue;
    const Copy other = CopyOf(sid, context, world);
    const bool promised = loss == Loss::kDetectable || other.accepted >= mine.accepted;
    if (other.usable && other.last >= mine.last && promised) ++holders;
  }
  return zab::IsMajority(holders, context.scenario.ServerCount());
}

std::vector<zab::ServerId> UnusableCopies(const Context& context, const sim::World& world) {
  std::vector<zab::ServerId> servers;
  for (const zab::ServerId sid : context.scenario.ServerIds()) {
    if (!CopyOf(sid, context, world).usable) servers.push_back(sid);
  }
  return servers;
}

}  // namespace scenario
