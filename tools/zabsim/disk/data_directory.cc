// A directory is written beside its destination and renamed, so that nobody sees half of it.
#include "tools/zabsim/disk/data_directory.h"

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "protocol/storage/epochs.h"

namespace zabsim {
namespace {

namespace disk_fs = std::filesystem;

constexpr char kVersion[] = "version-2";

absl::Status Refused(const std::string& place, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(place, ": ", what));
}

bool IsOfHistory(const std::string& name) {
  return absl::StartsWith(name, "log.") || absl::StartsWith(name, "snapshot.") ||
         absl::StartsWith(name, "received.") || name == zab::kAcceptedEpochFile ||
         name == zab::kCurrentEpochFile;
}

/// All regular files of one folder.
absl::StatusOr<zab::DirectoryImage> ReadFiles(const disk_fs::path& folder) {
  zab::DirectoryImage image;
  std::error_code error;
  disk_fs::directory_iterator it(folder, error);
  for (const disk_fs::directory_iterator end; !error && it != end; it.increment(error)) {
    std::error_code unused;
    if (!it->is_regular_file(unused)) continue;
    std::ifstream file(it->path(), std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file || file.bad()) return Refused(it->path().string(), "cannot be read");
    image[it->path().filename().string()] = zab::Payload(std::move(bytes));
  }
  if (error) return Refused(folder.string(), absl::StrCat("cannot be listed: ", error.message()));
  return image;
}

bool HasHistory(const zab::DirectoryImage& image) {
  return std::any_of(image.begin(), image.end(),
                     [](const auto& file) { return IsOfHistory(file.first); });
}

/// All folders in `folder`, sorted.
std::vector<disk_fs::path> FoldersIn(const disk_fs::path& folder) {
  std::vector<disk_fs::path> folders;
  std::error_code error;
  disk_fs::directory_iterator it(folder, error);
  for (const disk_fs::directory_iterator end; !error && it != end; it.increment(error)) {
    std::error_code unused;
    if (it->is_directory(unused)) folders.push_back(it->path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

bool HoldsHistory(const disk_fs::path& folder) {
  std::error_code error;
  disk_fs::directory_iterator it(folder, error);
  for (const disk_fs::directory_iterator end; !error && it != end; it.increment(error)) {
    if (IsOfHistory(it->path().filename().string())) return true;
  }
  return false;
}

/// The dataDir that lies one folder below; empty: none does.
std::string DataBelow(const disk_fs::path& folder) {
  for (const disk_fs::path& inner : FoldersIn(folder)) {
    if (HoldsHistory(inner / kVersion)) return inner.string();
    if (inner.filename() != kVersion && HoldsHistory(inner)) return inner.string();
  }
  return "";
}

absl::Status NoData(const std::string& folder) {
  const std::string below = DataBelow(folder);
  if (!below.empty()) {
    return Refused(folder, absl::StrCat("no data here, but one folder below: name ", below));
  }
  return Refused(folder,
                 "no data directory: wanted a folder version-2, or files log.*, snapshot.*, "
                 "currentEpoch; found neither.  Name ZooKeeper's dataDir");
}

absl::StatusOr<zab::DirectoryImage> ReadVersion(const std::string& folder) {
  std::error_code error;
  if (!disk_fs::is_directory(folder, error)) {
    return Refused(folder, "wanted a folder, ZooKeeper's dataDir or the version-2 in it");
  }
  const disk_fs::path inner = disk_fs::path(folder) / kVersion;
  const bool is_data_dir = disk_fs::is_directory(inner, error);
  absl::StatusOr<zab::DirectoryImage> image =
      ReadFiles(is_data_dir ? inner : disk_fs::path(folder));
  if (!image.ok() || HasHistory(*image)) return image;
  // A server that has never run leaves an empty version-2.
  if (is_data_dir && DataBelow(folder).empty()) return image;
  return NoData(folder);
}

absl::Status WriteFile(const disk_fs::path& path, absl::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (file) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(path.string(), ": could not be written; is the disk full?"));
}

absl::Status WriteAll(const disk_fs::path& folder, const zab::DirectoryImage& image,
                      absl::string_view myid) {
  std::error_code error;
  disk_fs::create_directory(folder / kVersion, error);
  if (error) return Refused(folder.string(), error.message());
  if (absl::Status status = WriteFile(folder / "myid", absl::StrCat(myid, "\n")); !status.ok()) {
    return status;
  }
  for (const auto& [name, bytes] : image) {
    absl::Status status = WriteFile(folder / kVersion / name, bytes.view());
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<zab::DirectoryImage> ReadDataDirectory(const std::string& folder,
                                                      const std::string& log_folder) {
  absl::StatusOr<zab::DirectoryImage> image = ReadVersion(folder);
  if (!image.ok() || log_folder.empty()) return image;
  absl::StatusOr<zab::DirectoryImage> logs = ReadVersion(log_folder);
  if (!logs.ok()) return logs;
  for (auto& [name, bytes] : *logs) {
    if (!absl::StartsWith(name, "log.")) continue;
    if (!image->emplace(name, bytes).second) {
      return Refused(name, absl::StrCat("is in ", folder, " and in ", log_folder,
                                        "; name the one that the server uses"));
    }
  }
  return image;
}

absl::Status WriteDataDirectory(const std::string& folder, const zab::DirectoryImage& image,
                                absl::string_view myid) {
  disk_fs::path place = disk_fs::path(folder).lexically_normal();
  if (!place.has_filename()) place = place.parent_path();  // It ended with a slash.
  std::error_code error;
  if (disk_fs::exists(place, error) &&
      (!disk_fs::is_directory(place, error) || !disk_fs::is_empty(place, error))) {
    return Refused(folder, "exists and is not an empty folder; choose another --out or remove it");
  }
  std::string beside = place.string() + ".XXXXXX";
  if (mkdtemp(beside.data()) == nullptr) {
    return Refused(folder, "cannot be made; --out needs a folder that exists to lie in");
  }
  absl::Status status = WriteAll(beside, image, myid);
  if (status.ok()) {
    disk_fs::permissions(beside, disk_fs::perms(0755), error);  // mkdtemp's is 0700.
    disk_fs::rename(beside, place, error);
    if (error) status = Refused(folder, error.message());
  }
  if (!status.ok()) disk_fs::remove_all(beside, error);
  return status;
}

}  // namespace zabsim
