// The story of a failing run, for a maintainer to read first.
#pragma once

#include <cstdint>

#include "scenarios/runner/cluster/cluster.h"
#include "scenarios/runner/language/scenario.h"

namespace scenario {

struct Story {
  Text title;  // A few words.
  Text text;   // One paragraph: faults, milestones, requests, and what went wrong.
};

/// Runs the scenario once, until it stops, and describes the run.
Story TellStory(const Scenario& scenario, uint64_t seed, const ServerFactory& servers);

}  // namespace scenario
