// The files in both images.
#include "sim/file_store.h"

#include <algorithm>

#include "protocol/base/check.h"

namespace sim {
namespace {

constexpr zab::Stream kTornBytes("disk/torn-bytes");
constexpr zab::Stream kTornNames("disk/torn-names");
constexpr zab::Stream kSectors("disk/sectors");

/// The unit that a disk writes atomically.
constexpr uint64_t kSectorSize = 512;

// Draws from 0 to `most`, inclusive; draws nothing if `most` is 0.
uint64_t UpTo(uint64_t most, zab::Stream stream, zab::Entity entity, zab::Chooser& chooser) {
  return most == 0 ? 0 : chooser.Below(stream, entity, most + 1);
}

}  // namespace

// ---- Contents -----------------------------------------------------------------------------------

void FileStore::Content::Write(uint64_t offset, absl::string_view data) {
  if (data.empty()) return;
  if (offset < written.size()) ++generation;
  const uint64_t end = offset + data.size();
  if (written.size() < offset) written.resize(offset, '\0');
  const size_t overwritten = std::min<size_t>(written.size() - offset, data.size());
  written.replace(offset, overwritten, data.data(), data.size());
  size = std::max(size, end);
}

void FileStore::Content::Truncate(uint64_t length) {
  size = length;
  if (length >= written.size()) return;
  written.resize(length);
  ++generation;
}

void FileStore::Content::Apply(const Change& change) {
  if (change.truncate) return Truncate(change.at);
  Write(change.at, change.bytes.view());
}

// ---- Reading ------------------------------------------------------------------------------------

std::string FileView::bytes() const {
  std::string bytes(written);
  bytes.resize(size, '\0');
  return bytes;
}

std::vector<std::string> FileStore::Names(Image image) const {
  std::vector<std::string> names;
  for (const auto& [name, file] : image == Image::kVisible ? visible_ : durable_) {
    names.push_back(name);
  }
  return names;
}

std::optional<FileView> FileStore::Find(Image image, absl::string_view name) const {
  const Directory& directory = image == Image::kVisible ? visible_ : durable_;
  const auto found = directory.find(name);
  if (found == directory.end()) return std::nullopt;
  const File& file = files_[IndexOf(found->second)];
  const Content& content = image == Image::kVisible ? file.visible : file.durable;
  return FileView{.written = content.written,
                  .size = content.size,
                  .file = file.id,
                  .generation = content.generation};
}

size_t FileStore::IndexOf(uint64_t file) const {
  const auto found = std::lower_bound(files_.begin(), files_.end(), file,
                                      [](const File& f, uint64_t id) { return f.id < id; });
  ZAB_CHECK(found != files_.end() && found->id == file) << "no file " << file;
  return static_cast<size_t>(found - files_.begin());
}

FileStore::File* FileStore::FindVisible(absl::string_view name) {
  const auto found = visible_.find(name);
  return found == visible_.end() ? nullptr : &files_[IndexOf(found->second)];
}

// ---- Operations ---------------------------------------------------------------------------------

void FileStore::Create(absl::string_view name) {
  files_.push_back(File{.id = ++last_file_});
  ChangeNames({.name = std::string(name), .file = last_file_});
}

zab::FileError FileStore::Write(absl::string_view name, uint64_t offset,
                                const zab::Payload& bytes) {
  File* file = FindVisible(name);
  if (file == nullptr) return zab::FileError::kIo;
  file->pending.push_back({.at = offset, .bytes = bytes});
  file->visible.Apply(file->pending.back());
  ++visible_version_;
  return zab::FileError::kNone;
}

zab::FileError FileStore::Truncate(absl::string_view name, uint64_t length) {
  File* file = FindVisible(name);
  if (file == nullptr) return zab::FileError::kIo;
  file->pending.push_back({.truncate = true, .at = length});
  file->visible.Apply(file->pending.back());
  ++visible_version_;
  return zab::FileError::kNone;
}

zab::FileError FileStore::Rename(absl::string_view from, absl::string_view to) {
  const auto found = visible_.find(from);
  if (found == visible_.end()) return zab::FileError::kIo;
  if (from == to) return zab::FileError::kNone;
  ChangeNames({.name = std::string(to), .file = found->second, .remove = std::string(from)});
  return zab::FileError::kNone;
}

zab::FileError FileStore::Remove(absl::string_view name) {
  if (visible_.find(name) == visible_.end()) return zab::FileError::kIo;
  ChangeNames({.name = std::string(name)});
  return zab::FileError::kNone;
}

zab::FileError FileStore::Fsync(absl::string_view name) {
  File* file = FindVisible(name);
  if (file == nullptr) return zab::FileError::kIo;
  if (file->pending.empty()) return zab::FileError::kNone;
  for (const Change& change : file->pending) file->durable.Apply(change);
  file->pending.clear();
  ++durable_version_;
  return zab::FileError::kNone;
}

void FileStore::DropUnsynced(absl::string_view name) {
  File* file = FindVisible(name);
  if (file == nullptr || file->pending.empty()) return;
  file->pending.clear();
  const uint64_t generation = file->visible.generation;
  file->visible = file->durable;
  file->visible.generation = generation + 1;
  ++visible_version_;
}

uint64_t FileStore::size() const {
  uint64_t sum = 0;
  for (const auto& [name, file] : visible_) sum += files_[IndexOf(file)].visible.size;
  return sum;
}

uint64_t FileStore::UnsyncedBytes(absl::string_view name) const {
  const auto found = visible_.find(name);
  if (found == visible_.end()) return 0;
  uint64_t sum = 0;
  for (const Change& change : files_[IndexOf(found->second)].pending) sum += change.bytes.size();
  return sum;
}

void FileStore::SyncDirectory() {
  if (pending_.empty()) return;
  for (const NameChange& change : pending_) Apply(change, durable_);
  pending_.clear();
  ++durable_version_;
  DropUnreachable();
}

void FileStore::Apply(const NameChange& change, Directory& directory) {
  if (!change.remove.empty()) directory.erase(change.remove);
  if (change.file == 0) {
    directory.erase(change.name);
  } else {
    directory[change.name] = change.file;
  }
}

void FileStore::ChangeNames(NameChange change) {
  Apply(change, visible_);
  pending_.push_back(std::move(change));
  ++visible_version_;
}

// ---- Crashes ------------------------------------------------------------------------------------

void FileStore::SyncNamesBut(size_t lost) {
  for (size_t i = 0; i < pending_.size(); ++i) {
    if (i != lost) Apply(pending_[i], durable_);
  }
  pending_.clear();
  ++durable_version_;
}

void FileStore::LoseUnsynced() {
  for (File& file : files_) file.pending.clear();
  pending_.clear();
  BecomeVisible();
}

void FileStore::Tear(zab::Entity entity, zab::Chooser& chooser) {
  for (File& file : files_) {
    uint64_t total = 0;
    for (const Change& change : file.pending) total += change.Size();
    uint64_t rest = UpTo(total, kTornBytes, entity, chooser);
    for (const Change& change : file.pending) {
      if (rest < change.Size()) {
        if (!change.truncate) file.durable.Write(change.at, change.bytes.view().substr(0, rest));
        break;
      }
      file.durable.Apply(change);
      rest -= change.Size();
    }
    file.pending.clear();
  }
  TearNames(entity, chooser);
  BecomeVisible();
}

void FileStore::TearNames(zab::Entity entity, zab::Chooser& chooser) {
  const uint64_t kept = UpTo(pending_.size(), kTornNames, entity, chooser);
  for (uint64_t i = 0; i < kept; ++i) Apply(pending_[i], durable_);
  pending_.clear();
}

bool FileStore::Reorder(zab::Entity entity, zab::Chooser& chooser) {
  bool reordered = false;
  for (File& file : files_) {
    bool lost = false;
    for (const Change& change : file.pending) {
      if (change.truncate) {
        file.durable.Truncate(change.at);
        continue;
      }
      const absl::string_view bytes = change.bytes.view();
      for (uint64_t done = 0; done < bytes.size();) {
        const uint64_t at = change.at + done;
        const absl::string_view sector = bytes.substr(done, kSectorSize - at % kSectorSize);
        const bool survives = chooser.Chance(kSectors, entity, {1, 2});
        if (survives) file.durable.Write(at, sector);
        reordered |= survives && lost;
        lost |= !survives;
        done += sector.size();
      }
    }
    file.pending.clear();
  }
  TearNames(entity, chooser);
  BecomeVisible();
  return reordered;
}

void FileStore::KeepUnsynced() {
  for (File& file : files_) {
    for (const Change& change : file.pending) file.durable.Apply(change);
    file.pending.clear();
  }
  for (const NameChange& change : pending_) Apply(change, durable_);
  pending_.clear();
  BecomeVisible();
}

// Makes the visible image equal to the durable one; nothing is pending any more.
void FileStore::BecomeVisible() {
  visible_ = durable_;
  DropUnreachable();
  for (File& file : files_) {
    const uint64_t generation = file.visible.generation;
    file.visible = file.durable;
    file.visible.generation = generation + 1;
  }
  ++visible_version_;
  ++durable_version_;
}

void FileStore::DropUnreachable() {
  std::vector<uint64_t> reachable;
  for (const auto& [name, file] : visible_) reachable.push_back(file);
  for (const auto& [name, file] : durable_) reachable.push_back(file);
  // A file may only be referred to by pending changes: created, then replaced or removed, none of
  // it durable yet.
  for (const NameChange& change : pending_) reachable.push_back(change.file);
  std::sort(reachable.begin(), reachable.end());
  std::erase_if(files_, [&](const File& file) {
    return !std::binary_search(reachable.begin(), reachable.end(), file.id);
  });
}

// ---- The medium ---------------------------------------------------------------------------------

void FileStore::Corrupt(absl::string_view name, uint64_t offset, absl::string_view bytes) {
  const auto found = durable_.find(name);
  ZAB_CHECK(found != durable_.end()) << "no durable file " << name;
  File& file = files_[IndexOf(found->second)];
  ZAB_CHECK(offset + bytes.size() <= file.durable.size) << "beyond the end of " << name;
  file.durable.Write(offset, bytes);
  const uint64_t generation = file.visible.generation;
  file.visible = file.durable;
  for (const Change& change : file.pending) file.visible.Apply(change);
  file.visible.generation = generation + 1;
  ++visible_version_;
  ++durable_version_;
}

void FileStore::Wipe() {
  visible_.clear();
  durable_.clear();
  pending_.clear();
  files_.clear();
  ++visible_version_;
  ++durable_version_;
}

void FileStore::Install(absl::string_view name, absl::string_view bytes) {
  Create(name);
  SyncDirectory();
  File& file = files_.back();
  file.visible.Write(0, bytes);
  file.durable.Write(0, bytes);
  ++visible_version_;
  ++durable_version_;
}

FileAnswer Perform(const zab::FileOp& file, FileStore& files) {
  using zab::FileError;
  using zab::FileKind;
  switch (file.kind) {
    case FileKind::kList: return {.names = files.Names(Image::kVisible)};
    case FileKind::kRead: {
      const std::optional<FileView> found = files.Find(Image::kVisible, file.path);
      if (!found) return {.error = FileError::kNotFound};
      return {.bytes = zab::Payload(found->bytes())};
    }
    case FileKind::kCreate: files.Create(file.path); return {};
    case FileKind::kWrite: return {.error = files.Write(file.path, file.offset, file.bytes)};
    case FileKind::kFsync: return {.error = files.Fsync(file.path)};
    case FileKind::kSyncDir: files.SyncDirectory(); return {};
    case FileKind::kRename: return {.error = files.Rename(file.path, file.to)};
    case FileKind::kTruncate: return {.error = files.Truncate(file.path, file.offset)};
    case FileKind::kRemove: return {.error = files.Remove(file.path)};
  }
  return {};
}

}  // namespace sim
