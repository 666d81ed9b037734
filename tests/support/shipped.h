// The shipped scenarios, for tests that go over all of them.
#pragma once

#include <string>
#include <vector>

#include "scenarios/runner/parse/document.h"

namespace support {

/// Paths of all scenario files below scenarios/, sorted.
std::vector<std::string> ShippedScenarios();
/// Path of scenarios/<id>.json.
std::string ShippedScenario(const std::string& id);
/// Loads a file that must be valid.
scenario::Document MustLoad(const std::string& path,
                            const std::vector<std::string>& overrides = {});

}  // namespace support
