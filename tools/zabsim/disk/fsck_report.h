// What `zabsim fsck` prints: a page for people, or one JSON object.
#pragma once

#include <string>

#include "protocol/inspection/compare.h"
#include "protocol/inspection/inspect.h"
#include "tools/zabsim/cli/timeline.h"

namespace zabsim {

/// Lines for people, ending with the verdict.
std::string FsckText(const std::string& folder, const zab::Inspection& found, Language language);

/// One object, one line; the keys are described in `zabsim help fsck`.  `tree`: with all nodes.
std::string FsckJson(const zab::Inspection& found, bool tree);

/// A hint in one line, with what it is about.
std::string HintText(zab::Hint hint, const std::string& about, bool chinese);

/// What --compare prints: the first differences of the two folders, or that there is none.
std::string CompareText(const std::string& a, const std::string& b, const zab::Comparison& found,
                        Language language);
/// All differences as one object, one line.
std::string CompareJson(const zab::Comparison& found);

}  // namespace zabsim
