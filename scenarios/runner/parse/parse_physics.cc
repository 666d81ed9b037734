// The keys `network`, `disk` and `server`, and the actions that change links and disks.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/language/units.h"
#include "scenarios/runner/parse/codecs.h"
#include "scenarios/runner/parse/sections.h"

namespace scenario {

// ---- Distributions ------------------------------------------------------------------------------

template <class V, Is<Distribution> S>
void Fields(V& v, S& draw) {
  using enum sim::DistributionKind;
  v.Required("dist", draw.kind,
             Words<sim::DistributionKind>{
                 {{kConst, "const"}, {kUniform, "uniform"}, {kExp, "exp"}, {kBimodal, "bimodal"}}});
  if (v.GivesUp()) return;
  switch (draw.kind) {
    case kConst: v.Required("value", draw.low); break;
    case kUniform:
      v.Required("min", draw.low);
      v.Required("max", draw.high);
      if (!v.GivesUp() && draw.high < draw.low) {
        v.Fail("max", "wanted at least `min`, found less");
      }
      break;
    case kExp: {
      v("floor", draw.low);
      v.Required("mean", draw.mean, DurationCodec{zab::Nanoseconds(1)});
      if (draw.mean > kLongestMean) return v.Fail("mean", "wanted at most 10000000s");
      // The default depends on the mean, which `run.vary` may change, so it is not written out.
      const zab::Duration cap = std::min(sim::Exp(draw.low, draw.mean).high, kLongestDuration);
      std::optional<zab::Duration> other;
      if (!V::kReads && draw.high != cap) other = draw.high;
      v("cap", other);
      if constexpr (V::kReads) draw.high = other.value_or(cap);
      if (draw.high < draw.low) v.Fail("cap", "wanted at least `floor`, found less");
      break;
    }
    case kBimodal:
      v.Required("common", draw.low);
      v.Required("tail", draw.high);
      v.Required("tail_p", draw.tail_p, RatioCodec{});
      if (!v.GivesUp() && draw.high < draw.low) {
        v.Fail("tail", "wanted at least `common`, found less");
      }
      break;
  }
  if constexpr (V::kReads) {
    if (draw.kind == kConst) draw.high = draw.low;
  }
}

void ReadValue(ReadContext& in, const Place& at, Distribution& out) {
  Distribution read;  // Starts from the defaults, not from the earlier value of `out`.
  Object().Read(in, at, read);
  out = read;
}
Value WriteValue(const Scenario& s, const Distribution& value) {
  return Object().Write(s, value);
}

// ---- Links --------------------------------------------------------------------------------------

template <class V, Is<sim::LinkBreaks> S>
void Fields(V& v, S& breaks) {
  v.Required("mean_every", breaks.mean_every, DurationCodec{zab::Milliseconds(1)});
  v("reconnect", breaks.reconnect);
}

// Keys shared by LinkProfile and LinkChange.
template <class V, class S>
void LinkKeys(V& v, S& link) {
  v("latency", link.latency);
  v("loss", link.loss, RatioCodec{});
  v("bandwidth", link.bandwidth, Bandwidth{});
  v("queue", link.queue, Integer{1});
  v("rto_max", link.rto_max, DurationCodec{sim::kFirstRetransmission});
  v("break_after", link.break_after, DurationCodec{zab::Milliseconds(1)});
  v("break", link.breaks, Object{});
}

// Keys that apply to datagrams only.
template <class V, class S>
void DatagramKeys(V& v, S& link) {
  v("dup", link.dup, RatioCodec{});
  v("reorder", link.reorder, RatioCodec{});
}

constexpr char kNeedsDatagram[] =
    "wanted `transport` \"datagram\" beside it: streams duplicate nothing and keep the order";

template <class V, Is<LinkProfile> S>
void Fields(V& v, S& profile) {
  using enum sim::Transport;
  v("transport", profile.transport,
    Words<sim::Transport>{{{kStream, "stream"}, {kDatagram, "datagram"}}});
  LinkKeys(v, profile);
  const bool is_stream = profile.transport == kStream;
  if (V::kReads || !is_stream) DatagramKeys(v, profile);
  if (is_stream && profile.dup.numerator > 0) v.Fail("dup", kNeedsDatagram);
  if (is_stream && profile.reorder.numerator > 0) v.Fail("reorder", kNeedsDatagram);
  if (profile.queue.has_value() && !profile.bandwidth.has_value()) {
    v.Fail("queue", "wanted a `bandwidth` beside it: without one no packet waits");
  }
}

template <class V, Is<Link> S>
void Fields(V& v, S& link) {
  v.Required("from", link.from, AnyNode{});
  v.Required("to", link.to, AnyNode{});
  v("profile", link.profile, KnownName{&Names::profiles, "the name of a profile"});
  LinkKeys(v, link.change);
  DatagramKeys(v, link.change);
}

namespace {

// A list of links, none twice.
struct LinksCodec {
  void Read(ReadContext& in, const Place& at, std::vector<Link>& out) const {
    const size_t before = in.problems.count();
    ListOf<Object>().Read(in, at, out);
    if (in.problems.count() > before) return;
    for (size_t i = 0; i < out.size(); ++i) {
      const Place place{at.value.children[i], &at};
      if (out[i].from == out[i].to) in.problems.Add(place, "wanted two different nodes");
      const bool twice = std::any_of(
          out.begin(), out.begin() + static_cast<std::ptrdiff_t>(i),
          [&](const Link& other) { return other.from == out[i].from && other.to == out[i].to; });
      if (twice) in.problems.Add(place, "this direction is there twice");
    }
  }
  Value Write(const Scenario& s, const std::vector<Link>& value) const {
    return ListOf<Object>().Write(s, value);
  }
};

// A profile or the name of one.
struct ProfileOrName {
  void Read(ReadContext& in, const Place& at, std::variant<LinkProfile, std::string>& out) const {
    if (at.value.Is(Value::Type::kString)) {
      KnownName{&Names::profiles, "a profile or the name of one"}.Read(in, at,
                                                                       out.emplace<std::string>());
    } else {
      Object().Read(in, at, out.emplace<LinkProfile>());
    }
  }
  Value Write(const Scenario& s, const std::variant<LinkProfile, std::string>& value) const {
    if (const auto* name = std::get_if<std::string>(&value)) return WriteValue(s, *name);
    return Object().Write(s, std::get<LinkProfile>(value));
  }
};

// "A-B".
struct ZonePairKey {
  bool ReadKey(ReadContext& in, const Place& at, ZonePair& out) const {
    const std::string& key = at.value.key;
    const size_t dash = key.find('-');
    if (dash == std::string::npos) {
      in.problems.Add(at, absl::StrCat("wanted two zones, \"A-B\", found \"", key, "\""));
      return false;
    }
    out = {key.substr(0, dash), key.substr(dash + 1)};
    if (out.second < out.first) std::swap(out.first, out.second);
    const bool first = Lookup(in, at, out.first, in.names.zones, "a zone").has_value();
    const bool second = Lookup(in, at, out.second, in.names.zones, "a zone").has_value();
    return first && second;
  }
  std::string WriteKey(const Scenario&, const ZonePair& pair) const {
    return absl::StrCat(pair.first, "-", pair.second);
  }
};

// A server or a client as a key.
struct NodeKey {
  bool ReadKey(ReadContext& in, const Place& at, NodeId& out) const {
    NameList nodes;
    for (const NameList* names : {&in.names.servers, &in.names.clients}) {
      for (const std::string& name : names->all()) nodes.Add(name);
    }
    const auto found = Lookup(in, at, at.value.key, nodes, "the name of a server or client");
    if (found.has_value()) out = NodeId{static_cast<uint16_t>(*found + 1)};
    return found.has_value();
  }
  std::string WriteKey(const Scenario& s, NodeId node) const { return s.NameOf(node); }
};

}  // namespace

template <class V, Is<sim::NodeBandwidth> S>
void Fields(V& v, S& node) {
  v("egress", node.egress, Bandwidth{});
  v("ingress", node.ingress, Bandwidth{});
}

template <class V, Is<Network> S>
void Fields(V& v, S& network) {
  v("default", network.base, ProfileOrName{});
  v("profiles", network.profiles,
    MapOf<NewNameKey, Object>{{IsZoneName, "a profile's name of letters and digits"}});
  v("zones", network.zones,
    MapOf<ZonePairKey, KnownName>{{}, {&Names::profiles, "the name of a profile"}});
  v("links", network.links, LinksCodec{});
  if (V::kReads || !network.nodes.empty()) {
    v("nodes", network.nodes, MapOf<NodeKey, Object>{});
  }
}

void ReadValue(ReadContext& in, const Place& at, Network& out) {
  Object().Read(in, at, out);
}
Value WriteValue(const Scenario& s, const Network& value) {
  return Object().Write(s, value);
}

// ---- Disks --------------------------------------------------------------------------------------

// Keys shared by DiskProfile and DiskChange.
template <class V, class S>
void DiskKeys(V& v, S& disk) {
  using enum sim::OnCrash;
  v("read", disk.read);
  v("write", disk.write);
  v("fsync", disk.fsync);
  v("on_crash", disk.on_crash,
    Words<sim::OnCrash>{{{kLoseUnsynced, "lose_unsynced"},
                         {kTorn, "torn"},
                         {kKeep, "keep"},
                         {kReordered, "reordered"}}});
  v("throughput", disk.throughput, Bandwidth{});
  v("capacity", disk.capacity, Size{.min = 1});
}

// The key `default`, which fills two members of Disks.
struct DefaultDisk {
  DiskProfile profile;
  bool atlas = true;
};
template <class V, Is<DefaultDisk> S>
void Fields(V& v, S& disk) {
  DiskKeys(v, disk.profile);
  v("atlas", disk.atlas);
}

template <class V, Is<DiskChange> S>
void Fields(V& v, S& disk) {
  DiskKeys(v, disk);
}

void ReadValue(ReadContext& in, const Place& at, Disks& out) {
  if (!HasType(in, at, Value::Type::kObject, "wanted an object")) return;
  for (const Value& member : at.value.children) {
    const Place place{member, &at};
    zab::ServerId server;
    if (member.key == "default") {
      DefaultDisk read;
      Object().Read(in, place, read);
      out.base = read.profile;
      out.atlas = read.atlas;
    } else if (ServerKey().ReadKey(in, place, server)) {
      Object().Read(in, place, out.servers[server]);
    }
  }
}
Value WriteValue(const Scenario& s, const Disks& value) {
  Value out = Value::Object();
  out.Add("default", Object().Write(s, DefaultDisk{value.base, value.atlas}));
  for (const auto& [server, change] : value.servers) {
    out.Add(s.NameOf(server), Object().Write(s, change));
  }
  return out;
}

// ---- Servers ------------------------------------------------------------------------------------

namespace {

// The hand-overs, by task.
struct HandOversCodec {
  void Read(ReadContext& in, const Place& at,
            absl::btree_map<zab::TaskName, Distribution>& out) const {
    if (!HasType(in, at, Value::Type::kObject, "wanted an object")) return;
    ObjectIn visitor(in, at);
    for (const auto& [task, name] : kNames) {
      std::optional<Distribution> delay;
      visitor(name, delay);
      if (delay) out[task] = *delay;
    }
    visitor.Done();
  }
  Value Write(const Scenario& s, const absl::btree_map<zab::TaskName, Distribution>& value) const {
    ObjectOut visitor(s);
    for (const auto& [task, name] : kNames) {
      if (const auto found = value.find(task); found != value.end()) visitor(name, found->second);
    }
    return std::move(visitor.object);
  }

 private:
  static constexpr std::pair<zab::TaskName, absl::string_view> kNames[] = {
      {zab::TaskName::kOwnNotification, "own_notification"},
      {zab::TaskName::kAcknowledge, "acknowledge"},
      {zab::TaskName::kAckNewLeader, "ack_newleader"},
      {zab::TaskName::kApply, "apply"},
      {zab::TaskName::kSnapshotChunk, "snapshot_chunk"}};
};

}  // namespace

template <class V, Is<ServerChange> S>
void Fields(V& v, S& server) {
  using enum ServerTiming;
  v("profile", server.profile,
    Words<ServerTiming>{{{kInstant, "instant"}, {kJvmLoopback, "jvm-loopback"}}});
  if (V::kReads || !server.hand_over.empty()) v("hand_over", server.hand_over, HandOversCodec{});
  v("step", server.step);
  v("request", server.request);
  v("message", server.message);
  v("role_change", server.role_change);
  v("start", server.start);
  v("reset", server.reset);
}

void ReadValue(ReadContext& in, const Place& at, Servers& out) {
  if (!HasType(in, at, Value::Type::kObject, "wanted an object")) return;
  for (const Value& member : at.value.children) {
    const Place place{member, &at};
    zab::ServerId server;
    if (member.key == "default") {
      Object().Read(in, place, out.base);
    } else if (ServerKey().ReadKey(in, place, server)) {
      Object().Read(in, place, out.servers[server]);
    }
  }
}
Value WriteValue(const Scenario& s, const Servers& value) {
  Value out = Value::Object();
  if (value.base != ServerChange{}) out.Add("default", Object().Write(s, value.base));
  for (const auto& [server, change] : value.servers) {
    out.Add(s.NameOf(server), Object().Write(s, change));
  }
  return out;
}

// ---- Actions ------------------------------------------------------------------------------------

template <class V, Is<SetLink> S>
void Fields(V& v, S& action) {
  v.Required("from", action.from, NodeSelector{});
  v.Required("to", action.to, NodeSelector{});
  LinkKeys(v, action.change);
  DatagramKeys(v, action.change);
  if constexpr (V::kReads) {
    if (v.in.scenario.UsesDatagrams()) return;
    if (action.change.dup) v.Fail("dup", kNeedsDatagram);
    if (action.change.reorder) v.Fail("reorder", kNeedsDatagram);
  }
}
template <class V, Is<SetDisk> S>
void Fields(V& v, S& action) {
  v.Required("target", action.target);
  DiskKeys(v, action.change);
}

void ReadValue(ReadContext& in, const Place& at, SetLink& out) {
  Object().Read(in, at, out);
}
void ReadValue(ReadContext& in, const Place& at, SetDisk& out) {
  Object().Read(in, at, out);
}
Value WriteValue(const Scenario& s, const SetLink& value) {
  return Object().Write(s, value);
}
Value WriteValue(const Scenario& s, const SetDisk& value) {
  return Object().Write(s, value);
}

}  // namespace scenario
