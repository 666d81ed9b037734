// The canonical form as text and as a digest.
#include "scenarios/runner/parse/canonical.h"

#include "protocol/base/hash.h"
#include "scenarios/runner/parse/sections.h"

namespace scenario {

Value ToValue(const Scenario& scenario) {
  return WriteValue(scenario, scenario);
}

std::string CanonicalText(const Scenario& scenario) {
  return CompactJson(ToValue(scenario));
}

std::string ToFileText(const Scenario& scenario) {
  return PrettyJson(ToValue(scenario));
}

std::string DigestOf(const Scenario& scenario) {
  return zab::ToString(zab::Hash128Of(CanonicalText(scenario)));
}

}  // namespace scenario
