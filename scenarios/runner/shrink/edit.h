// Edits of a scenario as a tree, for candidates of the shrinker.  They need not be valid: the
// parser says so, and a candidate that it refuses costs nothing.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "protocol/base/time.h"
#include "scenarios/runner/json/value.h"

namespace scenario {

/// The member of that name; null if there is none or this is no object.
Value* Member(Value& object, absl::string_view name);
/// Along several names.
Value* Member(Value& object, const std::vector<absl::string_view>& names);
/// Whether there was one.
bool RemoveMember(Value& object, absl::string_view name);
/// Sets or adds it.
void SetMember(Value& object, absl::string_view name, Value value);

/// Its items, null if the list is not there or empty.
std::vector<Value>* ListAt(Value& tree, const std::vector<absl::string_view>& names);

/// The text of a member; empty if it has none.
std::string TextOf(const Value& object, absl::string_view name);

/// Removes a server and all that names it.
void ForgetServer(Value& tree, const std::string& name);

/// Calls `visit` with each time of an event, an operation, a block or quiet, for it to change.
void ForEachTime(Value& tree, const std::function<void(zab::Time& time)>& visit);

}  // namespace scenario
