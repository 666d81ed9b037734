// Certificate: what an exploration has shown, and what it has not, for machines and in words.
#pragma once

#include <string>

#include "scenarios/runner/explore/exploration.h"
#include "scenarios/runner/json/value.h"
#include "scenarios/runner/language/scenario.h"

namespace scenario::explore {

/// What a certificate is written from.
struct Findings {
  const Scenario& scenario;
  const Explored& explored;
  Engine::Sizes sizes;
  Engine::Audit audit;
  std::string build;  // Which build has explored, in words.
};

/// Whether the states are all that there are in this scope, at this grain, none violates anything,
/// and the audit agrees.
bool IsCertificate(const Findings& findings);
/// The same for the same scenario on every machine, but for `build`.
Value ToValue(const Findings& findings);
std::string ToText(const Findings& findings);

}  // namespace scenario::explore
