// Key by key: the files that set a key must agree.
#include "tools/zabsim/fuzz/file_settings.h"

#include "absl/strings/str_cat.h"

namespace zabsim {
namespace {

/// Adds one file's value to `setting`, that of the files before it.
template <class T>
absl::Status Add(const std::optional<T>& value, absl::string_view key, const std::string& path,
                 std::optional<T>& setting) {
  if (!value || !setting || *value == *setting) {
    if (value) setting = value;
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": its run.", key,
                   " differs from that of a file before it, and a campaign has "
                   "one; make them agree, with --set=/run/",
                   key, "=..., or run them separately"));
}

}  // namespace

absl::StatusOr<scenario::Run> FileSettingsOf(const CampaignPlan& plan,
                                             const std::vector<scenario::Document>& documents) {
  scenario::Run settings;
  for (size_t i = 0; i < documents.size(); ++i) {
    const scenario::Run& run = documents[i].scenario().run;
    const std::string& path = plan.files[i].path;
    absl::Status status = Add(run.strategy, "strategy", path, settings.strategy);
    status.Update(Add(run.budget, "budget", path, settings.budget));
    status.Update(Add(run.fail_fast, "fail_fast", path, settings.fail_fast));
    status.Update(Add(run.selfcheck, "selfcheck", path, settings.selfcheck));
    status.Update(Add(run.shrink, "shrink", path, settings.shrink));
    if (!status.ok()) return status;
    settings.seeds.of_commit |= run.seeds.of_commit;
  }
  return settings;
}

}  // namespace zabsim
