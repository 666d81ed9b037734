// A scenario file: any text is either rejected with a message, or its canonical form reads as the
// same scenario.
#include <string>

#include "protocol/base/check.h"
#include "scenarios/runner/json/diagnostics.h"
#include "scenarios/runner/json/json_text.h"
#include "scenarios/runner/json/value.h"
#include "scenarios/runner/parse/canonical.h"
#include "scenarios/runner/parse/document.h"
#include "tests/fuzz/fuzz.h"

namespace {

void TryJson(absl::string_view text) {
  scenario::Diagnostics problems("fuzz.json");
  const auto value = scenario::ParseJson(text, problems);
  ZAB_CHECK(value.has_value() == problems.empty()) << "a value and a problem, or neither";
  if (!value) return;
  for (const std::string& written : {scenario::CompactJson(*value), scenario::PrettyJson(*value)}) {
    const auto again = scenario::ParseJson(written, problems);
    ZAB_CHECK(again.has_value()) << problems.ToStatus().ToString();
    ZAB_CHECK(scenario::CompactJson(*again) == scenario::CompactJson(*value))
        << "JSON lost in a round trip";
  }
}

void TryScenario(const scenario::Scenario& read, absl::string_view text) {
  const auto again = scenario::Document::Parse(text, "fuzz.json");
  ZAB_CHECK(again.ok()) << again.status().ToString() << "\n" << text;
  ZAB_CHECK(again->digest() == scenario::DigestOf(read)) << "another scenario: " << text;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::Input input(data, size);
  const absl::string_view all = input.Rest();
  // "/pointer=value" in the first line is an override.
  std::vector<std::string> overrides;
  absl::string_view text = all;
  if (const size_t line = all.find('\n'); line != absl::string_view::npos && all[0] == '/') {
    overrides.emplace_back(all.substr(0, line));
    text = all.substr(line + 1);
  }
  TryJson(text);
  const auto document = scenario::Document::Parse(text, "fuzz.json", overrides);
  if (!document.ok()) {
    ZAB_CHECK(!document.status().message().empty()) << "rejected without a message";
    return 0;
  }
  TryScenario(document->scenario(), scenario::CanonicalText(document->scenario()));
  TryScenario(document->scenario(), scenario::ToFileText(document->scenario()));
  for (const uint64_t seed : {uint64_t{1}, uint64_t{2}}) (void)document->Instantiate(seed);
  return 0;
}
