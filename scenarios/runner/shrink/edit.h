// Edits of a scenario as a tree, for candidates of the shrinker.  The result need not be valid: the
// parser rejects invalid candidates, which costs no run.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "protocol/base/time.h"
#include "scenarios/runner/json/value.h"

namespace scenario {

/// The member of that name; null if there is none or this is not an object.
Value* Member(Value& object, absl::string_view name);
/// The same for a path of names.
Value* Member(Value& object, const std::vector<absl::string_view>& names);
/// Removes the member; returns whether there was one.
bool RemoveMember(Value& object, absl::string_view name);
/// Sets the member, adding it if necessary.
void SetMember(Value& object, absl::string_view name, Value value);

/// The items of the list at the path; null if it is missing or empty.
std::vector<Value>* ListAt(Value& tree, const std::vector<absl::string_view>& names);

/// The text of the member; empty if there is none.
std::string TextOf(const Value& object, absl::string_view name);

/// Removes a server and everything that names it.
void ForgetServer(Value& tree, const std::string& name);

/// Calls `visit` with each time of an event, an operation, a block or quiet; `visit` may change it.
void ForEachTime(Value& tree, const std::function<void(zab::Time& time)>& visit);

}  // namespace scenario
