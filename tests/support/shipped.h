// The shipped scenarios, for tests that use all of them.
#pragma once

#include <string>
#include <vector>

#include "scenarios/runner/parse/document.h"

namespace support {

/// The paths of all scenario files in scenarios/ but the studies and the bounded worlds, sorted.
std::vector<std::string> ShippedScenarios();
/// The path of scenarios/<id>.json.
std::string ShippedScenario(const std::string& id);
/// Loads a file, which must be valid.
scenario::Document MustLoad(const std::string& path,
                            const std::vector<std::string>& overrides = {});

}  // namespace support
