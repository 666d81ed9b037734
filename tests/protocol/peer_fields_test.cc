// Peers as values: printed, compared and hashed.  The tests walk the field lists and change each
// field in a copy; every change must be noticed.
#include <gtest/gtest.h>

#include "protocol/base/fields.h"
#include "tests/support/ensemble.h"

namespace zab::peer_fields_test {
namespace {

constexpr ServerId kOne{1};
constexpr ServerId kTwo{2};
constexpr ServerId kThree{3};

/// Counts leaf fields and changes number `turn`.  Fields() gives const references; the object
/// itself is a copy that is not const.
class Changer {
 public:
  explicit Changer(size_t turn) : turn_(turn) {}
  size_t leaves() const { return leaves_; }
  const std::string& changed() const { return changed_; }

  template <class T>
  void operator()(const char* name, const T& value) {
    path_.push_back(name);
    Walk(const_cast<T&>(value));
    path_.pop_back();
  }

 private:
  template <class T>
  void Walk(T& value) {
    if constexpr (HasFields<T>) {
      value.Fields(*this);
    } else if (leaves_++ == turn_) {
      for (const char* name : path_) changed_ += std::string("/") + name;
      Change(value);
    }
  }

  template <class T>
  static void Change(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      value = !value;
    } else if constexpr (std::is_enum_v<T>) {
      value = static_cast<T>(static_cast<std::underlying_type_t<T>>(value) ^ 1);
    } else if constexpr (std::is_integral_v<T>) {
      value = static_cast<T>(value ^ 1);
    } else if constexpr (requires { value.value; }) {
      Change(value.value);  // A strong id.
    } else if constexpr (requires { value.nanoseconds; }) {
      Change(value.nanoseconds);
    } else if constexpr (std::is_same_v<T, Zxid>) {
      Change(value.counter);
    } else {
      ChangeLarge(value);
    }
  }

  template <class T>
  static void ChangeLarge(T& value) {
    if constexpr (std::is_same_v<T, std::string>) {
      value += "x";
    } else if constexpr (std::is_same_v<T, Payload>) {
      value = Payload(std::string(value.view()) + "x");
    } else if constexpr (std::is_same_v<T, absl::Status>) {
      value = absl::InvalidArgumentError("x");
    } else if constexpr (std::is_same_v<T, TxnRef>) {
      value = nullptr;
    } else if constexpr (requires { value.resize(1); }) {
      value.resize(value.size() + 1);
    } else if constexpr (std::ranges::range<T>) {
      if (!value.empty()) {
        value.erase(value.begin());
      } else if constexpr (requires { typename T::mapped_type; }) {
        value.try_emplace(typename T::key_type{});
      } else {
        value.emplace();
      }
    } else if constexpr (requires { value.reset(); }) {
      if (value) {
        value.reset();
      } else {
        value.emplace();
      }
    }
  }

  size_t turn_;
  size_t leaves_ = 0;
  std::vector<const char*> path_;
  std::string changed_;
};

void ExpectEachFieldToCount(const Peer& peer) {
  const std::string text = ToString(peer);
  const Hash128 hash = HashOf(peer);
  Changer count(SIZE_MAX);
  peer.Fields(count);
  ASSERT_GT(count.leaves(), 100u);
  for (size_t turn = 0; turn < count.leaves(); ++turn) {
    const Peer copy = peer;
    ASSERT_EQ(copy, peer);
    Changer changer(turn);
    copy.Fields(changer);
    EXPECT_NE(ToString(copy), text) << changer.changed();
    EXPECT_NE(HashOf(copy), hash) << changer.changed();
    EXPECT_FALSE(copy == peer) << changer.changed();
  }
}

/// Three servers, of which n3 will lead; histories as given.
Ensemble ThreeServers() {
  Ensemble ensemble({1, 2, 3});
  for (const ServerId id : {kOne, kTwo, kThree}) {
    ensemble.GiveDisk(id, Epoch{1}, {{Epoch{1}, 1}, {Epoch{1}, 2}});
    ensemble.Start(id);
  }
  return ensemble;
}

template <class Role>
const Role* RoleOf(Ensemble& ensemble, ServerId id) {
  return std::get_if<Role>(&ensemble.peer(id).role());
}

TEST(PeerFields, EachFieldOfALookingServer) {
  Ensemble ensemble = ThreeServers();
  ASSERT_TRUE(ensemble.RunUntil([&] {
    const auto* looking = RoleOf<Looking>(ensemble, kTwo);
    return looking && looking->phase() == Looking::Phase::kFinalizing;
  }));
  ExpectEachFieldToCount(ensemble.peer(kTwo));
}

TEST(PeerFields, EachFieldOfARecoveringServer) {
  Ensemble ensemble = ThreeServers();
  ASSERT_TRUE(ensemble.RunUntil(
      [&] { return ToString(ensemble.peer(kOne)).find("phase=repairing") != std::string::npos; }));
  ExpectEachFieldToCount(ensemble.peer(kOne));
}

TEST(PeerFields, EachFieldOfAFollowerAndItsLeader) {
  Ensemble ensemble = ThreeServers();
  ASSERT_TRUE(ensemble.RunUntil([&] {
    const auto* follower = RoleOf<Follower>(ensemble, kTwo);
    return follower && follower->phase() == Follower::Phase::kBroadcast;
  }));
  const ConnectionId client = ensemble.ConnectClient(kTwo);
  ensemble.Push(kTwo, ClientRequest{client, 1, {.type = OpType::kCreate, .path = "/a"}});
  const size_t applied = ensemble.peer(kTwo).core().unapplied.size();
  ASSERT_TRUE(
      ensemble.RunUntil([&] { return ensemble.peer(kTwo).core().unapplied.size() > applied; }));
  ExpectEachFieldToCount(ensemble.peer(kTwo));
  ExpectEachFieldToCount(ensemble.peer(kThree));
}

TEST(PeerFields, TheSameInputsGiveEqualPeers) {
  Ensemble one = ThreeServers();
  Ensemble two = ThreeServers();
  std::set<std::string> seen;
  for (int i = 0; i < 400; ++i) {
    ASSERT_EQ(one.Step(Time{} + Seconds(5)), two.Step(Time{} + Seconds(5)));
    for (const ServerId id : {kOne, kTwo, kThree}) {
      ASSERT_EQ(one.peer(id), two.peer(id));
      ASSERT_EQ(HashOf(one.peer(id)), HashOf(two.peer(id)));
      seen.insert(ToString(HashOf(one.peer(id))));
    }
  }
  EXPECT_GT(seen.size(), 100u);
}

TEST(PeerFields, ACloneIsEqualAndGoesItsOwnWay) {
  Ensemble ensemble = ThreeServers();
  ensemble.RunFor(Seconds(1));
  Peer clone = ensemble.peer(kThree);
  EXPECT_EQ(clone, ensemble.peer(kThree));
  Effects effects;
  clone.Step({Time{} + Seconds(9), Time{}}, SnapshotRequested{}, effects);
  EXPECT_FALSE(clone == ensemble.peer(kThree));
}

TEST(PeerFields, TextNamesPhasesAndShowsTheBeginningOfWhatIsLong) {
  Ensemble ensemble = ThreeServers();
  ensemble.RunFor(Seconds(3));
  const std::string text = ToString(ensemble.peer(kThree));
  EXPECT_NE(text.find("leader={phase=broadcast abandoned=- epoch=2"), std::string::npos) << text;
  EXPECT_LT(text.size(), 8000u) << text;
  std::string list;
  AppendText(std::vector<int>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, list);
  EXPECT_EQ(list.substr(0, 22), "[1 2 3 4 5 6 7 8 ...2#") << list;
}

}  // namespace
}  // namespace zab::peer_fields_test
