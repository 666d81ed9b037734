// What the network does with what servers do, and what is no choice at the grain that is asked for.
#include "scenarios/runner/explore/move.h"

#include <algorithm>
#include <tuple>
#include <variant>

#include "protocol/base/check.h"

namespace scenario::explore {
namespace {

using zab::TimerName;

// What follows at once from one choice ends, unless something is wrong.
constexpr int kMostAtOnce = 4000;

}  // namespace

void Move::Do(const Choice& choice) {
  lost_ = choice.lost;
  switch (choice.kind) {
    case ChoiceKind::kDeliver: return Deliver(choice.server, choice.detail != 0);
    case ChoiceKind::kDisk: return Give(choice.server, {.kind = InputKind::kDisk});
    case ChoiceKind::kRestart: return Give(choice.server, {.kind = InputKind::kRestart});
    case ChoiceKind::kTimer:
      return Give(choice.server, {.kind = InputKind::kTimer, .number = choice.detail});
    case ChoiceKind::kQuorumLost: return Give(choice.server, {.kind = InputKind::kQuorumLost});
    case ChoiceKind::kHeal:
      std::erase(state_.cuts, std::pair(choice.server, choice.detail));
      return;
    case ChoiceKind::kWrite:
    case ChoiceKind::kRead: {
      const bool write = choice.kind == ChoiceKind::kWrite;
      Spend(write ? Spent::kWrites : Spent::kReads);
      const ExploreBudget& budget = engine_.explore_.budget;
      const uint64_t number = write ? budget.writes - state_.Left(Spent::kWrites) - 1
                                    : budget.writes + budget.reads - state_.Left(Spent::kReads) - 1;
      return Give(choice.server, {.kind = write ? InputKind::kWrite : InputKind::kRead,
                                  .number = static_cast<uint32_t>(number)});
    }
    case ChoiceKind::kKill:
    case ChoiceKind::kPowerLoss: {
      const bool kill = choice.kind == ChoiceKind::kKill;
      Spend(kill ? Spent::kKills : Spent::kPowerLosses);
      Spend(Spent::kCrashes);
      return Give(choice.server, {.kind = kill ? InputKind::kKill : InputKind::kPowerLoss,
                                  .number = choice.detail});
    }
    case ChoiceKind::kCut: Spend(Spent::kCuts); return Cut(choice.server, choice.detail);
    case ChoiceKind::kBreak: Spend(Spent::kBreaks); return Break(state_.pipes[choice.server]);
    case ChoiceKind::kDiskError:
      Spend(Spent::kDiskErrors);
      return Give(choice.server, {.kind = InputKind::kDiskError});
    case ChoiceKind::kSnapshot:
      Spend(Spent::kSnapshots);
      return Give(choice.server, {.kind = InputKind::kSnapshot});
  }
}

void Move::Settle() {
  const ExploreGrain& grain = engine_.explore_.grain;
  int left = kMostAtOnce;
  while (left-- > 0) {
    AnswerConnects();
    if (grain.recovery != Grain::kFine && Recover()) continue;
    if (grain.election != Grain::kFine && SettleElection()) continue;
    if (RetryConnect() || Greet()) continue;
    break;
  }
  ZAB_CHECK(left > 0) << "what follows from one choice does not end";
  Sweep();
  std::ranges::sort(state_.pipes, {}, [](const Pipe& pipe) {
    return std::tuple(pipe.port, pipe.from, pipe.to, pipe.from_open, pipe.to_open, pipe.from_slot,
                      pipe.to_slot, pipe.there, pipe.back);
  });
  CheckBounds();
}

// ---- Servers ------------------------------------------------------------------------------------

void Move::Give(uint8_t sid, const ServerInput& input) {
  const Engine::Transition& transition =
      engine_.TransitionOf(state_.servers[sid - size_t{1}], input);
  state_.servers[sid - size_t{1}] = transition.server;
  size_t message = 0;
  for (const auto& [kind, end] : transition.actions) {
    const bool sends = kind == NetAction::Kind::kSend;
    Act(sid, kind, end, sends ? transition.messages[message++] : 0);
  }
  if (transition.story == 0) return;
  const Engine::Judgement& judgement = engine_.JudgementOf(state_.witness, transition.story);
  state_.witness = judgement.witness;
  if (judgement.broken != 0 && !broken_) broken_ = engine_.broken_[judgement.broken - 1];
}

void Move::Act(uint8_t sid, NetAction::Kind kind, const EndName& end, uint32_t message) {
  switch (kind) {
    case NetAction::Kind::kAccept: return OnAccept(end);
    case NetAction::Kind::kConnect: return Connect(sid, end);
    case NetAction::Kind::kSend: return Send(sid, end, message);
    case NetAction::Kind::kClose: return Close(sid, end);
    case NetAction::Kind::kDie: return Die(sid);
  }
}

// ---- Connections --------------------------------------------------------------------------------

std::pair<Pipe*, bool> Move::Find(uint8_t sid, const EndName& end) {
  for (Pipe& pipe : state_.pipes) {
    if (pipe.from == sid && pipe.from_open && pipe.FromEnd() == end) return {&pipe, false};
    if (pipe.to == sid && pipe.to_open && pipe.ToEnd() == end) return {&pipe, true};
  }
  return {nullptr, false};
}

bool Move::CanReach(uint8_t from, uint8_t to, zab::Port port) const {
  const Server& server = At(to);
  return server.peer.has_value() && server.Listens(port) && !state_.IsCut(from, to);
}

void Move::Connect(uint8_t sid, const EndName& end) {
  state_.pipes.push_back({.port = end.port, .from = sid, .to = end.other, .from_slot = end.slot});
}

void Move::AnswerConnects() {
  const auto is_new = [](const Pipe& pipe) { return !pipe.answered; };
  for (auto at = std::ranges::find_if(state_.pipes, is_new); at != state_.pipes.end();
       at = std::ranges::find_if(state_.pipes, is_new)) {
    at->answered = true;
    const uint8_t from = at->from;
    const uint8_t to = at->to;
    const EndName end = at->FromEnd();
    if (!CanReach(from, to, at->port)) {
      state_.pipes.erase(at);
      Give(from, {.kind = InputKind::kRefused, .end = end});
      continue;
    }
    answering_ = static_cast<size_t>(at - state_.pipes.begin());
    Give(to, {.kind = InputKind::kAccepted, .end = {end.port, from, 0}});
    if (Find(from, end).first != nullptr) Give(from, {.kind = InputKind::kConnected, .end = end});
  }
}

// The first thing that is told of the input kAccepted.
void Move::OnAccept(const EndName& end) {
  Pipe& pipe = state_.pipes[*std::exchange(answering_, std::nullopt)];
  pipe.to_slot = end.slot;
  pipe.to_open = true;
}

void Move::Send(uint8_t sid, const EndName& end, uint32_t message) {
  const auto [pipe, far] = Find(sid, end);
  if (pipe == nullptr || !pipe->IsOpenAt(!far)) return;
  std::vector<uint32_t>& stream = pipe->Stream(!far);
  const bool ended = !stream.empty() && stream.back() == Pipe::kEnd;
  if (!ended) stream.push_back(message);
}

// What was sent before still arrives.
void Move::Close(uint8_t sid, const EndName& end) {
  const auto [pipe, far] = Find(sid, end);
  if (pipe == nullptr) return;
  CloseEnd(*pipe, far);
}

void Move::CloseEnd(Pipe& pipe, bool far) {
  (far ? pipe.to_open : pipe.from_open) = false;
  pipe.Stream(far).clear();
  std::vector<uint32_t>& stream = pipe.Stream(!far);
  if (!pipe.IsOpenAt(!far)) {
    stream.clear();
  } else if (stream.empty() || stream.back() != Pipe::kEnd) {
    stream.push_back(Pipe::kEnd);
  }
}

void Move::Die(uint8_t sid) {
  for (Pipe& pipe : state_.pipes) {
    for (const bool far : {false, true}) {
      if ((far ? pipe.to : pipe.from) != sid || !pipe.IsOpenAt(far)) continue;
      if (lost_) pipe.Stream(!far).clear();
      CloseEnd(pipe, far);
    }
  }
}

void Move::Break(Pipe& pipe) {
  for (const bool forth : {true, false}) {
    std::vector<uint32_t>& stream = pipe.Stream(forth);
    if (lost_) stream.clear();
    if (!pipe.IsOpenAt(forth)) continue;
    if (stream.empty() || stream.back() != Pipe::kEnd) stream.push_back(Pipe::kEnd);
  }
}

void Move::Cut(uint8_t a, uint8_t b) {
  state_.cuts.insert(std::ranges::upper_bound(state_.cuts, std::pair(a, b)), {a, b});
  for (Pipe& pipe : state_.pipes) {
    if (pipe.IsBetween(a, b)) Break(pipe);
  }
}

void Move::Deliver(size_t index, bool forth) {
  Pipe& pipe = state_.pipes[index];
  std::vector<uint32_t>& stream = pipe.Stream(forth);
  const uint32_t message = stream.front();
  stream.erase(stream.begin());
  const uint8_t to = forth ? pipe.to : pipe.from;
  const EndName end = forth ? pipe.ToEnd() : pipe.FromEnd();
  if (message != Pipe::kEnd) {
    return Give(to, {.kind = InputKind::kReceived, .end = end, .number = message});
  }
  CloseEnd(pipe, forth);
  Give(to, {.kind = InputKind::kClosed, .end = end});
}

void Move::Sweep() {
  std::erase_if(state_.pipes, [](const Pipe& pipe) { return !pipe.from_open && !pipe.to_open; });
}

// ---- What is no choice --------------------------------------------------------------------------

bool Move::Recover() {
  for (uint8_t sid = 1; sid <= Count(); ++sid) {
    const Server& server = At(sid);
    if (!server.peer || server.queue.empty()) continue;
    if (!std::holds_alternative<zab::Recovering>(server.peer->role())) continue;
    Give(sid, {.kind = InputKind::kDisk});
    return true;
  }
  return false;
}

bool Move::SettleElection() {
  for (size_t i = 0; i < state_.pipes.size(); ++i) {
    for (const bool forth : {true, false}) {
      if (state_.pipes[i].port != zab::Port::kElection) continue;
      if (state_.pipes[i].Stream(forth).empty()) continue;
      Deliver(i, forth);
      return true;
    }
  }
  for (uint8_t sid = 1; sid <= Count(); ++sid) {
    if (!At(sid).HasTimer(TimerName::kFinalize)) continue;
    Fire(sid, TimerName::kFinalize);
    return true;
  }
  return false;
}

/// A learner waits no longer once its leader listens.
bool Move::RetryConnect() {
  for (uint8_t sid = 1; sid <= Count(); ++sid) {
    const Server& server = At(sid);
    if (!server.peer || !server.HasTimer(TimerName::kConnectRetry)) continue;
    const auto* follower = std::get_if<zab::Follower>(&server.peer->role());
    if (follower == nullptr) continue;
    const auto leader = static_cast<uint8_t>(follower->leader().value);
    if (!CanReach(sid, leader, zab::Port::kQuorum)) continue;
    Fire(sid, TimerName::kConnectRetry);
    return true;
  }
  return false;
}

/// A server that looks for a leader connects to whom it can reach.
bool Move::Greet() {
  for (uint8_t sid = 1; sid <= Count(); ++sid) {
    if (!At(sid).HasTimer(TimerName::kNotification)) continue;
    for (uint8_t other = 1; other <= Count(); ++other) {
      if (other == sid || !CanReach(sid, other, zab::Port::kElection)) continue;
      const bool connected = std::ranges::any_of(state_.pipes, [&](const Pipe& pipe) {
        return pipe.port == zab::Port::kElection && pipe.IsBetween(sid, other) &&
               (pipe.from == sid ? pipe.from_open : pipe.to_open);
      });
      if (connected) continue;
      Fire(sid, TimerName::kNotification);
      return true;
    }
  }
  return false;
}

void Move::Fire(uint8_t sid, TimerName timer) {
  Give(sid, {.kind = InputKind::kTimer, .number = static_cast<uint32_t>(timer)});
}

void Move::CheckBounds() {
  const ExploreBounds& bounds = engine_.explore_.bounds;
  for (uint8_t sid = 1; sid <= Count(); ++sid) {
    const Server& server = At(sid);
    if (!server.peer) continue;
    const zab::Core& core = server.peer->core();
    const bool beyond = core.epochs.accepted().value > bounds.epoch ||
                        core.election.round > static_cast<int64_t>(bounds.round);
    pruned_ = pruned_ || beyond;
  }
}

}  // namespace scenario::explore
