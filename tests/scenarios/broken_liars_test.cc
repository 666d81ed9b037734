// Servers that do something else than they tell, or tell a client something else than they have:
// the swarm finds each of them, by the invariant that believes nobody in this respect.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "protocol/election/notification.h"
#include "protocol/wire/codec.h"
#include "scenarios/runner/cluster/zab_process.h"
#include "scenarios/runner/run/run.h"
#include "tests/support/broken_messages.h"
#include "tests/support/broken_peer.h"
#include "tests/support/shipped.h"

namespace broken_liars_test {
namespace {

using support::BrokenServers;
using support::Sabotage;
using testing::PrintToString;

constexpr char kFourVoters[] = R"(/cluster/voters=["n1","n2","n3","n4"])";

/// Expects that some seed up to 60 violates `wanted`.
void ExpectFound(const scenario::ServerFactory& servers, const std::string& wanted,
                 const std::vector<std::string>& changes = {}) {
  const scenario::Document document =
      support::MustLoad(support::ShippedScenario("ci/swarm"), changes);
  std::set<std::string> names;
  for (uint64_t seed = 1; seed <= 60 && !names.contains(wanted); ++seed) {
    const scenario::RunResult result = scenario::RunOnce(*document.Instantiate(seed), seed,
                                                         {.keep_going = true, .servers = servers});
    for (const scenario::Violation& violation : result.violations) {
      names.insert(std::string(violation.name));
    }
  }
  EXPECT_TRUE(names.contains(wanted)) << "found only: " << PrintToString(names);
}

/// Servers with a configuration of their own.
scenario::ServerFactory Configured(std::function<void(zab::PeerConfig& config)> change) {
  return [change = std::move(change)](zab::PeerConfig config, const zab::Chooser& chooser) {
    change(config);
    return scenario::ZabProcessFactory(std::move(config), chooser);
  };
}

/// Leaves these records out of the trace.
Sabotage Conceal(std::set<zab::Probe> probes) {
  return [probes = std::move(probes)](zab::Effects& effects) {
    std::erase_if(effects, [&](const zab::Effect& effect) {
      const auto* trace = std::get_if<zab::Trace>(&effect);
      return trace != nullptr && probes.contains(trace->event.probe);
    });
  };
}

Sabotage Both(Sabotage first, Sabotage second) {
  return [first = std::move(first), second = std::move(second)](zab::Effects& effects) {
    first(effects);
    second(effects);
  };
}

// ---- Quorums ------------------------------------------------------------------------------------

// Its own vote counts twice, so two of four are a quorum to it.
TEST(BrokenLiars, QuorumOfTwoOfFour) {
  ExpectFound(Configured([](zab::PeerConfig& config) {
                for (zab::Member& voter : config.voters) {
                  if (voter.server == config.self) voter.weight = 2;
                }
              }),
              "QuorumReached", {kFourVoters});
}

TEST(BrokenLiars, QuorumThatLacksAnAck) {
  ExpectFound(BrokenServers([](zab::Effects& effects) {
                zab::Effects edited;
                for (zab::Effect& effect : effects) {
                  edited.push_back(effect);
                  const auto* trace = std::get_if<zab::Trace>(&effect);
                  if (trace == nullptr || trace->event.probe != zab::Probe::kProposed) continue;
                  zab::TraceEvent quorum = trace->event;
                  quorum.probe = zab::Probe::kQuorum;
                  edited.push_back(zab::Trace{quorum});
                }
                effects = std::move(edited);
              }),
              "QuorumReached");
}

TEST(BrokenLiars, PromiseThatIsNotOnDisk) {
  ExpectFound(BrokenServers(support::SkipFileOperation(zab::FileKind::kRename, "acceptedEpoch")),
              "DurablePromise");
}

// ---- What clients are shown ---------------------------------------------------------------------

TEST(BrokenLiars, ServesBeforeUpToDateAndDoesNotTell) {
  ExpectFound(BrokenServers(Both(support::UpToDateAtOnce(),
                                 Conceal({zab::Probe::kServing, zab::Probe::kDelivered}))),
              "MonotonicServing");
}

TEST(BrokenLiars, RepliesOlderThanTheWrite) {
  ExpectFound(BrokenServers(support::ChangeReplies([](zab::ClientReply& reply) {
                if (reply.result.stat && !reply.result.data && reply.zxid.counter > 1) {
                  --reply.zxid.counter;
                }
              })),
              "ReadYourWrites");
}

TEST(BrokenLiars, RepliesOfWhatIsNotCommitted) {
  ExpectFound(BrokenServers(support::ChangeReplies([](zab::ClientReply& reply) {
                if (reply.result.data) reply.zxid.counter += 1000;
              })),
              "MonotonicReads");
}

TEST(BrokenLiars, ChildLeftOut) {
  ExpectFound(BrokenServers(support::ChangeReplies([](zab::ClientReply& reply) {
                if (!reply.result.children.empty()) reply.result.children.pop_back();
              })),
              "MonotonicReads");
}

TEST(BrokenLiars, WrongStat) {
  ExpectFound(BrokenServers(support::ChangeReplies([](zab::ClientReply& reply) {
                if (reply.result.data) reply.result.stat->pzxid = {};
              })),
              "MonotonicReads");
}

TEST(BrokenLiars, WrongStatOfAWrite) {
  ExpectFound(BrokenServers(support::ChangeReplies([](zab::ClientReply& reply) {
                if (reply.result.stat && !reply.result.data) ++reply.result.stat->version;
              })),
              "WritesAsAsked");
}

TEST(BrokenLiars, RequestForwardedWithOtherData) {
  auto edit = [](const zab::Payload& bytes) {
    zab::QuorumDecoder decoder(zab::ReadingEnd::kLeader);
    decoder.Feed(bytes.view());
    auto request = std::get<zab::ForwardedRequest>(**decoder.Next());
    if (request.operation.data) request.operation.data = "other";
    return std::vector{zab::Encode(request)};
  };
  ExpectFound(BrokenServers(support::EditMessages(zab::Kind::kRequestMessage, edit)),
              "WritesAsAsked");
}

// ---- Purges -------------------------------------------------------------------------------------

// It removes the log after the one that is no longer needed.
TEST(BrokenLiars, PurgeOfAnotherLog) {
  ExpectFound(BrokenServers([logs = std::set<std::string>()](zab::Effects& effects) mutable {
                for (zab::Effect& effect : effects) {
                  auto* file = std::get_if<zab::FileOp>(&effect);
                  if (file == nullptr || !file->path.starts_with("log.")) continue;
                  if (file->kind != zab::FileKind::kRemove) {
                    logs.insert(file->path);
                  } else if (const auto next = logs.upper_bound(file->path); next != logs.end()) {
                    file->path = *next;
                  }
                }
              }),
              "PurgeKeepsHistory");
}

// It keeps the oldest snapshots instead of the newest, and nothing is left that can be restored.
TEST(BrokenLiars, PurgeOfAllSnapshots) {
  ExpectFound(BrokenServers([snapshots = std::set<std::string>()](zab::Effects& effects) mutable {
                zab::Effects edited;
                for (zab::Effect& effect : effects) {
                  const auto* file = std::get_if<zab::FileOp>(&effect);
                  edited.push_back(effect);
                  if (file == nullptr || !file->path.starts_with("snapshot.")) continue;
                  if (file->kind == zab::FileKind::kRename) snapshots.insert(file->to);
                  if (file->kind != zab::FileKind::kRemove) continue;
                  uint64_t next = uint64_t{1} << 40;  // Ids that no peer uses.
                  for (const std::string& name : snapshots) {
                    edited.push_back(zab::FileOp{
                        .operation = {next++}, .kind = zab::FileKind::kRemove, .path = name});
                  }
                  snapshots.clear();
                }
                effects = std::move(edited);
              }),
              "PurgeKeepsHistory");
}

// ---- Progress -----------------------------------------------------------------------------------

/// Timers of this name are set to `change` of what they should be.
scenario::ServerFactory Timed(zab::TimerName name,
                              std::function<zab::Duration(zab::Duration)> change) {
  return BrokenServers([name, change = std::move(change)](zab::Effects& effects) {
    for (zab::Effect& effect : effects) {
      auto* timer = std::get_if<zab::SetTimer>(&effect);
      if (timer != nullptr && timer->timer.name == name) timer->after = change(timer->after);
    }
  });
}

TEST(BrokenLiars, LeaderThatThrowsOutFollowers) {
  ExpectFound(Timed(zab::TimerName::kRead, [](zab::Duration after) { return after / 8; }),
              "NoNeedlessClose");
}

TEST(BrokenLiars, LeaderThatGivesUpDiscoveryTooEarly) {
  ExpectFound(Timed(zab::TimerName::kPhaseLimit, [](zab::Duration after) { return after / 8; }),
              "NoNeedlessClose");
}

TEST(BrokenLiars, LeaderThatStepsDownLate) {
  ExpectFound(Configured([](zab::PeerConfig& config) { config.timing.sync_limit *= 8; }),
              "PromptStepDown");
}

TEST(BrokenLiars, HeartbeatsTooSeldom) {
  ExpectFound(Timed(zab::TimerName::kTick, [](zab::Duration after) { return after * 2; }),
              "SteadyHeartbeats");
}

TEST(BrokenLiars, FollowerThatAnswersNoHeartbeat) {
  const auto is_ping = [](const zab::Effect& effect, zab::Probe probe) {
    const auto* trace = std::get_if<zab::Trace>(&effect);
    return trace != nullptr && trace->event.probe == probe &&
           trace->event.kind == zab::Kind::kPingMessage;
  };
  ExpectFound(BrokenServers([&](zab::Effects& effects) {
                const bool answers = std::ranges::any_of(effects, [&](const zab::Effect& effect) {
                  return is_ping(effect, zab::Probe::kMsgDelivered);
                });
                if (!answers) return;
                zab::Effects edited;
                for (const zab::Effect& effect : effects) {
                  const bool sent = !edited.empty() && is_ping(edited.back(), zab::Probe::kMsgSent);
                  if (sent) edited.pop_back();
                  if (!sent) edited.push_back(effect);
                }
                effects = std::move(edited);
              }),
              "SteadyHeartbeats");
}

TEST(BrokenLiars, LeaderThatSendsEverybodyASnapshot) {
  ExpectFound(Configured([](zab::PeerConfig& config) { config.limits.force_snapshot_sync = true; }),
              "NoNeedlessSnap");
}

TEST(BrokenLiars, ElectionThatWaitsForNothing) {
  ExpectFound(Timed(zab::TimerName::kFinalize, [](zab::Duration after) { return after * 3; }),
              "BoundedElection");
}

// It ends each election, and leaves each leader, without any wait.
TEST(BrokenLiars, ElectionsWithoutEnd) {
  ExpectFound(BrokenServers([](zab::Effects& effects) {
                for (zab::Effect& effect : effects) {
                  auto* timer = std::get_if<zab::SetTimer>(&effect);
                  if (timer == nullptr) continue;
                  const zab::TimerName name = timer->timer.name;
                  const bool waits = name == zab::TimerName::kFinalize ||
                                     name == zab::TimerName::kPhaseLimit ||
                                     name == zab::TimerName::kConnectLimit;
                  if (waits) timer->after = {};
                }
              }),
              "NoSpin");
}

TEST(BrokenLiars, HeartbeatsTooOften) {
  ExpectFound(Timed(zab::TimerName::kTick, [](zab::Duration after) { return after / 4; }),
              "NoSpin");
}

}  // namespace
}  // namespace broken_liars_test
