// The result of parsing: a shipped story field by field, and the defaults.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "scenarios/runner/cluster/cluster.h"
#include "scenarios/runner/cluster/zab_process.h"
#include "scenarios/runner/parse/canonical.h"
#include "scenarios/runner/parse/document.h"

namespace scenario::parse_test {
namespace {

Scenario Shipped(const std::string& name) {
  auto document = Document::Load(ZABSIM_SOURCE_DIR "/" + name);
  EXPECT_TRUE(document.ok()) << document.status().message();
  return document.ok() ? document->scenario() : Scenario{};
}

// A scenario with n1, n2, n3 and these additional keys.
absl::StatusOr<Document> WithKeys(const std::string& keys) {
  return Document::Parse(R"({"format": "zabsim/1", "cluster": {"voters": ["n1", "n2", "n3"]},
                             "end": {"virtual": "10s"})" +
                             (keys.empty() ? "" : ", " + keys) + "}",
                         "scenarios/x.json");
}

Scenario Read(const std::string& keys) {
  auto document = WithKeys(keys);
  EXPECT_TRUE(document.ok()) << document.status().message();
  return document.ok() ? document->scenario() : Scenario{};
}

TEST(Parse, TheStoryOfAProposalThatOneFollowerHas) {
  const Scenario s = Shipped("scenarios/proposed-not-committed.json");
  EXPECT_EQ(s.id, "proposed-not-committed");
  EXPECT_EQ(s.cluster.voters, (std::vector<std::string>{"n1", "n2", "n3"}));
  ASSERT_EQ(s.variables.size(), 1u);
  EXPECT_EQ(s.variables[0].name, "z");
  EXPECT_EQ(s.variables[0].column, Column::kZxid);
  const Event& cut = s.events[s.variables[0].event.value];
  const auto& when = std::get<WhenProbe>(cut.trigger);
  EXPECT_EQ(when.filter.on, Probe::kProposed);
  EXPECT_TRUE(std::holds_alternative<Selector::Leader>(when.filter.by->form));
  const auto op = std::get<OperationIndex>(*when.filter.op);
  EXPECT_EQ(s.NameOf(op), "w/second");
  EXPECT_EQ(s.operations[op.value].operation.type, zab::OpType::kSetData);
  EXPECT_EQ(s.operations[op.value].operation.data, "2");
}

TEST(Parse, Defaults) {
  const Scenario s = Read("");
  EXPECT_EQ(s.id, "x");
  EXPECT_EQ(s.timing.tick_time, zab::Seconds(2));
  EXPECT_EQ(s.timing.init_limit, 10);
  EXPECT_EQ(s.timing.notification_max, zab::Seconds(60));
  EXPECT_EQ(s.cluster.server.pre_alloc_size, 64 << 10);
  EXPECT_EQ(s.LinkOf(NodeId{1}, NodeId{2}).latency, sim::Const(zab::Milliseconds(1)));
  EXPECT_EQ(s.DiskOf(zab::ServerId{1}).fsync, sim::Const(zab::Milliseconds(2)));
  EXPECT_EQ(s.run.seeds.size(), 1u);
  EXPECT_EQ(s.run.seeds[0], 1u);
  EXPECT_FALSE(s.end.quiet.has_value());
}

TEST(Parse, TheDefaultIdIsThePath) {
  const std::string text =
      R"({"format": "zabsim/1", "cluster": {"voters": ["n1"]}, "end": {"virtual": "1s"}})";
  const auto id_of = [&](const std::string& path) {
    return Document::Parse(text, path)->scenario().id;
  };
  EXPECT_EQ(id_of("scenarios/ci/swarm.json"), "ci/swarm");
  EXPECT_EQ(id_of("/a/scenarios/b/scenarios/c.json"), "c");
  EXPECT_EQ(id_of("my_scenarios/Some Thing.json"), "some-thing");
  EXPECT_EQ(id_of("-"), "s-");
}

TEST(Parse, CountedClientsTakeTheNextFreeNames) {
  const Scenario s = Read(R"("workload": [
      {"kind": "closed", "clients": 2, "server": "n2"},
      {"kind": "closed", "clients": {"c10": {"server": "leader"}, "c2": {}, "d": {}}},
      {"kind": "closed"}])");
  std::vector<std::string> names;
  for (const Client& client : s.clients) names.push_back(client.name);
  // c2 is taken; within an object c2 comes before c10.
  EXPECT_EQ(names, (std::vector<std::string>{"c1", "c3", "d", "c2", "c10", "c4"}));
  EXPECT_EQ(s.NameOf(NodeId{4}), "c1");
  EXPECT_EQ(s.NameOf(NodeId{9}), "c4");
  EXPECT_EQ(s.NameOf(NodeId{10}), "");
  EXPECT_EQ(std::get<zab::ServerId>(s.clients[1].server), zab::ServerId{2});
  EXPECT_TRUE(std::holds_alternative<TheLeader>(s.clients[4].server));
  EXPECT_TRUE(std::holds_alternative<AnyServer>(s.clients[5].server));
}

TEST(Parse, LinksInheritFromProfileZonesAndDefault) {
  auto document = Document::Load(ZABSIM_SOURCE_DIR "/tests/scenarios/good/every_key.json");
  ASSERT_TRUE(document.ok()) << document.status().message();
  const Scenario& s = document->scenario();
  const NodeId a1{1}, a2{2}, b1{3}, b2{4}, x1{5};
  const Distribution wan = sim::Uniform(zab::Milliseconds(30), zab::Milliseconds(40));
  EXPECT_EQ(s.LinkOf(x1, a1).break_after, zab::Seconds(5));  // The default: "lan".
  EXPECT_EQ(s.LinkOf(a1, a2).break_after, zab::Seconds(5));  // Zone "A-A": "lan".
  EXPECT_EQ(s.LinkOf(a1, b1).latency, wan);                  // Zone "B-A", both ways.
  EXPECT_EQ(s.LinkOf(b1, a1).latency, wan);
  EXPECT_EQ(s.LinkOf(a1, x1).latency, wan);  // Configured in `links`.
  EXPECT_EQ(s.LinkOf(a1, x1).loss.denominator, 50u);
  EXPECT_EQ(s.LinkOf(a1, a2).bandwidth, 2 << 20);
  EXPECT_EQ(s.LinkOf(a1, a2).queue, 256u);
  EXPECT_EQ(s.LinkOf(a1, x1).bandwidth, 512 << 10);  // From `links`; the profile has none.
  EXPECT_EQ(s.LinkOf(a1, x1).queue, 8u);
  EXPECT_EQ(s.LinkOf(b2, x1).transport, sim::Transport::kDatagram);
  EXPECT_EQ(s.LinkOf(b2, x1).dup, (zab::Ratio{1, 20}));  // From `links`; the profile has 2%.
  EXPECT_EQ(s.LinkOf(b2, x1).reorder.numerator, 0u);
  EXPECT_EQ(s.LinkOf(x1, b2).transport, sim::Transport::kStream);
  const auto c1 = NodeId{static_cast<uint16_t>(s.ServerCount() + 1)};
  EXPECT_EQ(s.LinkOf(c1, a1).latency, sim::Const(zab::Milliseconds(3)));
  EXPECT_EQ(s.LinkOf(c1, a1).break_after, zab::Seconds(5));
  EXPECT_EQ(s.DiskOf(zab::ServerId{3}).on_crash, sim::OnCrash::kKeep);
  EXPECT_EQ(s.DiskOf(zab::ServerId{3}).read, sim::Const(zab::Microseconds(200)));
}

TEST(Parse, ADistributionInheritsNothingFromTheDefault) {
  const Scenario s = Read(R"("network": {"default": {"latency": {"dist": "exp", "mean": "2ms"}}})");
  EXPECT_EQ(s.LinkOf(NodeId{1}, NodeId{2}).latency,
            sim::Exp(zab::Duration{}, zab::Milliseconds(2), zab::Milliseconds(40)));
}

TEST(Parse, InitialEpochsFollowTheHistory) {
  auto document = Document::Parse(
      R"({"format": "zabsim/1", "end": {"virtual": "1s"}, "cluster": {"voters": ["n1", "n2"],
          "initial": {"n1": {"log": ["1:1..1:3", "4:1"]}, "n2": {"snapshot": "3:0"}}}})",
      "x.json");
  ASSERT_TRUE(document.ok()) << document.status().message();
  const auto& initial = document->scenario().cluster.initial;
  EXPECT_EQ(initial.at(zab::ServerId{1}).current_epoch, zab::Epoch{4});
  EXPECT_EQ(initial.at(zab::ServerId{1}).accepted_epoch, zab::Epoch{4});
  EXPECT_EQ(initial.at(zab::ServerId{2}).current_epoch, zab::Epoch{3});
}

TEST(Parse, ADeadlineWithoutWithinHasTheBound) {
  auto document = Document::Parse(
      R"({"format": "zabsim/1", "cluster": {"voters": ["n1"]},
          "timing": {"tick_time": "100ms", "election": {"notification_max": "2s"}},
          "end": {"virtual": "100s", "quiet": {"at": "10s"}},
          "expect": {"deadlines": [{"until": "has_leader"}]}})",
      "x.json");
  ASSERT_TRUE(document.ok()) << document.status().message();
  EXPECT_EQ(document->scenario().expect.deadlines[0].within,
            zab::Milliseconds(5000 + 2000 + 3 * 1500));
}

TEST(Parse, SeedsBeyond2To53AreStrings) {
  const Scenario s = Shipped("tests/scenarios/good/seed_list.json");
  EXPECT_EQ(s.run.seeds.size(), 5u);
  EXPECT_EQ(s.run.seeds[3], (uint64_t{1} << 53) + 1);
  EXPECT_EQ(s.run.seeds[4], ~uint64_t{0});
  const Scenario range = Shipped("tests/scenarios/good/every_key.json");
  EXPECT_EQ(range.run.seeds[99], 18446744073709551099u);
}

TEST(Parse, RepeatSaysHowOftenAnEventFires) {
  const Scenario s = Read(R"("events": [
      {"at": "1s", "repeat": {"every": "2s", "times": 3}},
      {"id": "b", "when": {"on": "proposed"}}])");
  EXPECT_EQ(s.events[0].id, "e1");
  EXPECT_EQ(s.events[0].max, 3u);
  EXPECT_EQ(std::get<AtTime>(s.events[0].trigger).repeat->every, zab::Seconds(2));
  EXPECT_EQ(s.events[1].max, 1u);
}

TEST(Parse, ClientsKeepStreamsWhereServersHaveDatagrams) {
  const Scenario s = Read(R"("network": {"default": {"transport": "datagram", "dup": "1%"}},
                             "workload": [{"kind": "closed"}])");
  EXPECT_TRUE(s.UsesDatagrams());
  const auto built = BuildCluster(s, 1, scenario::ZabProcessFactory);
  const NodeId n1{1}, n3{3}, c1{4};
  for (const sim::LinkId link : {sim::LinkId{n1, n3}, {n1, c1}, {c1, n3}}) {
    const bool of_client = link.from == c1 || link.to == c1;
    const sim::Transport wanted = of_client ? sim::Transport::kStream : sim::Transport::kDatagram;
    EXPECT_EQ(s.LinkOf(link.from, link.to).transport, wanted);
    EXPECT_EQ(built.world->network().profile(link).transport, wanted);
  }
}

TEST(Parse, AServersTimesAreAProfileAndWhatDiffers) {
  const Scenario s = Read(R"("server": {
      "default": {"profile": "jvm-loopback", "reset": {"dist": "const", "value": "1ms"}},
      "n2": {"step": {"dist": "const", "value": "2ms"}}, "n3": {"profile": "instant"}})");
  const sim::MachineProfile loopback = ProfileOf(ServerTiming::kJvmLoopback);
  const auto step = static_cast<size_t>(ServerWork::kStep);
  EXPECT_EQ(s.MachineOf({1}).reset, sim::Const(zab::Milliseconds(1)));
  EXPECT_EQ(s.MachineOf({1}).hand_over, loopback.hand_over);
  EXPECT_EQ(s.MachineOf({1}).work, loopback.work);
  EXPECT_EQ(s.MachineOf({2}).reset, sim::Const(zab::Milliseconds(1)));
  EXPECT_EQ(s.MachineOf({2}).work[step], sim::Const(zab::Milliseconds(2)));
  EXPECT_EQ(s.MachineOf({3}), sim::MachineProfile{});
  EXPECT_EQ(Read("").MachineOf({1}), sim::MachineProfile{});
}

TEST(Parse, WhatSaysNothingNewKeepsTheDigest) {
  const std::string plain = DigestOf(Read(R"("workload": [{"kind": "closed"}])"));
  EXPECT_EQ(DigestOf(Read(R"("server": {"default": {"hand_over": {}}}, "network": {"nodes": {}},
                             "workload": [{"kind": "closed"}])")),
            plain);
  EXPECT_NE(DigestOf(Read(R"("server": {"default": {"profile": "instant"}},
                             "workload": [{"kind": "closed"}])")),
            plain);
  EXPECT_NE(DigestOf(Read(R"("workload": [{"kind": "closed", "pause": "100ms"}])")), plain);
}

TEST(Parse, ShippedScenariosAreValid) {
  EXPECT_TRUE(Document::Load(ZABSIM_SOURCE_DIR "/scenarios/leader-crash.json").ok());
  EXPECT_TRUE(Document::Load(ZABSIM_SOURCE_DIR "/scenarios/ci/swarm.json").ok());
}

}  // namespace
}  // namespace scenario::parse_test
