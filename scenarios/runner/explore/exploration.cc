// Breadth first, level by level.
#include "scenarios/runner/explore/exploration.h"

#include <algorithm>
#include <utility>

#include "protocol/base/check.h"

namespace scenario::explore {
namespace {

/// How many states are gone on from between two calls of OnProgress.
constexpr uint64_t kOften = 1024;

/// States waiting to be gone on from, packed one after the other.
class Queue {
 public:
  void Push(uint32_t node, const State& state) {
    const std::string packed = Pack(state);
    Put(node);
    Put(static_cast<uint32_t>(packed.size()));
    bytes_ += packed;
    ++size_;
  }
  /// Its node, and the state.
  std::pair<uint32_t, State> Pop() {
    const uint32_t node = Get();
    const uint32_t size = Get();
    State state = Unpack(absl::string_view(bytes_).substr(at_, size));
    at_ += size;
    --size_;
    return {node, std::move(state)};
  }
  uint64_t size() const { return size_; }
  uint64_t bytes() const { return bytes_.capacity(); }

 private:
  void Put(uint32_t value) {
    for (int i = 0; i < 4; ++i) bytes_ += static_cast<char>(value >> (8 * i) & 0xff);
  }
  uint32_t Get() {
    uint32_t value = 0;
    for (int i = 0; i < 4; ++i) value |= uint32_t{static_cast<uint8_t>(bytes_[at_++])} << (8 * i);
    return value;
  }

  std::string bytes_;
  size_t at_ = 0;
  uint64_t size_ = 0;
};

class Exploration {
 public:
  Exploration(const Scenario& scenario, Engine& engine, const OnProgress& on_progress)
      : most_(scenario.explore->bounds.states.value_or(UINT64_MAX)),
        engine_(engine),
        on_progress_(on_progress) {}

  Explored Run();

 private:
  /// How a state was reached first.
  struct Node {
    uint32_t parent = 0;
    Choice choice;
  };

  bool GoOnFrom(uint32_t node, const State& state);
  /// Returns whether to go on.
  bool Enter(uint32_t parent, const Choice& choice, Successor next);
  bool Report();
  void Fail(uint32_t node, std::optional<Choice> last, Broken broken);
  Progress ProgressNow() const;

  const uint64_t most_;
  Engine& engine_;
  const OnProgress& on_progress_;
  Explored result_;
  FingerprintSet seen_;
  std::vector<Node> nodes_;  // The first is the beginning.
  Queue level_, next_;
  std::vector<Choice> choices_;
};

Explored Exploration::Run() {
  Successor start = engine_.Start();
  nodes_.emplace_back();
  result_.ended = Ended::kComplete;
  if (start.broken) {
    Fail(0, std::nullopt, *std::move(start.broken));
  } else {
    const uint64_t fingerprint = engine_.Fingerprint(start.state);
    seen_.Insert(fingerprint);
    result_.set_hash = fingerprint;
    next_.Push(0, start.state);
  }
  while (next_.size() > 0 && result_.ended == Ended::kComplete) {
    level_ = std::exchange(next_, {});
    while (level_.size() > 0) {
      const auto [node, state] = level_.Pop();
      if (!GoOnFrom(node, state)) break;
    }
    if (next_.size() > 0) ++result_.reached.depth;
  }
  result_.reached = ProgressNow();
  return std::move(result_);
}

bool Exploration::GoOnFrom(uint32_t node, const State& state) {
  if (level_.size() % kOften == 0 && !Report()) return false;
  engine_.Choices(state, choices_);
  if (choices_.empty()) ++result_.terminal;
  if (Engine::IsQuiescent(choices_)) {
    ++result_.quiescent;
    if (std::optional<Broken> broken = engine_.JudgeQuiescent(state)) {
      Fail(node, std::nullopt, *std::move(broken));
      return false;
    }
  }
  const std::vector<Choice> choices = choices_;
  return std::ranges::all_of(choices, [&](const Choice& choice) {
    return Enter(node, choice, engine_.Apply(state, choice));
  });
}

bool Exploration::Enter(uint32_t parent, const Choice& choice, Successor next) {
  ++result_.reached.transitions;
  ++result_.by_kind[static_cast<size_t>(choice.kind)];
  if (next.broken) {
    Fail(parent, choice, *std::move(next.broken));
    return false;
  }
  if (next.pruned) {
    ++result_.pruned;
    return true;
  }
  const uint64_t fingerprint = engine_.Fingerprint(next.state);
  if (!seen_.Insert(fingerprint)) return true;
  result_.set_hash ^= fingerprint;
  ZAB_CHECK(nodes_.size() < UINT32_MAX) << "more states than numbers";
  nodes_.push_back({parent, choice});
  next_.Push(static_cast<uint32_t>(nodes_.size() - 1), next.state);
  if (seen_.size() < most_) return true;
  result_.ended = Ended::kBound;
  return false;
}

void Exploration::Fail(uint32_t node, std::optional<Choice> last, Broken broken) {
  result_.ended = Ended::kViolation;
  Counterexample& found = result_.counterexample.emplace(Counterexample{std::move(broken), {}, {}});
  if (last) found.path.push_back(*last);
  for (uint32_t at = node; at != 0; at = nodes_[at].parent) {
    found.path.push_back(nodes_[at].choice);
  }
  std::ranges::reverse(found.path);
  State state = engine_.Start().state;
  for (const Choice& choice : found.path) {
    found.steps.push_back(engine_.Describe(state, choice));
    state = engine_.Apply(std::move(state), choice).state;
  }
}

bool Exploration::Report() {
  if (!on_progress_ || on_progress_(ProgressNow())) return true;
  result_.ended = Ended::kInterrupted;
  return false;
}

Progress Exploration::ProgressNow() const {
  Progress progress = result_.reached;
  progress.states = seen_.size();
  progress.queued = level_.size() + next_.size();
  progress.bytes =
      seen_.bytes() + nodes_.capacity() * sizeof(Node) + level_.bytes() + next_.bytes();
  return progress;
}

}  // namespace

Explored ExploreAll(const Scenario& scenario, Engine& engine, const OnProgress& on_progress) {
  return Exploration(scenario, engine, on_progress).Run();
}

}  // namespace scenario::explore
