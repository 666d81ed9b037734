// All that a trace can tell: what the protocol tells of itself, what the world does, and what the
// experiment adds.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"

namespace scenario {

/// What happened.  Those of the protocol have the numbers and names of zab::Probe.
enum class Probe : uint8_t {
#define PROBE(number, enumerator, name) enumerator = number,
#include "protocol/boundary/probes.inc"
#include "scenarios/runner/record/probes.inc"
#undef PROBE
};

/// The `kind` column: one closed list for all probes.
enum class Kind : uint8_t {
#define KIND(number, enumerator, name) enumerator = number,
#include "protocol/boundary/kinds.inc"
#include "scenarios/runner/record/kinds.inc"
#undef KIND
};

/// Their numbers are those below these.
#define PROBE(number, enumerator, name) +1
#define KIND(number, enumerator, name) +1
constexpr int kProbeCount = 0
#include "protocol/boundary/probes.inc"
#include "scenarios/runner/record/probes.inc"
    ;
constexpr int kKindCount = 0
#include "protocol/boundary/kinds.inc"
#include "scenarios/runner/record/kinds.inc"
    ;
#undef PROBE
#undef KIND

/// Its name in scenarios and traces, "sync_decided".
absl::string_view Name(Probe probe);
/// "diff", "PROPOSAL".
absl::string_view Name(Kind kind);

}  // namespace scenario
