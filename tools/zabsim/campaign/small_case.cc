// Numbers and a description, or why there are none.
#include "tools/zabsim/campaign/small_case.h"

#include "absl/strings/str_cat.h"

namespace zabsim {

Json ToJson(const SmallCase& small) {
  if (!small.trouble.empty()) return {{"trouble", small.trouble}};
  return {{"servers", small.servers},
          {"faults", small.faults},
          {"operations", small.operations},
          {"replays", small.replays},
          {"story", {{"en", small.story.en}, {"zh", small.story.zh}}}};
}

SmallCase SmallCaseFrom(const Json& json) {
  if (json.contains("trouble")) return {.trouble = json.at("trouble")};
  return {.servers = json.at("servers"),
          .faults = json.at("faults"),
          .operations = json.at("operations"),
          .replays = json.at("replays"),
          .story = {.en = json.at("story").at("en"), .zh = json.at("story").at("zh")}};
}

absl::StatusOr<SmallCase> ParseSmallCase(absl::string_view line) {
  try {
    return SmallCaseFrom(Json::parse(line));
  } catch (const Json::exception& error) {
    return absl::DataLossError(absl::StrCat("zabsim shrink said \"", line,
                                            "\", which is no minimised case: ", error.what()));
  }
}

}  // namespace zabsim
