// What is measured: histograms, and runs whose figures can be worked out by hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "scenarios/runner/measure/meter.h"
#include "scenarios/runner/run/run.h"
#include "tests/support/shipped.h"

namespace scenario::measure_test {

TEST(Histogram, HasExactEndsAndSumAndBucketsOfOneIn128) {
  Histogram histogram;
  EXPECT_EQ(histogram.Quantile(50), 0u);
  uint64_t sum = 0;
  for (uint64_t value = 1; value < uint64_t{1} << 50; value = value * 9 / 8 + 1) {
    histogram.Add(value);
    sum += value;
  }
  EXPECT_EQ(histogram.sum(), sum);
  EXPECT_EQ(histogram.min(), 1u);
  uint64_t count = 0, before = 0;
  for (const auto& [most, times] : histogram.Buckets()) {
    EXPECT_GT(most, before);
    before = most;
    count += times;
  }
  EXPECT_EQ(count, histogram.count());
  EXPECT_EQ(before, histogram.max());
}

TEST(Histogram, AQuantileIsAtMostOneIn128AboveTheObservation) {
  std::vector<uint64_t> values;
  Histogram histogram;
  for (uint64_t i = 0; i < 1000; ++i) {
    values.push_back(i * i * 7919 % 1'000'003);
    histogram.Add(values.back());
  }
  std::ranges::sort(values);
  for (const uint64_t percent : {1, 10, 50, 90, 99, 100}) {
    const uint64_t exact = values[(values.size() * percent + 99) / 100 - 1];
    EXPECT_GE(histogram.Quantile(percent), exact);
    EXPECT_LE(histogram.Quantile(percent), exact + exact / 128) << percent;
  }
}

TEST(Histogram, ItsMemoryIsThatOfTheLargestValue) {
  Histogram few, many;
  few.Add(1'000'000);
  for (uint64_t i = 0; i < 100'000; ++i) many.Add(i * 10);
  EXPECT_LE(many.Buckets().size(), 256u + 13 * 128);
  EXPECT_EQ(few.Buckets().size(), 1u);
}

/// All rows of a table, each by column.
using Rows = std::vector<std::map<std::string, std::string>>;

struct Measurement {
  RunResult result;
  std::map<Table, Rows> tables;
};

Measurement Measure(const Scenario& scenario, uint64_t seed = 1) {
  Measurement measurement;
  measurement.result = RunOnce(scenario, seed, {.rows = [&](Table table, const Cells& cells) {
                                 const std::vector<std::string> columns = ColumnsOf(table);
                                 ASSERT_EQ(cells.size(), columns.size()) << Name(table);
                                 auto& row = measurement.tables[table].emplace_back();
                                 for (size_t i = 0; i < cells.size(); ++i)
                                   row[columns[i]] = cells[i];
                               }});
  return measurement;
}

int64_t Number(const std::string& text) {
  int64_t number = -1;
  EXPECT_TRUE(absl::SimpleAtoi(text, &number)) << text;
  return number;
}

/// An ensemble without noise: all links take 5 ms, a write to the page cache 1 ms, an fsync 7 ms.
Scenario WithoutNoise(int servers, const std::string& workload, const std::string& limits = "") {
  std::string voters;
  for (int i = 1; i <= servers; ++i) absl::StrAppend(&voters, i > 1 ? "," : "", "\"n", i, "\"");
  const std::string text = absl::StrCat(
      R"({"format": "zabsim/1", "cluster": {"voters": [)", voters, R"(], "server": {)", limits,
      R"(}}, "network": {"default": {"latency": {"dist": "const", "value": "5ms"}}},
          "disk": {"default": {"write": {"dist": "const", "value": "1ms"},
                               "fsync": {"dist": "const", "value": "7ms"}}},
          "workload": [)",
      workload, R"(], "end": {"virtual": "30s"}})");
  const auto document = Document::Parse(text, "exact.json");
  EXPECT_TRUE(document.ok()) << document.status().ToString();
  return *document->Instantiate(1);
}

/// With network latency L, page cache write W and fsync F the leader commits 2 L + W + F after the
/// proposal: PROPOSAL, the follower's log, ACK.  Its own log takes W + F meanwhile.  Request and
/// reply take L each; a follower's client also waits for REQUEST and COMMIT.
void ExpectLatencies(int servers, bool leader) {
  const Scenario scenario = WithoutNoise(
      servers, absl::StrCat(R"({"id": "w", "kind": "closed", "think": "100ms", "from": "5s",
                               "mix": {"setData": 1}, "keys": 1, "clients": {"c1": {"server": "n)",
                            leader ? servers : 1, R"("}}})"));
  const Measurement measured = Measure(scenario);
  const Rows& writes = measured.tables.at(Table::kWrites);
  ASSERT_GT(writes.size(), 100u);
  const int64_t latency = 5'000'000, append = 1'000'000, fsync = 7'000'000;
  const int64_t commit = 2 * latency + append + fsync;
  for (size_t i = 1; i + 1 < writes.size(); ++i) {  // The first one also creates the log.
    auto row = writes[i];
    EXPECT_EQ(Number(row["first_acked"]) - Number(row["proposed"]), append + fsync);
    EXPECT_EQ(Number(row["quorum_acked"]) - Number(row["proposed"]), commit);
    EXPECT_EQ(Number(row["committed"]) - Number(row["proposed"]), commit);
    EXPECT_EQ(Number(row["replied"]) - Number(row["submitted"]),
              (leader ? 2 : 4) * latency + commit);
  }
  EXPECT_EQ(measured.result.measured[Quantity::kCommitLatency].min(),
            static_cast<uint64_t>(commit));
  EXPECT_EQ(measured.result.measured[Counter::kWritesAtLeader],
            leader ? measured.result.measured[Counter::kWritesSubmitted] : 0);
}

TEST(Measure, CommitLatencyIsTheAnalyticalOneForClientsOfTheLeader) {
  for (const int servers : {3, 5, 7}) ExpectLatencies(servers, true);
}

TEST(Measure, CommitLatencyIsTheAnalyticalOneForClientsOfFollowers) {
  for (const int servers : {3, 5, 7}) ExpectLatencies(servers, false);
}

TEST(Measure, ThroughputIsThatOfTheBottleneck) {
  // One transaction per fsync: each takes the disk 8 ms.  Ten clients keep its queue full; their
  // first requests fail, before the key is there, and take the disk too.
  for (const int servers : {3, 5}) {
    const Scenario scenario =
        WithoutNoise(servers, R"({"id": "w", "kind": "closed", "clients": 10, "from": "5s",
                     "mix": {"setData": 1}, "keys": 1})",
                     R"("max_batch_size": 1)");
    const RunResult result = RunOnce(scenario, 1);
    const uint64_t wanted = 1'000'000 / 8;
    const uint64_t found = result.measured[Counter::kWriteThroughput].value_or(0);
    EXPECT_GE(found * 100, wanted * 99) << found;
    EXPECT_LE(found * 100, wanted * 101) << found;
  }
}

Scenario Shipped(const std::string& id) {
  return *support::MustLoad(support::ShippedScenario(id)).Instantiate(1);
}

TEST(Measure, AnElectionAnOutageAndARecoveryAreThoseOfTheStory) {
  const Measurement measured = Measure(Shipped("leader-crash"));
  const RunResult& result = measured.result;
  Rows elections = measured.tables.at(Table::kElections);
  ASSERT_EQ(elections.size(), 2u);
  EXPECT_EQ(elections[0]["winner"], "n3");
  EXPECT_EQ(elections[1]["winner"], "n2");
  EXPECT_EQ(elections[1]["epoch"], "2");
  EXPECT_EQ(elections[1]["rounds"], "1");

  Rows faults = measured.tables.at(Table::kFaults);
  ASSERT_EQ(faults[0]["what"], "crashed");
  Rows outages = measured.tables.at(Table::kOutages);
  EXPECT_EQ(outages[0]["who"], "ensemble");
  EXPECT_EQ(outages[0]["start"], faults[0]["time"]);
  EXPECT_EQ(outages[0]["end"], elections[1]["established"]);
  EXPECT_EQ(result.measured[Counter::kEnsembleUnavailable],
            Number(outages[0]["end"]) - Number(outages[0]["start"]));
  EXPECT_EQ(result.measured[Counter::kStartupTime], Number(elections[0]["established"]));

  Rows recoveries = measured.tables.at(Table::kRecoveries);
  EXPECT_EQ(recoveries.back()["learner"], "n3");
  EXPECT_EQ(recoveries.back()["kind"], "diff");
  EXPECT_GT(Number(recoveries.back()["proposals"]), 0);
  EXPECT_EQ(result.measured[Counter::kRecoveriesDiff], recoveries.size());
}

TEST(Measure, AClientWithoutAnswersIsOutUntilTheEndOfItsWork) {
  const auto document =
      support::MustLoad(support::ShippedScenario("leader-crash"),
                        {R"(/events/1/do=[{"note": "it stays away"}])",
                         R"(/events/0/do=[{"crash": {"target": ["n1", "n2", "n3"]}}])",
                         "/expect={}", "/end/quiet=null"});
  const Measurement measured = Measure(*document.Instantiate(1));
  size_t open = 0;
  for (auto row : measured.tables.at(Table::kOutages)) {
    EXPECT_EQ(row["ended"], "0") << row["who"];
    EXPECT_EQ(row["end"], "14000000000") << row["who"];
    ++open;
  }
  EXPECT_EQ(open, 5u);  // Four clients and the ensemble.
}

TEST(Measure, MessagesAndBytesOfALinkAreThoseOfTheTable) {
  const Measurement measured = Measure(Shipped("follower-snap"));
  uint64_t messages = 0, bytes = 0, snaps = 0;
  for (auto row : measured.tables.at(Table::kTraffic)) {
    if (row["type"] == "client") continue;
    messages += static_cast<uint64_t>(Number(row["messages"]));
    bytes += static_cast<uint64_t>(Number(row["bytes"]));
    if (row["type"] == "SNAP") ++snaps;
  }
  EXPECT_EQ(measured.result.measured[Counter::kMessages], messages);
  EXPECT_EQ(measured.result.measured[Counter::kBytes], bytes);
  EXPECT_GT(snaps, 0u);
  EXPECT_GT(measured.result.measured[Counter::kRecoveriesSnap], 0u);
}

TEST(Measure, WithoutNoiseNothingWaits) {
  const Measurement measured = Measure(WithoutNoise(
      3, R"({"id": "w", "kind": "closed", "clients": 2, "from": "5s", "mix": {"setData": 1}})"));
  for (const Counter counter :
       {Counter::kRetransmissions, Counter::kLinkQueueMax, Counter::kLinkQueueMean,
        Counter::kInputQueueMax, Counter::kInputQueueMean}) {
    EXPECT_EQ(measured.result.measured[counter], 0u);
  }
  EXPECT_FALSE(measured.tables.contains(Table::kQueues));
}

TEST(Measure, QueuesAreThoseOfTheTable) {
  const Measurement measured = Measure(Shipped("ci/swarm"));
  uint64_t links = 0, inputs = 0, retransmissions = 0;
  for (auto row : measured.tables.at(Table::kQueues)) {
    const bool is_link = row["place"].find('>') != std::string::npos;
    uint64_t& longest = is_link ? links : inputs;
    longest = std::max(longest, static_cast<uint64_t>(Number(row["longest"])));
    retransmissions += static_cast<uint64_t>(Number(row["retransmissions"]));
  }
  EXPECT_EQ(measured.result.measured[Counter::kLinkQueueMax], links);
  EXPECT_EQ(measured.result.measured[Counter::kInputQueueMax], inputs);
  EXPECT_EQ(measured.result.measured[Counter::kRetransmissions], retransmissions);
  EXPECT_GT(retransmissions, 0u);
}

TEST(Measure, TheInputsOfAPausedServerWaitForIt) {
  const auto document = support::MustLoad(
      support::ShippedScenario("leader-crash"),
      {R"(/events/0/do=[{"pause": "n1"}])", R"(/events/1/do=[{"resume": "n1"}])", "/expect={}"});
  const Measurement measured = Measure(*document.Instantiate(1));
  Rows queues = measured.tables.at(Table::kQueues);
  const auto paused = std::ranges::find_if(queues, [](auto& row) { return row["place"] == "n1"; });
  ASSERT_NE(paused, queues.end());
  EXPECT_GT(Number((*paused)["longest"]), 1);
  EXPECT_EQ(measured.result.measured[Counter::kInputQueueMean], Number((*paused)["mean"]));
}

TEST(Measure, WhatIsCountedFitsTheTrace) {
  for (const std::string id : {"leader-crash", "ci/swarm", "rolling-restart"}) {
    const RunResult result = RunOnce(Shipped(id), 1);
    const auto probes = [&](Probe probe) { return result.probes[static_cast<size_t>(probe)]; };
    EXPECT_EQ(result.measured[Counter::kCommitted], probes(Probe::kCommitted)) << id;
    EXPECT_EQ(result.measured[Counter::kElections], probes(Probe::kEstablished)) << id;
    EXPECT_EQ(result.measured[Quantity::kElectionTime].count(), probes(Probe::kEstablished)) << id;
    EXPECT_GT(result.measured[Counter::kFsyncs], probes(Probe::kEpochPersisted)) << id;
    const uint64_t writes = *result.measured[Counter::kWritesAcknowledged] +
                            *result.measured[Counter::kWritesFailed] +
                            *result.measured[Counter::kWritesIndeterminate];
    EXPECT_LE(writes, *result.measured[Counter::kWritesSubmitted]) << id;
  }
}

TEST(Measure, RowsChangeNothing) {
  const Scenario scenario = Shipped("ci/swarm");
  const Measurement with_rows = Measure(scenario);
  EXPECT_EQ(ToJson(with_rows.result, scenario, "", std::nullopt),
            ToJson(RunOnce(scenario, 1), scenario, "", std::nullopt));
}

TEST(Measure, ACsvCellIsQuotedWhereItMustBe) {
  EXPECT_EQ(CsvLine({"a", "", "b,c", "say \"x\"", "n1"}), "a,,\"b,c\",\"say \"\"x\"\"\",n1\n");
}

}  // namespace scenario::measure_test
