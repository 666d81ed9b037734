// The loop, and what becomes of each effect.
#include "tests/live/driver.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "protocol/base/overloaded.h"

namespace live {
namespace {

constexpr zab::Duration kLongestWait = zab::Seconds(1);

template <class Clock>
zab::Time TimeOf() {
  const auto since = Clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(since).count()};
}

zab::Instant Now() {
  return {TimeOf<std::chrono::steady_clock>(), TimeOf<std::chrono::system_clock>()};
}

/// No two processes draw the same.
zab::Chooser ChooserOfThisProcess() {
  return zab::Chooser(static_cast<uint64_t>(Now().wall.nanoseconds));
}

}  // namespace

Driver::Driver(const zab::PeerConfig& config, std::string directory, std::FILE* trace)
    : trace_(trace),
      peer_(config, ChooserOfThisProcess(), zab::Entity{static_cast<uint64_t>(getpid())}),
      sockets_(config, inputs_),
      files_(std::move(directory)) {
  inputs_.push_back(zab::Started{});
}

zab::Reason Driver::Run() {
  while (halted_ == zab::Reason::kNone) {
    // Whatever these lead to waits until sockets and timers have had their turn.
    for (size_t left = inputs_.size(); left > 0 && !inputs_.empty(); --left) {
      const zab::Input input = std::move(inputs_.front());
      inputs_.pop_front();
      Step(input);
    }
    sockets_.Poll(inputs_.empty() ? UntilNextTimer() : zab::Duration{});
    FireTimers();
  }
  return halted_;
}

void Driver::Step(const zab::Input& input) {
  if (halted_ != zab::Reason::kNone) return;
  zab::Effects effects;
  peer_.Step(Now(), input, effects);
  peer_.CheckInvariants();
  for (const zab::Effect& effect : effects) {
    if (halted_ == zab::Reason::kNone) Perform(effect);
  }
}

void Driver::Perform(const zab::Effect& effect) {
  std::visit(
      zab::Overloaded{
          [&](const zab::SetTimer& e) { timers_[e.timer] = Now().monotonic + e.after; },
          [&](const zab::CancelTimer& e) { timers_.erase(e.timer); },
          [&](const zab::Listen& e) { sockets_.Listen(e.port); },
          [&](const zab::Unlisten& e) { sockets_.Unlisten(e.port); },
          [&](const zab::Connect& e) { sockets_.Connect(e.connection, e.server, e.port); },
          [&](const zab::Send& e) { sockets_.Send(e); },
          [&](const zab::Close& e) { sockets_.Close(e.connection); },
          [&](const zab::FileOp& e) { inputs_.push_back(files_.Perform(e)); },
          [&](const zab::ClientAccepted&) {},  // No client gets in: Sockets opens no port for them.
          [&](const zab::ClientReply&) {},
          [&](const zab::Later& e) { inputs_.push_back(zab::Resume{e.task}); },
          [&](const zab::Trace& e) { Print(e.event); },
          [&](const zab::Halt& e) { halted_ = e.reason; }},
      effect);
}

// At once, not by way of the queue: one that an earlier one cancels or sets anew must not fire.
void Driver::FireTimers() {
  const zab::Time now = Now().monotonic;
  std::vector<std::pair<zab::Time, zab::TimerId>> due;
  for (const auto& [timer, when] : timers_) {
    if (when <= now) due.emplace_back(when, timer);
  }
  std::sort(due.begin(), due.end());
  for (const auto& [when, timer] : due) {
    const auto set = timers_.find(timer);
    if (set == timers_.end() || set->second != when) continue;
    timers_.erase(set);
    Step(zab::TimerFired{timer});
  }
}

zab::Duration Driver::UntilNextTimer() const {
  const zab::Time now = Now().monotonic;
  zab::Duration wait = kLongestWait;
  for (const auto& [timer, when] : timers_) wait = std::min(wait, when - now);
  return wait;
}

void Driver::Print(const zab::TraceEvent& event) const {
  const auto text = [](absl::string_view name) { return std::string(name.empty() ? "-" : name); };
  std::fprintf(trace_, "%s kind=%s reason=%s peer=%d epoch=%u zxid=%s\n",
               text(Name(event.probe)).c_str(), text(Name(event.kind)).c_str(),
               text(Name(event.reason)).c_str(), event.peer.value, event.epoch.value,
               ToString(event.zxid).c_str());
  std::fflush(trace_);
}

}  // namespace live
