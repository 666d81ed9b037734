// The names of probes and kinds.
#include "scenarios/runner/record/probe.h"

namespace scenario {

absl::string_view Name(Probe probe) {
  switch (probe) {
#define PROBE(number, enumerator, name) \
  case Probe::enumerator: return name;
#include "protocol/boundary/probes.inc"
#include "scenarios/runner/record/probes.inc"
#undef PROBE
  }
  return "?";
}

absl::string_view Name(Kind kind) {
  switch (kind) {
#define KIND(number, enumerator, name) \
  case Kind::enumerator: return name;
#include "protocol/boundary/kinds.inc"
#include "scenarios/runner/record/kinds.inc"
#undef KIND
  }
  return "?";
}

}  // namespace scenario
