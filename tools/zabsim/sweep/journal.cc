// Lines are not synced one by one: what a crash of the machine takes is only made again.
#include "tools/zabsim/sweep/journal.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace zabsim {

absl::Status Journal::Open(const std::string& folder, const SweepManifest& manifest,
                           const std::function<void(const SweptRun&)>& on_run) {
  path_ = folder + "/runs.ndjson";
  std::vector<std::string> lines;
  if (absl::Status status = lines_.Open(path_, lines); !status.ok()) return status;
  for (size_t i = 0; i < lines.size(); ++i) {
    const auto run = ParseSweptRun(lines[i], manifest);
    if (!run.ok()) {
      return absl::DataLossError(absl::StrCat(path_, ":", i + 1, ": ", run.status().message()));
    }
    places_[run->run] = {end_, lines[i].size()};
    end_ += lines[i].size() + 1;
    on_run(*run);
  }
  return absl::OkStatus();
}

absl::Status Journal::Append(const SweepRun& run, const std::string& line) {
  if (absl::Status status = lines_.AppendUnsynced(line); !status.ok()) return status;
  places_[run] = {end_, line.size()};
  end_ += line.size() + 1;
  return absl::OkStatus();
}

absl::StatusOr<std::string> Journal::ReadAt(std::ifstream& file, const Place& place) const {
  std::string line(place.size, '\0');
  file.seekg(static_cast<std::streamoff>(place.offset));
  if (!file.read(line.data(), static_cast<std::streamsize>(line.size()))) {
    return FileError(path_, "read");
  }
  return line;
}

absl::StatusOr<std::string> Journal::LineOf(const SweepRun& run) const {
  std::ifstream file(path_, std::ios::binary);
  return ReadAt(file, places_.at(run));
}

absl::Status Journal::ForEach(
    const std::function<absl::Status(const SweepRun&, const std::string&)>& on_line) const {
  std::ifstream file(path_, std::ios::binary);
  for (const auto& [run, place] : places_) {
    const absl::StatusOr<std::string> line = ReadAt(file, place);
    if (!line.ok()) return line.status();
    if (absl::Status status = on_line(run, *line); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Journal::Sort() {
  uint64_t next = 0;
  bool sorted = true;
  for (const auto& [run, place] : places_)
    sorted &= std::exchange(next, place.offset + place.size + 1) == place.offset;
  if (sorted) return absl::OkStatus();
  ReplacedFile file(path_);
  const absl::Status status = ForEach([&](const SweepRun&, const std::string& line) {
    file.stream() << line << "\n";
    return absl::OkStatus();
  });
  return status.ok() ? file.Commit() : status;
}

}  // namespace zabsim
