// Whether states that have one hash go on in the same way.
#include <utility>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/explore/engine.h"

namespace scenario::explore {

// What is new here was never reached by the exploration: it is kept, but has no successors there.
void Engine::AuditServers(Audit& audit) {
  std::vector<Again<Server>> reached = std::exchange(servers_again_, {});
  std::vector<std::vector<std::pair<uint32_t, uint32_t>>> of_server(servers_.size());
  transition_ids_.ForEach([&](uint64_t key, uint32_t transition) {
    of_server[key >> 32].emplace_back(static_cast<uint32_t>(key), transition);
  });
  for (const Again<Server>& one : reached) {
    for (const auto& [input, transition] : of_server[one.kept]) {
      const Transition mine = Work(*one.state, {servers_[one.kept].sid}, inputs_[input]);
      const Transition& kept = transitions_[transition];
      ++audit.pairs;
      const bool same = mine.server == kept.server && mine.story == kept.story &&
                        mine.actions == kept.actions && mine.messages == kept.messages;
      if (same) continue;
      ++audit.differences;
      if (!audit.first.empty()) continue;
      audit.first =
          absl::StrCat("server state ", one.kept, " of n", servers_[one.kept].sid,
                       " goes on in two ways after input ", static_cast<int>(inputs_[input].kind));
    }
  }
}

void Engine::AuditWitnesses(Audit& audit) {
  std::vector<Again<Witness>> reached = std::exchange(witnesses_again_, {});
  std::vector<std::vector<std::pair<uint32_t, uint32_t>>> of_witness(witnesses_.size());
  judgement_ids_.ForEach([&](uint64_t key, uint32_t judgement) {
    of_witness[key >> 32].emplace_back(static_cast<uint32_t>(key), judgement);
  });
  for (const Again<Witness>& one : reached) {
    for (const auto& [story, judgement] : of_witness[one.kept]) {
      Witness mine = *one.state;
      const std::optional<Broken> broken = mine.Take(stories_[story], histories_);
      const Judgement& kept = judgements_[judgement];
      ++audit.pairs;
      const bool same_broken = broken.has_value() == (kept.broken != 0) &&
                               (!broken || broken->invariant == broken_[kept.broken - 1].invariant);
      if (same_broken && mine.Hash(histories_) == witnesses_[kept.witness].hash) continue;
      ++audit.differences;
      if (!audit.first.empty()) continue;
      audit.first = absl::StrCat("witness ", one.kept, " goes on in two ways after story ", story);
    }
  }
}

Engine::Audit Engine::RunAudit() {
  Audit audit;
  AuditServers(audit);
  AuditWitnesses(audit);
  servers_again_.clear();
  witnesses_again_.clear();
  return audit;
}

}  // namespace scenario::explore
