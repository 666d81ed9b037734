// The command as words, never as one string: nothing has to be quoted.
#include "tools/zabsim/engines/engine_manifest.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "tools/zabsim/campaign/file_io.h"
#include "tools/zabsim/campaign/json_parts.h"
#include "tools/zabsim/cli/version.h"

namespace zabsim {
namespace {

constexpr char kManifestFormat[] = "zabsim-shards/1";

}  // namespace

std::string EngineManifest::FolderOf(uint64_t shard) {
  return absl::StrCat("shards/", shard);
}

std::vector<std::string> EngineManifest::CommandOf(uint64_t shard) const {
  std::vector<std::string> words = command;
  words.push_back(absl::StrCat("--shard=", shard, "/", shards));
  words.push_back(absl::StrCat("--out=", FolderOf(shard)));
  return words;
}

std::string ToText(const EngineManifest& manifest) {
  Json json;
  json["format"] = kManifestFormat;
  json["command"] = manifest.command;
  json["shards"] = manifest.shards;
  json["lease_seconds"] = manifest.lease.count();
  json["version"] = manifest.version;
  json["compiler"] = manifest.compiler;
  json["commit"] = manifest.commit;
  return json.dump(2) + "\n";
}

bool IsEngineFolder(const std::string& folder) {
  std::error_code error;
  return std::filesystem::exists(absl::StrCat(folder, "/", kPlanFile), error);
}

absl::StatusOr<EngineManifest> ReadEngineManifest(const std::string& folder) {
  const std::string path = absl::StrCat(folder, "/", kManifestFile);
  const absl::StatusOr<std::string> text = ReadWholeFile(path);
  if (!text.ok()) return text.status();
  const auto wanted = [&](absl::string_view found) {
    return absl::InvalidArgumentError(absl::StrCat(path,
                                                   ": wanted what `zabsim campaign init` writes (",
                                                   kManifestFormat, "), found ", found));
  };
  try {
    const Json json = Json::parse(*text);
    if (json.value("format", "") != kManifestFormat) return wanted("another format");
    return EngineManifest{.command = json.at("command").get<std::vector<std::string>>(),
                          .shards = json.at("shards"),
                          .lease = std::chrono::seconds(json.at("lease_seconds").get<int64_t>()),
                          .version = json.at("version"),
                          .compiler = json.at("compiler"),
                          .commit = json.at("commit")};
  } catch (const Json::exception& error) {
    return wanted(error.what());
  }
}

absl::Status CheckBuild(const EngineManifest& manifest) {
  if (manifest.commit == CommitText()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("this zabsim was built from commit ", CommitText(),
                                                 ", the campaign is of ", manifest.commit,
                                                 ": take that build, or make a new campaign"));
}

}  // namespace zabsim
