// The first pass over the tree: collects names.
#include "scenarios/runner/parse/names.h"

#include <algorithm>

#include "absl/container/btree_set.h"
#include "absl/strings/str_cat.h"

namespace scenario {
namespace {

// The items of a list; empty if it is missing or not a list.
const std::vector<Value>& Items(const Value* list) {
  static const std::vector<Value> kNone;
  return list != nullptr && list->Is(Value::Type::kArray) ? list->children : kNone;
}

const Value* Find(const Value& root, absl::string_view outer, absl::string_view inner) {
  const Value* object = root.Find(outer);
  return object == nullptr ? nullptr : object->Find(inner);
}

void AddKeys(const Value* object, NameList& names) {
  if (object == nullptr || !object->Is(Value::Type::kObject)) return;
  for (const Value& member : object->children) names.Add(member.key);
}

// Clients given only as a number are called c1, c2, ..., skipping names that are taken.
class ClientNamer {
 public:
  explicit ClientNamer(absl::btree_set<std::string> taken) : taken_(std::move(taken)) {}
  std::string Next() {
    std::string name;
    do {
      name = absl::StrCat("c", ++last_);
    } while (taken_.contains(name));
    return name;
  }

 private:
  absl::btree_set<std::string> taken_;
  int last_ = 0;
};

void CollectClients(const Value& root, Names& names) {
  absl::btree_set<std::string> taken(names.servers.all().begin(), names.servers.all().end());
  for (const Value& block : Items(root.Find("workload"))) {
    const Value* clients = block.Find("clients");
    if (clients == nullptr || !clients->Is(Value::Type::kObject)) continue;
    for (const Value& client : clients->children) taken.insert(client.key);
  }
  ClientNamer namer(std::move(taken));
  for (const Value& block : Items(root.Find("workload"))) {
    std::vector<size_t>& mine = names.clients_of.emplace_back();
    const auto add = [&](absl::string_view name) {
      if (names.clients.size() >= Names::kMaxClients) return;
      mine.push_back(names.clients.size());
      names.clients.Add(name);
    };
    const Value* clients = block.Find("clients");
    if (clients != nullptr && clients->Is(Value::Type::kObject)) {
      for (const Value* client : InNaturalOrder(*clients)) add(client->key);
      continue;
    }
    const bool counted = clients != nullptr && clients->Is(Value::Type::kInteger);
    const int64_t count = counted ? clients->integer : 1;
    for (int64_t i = 0; i < count && names.clients.size() < Names::kMaxClients; ++i) {
      add(namer.Next());
    }
  }
}

void CollectWorkload(const Value& root, Names& names) {
  for (const Value& block : Items(root.Find("workload"))) {
    const std::string id = IdOf(block, "w", names.blocks.size());
    names.blocks.Add(id);
    size_t index = 0;
    for (const Value& operation : Items(block.Find("ops"))) {
      names.operations.Add(absl::StrCat(id, "/", IdOf(operation, "op", index++)));
    }
  }
}

void CollectEvents(const Value& root, Names& names) {
  for (const Value& event : Items(root.Find("events"))) {
    const EventIndex index{names.events.size()};
    names.events.Add(IdOf(event, "e", index.value));
    const std::vector<Value>& actions = Items(event.Find("do"));
    names.cuts.push_back(std::any_of(actions.begin(), actions.end(), [](const Value& action) {
      return action.Find("partition") != nullptr;
    }));
    const Value* bind = Find(event, "when", "bind");
    if (bind == nullptr || !bind->Is(Value::Type::kObject)) continue;
    for (const Value* variable : InNaturalOrder(*bind)) {
      names.variables.Add(variable->key);
      names.bound_by.push_back(index);
    }
  }
}

}  // namespace

std::string IdOf(const Value& item, absl::string_view prefix, size_t index) {
  const Value* id = item.Find("id");
  if (id != nullptr && id->Is(Value::Type::kString)) return id->text;
  return absl::StrCat(prefix, index + 1);
}

std::vector<const Value*> InNaturalOrder(const Value& object) {
  std::vector<const Value*> members;
  members.reserve(object.children.size());
  for (const Value& member : object.children) members.push_back(&member);
  std::sort(members.begin(), members.end(), [](const Value* a, const Value* b) {
    if (a->key.size() != b->key.size()) return a->key.size() < b->key.size();
    return a->key < b->key;
  });
  return members;
}

Names CollectNames(const Value& root) {
  Names names;
  for (const Value& voter : Items(Find(root, "cluster", "voters"))) {
    if (names.servers.size() < Names::kMaxServers) names.servers.Add(voter.text);
  }
  AddKeys(Find(root, "cluster", "zones"), names.zones);
  AddKeys(Find(root, "network", "profiles"), names.profiles);
  CollectClients(root, names);
  CollectWorkload(root, names);
  CollectEvents(root, names);
  return names;
}

}  // namespace scenario
