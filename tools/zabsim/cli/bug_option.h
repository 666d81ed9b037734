// Options that name a known bug.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "scenarios/runner/language/bugs.h"

namespace zabsim {

/// The bug with that id; if there is none, kInvalidArgument names the nearest.
inline absl::StatusOr<const scenario::BugEntry*> BugNamed(const std::string& option,
                                                          const std::string& id) {
  if (const scenario::BugEntry* bug = scenario::FindBug(id)) return bug;
  return absl::InvalidArgumentError(absl::StrCat(option, ": wanted the id of a known bug, found \"",
                                                 id, "\"", scenario::NearestBug(id),
                                                 " `zabsim bugs --list` shows all"));
}

}  // namespace zabsim
