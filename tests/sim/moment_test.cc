// Moments: an observer can crash a process at each one, and then what it announces does not happen.
#include "sim/moment.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/toy_process.h"

namespace sim {
namespace moment_test {
namespace {

using zab::Milliseconds;
using zab::Seconds;

/// Records the moments of n2, and crashes it at the first one of a given kind.
class Watcher : public Observer {
 public:
  explicit Watcher(std::optional<MomentKind> crash_at = {}) : crash_at_(crash_at) {}
  std::unique_ptr<Observer> Clone() const override { return std::make_unique<Watcher>(*this); }

  void OnMoment(World& world, const Moment& moment) override {
    if (moment.node != kN2) return;
    seen.push_back(moment.kind);
    if (moment.kind == crash_at_) world.Crash(kN2, CrashKind::kKill);
  }

  std::vector<MomentKind> seen;

 private:
  std::optional<MomentKind> crash_at_;
};

/// Toys whose n2 is watched.
struct Watched {
  explicit Watched(std::optional<MomentKind> crash_at = {}) {
    id = world->AddObserver(std::make_unique<Watcher>(crash_at));
    world->WatchMoments(id);
  }
  const std::vector<MomentKind>& Seen() { return static_cast<Watcher&>(world->observer(id)).seen; }

  std::unique_ptr<World> world = ConnectedToys();
  ObserverId id;
};

TEST(Moments, OfADelivery) {
  Watched watched;
  SendText(*watched.world, kN1, kC1, "a");
  watched.world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(watched.Seen(), (std::vector{MomentKind::kDelivered, MomentKind::kStepEnd}));
}

TEST(Moments, OfAFileOperation) {
  Watched watched;
  As(*watched.world, kN2).Submit({.operation = {5}, .kind = zab::FileKind::kCreate, .path = "f"});
  watched.world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(watched.Seen(), (std::vector{MomentKind::kFileIssued, MomentKind::kFileCompletes,
                                         MomentKind::kFileTold, MomentKind::kStepEnd}));
}

TEST(Moments, OfATimerAndASend) {
  Watched watched;
  Host host = As(*watched.world, kN2);
  host.SetTimer({.name = 1}, Milliseconds(1));
  host.Send(ToyOf(*watched.world, kN2).accepted(), zab::Payload("b"), false);
  watched.world->RunUntil(At(Seconds(1)));
  EXPECT_EQ(watched.Seen(),
            (std::vector{MomentKind::kSent, MomentKind::kTimer, MomentKind::kStepEnd}));
}

TEST(Moments, ACrashAtASendSendsNothing) {
  Watched watched(MomentKind::kSent);
  As(*watched.world, kN2).Send(ToyOf(*watched.world, kN2).accepted(), zab::Payload("b"), false);
  watched.world->RunUntil(At(Seconds(1)));
  EXPECT_FALSE(watched.world->running(kN2));
  for (const std::string& line : LogOf(*watched.world, kN1)) {
    EXPECT_EQ(line.find("received"), std::string::npos) << line;
  }
}

TEST(Moments, ACrashBeforeAFileOperationCompletesLeavesNothing) {
  for (const MomentKind kind : {MomentKind::kFileIssued, MomentKind::kFileCompletes}) {
    Watched watched(kind);
    As(*watched.world, kN2).Submit({.operation = {5}, .kind = zab::FileKind::kCreate, .path = "f"});
    watched.world->RunUntil(At(Seconds(1)));
    EXPECT_FALSE(watched.world->running(kN2));
    EXPECT_TRUE(watched.world->disk(kN2).files().Names(Image::kVisible).empty());
  }
}

TEST(Moments, ACrashAfterItLeavesTheFile) {
  Watched watched(MomentKind::kFileTold);
  As(*watched.world, kN2).Submit({.operation = {5}, .kind = zab::FileKind::kCreate, .path = "f"});
  watched.world->RunUntil(At(Seconds(1)));
  EXPECT_FALSE(watched.world->running(kN2));
  EXPECT_EQ(watched.world->disk(kN2).files().Names(Image::kVisible),
            (std::vector<std::string>{"f"}));
}

TEST(Moments, AreWatchedInAClone) {
  Watched watched;
  const std::unique_ptr<World> clone = watched.world->Clone();
  SendText(*clone, kN1, kC1, "a");
  clone->RunUntil(At(Seconds(1)));
  EXPECT_EQ(static_cast<Watcher&>(clone->observer(watched.id)).seen.size(), 2u);
  EXPECT_TRUE(watched.Seen().empty());
}

}  // namespace
}  // namespace moment_test
}  // namespace sim
