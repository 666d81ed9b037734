// The outermost keys, `end` and `run`.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/language/bugs.h"
#include "scenarios/runner/language/units.h"
#include "scenarios/runner/parse/codecs.h"
#include "scenarios/runner/parse/sections.h"

namespace scenario {

// ---- end ----------------------------------------------------------------------------------------

namespace {

// "all", "core" or a list of servers.
struct HealCodec {
  void Read(ReadContext& in, const Place& at, HealedServers& out) const {
    if (at.value.Is(Value::Type::kArray)) {
      auto& servers = out.emplace<std::vector<zab::ServerId>>();
      ListOf<>{{}, /*may_be_empty=*/false}.Read(in, at, servers);
    } else if (at.value.Is(Value::Type::kString) && at.value.text == "core") {
      out = HealCore{};
    } else if (at.value.Is(Value::Type::kString) && at.value.text == "all") {
      out = HealAll{};
    } else {
      Wrong(in, at, "wanted \"all\", \"core\" or a list of servers");
    }
  }
  Value Write(const Scenario& s, const HealedServers& value) const {
    if (std::holds_alternative<HealAll>(value)) return Value::String("all");
    if (std::holds_alternative<HealCore>(value)) return Value::String("core");
    return ListOf<>().Write(s, std::get<std::vector<zab::ServerId>>(value));
  }
};

}  // namespace

template <class V, Is<Quiet> S>
void Fields(V& v, S& quiet) {
  v.Required("at", quiet.at);
  v("heal", quiet.heal, HealCodec{});
}

template <class V, Is<End> S>
void Fields(V& v, S& end) {
  zab::Duration length = end.at - zab::Time{};  // NOLINT(misc-const-correctness): read into.
  v.Required("virtual", length, DurationCodec{zab::Nanoseconds(1)});
  if constexpr (V::kReads) end.at = zab::Time{} + length;
  v("settle", end.settle, DurationCodec());
  v("txns", end.txns, Integer{1});
  v("events", end.events, Integer{1});
  v("quiet", end.quiet, Object{});
  if (v.GivesUp()) return;
  if (end.quiet.has_value() && end.quiet->at > end.at) {
    v.Fail("quiet", absl::StrCat("wanted it before the end of the run at ", FormatDuration(length),
                                 ", found ", FormatDuration(end.quiet->at - zab::Time{})));
  }
}

// ---- run ----------------------------------------------------------------------------------------

namespace {

// A number up to 2^53, beyond that a decimal string.
struct SeedCodec {
  absl::string_view or_else = "";  // The alternative to a number, for messages.
  void Read(ReadContext& in, const Place& at, uint64_t& out) const {
    if (at.value.Is(Value::Type::kInteger)) return Integer{0}.Read(in, at, out);
    const absl::StatusOr<uint64_t> seed =
        ParseSeed(at.value.Is(Value::Type::kString) ? at.value.text : "");
    if (!seed.ok()) return Wrong(in, at, absl::StrCat(seed.status().message(), or_else));
    out = *seed;
  }
  Value Write(const Scenario&, uint64_t seed) const {
    return seed <= static_cast<uint64_t>(kLargestInteger)
               ? Value::Integer(static_cast<int64_t>(seed))
               : Value::String(absl::StrCat(seed));
  }
};

}  // namespace

namespace {

// A seed, or "commit".
struct FirstSeed {
  void Read(ReadContext& in, const Place& at, Seeds& out) const {
    out.of_commit = at.value.Is(Value::Type::kString) && at.value.text == "commit";
    if (!out.of_commit) SeedCodec{", or \"commit\""}.Read(in, at, out.from);
  }
  Value Write(const Scenario& s, const Seeds& seeds) const {
    return seeds.of_commit ? Value::String("commit") : SeedCodec{}.Write(s, seeds.from);
  }
};

}  // namespace

template <class V, Is<Seeds> S>
void Fields(V& v, S& seeds) {
  v("from", seeds, FirstSeed{});
  v("count", seeds.count, Integer{1});
  if (seeds.from + (seeds.count - 1) < seeds.from) {
    v.Fail("count", "wanted seeds up to 18446744073709551615, found more");
  }
}

namespace {

// A range or a list.
struct SeedsCodec {
  void Read(ReadContext& in, const Place& at, Seeds& out) const {
    if (at.value.Is(Value::Type::kArray)) {
      ListOf<SeedCodec>{{}, /*may_be_empty=*/false}.Read(in, at, out.list);
    } else if (at.value.Is(Value::Type::kObject)) {
      Object().Read(in, at, out);
    } else {
      Wrong(in, at, "wanted {\"from\": 1, \"count\": 100} or a list of seeds");
    }
  }
  Value Write(const Scenario& s, const Seeds& value) const {
    if (value.list.empty()) return Object().Write(s, value);
    return ListOf<SeedCodec>().Write(s, value.list);
  }
};

// Any value, kept as JSON.
struct RawCodec {
  void Read(ReadContext&, const Place& at, Value& out) const { out = at.value; }
  Value Write(const Scenario&, const Value& value) const { return value; }
};

// A JSON pointer to what may vary.
struct PointerKey {
  bool ReadKey(ReadContext& in, const Place& at, std::string& out) const {
    out = at.value.key;
    for (const absl::string_view fixed : {"/run", "/format", "/id"}) {
      if (out == fixed || out.rfind(std::string(fixed) + "/", 0) == 0) {
        in.problems.Add(at, absl::StrCat("\"", fixed, "\" cannot vary"));
        return false;
      }
    }
    return true;
  }
  std::string WriteKey(const Scenario&, const std::string& pointer) const { return pointer; }
};

}  // namespace

template <class V, Is<StrategyMix> S>
void Fields(V& v, S& mix) {
  for (const Strategy strategy : kStrategies) {
    std::optional<uint64_t> weight;
    if (!V::kReads && mix[static_cast<size_t>(strategy)] > 0) {
      weight = mix[static_cast<size_t>(strategy)];
    }
    v(Name(strategy), weight, Integer{1, kLargestWeight});
    if constexpr (V::kReads) mix[static_cast<size_t>(strategy)] = weight.value_or(0);
  }
  if (mix == StrategyMix{}) v.Fail("", "wanted at least one strategy with a weight, found none");
}

template <class V, Is<Budget> S>
void Fields(V& v, S& budget) {
  v("wall", budget.wall, DurationCodec{zab::Seconds(1)});
  v("cpu", budget.cpu, DurationCodec{zab::Seconds(1)});
}

template <class V, Is<Run> S>
void Fields(V& v, S& run) {
  v("seeds", run.seeds, SeedsCodec{});
  v("vary", run.vary,
    MapOf<PointerKey, ListOf<RawCodec>>{{}, ListOf<RawCodec>{{}, /*may_be_empty=*/false}});
  v("swarm", run.swarm);
  v("weight", run.weight, Integer{1, kLargestWeight});
  v("strategy", run.strategy, Object());
  v("budget", run.budget, Object());
  v("fail_fast", run.fail_fast, Integer{1});
  v("selfcheck", run.selfcheck, RatioCodec());
  v("shrink", run.shrink);
}

void ReadValue(ReadContext& in, const Place& at, Run& out) {
  Object().Read(in, at, out);
}
Value WriteValue(const Scenario& s, const Run& value) {
  return Object().Write(s, value);
}

// ---- known_bug ----------------------------------------------------------------------------------

namespace {

struct BugIdCodec {
  void Read(ReadContext& in, const Place& at, std::string& out) const {
    if (!HasType(in, at, Value::Type::kString, "wanted the id of a known bug")) return;
    out = at.value.text;
    if (FindBug(out) != nullptr) return;
    Wrong(in, at, "wanted the id of a known bug (`zabsim bugs --list` shows them)",
          NearestBug(out));
  }
  Value Write(const Scenario& s, const std::string& id) const { return WriteValue(s, id); }
};

// "deadline", or a list of invariants.
struct ViolatesCodec {
  void Read(ReadContext& in, const Place& at, std::vector<std::string>& out) const {
    if (at.value.Is(Value::Type::kArray)) {
      ListOf<InvariantName>{{}, /*may_be_empty=*/false}.Read(in, at, out);
    } else if (at.value.Is(Value::Type::kString) && at.value.text == kMissedDeadline) {
      out = {std::string(kMissedDeadline)};
    } else {
      Wrong(in, at, "wanted a list of invariants, or \"deadline\"");
    }
  }
  Value Write(const Scenario& s, const std::vector<std::string>& value) const {
    if (value == std::vector{std::string(kMissedDeadline)}) return WriteValue(s, value.front());
    return ListOf<InvariantName>().Write(s, value);
  }
};

}  // namespace

template <class V, Is<KnownBug> S>
void Fields(V& v, S& bug) {
  v.Required("id", bug.id, BugIdCodec{});
  v.Required("violates", bug.violates, ViolatesCodec{});
}

// ---- The whole file -----------------------------------------------------------------------------

namespace {

template <class T>
bool AnyAction(const Scenario& s, bool (*is_meant)(const T&)) {
  return std::ranges::any_of(s.events, [&](const Event& event) {
    return std::ranges::any_of(event.actions, [&](const Action& action) {
      const T* form = std::get_if<T>(&action);
      return form != nullptr && is_meant(*form);
    });
  });
}

constexpr auto kReordered = sim::OnCrash::kReordered;

// Whether a power loss may damage copies regardless of the atlas.
bool Reorders(const Scenario& s) {
  return s.disk.base.on_crash == kReordered ||
         std::ranges::any_of(
             s.disk.servers,
             [](const auto& entry) { return entry.second.on_crash == kReordered; }) ||
         AnyAction<SetDisk>(s,
                            [](const SetDisk& set) { return set.change.on_crash == kReordered; });
}

// Whether corruption may leave a server without a vote until a SNAP repairs it.
bool CorruptsCopies(const Scenario& s) {
  const auto corrupts = [](const Nemesis& nemesis) {
    return nemesis.kind == NemesisKind::kDiskLoss ||
           std::ranges::find(nemesis.shapes, Shape::kRead) != nemesis.shapes.end();
  };
  return std::ranges::any_of(s.nemesis, corrupts) ||
         AnyAction<Corrupt>(s, [](const Corrupt&) { return true; }) ||
         AnyAction<FailIo>(s, [](const FailIo& fail) { return fail.op == sim::IoFault::kRead; });
}

}  // namespace

template <class V, Is<Scenario> S>
void Fields(V& v, S& s) {
  if constexpr (V::kReads) {
    std::optional<std::string> schema;  // For editors; ignored here.
    v("$schema", schema);
  }
  std::string format = "zabsim/1";
  v.Required("format", format, Words<std::string>{{{format, format}}});
  v("id", s.id, NewName{IsScenarioId, "an id such as \"ci/swarm\": a-z, 0-9, _, -, / and ."});
  if (V::kReads || !s.title.empty()) v("title", s.title);
  if (V::kReads || !s.doc.empty()) v("doc", s.doc);
  v("tags", s.tags, ListOf<NewName>{Identifier()});
  v.Required("cluster", s.cluster);
  v("timing", s.timing);
  v("known_bug", s.known_bug, Object{});
  v("network", s.network);
  v("disk", s.disk);
  if (V::kReads || s.servers != Servers{}) v("server", s.servers);
  v("workload", s.workload);
  v("events", s.events);
  v("nemesis", s.nemesis);
  v.Required("end", s.end, Object{});
  v("expect", s.expect);  // After the keys that it refers to.
  v("run", s.run);
  v("sweep", s.sweep);
  v("lesson", s.lesson);
  v("explore", s.explore);
  if constexpr (V::kReads) {
    if (v.GivesUp()) return;
    if (s.disk.atlas && Reorders(s)) {
      v.Fail("disk",
             "wanted `default`.`atlas` false beside `on_crash` \"reordered\", since nothing then "
             "bounds how many copies a power loss damages; or the nemesis disk_loss with the shape "
             "\"reordered\", which the atlas bounds");
    }
    for (const Link& link : s.network.links) {
      const bool is_loose = link.change.dup || link.change.reorder;
      if (!is_loose || s.LinkOf(link.from, link.to).transport != sim::Transport::kStream) continue;
      v.Fail("network", absl::StrCat("the link ", s.NameOf(link.from), " -> ", s.NameOf(link.to),
                                     " has `dup` or `reorder`: wanted a profile with `transport` "
                                     "\"datagram\" for it, found streams"));
    }
    const bool core = s.end.quiet && std::holds_alternative<HealCore>(s.end.quiet->heal);
    if (core && CorruptsCopies(s)) {
      v.Fail(
          "end",
          "wanted `heal` \"all\" or a list, found \"core\": a quorum with a corrupted copy in it "
          "cannot elect, since that server has no vote");
    }
  }
}

void ReadValue(ReadContext& in, const Place& at, Scenario& out) {
  Object().Read(in, at, out);
}
Value WriteValue(const Scenario& s, const Scenario& value) {
  return Object().Write(s, value);
}

}  // namespace scenario
