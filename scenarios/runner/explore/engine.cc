// What is kept once, and how transitions are looked up.
#include "scenarios/runner/explore/engine.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "protocol/base/check.h"
#include "scenarios/runner/cluster/cluster_disk.h"
#include "scenarios/runner/explore/move.h"
#include "scenarios/runner/language/bugs.h"
#include "scenarios/runner/model/state_hasher.h"

namespace scenario::explore {
namespace {

uint64_t Pair(uint32_t a, uint32_t b) {
  return uint64_t{a} << 32 | b;
}

/// The most servers that an exploration may have.
constexpr size_t kMostServers = 9;

zab::PeerConfig ConfigOf(const Scenario& scenario, zab::ServerId server) {
  zab::PeerConfig config = PeerConfigOf(scenario, server);
  if (scenario.known_bug) config.known_bugs.*FindBug(scenario.known_bug->id)->is_on = true;
  return config;
}

Budget BudgetOf(const ExploreBudget& budget) {
  Budget left{};
  const auto set = [&](Spent what, uint64_t most) {
    left[static_cast<size_t>(what)] = static_cast<uint8_t>(most);
  };
  set(Spent::kWrites, budget.writes);
  set(Spent::kReads, budget.reads);
  set(Spent::kKills, budget.kills);
  set(Spent::kPowerLosses, budget.power_losses);
  set(Spent::kCrashes, budget.crashes.value_or(budget.kills + budget.power_losses));
  set(Spent::kCuts, budget.cuts);
  set(Spent::kBreaks, budget.breaks);
  set(Spent::kDiskErrors, budget.disk_errors);
  set(Spent::kSnapshots, budget.snapshots);
  return left;
}

}  // namespace

Engine::Engine(const Scenario& scenario, Keeping keeping)
    : scenario_(scenario),
      explore_(*scenario.explore),
      keeping_(keeping),
      messages_(1),
      message_hashes_(1),
      stories_(1) {
  ZAB_CHECK(scenario.ServerCount() <= kMostServers);
  for (const zab::ServerId server : scenario.ServerIds()) {
    setting_.configs.push_back(ConfigOf(scenario, server));
  }
  setting_.disk = explore_.grain.disk;
  setting_.draws = &draws_;
  auto first = std::make_unique<Witness>(scenario, histories_);
  const Witness listener = *first;
  setting_.is_heard = [listener](const TraceEvent& event) { return listener.Hears(event); };
  setting_.looks_at_disk = &Ghost::ReadsDisk;
  Keep(std::move(first));
}

Engine::~Engine() = default;

// ---- What is kept once --------------------------------------------------------------------------

uint32_t Engine::Keep(std::unique_ptr<Server> server, zab::ServerId sid) {
  const zab::Hash128 hash = HashOf(*server);
  const uint64_t key = hash.low + sid.value;
  if (keeping_ == Keeping::kOnce) {
    if (const std::optional<uint32_t> known = server_ids_.Find(key)) {
      ZAB_CHECK(servers_[*known].hash == hash) << "two server states have one hash";
      if (Sampled(hash.high) && servers_again_.size() < kMostAudited) {
        servers_again_.push_back({std::move(server), *known});
      }
      return *known;
    }
  }
  const auto id = static_cast<uint32_t>(servers_.size());
  servers_.push_back({std::move(server), hash, static_cast<uint8_t>(sid.value)});
  server_ids_.Insert(key, id);
  return id;
}

uint32_t Engine::Keep(std::unique_ptr<Witness> witness) {
  const zab::Hash128 hash = witness->Hash(histories_);
  if (keeping_ == Keeping::kOnce) {
    if (const std::optional<uint32_t> known = witness_ids_.Find(hash.low)) {
      ZAB_CHECK(witnesses_[*known].hash == hash) << "two witnesses have one hash";
      if (Sampled(hash.high) && witnesses_again_.size() < kMostAudited) {
        witnesses_again_.push_back({std::move(witness), *known});
      }
      return *known;
    }
  }
  const auto id = static_cast<uint32_t>(witnesses_.size());
  witnesses_.push_back({std::move(witness), hash});
  witness_ids_.Insert(hash.low, id);
  return id;
}

uint32_t Engine::KeepMessage(const zab::Payload& bytes) {
  const uint64_t hash = zab::Hash64Of(bytes.view());
  const auto id = static_cast<uint32_t>(messages_.size());
  if (!message_ids_.Insert(hash, id)) return *message_ids_.Find(hash);
  messages_.push_back(bytes);
  message_hashes_.push_back(hash);
  return id;
}

uint32_t Engine::KeepStory(Story story) {
  if (story.empty()) return 0;
  StateHasher hasher({});
  for (const Told& told : story) {
    const TraceEvent& event = told.record.event;
    hasher.AddNumber(told.record.node.value);
    // A column that is not named here does not compile.
    const auto& [probe, kind, reason, peer, epoch, zxid, client, number, code, txn, tree,
                 connection] = event;
    hasher.Add(probe);
    hasher.Add(kind);
    hasher.Add(reason);
    hasher.Add(peer);
    hasher.Add(epoch);
    hasher.Add(zxid);
    hasher.Add(client);
    hasher.Add(number);
    hasher.Add(code);
    hasher.Add(txn);
    hasher.Add(tree);
    hasher.Add(connection);
    hasher.Add(told.request);
    hasher.AddNumber(told.disk != nullptr ? 1 : 0);
    if (told.disk != nullptr) hasher.Add(*told.disk);
  }
  const uint64_t hash = hasher.Hash().low;
  const auto id = static_cast<uint32_t>(stories_.size());
  if (!story_ids_.Insert(hash, id)) return *story_ids_.Find(hash);
  stories_.push_back(std::move(story));
  return id;
}

// ---- Transitions --------------------------------------------------------------------------------

Engine::Transition Engine::Work(const Server& from, zab::ServerId sid, const ServerInput& input) {
  auto server = std::make_unique<Server>(from);
  const bool has_bytes = input.kind == InputKind::kReceived;
  Outcome outcome =
      Step(setting_, sid, input, has_bytes ? messages_[input.number] : zab::Payload(), *server);
  Transition transition;
  for (const NetAction& action : outcome.actions) {
    transition.actions.emplace_back(action.kind, action.end);
    if (action.kind == NetAction::Kind::kSend) {
      transition.messages.push_back(KeepMessage(action.bytes));
    }
  }
  transition.story = KeepStory(std::move(outcome.story));
  transition.server = Keep(std::move(server), sid);
  return transition;
}

const Engine::Transition& Engine::TransitionOf(uint32_t server, const ServerInput& input) {
  const auto input_id = static_cast<uint32_t>(inputs_.size());
  if (input_ids_.Insert(input.Packed(), input_id)) inputs_.push_back(input);
  const uint64_t key = Pair(server, *input_ids_.Find(input.Packed()));
  if (keeping_ == Keeping::kOnce) {
    if (const auto known = transition_ids_.Find(key)) return transitions_[*known];
  }
  Transition made = Work(*servers_[server].server, {servers_[server].sid}, input);
  transition_ids_.Insert(key, static_cast<uint32_t>(transitions_.size()));
  transitions_.push_back(std::move(made));
  return transitions_.back();
}

const Engine::Judgement& Engine::JudgementOf(uint32_t witness, uint32_t story) {
  const uint64_t key = Pair(witness, story);
  if (keeping_ == Keeping::kOnce) {
    if (const auto known = judgement_ids_.Find(key)) return judgements_[*known];
  }
  auto next = std::make_unique<Witness>(*witnesses_[witness].witness);
  std::optional<Broken> broken = next->Take(stories_[story], histories_);
  Judgement judgement;
  if (broken) {
    broken_.push_back(*std::move(broken));
    judgement.broken = static_cast<uint32_t>(broken_.size());
  }
  judgement.witness = Keep(std::move(next));
  judgement_ids_.Insert(key, static_cast<uint32_t>(judgements_.size()));
  judgements_.push_back(judgement);
  return judgements_.back();
}

Successor Engine::Apply(State state, const Choice& choice) {
  Move move(*this, std::move(state));
  move.Do(choice);
  move.Settle();
  return std::move(move).Take();
}

uint64_t Engine::Fingerprint(const State& state) const {
  std::string bytes;
  const auto put = [&bytes](uint64_t value) {
    for (int i = 0; i < 8; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
  };
  for (const uint32_t server : state.servers) put(servers_[server].hash.low);
  put(witnesses_[state.witness].hash.low);
  for (const uint8_t left : state.left) bytes += static_cast<char>(left);
  for (const auto& [a, b] : state.cuts) put(Pair(a, b));
  for (const Pipe& pipe : state.pipes) {
    const uint64_t flags = (pipe.from_open ? 1U : 0U) | (pipe.to_open ? 2U : 0U);
    put(static_cast<uint64_t>(pipe.port) << 40 | uint64_t{pipe.from} << 32 |
        uint64_t{pipe.to} << 24 | uint64_t{pipe.from_slot} << 16 | uint64_t{pipe.to_slot} << 8 |
        flags);
    for (const bool forth : {true, false}) {
      put(pipe.Stream(forth).size());
      for (const uint32_t message : pipe.Stream(forth)) put(message_hashes_[message]);
    }
  }
  return zab::Hash64Of(bytes);
}

// ---- The beginning ------------------------------------------------------------------------------

Successor Engine::Start() {
  State state;
  for (const zab::ServerId sid : scenario_.ServerIds()) {
    auto server = std::make_unique<Server>();
    for (const auto& [name, bytes] : InitialDisk(scenario_, sid)) {
      server->files.Install(name, bytes.view());
    }
    state.servers.push_back(Keep(std::move(server), sid));
  }
  Successor at{.state = std::move(state)};
  const auto go = [&](const Choice& choice) {
    std::optional<Broken> broken = std::move(at.broken);
    at = Apply(std::move(at.state), choice);
    if (broken) at.broken = std::move(broken);
  };
  if (explore_.from == ExploreFrom::kSettled) {
    for (const zab::ServerId sid : scenario_.ServerIds()) {
      go({.kind = ChoiceKind::kRestart, .server = static_cast<uint8_t>(sid.value)});
    }
    std::vector<Choice> choices;
    for (Choices(at.state, choices); !choices.empty(); Choices(at.state, choices)) {
      go(choices.front());
    }
  }
  at.state.left = BudgetOf(explore_.budget);
  return at;
}

// ---- The end ------------------------------------------------------------------------------------

std::optional<Broken> Engine::JudgeQuiescent(const State& state) {
  const auto unconverged = [](const Text& facts) { return Broken{kConvergence, facts}; };
  std::optional<zab::ServerId> leader;
  std::vector<const sim::FileStore*> disks;
  for (const zab::ServerId sid : scenario_.ServerIds()) {
    const Server& here = server(state, sid);
    const auto* leads = here.peer ? std::get_if<zab::Leader>(&here.peer->role()) : nullptr;
    if (leads != nullptr && leads->phase() == zab::Leader::Phase::kBroadcast) leader = sid;
    disks.push_back(&here.files);
  }
  if (!leader) return unconverged({"nothing can happen any more, and nobody leads", ""});
  const zab::Database& wanted = server(state, *leader).peer->core().database;
  for (const zab::ServerId sid : scenario_.ServerIds()) {
    const Server& here = server(state, sid);
    const auto* follows = here.peer ? std::get_if<zab::Follower>(&here.peer->role()) : nullptr;
    const bool serves = follows != nullptr && follows->leader() == *leader &&
                        follows->phase() == zab::Follower::Phase::kBroadcast;
    const std::string name = scenario_.NameOf(sid);
    if (sid != *leader && !serves) {
      return unconverged({absl::StrCat("nothing can happen any more, and ", name,
                                       " does not follow ", scenario_.NameOf(*leader)),
                          ""});
    }
    const zab::Database& database = here.peer->core().database;
    // At the beginning of an epoch the zxids differ, with the same tree.
    if (database.tree.digest() != wanted.tree.digest()) {
      return unconverged(
          {absl::StrCat("nothing can happen any more, and the tree of ", name, " at ",
                        ToString(database.last_processed), " is not that of its leader at ",
                        ToString(wanted.last_processed)),
           ""});
    }
  }
  Witness witness = *witnesses_[state.witness].witness;
  return witness.Finish(disks, histories_);
}

Engine::Sizes Engine::sizes() const {
  return {.servers = servers_.size(),
          .witnesses = witnesses_.size(),
          .messages = messages_.size() - 1,
          .transitions = transitions_.size(),
          .stories = stories_.size() - 1};
}

}  // namespace scenario::explore
