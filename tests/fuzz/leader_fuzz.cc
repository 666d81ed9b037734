// A leader and arbitrary bytes of learners, on connections that come and go.
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "protocol/base/check.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/role_bench.h"

namespace {

enum Act { kReceive, kAccept, kClose, kTick, kNothing, kActs };
constexpr uint8_t kNoAnswers =
    0x80;  // A bit of the act's byte: file operations and tasks do not complete.

class Leading {
 public:
  Leading(uint32_t history, uint32_t initial_counter)
      : bench_(zab::BenchConfig(3, 3), zab::Leader()) {
    bench_.core.config.limits.initial_counter = initial_counter;
    bench_.GiveHistory(zab::Epoch{1}, history);
    bench_.core.epochs.Set(zab::Epoch{1}, zab::Epoch{1});
    zab::Outbox out = bench_.out();
    bench_.role.Start(bench_.core, out);
  }

  /// One act: its byte and, for some acts, the connection, a size in two bytes, and bytes.
  void Perform(fuzz::Input& input) {
    const uint8_t act = input.Byte();
    std::optional<zab::ConnectionId>& slot = connections_[input.Byte() % connections_.size()];
    zab::Outbox out = bench_.out();
    switch ((act & ~kNoAnswers) % kActs) {
      case kReceive: {
        const size_t high = input.Byte();
        const std::string bytes(input.Take(high << 8 | input.Byte()));
        if (slot && bench_.role.Owns(*slot)) {
          bench_.role.OnReceived(*slot, bytes, bench_.core, out);
        }
        break;
      }
      case kAccept:
        slot = zab::ConnectionId{next_++};
        bench_.role.OnAccepted(*slot, bench_.core, out);
        break;
      case kClose:
        if (slot) bench_.role.OnClosed(*slot, out);
        slot.reset();
        break;
      case kTick:
        if (bench_.role.phase() != zab::Leader::Phase::kBroadcast) break;
        bench_.core.now.monotonic = bench_.core.now.monotonic + zab::Seconds(1);
        bench_.role.OnTimer({zab::TimerName::kTick}, bench_.core, out);
        break;
      default: break;
    }
    if ((act & kNoAnswers) == 0) Answer();
    Check();
  }

  bool may_continue() const { return !halted_ && !bench_.role.abandoned(); }

 private:
  void Answer() {
    for (int round = 0; round < 4 && may_continue(); ++round) {
      bench_.AnswerDisk();
      bench_.ResumeTasks();
      Forget();
    }
  }

  // Sends complete at once; other effects that need no answer are forgotten.
  void Forget() {
    zab::Effects all = std::exchange(bench_.effects, {});
    zab::Outbox out = bench_.out();
    for (zab::Effect& effect : all) {
      if (std::holds_alternative<zab::Halt>(effect)) halted_ = true;
      const auto* send = std::get_if<zab::Send>(&effect);
      if (send && send->wants_done) bench_.role.OnSendDone(send->connection, bench_.core, out);
      if (std::holds_alternative<zab::FileOp>(effect) ||
          std::holds_alternative<zab::Later>(effect)) {
        bench_.effects.push_back(std::move(effect));
      }
    }
  }

  void Check() const {
    const zab::Epochs& epochs = bench_.core.epochs;
    ZAB_CHECK(epochs.current() <= epochs.accepted()) << "epochs";
    ZAB_CHECK(epochs.accepted().value <= 0x7fffffff) << "not an epoch";
  }

  zab::RoleBench<zab::Leader> bench_;
  std::array<std::optional<zab::ConnectionId>, 4> connections_;
  uint64_t next_ = zab::ConnectionId::kFirstAccepted;
  bool halted_ = false;
};

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::Input input(data, size);
  constexpr std::array<uint32_t, 4> kInitialCounters = {0, 1, 1000, zab::kLastCounter - 2};
  const uint8_t start = input.Byte();
  Leading leading(start % 8u, kInitialCounters[start / 8u % kInitialCounters.size()]);
  while (leading.may_continue() && !input.empty()) leading.Perform(input);
  return 0;
}
