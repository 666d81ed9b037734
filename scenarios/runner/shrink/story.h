// The story of a failing run: what a maintainer reads first.
#pragma once

#include <cstdint>

#include "scenarios/runner/cluster/cluster.h"
#include "scenarios/runner/language/scenario.h"

namespace scenario {

struct Story {
  Text title;  // A few words.
  Text text;   // One paragraph: faults, milestones, requests, and what went wrong.
};

/// Runs the scenario once, to what stops it, and tells it.
Story TellStory(const Scenario& scenario, uint64_t seed, const ServerFactory& servers);

}  // namespace scenario
