// What `zabsim fsck` prints: a page for people, or one JSON object.
#pragma once

#include <string>

#include "protocol/inspection/inspect.h"
#include "tools/zabsim/cli/timeline.h"

namespace zabsim {

/// Lines for people, ending with the verdict.
std::string FsckText(const std::string& folder, const zab::Inspection& found, Language language);

/// One object, one line; the keys are described in `zabsim help fsck`.  `tree`: with all nodes.
std::string FsckJson(const zab::Inspection& found, bool tree);

}  // namespace zabsim
