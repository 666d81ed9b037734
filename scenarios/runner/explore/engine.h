// Engine: the transitions of an explored world.  Each server state is kept once, and what an input
// makes of it is worked out once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/runner/explore/choice.h"
#include "scenarios/runner/explore/id_table.h"
#include "scenarios/runner/explore/server.h"
#include "scenarios/runner/explore/state.h"
#include "scenarios/runner/explore/witness.h"
#include "scenarios/runner/language/scenario.h"

namespace scenario::explore {

/// What became of a state.
struct Successor {
  State state;
  std::optional<Broken> broken;
  bool pruned = false;  // It lies beyond the bounds.
};

/// Whether equal things are kept once.  Each time: only to show that it makes no difference.
enum class Keeping : uint8_t { kOnce, kEachTime };

class Engine {
 public:
  /// `scenario` has the key `explore`, and must outlive it.
  explicit Engine(const Scenario& scenario, Keeping keeping = Keeping::kOnce);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Where the exploration begins, as Scope::from says.  What is broken on the way there is
  /// broken in the successor.
  Successor Start();
  /// What may happen next, in a fixed order.  Empty: the state is terminal.
  void Choices(const State& state, std::vector<Choice>& out) const;
  Successor Apply(State state, const Choice& choice);
  /// Equal for states that go on in the same way.
  uint64_t Fingerprint(const State& state) const;
  /// Whether nothing will happen any more unless something is spent.
  static bool IsQuiescent(const std::vector<Choice>& choices);
  /// Judges a quiescent state: all servers serve the same tree under one leader, and whatever holds
  /// at the end of a run.
  std::optional<Broken> JudgeQuiescent(const State& state);

  /// "deliver COMMIT n1 -> n3", "power loss of n2, 3 operations of its disk done".
  std::string Describe(const State& state, const Choice& choice) const;
  const Server& server(const State& state, zab::ServerId sid) const {
    return *servers_[state.servers[sid.value - size_t{1}]].server;
  }

  struct Sizes {
    size_t servers = 0, witnesses = 0, messages = 0, transitions = 0, stories = 0;
  };
  Sizes sizes() const;
  /// Gives states that were reached again, of servers and witnesses, what was given to those that
  /// stand for them, and compares.
  struct Audit {
    uint64_t pairs = 0;
    uint64_t differences = 0;
    std::string first;  // Of the differences, in words.
  };
  Audit RunAudit();

 private:
  friend class Move;

  struct KeptServer {
    std::unique_ptr<const Server> server;
    zab::Hash128 hash;
    uint8_t sid = 0;
  };
  struct Transition {
    uint32_t server = 0;
    uint32_t story = 0;
    std::vector<std::pair<NetAction::Kind, EndName>> actions;
    std::vector<uint32_t> messages;  // Of the kSend among them, in order.
  };
  struct KeptWitness {
    std::unique_ptr<const Witness> witness;
    zab::Hash128 hash;
  };
  struct Judgement {
    uint32_t witness = 0;
    uint32_t broken = 0;  // 0: nothing; else a number of broken_, from 1.
  };
  template <class T>
  struct Again {  // A state reached again, and which one stands for it.
    std::unique_ptr<const T> state;
    uint32_t kept = 0;
  };

  const Transition& TransitionOf(uint32_t server, const ServerInput& input);
  const Judgement& JudgementOf(uint32_t witness, uint32_t story);
  Transition Work(const Server& from, zab::ServerId sid, const ServerInput& input);
  uint32_t Keep(std::unique_ptr<Server> server, zab::ServerId sid);
  uint32_t Keep(std::unique_ptr<Witness> witness);
  uint32_t KeepMessage(const zab::Payload& bytes);
  uint32_t KeepStory(Story story);
  bool Sampled(uint64_t hash) const { return hash % kAuditEvery == 0; }
  void AuditServers(Audit& audit);
  void AuditWitnesses(Audit& audit);

  static constexpr uint64_t kAuditEvery = 16;
  static constexpr size_t kMostAudited = 4000;

  const Scenario& scenario_;
  const Scope& explore_;
  const Keeping keeping_;
  MildestDraws draws_;
  Setting setting_;
  Histories histories_;

  std::vector<KeptServer> servers_;
  IdTable server_ids_;
  std::vector<zab::Payload> messages_;  // 0: the end of a stream.
  std::vector<uint64_t> message_hashes_;
  IdTable message_ids_;
  std::vector<Story> stories_;  // 0: nothing is told.
  IdTable story_ids_;
  std::vector<ServerInput> inputs_;
  IdTable input_ids_;
  std::vector<Transition> transitions_;
  IdTable transition_ids_;  // By server and input.
  std::vector<KeptWitness> witnesses_;
  IdTable witness_ids_;
  std::vector<Judgement> judgements_;
  IdTable judgement_ids_;  // By witness and story.
  std::vector<Broken> broken_;
  std::vector<Again<Server>> servers_again_;
  std::vector<Again<Witness>> witnesses_again_;
};

}  // namespace scenario::explore
