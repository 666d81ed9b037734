// The keys `cluster` and `timing`.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/language/units.h"
#include "scenarios/runner/parse/codecs.h"
#include "scenarios/runner/parse/sections.h"
#include "sim/clock.h"
#include "sim/network.h"

namespace scenario {
namespace {

constexpr absl::string_view kNodeName = "a name of a-z and 0-9 that begins with a letter";

// `voters`: the names of the servers.
struct VotersCodec {
  void Read(ReadContext& in, const Place& at, std::vector<std::string>& out) const {
    if (!HasType(in, at, Value::Type::kArray, "wanted a list of names")) return;
    const size_t count = at.value.children.size();
    if (count == 0) return in.problems.Add(at, "wanted at least one server, found none");
    if (count > Names::kMaxServers) {
      return in.problems.Add(
          at, absl::StrCat("wanted at most ", Names::kMaxServers, " servers, found ", count));
    }
    ListOf<NewName>{{IsNodeName, kNodeName}}.Read(in, at, out);
    for (size_t i = 0; i < count; ++i) {
      const Value& name = at.value.children[i];
      if (name.Is(Value::Type::kString) && in.names.servers.Find(name.text) != i) {
        in.problems.Add(Place{name, &at}, absl::StrCat("\"", name.text, "\" is there twice"));
      }
    }
  }
  Value Write(const Scenario& s, const std::vector<std::string>& value) const {
    return ListOf<>().Write(s, value);
  }
};

// A ratio, or "off".
struct FactorCodec {
  static constexpr bool kKnowsNone = true;
  void Read(ReadContext& in, const Place& at, std::optional<zab::Ratio>& out) const {
    if (at.value.Is(Value::Type::kString) && at.value.text == "off") {
      out.reset();
    } else {
      zab::Ratio ratio;
      RatioCodec{.at_most_one = false}.Read(in, at, ratio);
      out = ratio;
    }
  }
  Value Write(const Scenario& s, const std::optional<zab::Ratio>& value) const {
    return value.has_value() ? RatioCodec().Write(s, *value) : Value::String("off");
  }
};

// The last zxid of the log or, if that is empty, of the snapshot.
zab::Zxid LastOf(const InitialState& state) {
  if (!state.log.empty()) return state.log.back().last;
  return state.snapshot.value_or(zab::Zxid{});
}

// Why the snapshot, where the log begins at or below it, is not in the log; empty if it is.
std::string HoleAtSnapshot(const InitialState& state) {
  if (!state.snapshot || state.log.empty() || *state.snapshot < state.log.front().first) return "";
  zab::Zxid before;
  for (const ZxidRange& range : state.log) {
    if (range.first > *state.snapshot) {
      return absl::StrCat("the snapshot at ", zab::ToString(*state.snapshot),
                          " is in a hole of the log, which goes from ", zab::ToString(before),
                          " to ", zab::ToString(range.first));
    }
    if (*state.snapshot <= range.last) return "";
    before = range.last;
  }
  return "";  // It is beyond the log, which is another mistake.
}

// Why no run can have produced this history; empty if one can.
std::string WhyImpossible(const InitialState& state) {
  uint64_t count = 0;
  const zab::Zxid snapshot = state.snapshot.value_or(zab::Zxid{});
  for (size_t i = 0; i < state.log.size(); ++i) {
    const zab::Zxid first = state.log[i].first;
    const zab::Zxid before = i > 0 ? state.log[i - 1].last : snapshot;
    const bool overlaps = i == 0 && first <= snapshot;
    if (!overlaps && !zab::Follows(first, before)) {
      return absl::StrCat(zab::ToString(first), " cannot directly follow ",
                          before == zab::Zxid{} ? "nothing" : zab::ToString(before),
                          ": counters rise by one, and each epoch begins at 1");
    }
    count += state.log[i].last.counter - first.counter + uint64_t{1};
  }
  if (count > kMostInitialWrites) {
    return absl::StrCat("wanted at most ", kMostInitialWrites, " writes, found ", count);
  }
  if (!state.log.empty() && LastOf(state) < snapshot) {
    return absl::StrCat("the log ends at ", zab::ToString(LastOf(state)), ", before the snapshot");
  }
  return HoleAtSnapshot(state);
}

}  // namespace

template <class V, Is<zab::Limits> S>
void Fields(V& v, S& limits) {
  v("snap_count", limits.snap_count, Integer{2});
  v("snap_size_limit", limits.snap_size_limit, Size{});
  v("snap_retain_count", limits.snap_retain_count, Integer{3});
  v("commit_log_count", limits.commit_log_count, Integer{0});
  v("snapshot_size_factor", limits.snapshot_size_factor, FactorCodec{});
  v("pre_alloc_size", limits.pre_alloc_size, Size{0, int64_t{1} << 30});
  v("max_batch_size", limits.max_batch_size, Integer{1});
  v("flush_delay", limits.flush_delay);
  v("force_snapshot_sync", limits.force_snapshot_sync);
  v("initial_counter", limits.initial_counter, Integer{0, zab::kLastCounter - 1});
}

template <class V, Is<InitialState> S>
void Fields(V& v, S& state) {
  v("snapshot", state.snapshot);
  v("log", state.log, ListOf<>{});
  if constexpr (V::kReads) state.current_epoch = LastOf(state).epoch;
  v("current_epoch", state.current_epoch);
  if constexpr (V::kReads) state.accepted_epoch = state.current_epoch;
  v("accepted_epoch", state.accepted_epoch);
  const std::string impossible = WhyImpossible(state);
  if (!impossible.empty()) v.Fail("log", impossible);
  if (state.current_epoch < LastOf(state).epoch) {
    v.Fail("current_epoch", absl::StrCat("wanted at least ", LastOf(state).epoch.value,
                                         ", the epoch of the last zxid"));
  }
  if (state.accepted_epoch < state.current_epoch) {
    v.Fail("accepted_epoch",
           absl::StrCat("wanted at least current_epoch, ", state.current_epoch.value));
  }
}

template <class V, Is<InitialTree> S>
void Fields(V& v, S& tree) {
  v("nodes", tree.nodes, Integer{0, 1'000'000});
  v("value_size", tree.value_size, Size{0, int64_t{1} << 20});
  constexpr uint64_t kMostBytes = uint64_t{1} << 30;
  if (tree.nodes * tree.value_size > kMostBytes) {
    v.Fail("nodes", absl::StrCat("wanted values of at most 1GiB in all, found ", tree.nodes, " of ",
                                 FormatSize(static_cast<int64_t>(tree.value_size))));
  }
}

namespace {

/// Empty if the tree can lie below the histories; else why not.  One transaction stands for it,
/// which no log could hold.
std::string WhyNoTree(const Cluster& cluster) {
  if (cluster.initial_tree.nodes == 0) return "";
  if (cluster.initial.empty()) return "wanted an `initial` beside it: nobody starts with this tree";
  for (const auto& [server, state] : cluster.initial) {
    const bool in_snapshot = state.snapshot && state.snapshot->counter > 0 &&
                             (state.log.empty() || state.log.front().first.counter > 1);
    if (in_snapshot || server.value == 0) continue;  // 0: an unknown name, reported already.
    return absl::StrCat(
        "wanted every server of `initial` with a snapshot and a log that begins "
        "above counter 1: the tree is in snapshots alone, and that of ",
        cluster.voters[server.value - size_t{1}], " could not hold it");
  }
  return "";
}

}  // namespace

template <class V, Is<Cluster> S>
void Fields(V& v, S& cluster) {
  v.Required("voters", cluster.voters, VotersCodec{});
  v("zones", cluster.zones,
    MapOf<NewNameKey, ListOf<>>{{IsZoneName, "a zone's name of letters and digits"}});
  absl::btree_map<zab::ServerId, std::string> zone_of;
  for (const auto& [zone, servers] : cluster.zones) {
    for (const zab::ServerId server : servers) {
      const auto [entry, is_new] = zone_of.try_emplace(server, zone);
      if (!is_new && server.value != 0) {  // 0: an unknown name, reported already.
        v.Fail("zones", absl::StrCat("\"", cluster.voters[server.value - size_t{1}],
                                     "\" is in zone ", entry->second, " and in zone ", zone));
      }
    }
  }
  v("server", cluster.server, Object{});
  v("initial", cluster.initial, MapOf<ServerKey, Object>{});
  // Left out where there is none: older digests stay.
  if (V::kReads || cluster.initial_tree.nodes > 0) {
    v("initial_tree", cluster.initial_tree, Object{});
  }
  const std::string no_tree = WhyNoTree(cluster);
  if (!no_tree.empty()) v.Fail("initial_tree", no_tree);
  if (cluster.server.initial_counter > 0 && !cluster.initial.empty()) {
    v.Fail("initial", absl::StrCat("wanted none with an initial_counter of ",
                                   cluster.server.initial_counter, ": these histories begin at 1"));
  }
}

void ReadValue(ReadContext& in, const Place& at, Cluster& out) {
  Object().Read(in, at, out);
}
Value WriteValue(const Scenario& s, const Cluster& value) {
  return Object().Write(s, value);
}

namespace {

struct Election {
  zab::Duration notification_min;
  zab::Duration notification_max;
};

}  // namespace

template <class V, Is<Election> S>
void Fields(V& v, S& election) {
  v("notification_min", election.notification_min, DurationCodec{zab::Milliseconds(1)});
  v("notification_max", election.notification_max, DurationCodec{zab::Milliseconds(1)});
  if (election.notification_max < election.notification_min) {
    v.Fail("notification_max", absl::StrCat("wanted at least notification_min, ",
                                            FormatDuration(election.notification_min)));
  }
}

template <class V, Is<ServerClock::Step> S>
void Fields(V& v, S& step) {
  v.Required("at", step.at);
  v.Required("by", step.by, SignedDurationCodec{});
}

template <class V, Is<ServerClock> S>
void Fields(V& v, S& clock) {
  v("drift_ppm", clock.drift_ppm, Integer{-sim::kMaxDrift, sim::kMaxDrift});
  v("offset", clock.offset, SignedDurationCodec{});
  v("step", clock.steps, ListOf<Object>{});
}

template <class V, Is<zab::Timing> S>
void Fields(V& v, S& timing) {
  v("tick_time", timing.tick_time, DurationCodec{zab::Milliseconds(1)});
  v("init_limit", timing.init_limit, Integer{1, 1'000'000});
  v("sync_limit", timing.sync_limit, Integer{1, 1'000'000});
  // NOLINTNEXTLINE(misc-const-correctness): read into.
  Election election{timing.notification_min, timing.notification_max};
  v("election", election, Object{});
  if constexpr (V::kReads) {
    timing.notification_min = election.notification_min;
    timing.notification_max = election.notification_max;
  }
  const MapOf<ServerKey, Object> clocks;
  if constexpr (V::kReads) {
    v("clock", v.in.scenario.clocks, clocks);
  } else if (!v.scenario.clocks.empty()) {
    v("clock", v.scenario.clocks, clocks);
  }
  const int64_t ticks = std::max(timing.init_limit, timing.sync_limit);
  if (timing.tick_time > kLongestDuration / ticks) {
    v.Fail("tick_time", absl::StrCat("too long: ", ticks, " ticks are more than ",
                                     FormatDuration(kLongestDuration)));
  }
}

void ReadValue(ReadContext& in, const Place& at, zab::Timing& out) {
  Object().Read(in, at, out);
}
Value WriteValue(const Scenario& s, const zab::Timing& value) {
  return Object().Write(s, value);
}

zab::Duration RecoveryBound(const zab::Timing& timing) {
  return sim::kConnectTimeout + timing.notification_max +
         (timing.InitTimeout() + timing.SyncTimeout()) * 3;
}

}  // namespace scenario
