// Files and error messages; the format is in scenarios/runner/trace.
#include "tools/zabsim/trace/trace_file.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace zabsim {
namespace {

absl::Status InFile(const std::string& path, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat(path, ": ", std::string(status.message())));
}

absl::Status StorageFailed(const std::string& path) {
  return absl::ResourceExhaustedError(
      absl::StrCat(path, ": could not be written to its end (the storage has failed)"));
}

}  // namespace

bool IsTrace(const std::string& path) {
  constexpr absl::string_view kVersion1 = "{\"format\":\"zabsim-trace/1\"";
  std::ifstream file(path, std::ios::binary);
  std::string start(kVersion1.size(), '\0');
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  return absl::StartsWith(start, scenario::kTraceMagic) || start == kVersion1;
}

absl::Status TraceOutput::Open(const std::string& path, const scenario::TraceHeader& header) {
  path_ = path;
  file_.open(path, std::ios::trunc | std::ios::binary);
  if (!file_) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": cannot be written; --trace needs a file in a folder that exists"));
  }
  writer_.emplace(file_, header);
  return file_ ? absl::OkStatus() : StorageFailed(path);
}

absl::Status TraceOutput::Close(const std::optional<scenario::TraceEnd>& end) {
  writer_->Finish(end);
  file_.close();
  return file_ ? absl::OkStatus() : StorageFailed(path_);
}

absl::StatusOr<std::unique_ptr<TraceInput>> TraceInput::Open(const std::string& path) {
  std::unique_ptr<TraceInput> input(new TraceInput());
  input->path_ = path;
  input->file_.open(path, std::ios::binary);
  if (!input->file_) return absl::InvalidArgumentError(absl::StrCat(path, ": cannot be read"));
  auto reader = scenario::TraceReader::Open(input->file_);
  if (!reader.ok()) return InFile(path, reader.status());
  input->reader_.emplace(*std::move(reader));
  const scenario::TraceHeader& header = input->header();
  auto document = scenario::Document::Parse(header.text, absl::StrCat(path, ", its scenario"));
  if (!document.ok()) return document.status();
  input->document_.emplace(*std::move(document));
  auto scenario = input->document_->Instantiate(header.seed);
  if (!scenario.ok()) return scenario.status();
  input->scenario_ = *std::move(scenario);
  return input;
}

absl::StatusOr<std::optional<scenario::Record>> TraceInput::Next() {
  auto record = reader_->Next();
  if (!record.ok()) return InFile(path_, record.status());
  return record;
}

absl::Status TraceInput::CheckDigest() const {
  if (document_->digest() == header().digest) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(path_, ": wanted a scenario with the digest ", header().digest, ", found ",
                   document_->digest(),
                   ": this zabsim has other defaults than the one that wrote "
                   "the trace; use that one"));
}

}  // namespace zabsim
