// Lines first: all other files of a finding can be made from them again.
#include "tools/zabsim/campaign/findings.h"

#include <filesystem>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "protocol/base/hash.h"
#include "scenarios/runner/verdict/result.h"
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

/// The run whose files are in a finding's folder: in a merged one, not always the earliest that
/// failed so.
void TakeRun(const Json& json, Failure& failure) {
  const absl::StatusOr<Failure> run = FailureFrom(json);
  if (!run.ok()) return;
  failure = {.run = run->run,
             .file = run->file,
             .strategy = run->strategy,
             .seed = run->seed,
             .code = failure.code,
             .signature = failure.signature,
             .first = run->first};
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

std::string FindingLines(const std::string& folder) {
  return folder + "/findings.ndjson";
}

std::string LineOf(const Failure& failure, bool ends_process) {
  return FailureJson(failure, ends_process).dump(-1, ' ', false, kReplaceBadBytes);
}

int Finding::ExitCode() const {
  const bool unsure = ends_process && !IsComparison() && confirmation != Confirmation::kTwice;
  return unsure ? ExitCodeOf(scenario::RunVerdict::kUnknown) : failure.code;
}

absl::Status Findings::Open(const std::string& folder) {
  folder_ = folder;
  std::vector<std::string> lines;
  const std::string path = FindingLines(folder);
  if (absl::Status status = lines_.Open(path, lines); !status.ok()) return status;
  if (absl::Status status = TakeLines(path, lines); !status.ok()) return status;
  ReadFolders();
  return absl::OkStatus();
}

absl::Status Findings::Read(const std::string& folder) {
  folder_ = folder;
  const std::string path = FindingLines(folder);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return absl::OkStatus();
  const absl::StatusOr<std::string> text = ReadWholeFile(path);
  if (!text.ok()) return text.status();
  std::vector<std::string> lines = absl::StrSplit(*text, '\n');
  lines.pop_back();  // Nothing, or half a line that was cut off.
  if (absl::Status status = TakeLines(path, lines); !status.ok()) return status;
  ReadFolders();
  return absl::OkStatus();
}

absl::Status Findings::TakeLines(const std::string& path, const std::vector<std::string>& lines) {
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
  return absl::OkStatus();
}

void Findings::ReadFolders() {
  for (auto& [signature, finding] : findings_) {
    const auto text = ReadWholeFile(FolderOf(signature) + "/finding.json");
    if (!text.ok()) continue;  // The campaign was stopped before that.
    const Json json = Json::parse(*text, nullptr, false);
    if (json.is_discarded()) continue;
    if (json.value("confirmed", "") == "twice") finding.confirmation = Confirmation::kTwice;
    if (json.value("confirmed", "") == "no") finding.confirmation = Confirmation::kNo;
    if (json.contains("small")) finding.small = SmallCaseFrom(json["small"]);
    try {
      TakeRun(json, finding.failure);
    } catch (const Json::exception&) {
      continue;  // Its line says the same.
    }
  }
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
  absl::Status status = lines_.Append(LineOf(failure, ends_process));
  const bool is_new = Take(failure, ends_process);
  if (!status.ok()) return status;
  return is_new;
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
  json["exit_code"] = finding.ExitCode();
  json["runs"] = finding.runs;
  json["confirmed"] = NameOf(finding.confirmation);
  if (finding.small) json["small"] = ToJson(*finding.small);
  return ReplaceFile(FolderOf(signature) + "/finding.json",
                     json.dump(2, ' ', false, kReplaceBadBytes) + "\n");
}

}  // namespace zabsim
