// The sections of a scenario; each is read and written in a file of its own.
#pragma once

#include <vector>

#include "scenarios/runner/parse/object_reader.h"

namespace scenario {

// Each ReadValue reads the section at `at` into `out`.  Mistakes are reported to `in`, each with
// its place; a key that is missing or wrong leaves its default.

/// The whole scenario; `in.scenario` must be `out`.
void ReadValue(ReadContext& in, const Place& at, Scenario& out);
void ReadValue(ReadContext& in, const Place& at, Cluster& out);
/// Also fills Scenario::clocks.
void ReadValue(ReadContext& in, const Place& at, zab::Timing& out);
void ReadValue(ReadContext& in, const Place& at, Network& out);
void ReadValue(ReadContext& in, const Place& at, Disks& out);
void ReadValue(ReadContext& in, const Place& at, Servers& out);
/// Also fills Scenario::clients and ::operations.
void ReadValue(ReadContext& in, const Place& at, std::vector<Block>& out);
/// Also fills Scenario::variables.
void ReadValue(ReadContext& in, const Place& at, std::vector<Event>& out);
void ReadValue(ReadContext& in, const Place& at, std::vector<Action>& out);
void ReadValue(ReadContext& in, const Place& at, std::vector<Nemesis>& out);
void ReadValue(ReadContext& in, const Place& at, Expect& out);
void ReadValue(ReadContext& in, const Place& at, Run& out);
void ReadValue(ReadContext& in, const Place& at, Sweep& out);
void ReadValue(ReadContext& in, const Place& at, Lesson& out);
void ReadValue(ReadContext& in, const Place& at, Scope& out);

// Each WriteValue returns the section in canonical form; `s` is the scenario that holds the names.

Value WriteValue(const Scenario& s, const Scenario& value);
Value WriteValue(const Scenario& s, const Cluster& value);
Value WriteValue(const Scenario& s, const zab::Timing& value);
Value WriteValue(const Scenario& s, const Network& value);
Value WriteValue(const Scenario& s, const Disks& value);
Value WriteValue(const Scenario& s, const Servers& value);
Value WriteValue(const Scenario& s, const std::vector<Block>& value);
Value WriteValue(const Scenario& s, const std::vector<Event>& value);
Value WriteValue(const Scenario& s, const std::vector<Action>& value);
Value WriteValue(const Scenario& s, const std::vector<Nemesis>& value);
Value WriteValue(const Scenario& s, const Expect& value);
Value WriteValue(const Scenario& s, const Run& value);
Value WriteValue(const Scenario& s, const Sweep& value);
Value WriteValue(const Scenario& s, const Lesson& value);
Value WriteValue(const Scenario& s, const Scope& value);

// Values that several sections use; defined in parse_physics.cc.
void ReadValue(ReadContext& in, const Place& at, Distribution& out);
Value WriteValue(const Scenario& s, const Distribution& value);
void ReadValue(ReadContext& in, const Place& at, SetLink& out);
void ReadValue(ReadContext& in, const Place& at, SetDisk& out);
Value WriteValue(const Scenario& s, const SetLink& value);
Value WriteValue(const Scenario& s, const SetDisk& value);

/// How long a correct cluster may take to recover after quiet when faults were random; no deadline
/// from quiet may be shorter (LANGUAGE.md 4).  The sum of ZooKeeper's election back-off, one wasted
/// init_limit, and a connect whose answer was lost in a cut, which ZooKeeper's cnxTimeout gives up
/// after 5 s, whatever the tick (half of the bound with the short tick of ci/swarm.json).
zab::Duration RecoveryBound(const zab::Timing& timing);

}  // namespace scenario
