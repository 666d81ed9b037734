// Lines first: whatever else there is of a finding can be made again from them.
#include "tools/zabsim/campaign/findings.h"

#include <filesystem>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "protocol/base/hash.h"
#include "tools/zabsim/campaign/json_parts.h"

namespace zabsim {
namespace {

constexpr auto kReplaceBadBytes = Json::error_handler_t::replace;

Json FailureJson(const Failure& failure, bool ends_process) {
  return {{"run", failure.run},           {"file", failure.file},
          {"strategy", failure.strategy}, {"seed", absl::StrCat(failure.seed)},
          {"exit_code", failure.code},    {"signature", failure.signature},
          {"first", failure.first},       {"ends_process", ends_process}};
}

absl::StatusOr<Failure> FailureFrom(const Json& json) {
  Failure failure{.run = json.at("run"),
                  .file = json.at("file"),
                  .strategy = json.at("strategy"),
                  .code = json.at("exit_code"),
                  .signature = json.at("signature"),
                  .first = json.at("first")};
  if (!absl::SimpleAtoi(json.at("seed").get<std::string>(), &failure.seed)) {
    return absl::DataLossError("its seed is no number");
  }
  return failure;
}

/// The signature as a folder's name, for people, and its hash, to be unique.
std::string NameOf(const std::string& signature) {
  std::string name;
  for (const char c : signature.substr(0, 60)) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c))) {
      name.push_back(c);
    } else if (!name.empty() && name.back() != '-') {
      name.push_back('-');
    }
  }
  return absl::StrFormat("%s-%08x", name, zab::Hash64Of(signature) >> 32);
}

const char* NameOf(Confirmation confirmation) {
  switch (confirmation) {
    case Confirmation::kNotYet: return "not yet";
    case Confirmation::kTwice: return "twice";
    case Confirmation::kNo: return "no";
  }
  return "";
}

}  // namespace

absl::Status Findings::Open(const std::string& folder) {
  folder_ = folder;
  std::vector<std::string> lines;
  const std::string path = absl::StrCat(folder, "/findings.ndjson");
  if (absl::Status status = lines_.Open(path, lines); !status.ok()) return status;
  for (const std::string& line : lines) {
    try {
      const Json json = Json::parse(line);
      const absl::StatusOr<Failure> failure = FailureFrom(json);
      if (!failure.ok()) return failure.status();
      Take(*failure, json.at("ends_process"));
    } catch (const Json::exception& error) {
      return absl::DataLossError(absl::StrCat(path, ": a line cannot be read: ", error.what()));
    }
  }
  for (auto& [signature, finding] : findings_) {
    const auto text = ReadWholeFile(FolderOf(signature) + "/finding.json");
    if (!text.ok()) continue;  // It was stopped before it got that far.
    const Json json = Json::parse(*text, nullptr, false);
    if (json.is_discarded()) continue;
    if (json.value("confirmed", "") == "twice") finding.confirmation = Confirmation::kTwice;
    if (json.value("confirmed", "") == "no") finding.confirmation = Confirmation::kNo;
    if (json.contains("small")) finding.small = SmallCaseFrom(json["small"]);
  }
  return absl::OkStatus();
}

bool Findings::Take(const Failure& failure, bool ends_process) {
  if (!runs_.insert({failure.strategy, failure.run}).second) return false;
  failures_.push_back(failure);
  const auto [entry, is_new] = findings_.try_emplace(failure.signature);
  Finding& finding = entry->second;
  if (is_new) finding.failure = failure, finding.ends_process = ends_process;
  ++finding.runs;
  return is_new;
}

absl::StatusOr<bool> Findings::Add(const Failure& failure, bool ends_process) {
  if (runs_.contains({failure.strategy, failure.run})) return false;  // Made again after a kill.
  const std::string line =
      FailureJson(failure, ends_process).dump(-1, ' ', false, kReplaceBadBytes);
  if (absl::Status status = lines_.Append(line); !status.ok()) return status;
  return Take(failure, ends_process);
}

std::string Findings::FolderOf(const std::string& signature) const {
  return absl::StrCat(folder_, "/findings/", NameOf(signature));
}

std::string Findings::WholeFile(const std::string& signature) const {
  return FolderOf(signature) + "/scenario.json";
}

std::string Findings::SmallFile(const std::string& signature) const {
  return FolderOf(signature) + "/minimal.json";
}

absl::Status Findings::Save(const std::string& signature) const {
  const Finding& finding = findings_.at(signature);
  std::error_code error;
  std::filesystem::create_directories(FolderOf(signature), error);
  Json json = FailureJson(finding.failure, finding.ends_process);
  json["runs"] = finding.runs;
  json["confirmed"] = NameOf(finding.confirmation);
  if (finding.small) json["small"] = ToJson(*finding.small);
  return ReplaceFile(FolderOf(signature) + "/finding.json",
                     json.dump(2, ' ', false, kReplaceBadBytes) + "\n");
}

}  // namespace zabsim
