// Finding and changing parts of the tree.
#include "scenarios/runner/shrink/edit.h"

#include <algorithm>
#include <utility>

#include "scenarios/runner/language/units.h"

namespace scenario {
namespace {

bool Mentions(const Value& value, const std::string& name) {
  if (value.Is(Value::Type::kString)) return value.text == name;
  return std::ranges::any_of(value.children, [&](const Value& child) {
    return child.key == name || Mentions(child, name);
  });
}

// Removes the name from lists of servers; any other item or member that names it is removed as a
// whole.
void Forget(Value& value, const std::string& name) {
  std::erase_if(value.children, [&](const Value& child) {
    return child.key == name || (child.Is(Value::Type::kString) && child.text == name);
  });
  for (Value& child : value.children) Forget(child, name);
}

void VisitTime(Value* value, const std::function<void(zab::Time& time)>& visit) {
  if (value == nullptr || !value->Is(Value::Type::kString)) return;
  const absl::StatusOr<zab::Duration> parsed = ParseDuration(value->text);
  if (!parsed.ok()) return;
  zab::Time time = zab::Time{} + *parsed;
  visit(time);
  value->text = FormatDuration(time - zab::Time{});
}

}  // namespace

Value* Member(Value& object, absl::string_view name) {
  return const_cast<Value*>(std::as_const(object).Find(name));
}

Value* Member(Value& object, const std::vector<absl::string_view>& names) {
  Value* at = &object;
  for (const absl::string_view name : names) {
    if (at != nullptr) at = Member(*at, name);
  }
  return at;
}

bool RemoveMember(Value& object, absl::string_view name) {
  return std::erase_if(object.children, [&](const Value& child) { return child.key == name; }) > 0;
}

void SetMember(Value& object, absl::string_view name, Value value) {
  Value* member = Member(object, name);
  if (member == nullptr) return object.Add(name, std::move(value));
  value.key = member->key;
  *member = std::move(value);
}

std::vector<Value>* ListAt(Value& tree, const std::vector<absl::string_view>& names) {
  Value* at = Member(tree, names);
  const bool list = at != nullptr && at->Is(Value::Type::kArray) && !at->children.empty();
  return list ? &at->children : nullptr;
}

std::string TextOf(const Value& object, absl::string_view name) {
  const Value* member = object.Find(name);
  return member != nullptr ? member->text : "";
}

void ForgetServer(Value& tree, const std::string& name) {
  if (std::vector<Value>* events = ListAt(tree, {"events"})) {
    for (Value& event : *events) {
      std::vector<Value>* actions = ListAt(event, {"do"});
      if (actions == nullptr) continue;
      std::erase_if(*actions, [&](const Value& action) {
        return !action.children.empty() && action.children[0].key != "partition" &&
               Mentions(action, name);
      });
    }
    std::erase_if(*events, [](Value& event) { return ListAt(event, {"do"}) == nullptr; });
  }
  Forget(tree, name);
}

void ForEachTime(Value& tree, const std::function<void(zab::Time& time)>& visit) {
  if (std::vector<Value>* events = ListAt(tree, {"events"})) {
    for (Value& event : *events) VisitTime(Member(event, "at"), visit);
  }
  if (std::vector<Value>* blocks = ListAt(tree, {"workload"})) {
    for (Value& block : *blocks) {
      VisitTime(Member(block, "from"), visit);
      std::vector<Value>* operations = ListAt(block, {"ops"});
      if (operations == nullptr) continue;
      for (Value& operation : *operations) VisitTime(Member(operation, "at"), visit);
    }
  }
  VisitTime(Member(tree, {"end", "quiet", "at"}), visit);
}

}  // namespace scenario
