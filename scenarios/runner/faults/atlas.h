// The atlas: never are more copies spoiled than the protocol can repair.  A server's copy may be
// spoiled only while a quorum of others hold all of it durably and can use what they hold.
#pragma once

#include <vector>

#include "scenarios/runner/matching/run_facts.h"
#include "sim/world.h"

namespace scenario {

/// kDetectable: a restart finds out, gives no vote, and SNAP mends it.  kForgotten: no format of
/// ZooKeeper's can tell that something is missing, the promises of the epoch files included.
enum class Loss : uint8_t { kDetectable, kForgotten };

/// Whether the atlas lets the copy of `node` go, now.  With `disk.default.atlas` false everything
/// detectable may go; what is forgotten must be held by a quorum of others all the same, since no
/// protocol without a memory could tell.
bool MayCorrupt(NodeId node, Loss loss, const Context& context, const sim::World& world);

/// The servers whose history a restart could not use, or that have found it so and are not mended.
std::vector<zab::ServerId> UnusableCopies(const Context& context, const sim::World& world);

}  // namespace scenario
