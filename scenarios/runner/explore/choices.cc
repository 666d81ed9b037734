// What may happen next, and how it is called.
#include <algorithm>
#include <array>
#include <variant>

#include "absl/strings/str_cat.h"
#include "protocol/boundary/message_kind.h"
#include "protocol/wire/codec.h"
#include "scenarios/runner/explore/engine.h"

namespace scenario::explore {
namespace {

using zab::TimerName;

/// Collects the choices of one state.
class ChoiceList {
 public:
  ChoiceList(const Engine& engine, const State& state, std::vector<Choice>& out)
      : engine_(engine), state_(state), out_(out) {}

  void Free() {
    Deliveries();
    for (uint8_t sid = 1; sid <= Count(); ++sid) {
      const Server& server = At(sid);
      if (server.peer && !server.queue.empty()) Add({ChoiceKind::kDisk, sid});
      if (server.peer && server.HasTimer(TimerName::kFinalize)) Timer(sid, TimerName::kFinalize);
    }
    const bool busy = !out_.empty();
    for (uint8_t sid = 1; sid <= Count(); ++sid) {
      if (!At(sid).peer) Add({ChoiceKind::kRestart, sid});
      if (HasLostQuorum(sid)) Add({ChoiceKind::kQuorumLost, sid});
    }
    for (const auto& [a, b] : state_.cuts) Add({ChoiceKind::kHeal, a, b});
    if (!busy) LastResorts();
  }

  void Spending() {
    for (uint8_t sid = 1; sid <= Count(); ++sid) {
      const Server& server = At(sid);
      if (!server.peer) continue;
      if (state_.Left(Spent::kWrites) > 0 && Leads(sid)) Add({ChoiceKind::kWrite, sid});
      if (state_.Left(Spent::kReads) > 0 && Serves(sid)) Add({ChoiceKind::kRead, sid});
      if (state_.Left(Spent::kSnapshots) > 0 && Serves(sid)) Add({ChoiceKind::kSnapshot, sid});
      if (state_.Left(Spent::kDiskErrors) > 0 && !server.queue.empty()) {
        Add({ChoiceKind::kDiskError, sid});
      }
      if (state_.Left(Spent::kCrashes) == 0) continue;
      if (state_.Left(Spent::kKills) > 0) Crashes(ChoiceKind::kKill, sid);
      if (state_.Left(Spent::kPowerLosses) > 0) Crashes(ChoiceKind::kPowerLoss, sid);
    }
    if (state_.Left(Spent::kCuts) > 0) Cuts();
    if (state_.Left(Spent::kBreaks) > 0) Breaks();
  }

 private:
  const Server& At(uint8_t sid) const { return engine_.server(state_, {sid}); }
  uint8_t Count() const { return static_cast<uint8_t>(state_.servers.size()); }
  void Add(const Choice& choice) { out_.push_back(choice); }
  void Timer(uint8_t sid, TimerName name) {
    Add({ChoiceKind::kTimer, sid, static_cast<uint8_t>(name)});
  }

  void Deliveries() {
    for (uint8_t i = 0; i < state_.pipes.size(); ++i) {
      if (!state_.pipes[i].there.empty()) Add({ChoiceKind::kDeliver, i, 1});
      if (!state_.pipes[i].back.empty()) Add({ChoiceKind::kDeliver, i, 0});
    }
  }

  /// Waits that end only when nothing else can happen.
  void LastResorts() {
    for (uint8_t sid = 1; sid <= Count(); ++sid) {
      for (const TimerName name :
           {TimerName::kNotification, TimerName::kConnectLimit, TimerName::kPhaseLimit}) {
        if (At(sid).HasTimer(name)) Timer(sid, name);
      }
    }
  }

  bool Leads(uint8_t sid) const {
    const auto& peer = At(sid).peer;
    const auto* leader = peer ? std::get_if<zab::Leader>(&peer->role()) : nullptr;
    return leader != nullptr && leader->phase() == zab::Leader::Phase::kBroadcast;
  }
  bool Serves(uint8_t sid) const {
    const auto& peer = At(sid).peer;
    const auto* follower = peer ? std::get_if<zab::Follower>(&peer->role()) : nullptr;
    return Leads(sid) ||
           (follower != nullptr && follower->phase() == zab::Follower::Phase::kBroadcast);
  }
  bool HasLostQuorum(uint8_t sid) const {
    if (!Leads(sid)) return false;
    std::vector<zab::ServerId> connected{{sid}};
    for (const Pipe& pipe : state_.pipes) {
      if (pipe.port != zab::Port::kQuorum || pipe.to != sid || !pipe.to_open) continue;
      const zab::ServerId learner{pipe.from};
      if (std::ranges::find(connected, learner) == connected.end()) connected.push_back(learner);
    }
    return !At(sid).peer->core().config.IsQuorum(connected);
  }

  void Crashes(ChoiceKind kind, uint8_t sid) {
    const bool under_way = std::ranges::any_of(state_.pipes, [&](const Pipe& pipe) {
      if (pipe.port != zab::Port::kQuorum) return false;
      return (pipe.from == sid && pipe.from_open && !pipe.there.empty()) ||
             (pipe.to == sid && pipe.to_open && !pipe.back.empty());
    });
    for (uint8_t done = 0; done <= At(sid).queue.size(); ++done) {
      Add({kind, sid, done, false});
      if (under_way) Add({kind, sid, done, true});
    }
  }
  void Cuts() {
    for (uint8_t a = 1; a <= Count(); ++a) {
      for (uint8_t b = a + 1; b <= Count(); ++b) {
        if (state_.IsCut(a, b)) continue;
        const bool under_way = std::ranges::any_of(state_.pipes, [&](const Pipe& pipe) {
          return pipe.IsBetween(a, b) && !(pipe.there.empty() && pipe.back.empty());
        });
        Add({ChoiceKind::kCut, a, b, false});
        if (under_way) Add({ChoiceKind::kCut, a, b, true});
      }
    }
  }
  void Breaks() {
    for (uint8_t i = 0; i < state_.pipes.size(); ++i) {
      const Pipe& pipe = state_.pipes[i];
      if (pipe.port != zab::Port::kQuorum || !pipe.from_open || !pipe.to_open) continue;
      Add({ChoiceKind::kBreak, i, 0, false});
      if (!pipe.there.empty() || !pipe.back.empty()) Add({ChoiceKind::kBreak, i, 0, true});
    }
  }

  const Engine& engine_;
  const State& state_;
  std::vector<Choice>& out_;
};

constexpr std::array<const char*, kChoiceKindCount> kNames = {
    "deliver", "disk", "restart",    "heal", "timer", "quorum_lost", "write",
    "read",    "kill", "power_loss", "cut",  "break", "disk_error",  "snapshot"};

std::string Name(TimerName name) {
  switch (name) {
    case TimerName::kNotification: return "notification";
    case TimerName::kFinalize: return "finalize";
    case TimerName::kHandshake: return "handshake";
    case TimerName::kConnectRetry: return "connect_retry";
    case TimerName::kConnectLimit: return "connect_limit";
    case TimerName::kRead: return "read";
    case TimerName::kPhaseLimit: return "phase_limit";
    case TimerName::kTick: return "tick";
    case TimerName::kFlush: return "flush";
  }
  return "";
}

/// What a stream of the election or of the quorum carries.
std::string MessageName(const zab::Payload& bytes, zab::Port port, bool to_leader) {
  if (port == zab::Port::kElection) return "notification";
  zab::QuorumDecoder decoder(to_leader ? zab::ReadingEnd::kLeader : zab::ReadingEnd::kLearner);
  decoder.Feed(bytes.view());
  const auto message = decoder.Next();
  if (!message.ok() || !message->has_value()) return "part of a snapshot";
  return std::string(zab::Name(zab::KindOf(**message)));
}

}  // namespace

const char* Name(ChoiceKind kind) {
  return kNames[static_cast<size_t>(kind)];
}

void Engine::Choices(const State& state, std::vector<Choice>& out) const {
  out.clear();
  ChoiceList list(*this, state, out);
  list.Free();
  list.Spending();
}

bool Engine::IsQuiescent(const std::vector<Choice>& choices) {
  return std::ranges::all_of(
      choices, [](const Choice& choice) { return choice.kind >= ChoiceKind::kWrite; });
}

std::string Engine::Describe(const State& state, const Choice& choice) const {
  const auto name = [this](uint8_t sid) { return scenario_.NameOf(zab::ServerId{sid}); };
  const std::string lost = choice.lost ? ", what is under way is lost" : "";
  switch (choice.kind) {
    case ChoiceKind::kDeliver: {
      const Pipe& pipe = state.pipes[choice.server];
      const bool forth = choice.detail != 0;
      const uint32_t message = pipe.Stream(forth).front();
      const std::string what = message == Pipe::kEnd
                                   ? "the end of a connection"
                                   : MessageName(messages_[message], pipe.port, forth);
      return absl::StrCat("deliver ", what, " ", name(forth ? pipe.from : pipe.to), " -> ",
                          name(forth ? pipe.to : pipe.from));
    }
    case ChoiceKind::kDisk: return absl::StrCat("disk of ", name(choice.server));
    case ChoiceKind::kRestart: return absl::StrCat("restart ", name(choice.server));
    case ChoiceKind::kHeal:
      return absl::StrCat("heal ", name(choice.server), " - ", name(choice.detail));
    case ChoiceKind::kTimer:
      return absl::StrCat("timer ", Name(static_cast<TimerName>(choice.detail)), " of ",
                          name(choice.server));
    case ChoiceKind::kQuorumLost:
      return absl::StrCat(name(choice.server), " notices that its quorum is gone");
    case ChoiceKind::kWrite: return absl::StrCat("write at ", name(choice.server));
    case ChoiceKind::kRead: return absl::StrCat("read at ", name(choice.server));
    case ChoiceKind::kKill:
    case ChoiceKind::kPowerLoss: {
      const char* what = choice.kind == ChoiceKind::kKill ? "kill " : "power loss of ";
      const std::string done = choice.detail == 0 ? ""
                                                  : absl::StrCat(" after ", choice.detail,
                                                                 " more operations of its disk");
      return absl::StrCat(what, name(choice.server), done, lost);
    }
    case ChoiceKind::kCut:
      return absl::StrCat("cut ", name(choice.server), " - ", name(choice.detail), lost);
    case ChoiceKind::kBreak: {
      const Pipe& pipe = state.pipes[choice.server];
      return absl::StrCat("break the connection of ", name(pipe.from), " to ", name(pipe.to), lost);
    }
    case ChoiceKind::kDiskError:
      return absl::StrCat("the next operation of the disk of ", name(choice.server), " fails");
    case ChoiceKind::kSnapshot: return absl::StrCat("snapshot at ", name(choice.server));
  }
  return "";
}

}  // namespace scenario::explore
