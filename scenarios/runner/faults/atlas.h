// The atlas: ensures that no more copies are corrupted than the protocol can repair.  A server's
// copy may be corrupted only while a quorum of other servers hold all of it durably and usably.
#pragma once

#include <vector>

#include "scenarios/runner/matching/run_facts.h"
#include "sim/world.h"

namespace scenario {

/// kDetectable: a restart detects it, the server does not vote, and a SNAP repairs it.  kForgotten:
/// none of ZooKeeper's formats can reveal that data are missing; this includes the promises in the
/// epoch files.
enum class Loss : uint8_t { kDetectable, kForgotten };

/// Whether the atlas permits losing the copy of `node` now.  With `disk.default.atlas` false any
/// detectable loss is permitted; a kForgotten loss still requires a quorum of others that hold the
/// copy, since no protocol can notice that its memory was erased.
bool MayCorrupt(NodeId node, Loss loss, const Context& context, const sim::World& world);

/// The servers whose history a restart could not use, or that have found it unusable and have not
/// been repaired since.
std::vector<zab::ServerId> UnusableCopies(const Context& context, const sim::World& world);

}  // namespace scenario
