// Passes 1 to 3 (SEARCH.md 5.2): which things happen.
#include "scenarios/runner/shrink/passes.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "protocol/boundary/quorum.h"
#include "scenarios/runner/faults/actions.h"
#include "scenarios/runner/language/units.h"
#include "scenarios/runner/shrink/edit.h"

namespace scenario {
namespace {

using Keep = std::vector<bool>;
using Path = std::vector<absl::string_view>;

/// Removes the items of a list whose entry in `keep`, starting from `at`, is false; advances `at`.
void Select(std::vector<Value>* items, const Keep& keep, size_t& at) {
  if (items == nullptr) return;
  std::erase_if(*items, [&](const Value&) { return !keep[at++]; });
}

size_t SizeOf(const Case& subject, const Path& path) {
  Value tree = subject.tree();
  const std::vector<Value>* list = ListAt(tree, path);
  return list == nullptr ? 0 : list->size();
}

void MinimiseList(Case& subject, const Path& path) {
  Minimise(subject, SizeOf(subject, path), [&](Value& tree, const Keep& keep) {
    size_t at = 0;
    Select(ListAt(tree, path), keep, at);
  });
}

// ---- Faults and their repairs -------------------------------------------------------------------

/// The single action of an event: its name, such as "crash", and what identifies its target.
struct SingleAction {
  std::string word;
  std::string target;
};

std::optional<SingleAction> SingleActionOf(const Value& event) {
  const Value* actions = event.Find("do");
  if (actions == nullptr || actions->children.size() != 1) return std::nullopt;
  const Value& action = actions->children[0].children[0];
  Value target = action;
  if (const Value* named = action.Find("target")) target = *named;
  target.key.clear();
  if (action.key == "partition") target = Value::String(TextOf(event, "id"));
  return SingleAction{action.key, CompactJson(target)};
}

/// The same for the name of an action; empty if that is not a fault.
absl::string_view RepairOf(absl::string_view word) {
  for (int i = 0; i < kFaultKindCount; ++i) {
    const auto fault = static_cast<FaultKind>(i);
    if (Name(fault) == word) return RepairOf(fault);
  }
  return "";
}

/// The unit of each event: a fault and the repair after it form one unit.
std::vector<size_t> UnitsOf(const std::vector<Value>& events) {
  std::vector<size_t> unit(events.size());
  std::vector<bool> taken(events.size());
  for (size_t i = 0; i < events.size(); ++i) {
    if (taken[i]) continue;
    unit[i] = i;
    const std::optional<SingleAction> fault = SingleActionOf(events[i]);
    if (!fault) continue;
    for (size_t j = i + 1; j < events.size(); ++j) {
      const std::optional<SingleAction> repair = SingleActionOf(events[j]);
      if (taken[j] || !repair || repair->word != RepairOf(fault->word)) continue;
      if (repair->target != fault->target) continue;
      unit[j] = i;
      taken[j] = true;
      break;
    }
  }
  return unit;
}

void DropPairs(Case& subject) {
  Value tree = subject.tree();
  const std::vector<Value>* events = ListAt(tree, {"events"});
  if (events == nullptr) return;
  const std::vector<size_t> unit = UnitsOf(*events);
  Minimise(subject, unit.size(), [&](Value& candidate, const Keep& keep) {
    size_t at = 0;
    std::erase_if(*ListAt(candidate, {"events"}), [&](const Value&) { return !keep[unit[at++]]; });
  });
}

// ---- Clients ------------------------------------------------------------------------------------

void DropClient(Value& block, const std::string& name) {
  if (Value* clients = Member(block, "clients")) RemoveMember(*clients, name);
  std::vector<Value>* operations = ListAt(block, {"ops"});
  if (operations == nullptr) return;
  std::erase_if(*operations, [&](const Value& op) { return TextOf(op, "client") == name; });
}

/// Gives the operations of one client to another and removes the first.
void MergeClient(Value& block, const std::string& name, const std::string& into) {
  if (std::vector<Value>* operations = ListAt(block, {"ops"})) {
    for (Value& op : *operations) {
      if (TextOf(op, "client") == name) SetMember(op, "client", Value::String(into));
    }
  }
  DropClient(block, name);
}

std::vector<std::string> ClientsOf(const Value& block) {
  std::vector<std::string> names;
  const Value* clients = block.Find("clients");
  if (clients == nullptr) return names;
  for (const Value& client : clients->children) names.push_back(client.key);
  return names;
}

void DropClientsOf(Case& subject, size_t block) {
  const auto block_of = [block](Value& tree) -> Value& {
    return Member(tree, "workload")->children[block];
  };
  Value tree = subject.tree();
  const std::vector<std::string> names = ClientsOf(block_of(tree));
  for (const std::string& name : names) {
    subject.Try([&](Value& candidate) { DropClient(block_of(candidate), name); });
  }
  for (const std::string& name : names) {
    for (const std::string& into : names) {
      if (name == into) continue;
      if (subject.Try([&](Value& candidate) { MergeClient(block_of(candidate), name, into); })) {
        break;
      }
    }
  }
}

/// The length of the run.
zab::Duration EndOf(Value tree) {
  return ParseDuration(Member(tree, {"end", "virtual"})->text).value_or(zab::Duration{});
}

}  // namespace

bool Case::Try(Value candidate) {
  const std::optional<zab::Time> failed_at = replayer_.FailsAt(candidate);
  if (!failed_at) return false;
  tree_ = std::move(candidate);
  failed_at_ = *failed_at;
  return true;
}

bool Case::Try(const std::function<void(Value& tree)>& edit) {
  Value candidate = tree_;
  edit(candidate);
  return Try(std::move(candidate));
}

// From the last unit to the first, since later ones depend on earlier ones.
void Minimise(Case& subject, size_t count,
              const std::function<void(Value& tree, const std::vector<bool>& keep)>& select) {
  const Value whole = subject.tree();
  Keep keep(count, true);
  for (size_t length = count; length > 0; length /= 2) {
    for (size_t end = count; end > 0; end -= std::min(end, length)) {
      Keep fewer = keep;
      for (size_t i = end - std::min(end, length); i < end; ++i) fewer[i] = false;
      if (fewer == keep) continue;
      Value candidate = whole;
      select(candidate, fewer);
      if (subject.Try(std::move(candidate))) keep = std::move(fewer);
      if (subject.exhausted()) return;
    }
  }
}

void CutTheEnd(Case& subject) {
  subject.Try([](Value& tree) { RemoveMember(tree, "expect"); });
  subject.Try([](Value& tree) { RemoveMember(*Member(tree, "end"), "quiet"); });
  const auto end_at = [&](zab::Duration length) {
    return subject.Try([&](Value& tree) {
      SetMember(*Member(tree, "end"), "virtual", Value::String(FormatDuration(length)));
    });
  };
  // A failure found before the end leaves room for candidates that fail a little later.
  constexpr int64_t kSecond = zab::Seconds(1).nanoseconds;
  const zab::Duration room =
      zab::Seconds((subject.failed_at().nanoseconds + kSecond - 1) / kSecond + 1);
  zab::Duration end = EndOf(subject.tree());
  if (room < end && end_at(room)) return;
  // A failure found at the end may occur earlier.
  while (end > zab::Seconds(1) && end_at(zab::Seconds(end.nanoseconds / kSecond / 2))) {
    end = EndOf(subject.tree());
  }
}

// Those that stay down after quiet go first.  A quorum must be left that does not: without one
// every deadline is missed, whatever the failure was.
void DropServers(Case& subject) {
  constexpr size_t kFewest = 3;
  const Path healed{"end", "quiet", "heal"};
  Value tree = subject.tree();
  std::vector<Value> voters = *ListAt(tree, {"cluster", "voters"});
  const auto runs = [&](const Value& voter) {
    const std::vector<Value>* list = ListAt(tree, healed);
    return list == nullptr || std::ranges::any_of(*list, [&](const Value& server) {
             return server.text == voter.text;
           });
  };
  std::vector<Value> stay_down, run;
  for (const Value& voter : voters) (runs(voter) ? run : stay_down).push_back(voter);
  voters = std::move(stay_down);
  voters.insert(voters.end(), run.begin(), run.end());
  for (const Value& voter : voters) {
    const size_t left = SizeOf(subject, {"cluster", "voters"}) - 1;
    if (left < kFewest) return;
    const size_t healing = SizeOf(subject, healed);
    if (healing > 0 && runs(voter) && !zab::IsMajority(healing - 1, left)) continue;
    subject.Try([&](Value& candidate) { ForgetServer(candidate, voter.text); });
  }
}

void DropClients(Case& subject) {
  MinimiseList(subject, {"workload"});
  for (size_t i = 0; i < SizeOf(subject, {"workload"}); ++i) DropClientsOf(subject, i);
}

void DropOperations(Case& subject) {
  const auto for_each_list = [](Value& tree, const auto& visit) {
    std::vector<Value>* blocks = ListAt(tree, {"workload"});
    if (blocks == nullptr) return;
    for (Value& block : *blocks) visit(ListAt(block, {"ops"}));
  };
  size_t count = 0;
  Value tree = subject.tree();
  for_each_list(tree, [&](const std::vector<Value>* list) { count += list ? list->size() : 0; });
  Minimise(subject, count, [&](Value& candidate, const Keep& keep) {
    size_t at = 0;
    for_each_list(candidate, [&](std::vector<Value>* list) { Select(list, keep, at); });
  });
}

void DropFaults(Case& subject) {
  DropPairs(subject);
  MinimiseList(subject, {"events"});
}

void DropOthers(Case& subject) {
  for (const absl::string_view list : {"deadlines", "outcome", "never"}) {
    MinimiseList(subject, {"expect", list});
  }
  MinimiseList(subject, {"nemesis"});
}

}  // namespace scenario
