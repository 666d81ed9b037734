// Move: one transition of the world at work: a choice, and everything that follows from it at once.
#pragma once

#include <deque>
#include <optional>
#include <utility>

#include "scenarios/runner/explore/engine.h"

namespace scenario::explore {

class Move {
 public:
  Move(Engine& engine, State state) : engine_(engine), state_(std::move(state)) {}

  void Do(const Choice& choice);
  /// Elections, if they are canonical, and waits that end as soon as they can; then the pipes in
  /// their order.  Call it last.
  void Settle();

  Successor Take() && { return {std::move(state_), std::move(broken_), pruned_}; }

 private:
  void Give(uint8_t sid, const ServerInput& input);
  void Act(uint8_t sid, NetAction::Kind kind, const EndName& end, uint32_t message);
  void Connect(uint8_t sid, const EndName& end);
  void OnAccept(const EndName& end);
  void Send(uint8_t sid, const EndName& end, uint32_t message);
  void Close(uint8_t sid, const EndName& end);
  static void CloseEnd(Pipe& pipe, bool far);
  void Die(uint8_t sid);
  void AnswerConnects();
  void Deliver(size_t pipe, bool forth);
  void Cut(uint8_t a, uint8_t b);
  void Break(Pipe& pipe);
  void Spend(Spent what) { --state_.Left(what); }

  bool SettleElection();
  bool RetryConnect();
  bool Greet();
  bool Recover();
  void Fire(uint8_t sid, zab::TimerName timer);
  void CheckBounds();

  /// The pipe that the server's open end belongs to, and whether that is the far one.
  std::pair<Pipe*, bool> Find(uint8_t sid, const EndName& end);
  void Sweep();
  const Server& At(uint8_t sid) const { return engine_.server(state_, {sid}); }
  bool CanReach(uint8_t from, uint8_t to, zab::Port port) const;
  uint8_t Count() const { return static_cast<uint8_t>(state_.servers.size()); }

  Engine& engine_;
  State state_;
  std::optional<Broken> broken_;
  bool pruned_ = false;
  bool lost_ = false;  // What is under way when a process dies, or a connection breaks.
  std::optional<size_t> answering_;  // The pipe whose far end is about to open.
};

}  // namespace scenario::explore
