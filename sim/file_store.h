// The files of one disk in two images: as a process sees them (page cache), and as they would
// survive a power loss.  Knows nothing of time and queues.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "protocol/base/bytes.h"
#include "protocol/base/file_op.h"
#include "protocol/base/random.h"

namespace sim {

/// One of the two images.
enum class Image : uint8_t { kVisible, kDurable };

/// One file in one image.  Valid until the store changes.
struct FileView {
  /// Up to the end of the last byte written.  A truncate may have extended the file with zeros
  /// after it, which the store does not keep.
  absl::string_view written;
  uint64_t size = 0;  // With those zeros.
  /// The id of the file: kept through renames, never reused on this disk.
  uint64_t file = 0;
  /// Changes when a byte of `written` may have changed.  A write at or after its end, and a
  /// truncate to its size or more, keep it, so that a parser can continue from there.
  uint64_t generation = 0;

  /// The whole file.
  std::string bytes() const;
};

/// A file's bytes are durable after Fsync, names (create, rename, remove) after SyncDirectory.  The
/// two are independent: a durable name may refer to a file without durable bytes.  A plain value.
class FileStore {
 public:
  // ---- Reading ----------------------------------------------------------------------------------
  /// Sorted.
  std::vector<std::string> Names(Image image) const;
  std::optional<FileView> Find(Image image, absl::string_view name) const;
  /// Changes whenever the image changes.
  uint64_t version(Image image) const {
    return image == Image::kVisible ? visible_version_ : durable_version_;
  }

  // ---- The operations of a process, on the visible image ----------------------------------------
  // All return kIo and do nothing if there is no file of this name.
  /// Creates an empty file, replacing one of the same name.
  void Create(absl::string_view name);
  /// Extends the file with zeros up to `offset` if necessary.
  zab::FileError Write(absl::string_view name, uint64_t offset, const zab::Payload& bytes);
  zab::FileError Truncate(absl::string_view name, uint64_t length);
  zab::FileError Rename(absl::string_view from, absl::string_view to);
  zab::FileError Remove(absl::string_view name);
  zab::FileError Fsync(absl::string_view name);
  void SyncDirectory();
  /// The effect of a failed fsync in an operating system: the unsynced data of the file are lost.
  void DropUnsynced(absl::string_view name);
  /// The total size of all files in the visible image.
  uint64_t size() const;

  /// How many written bytes of the file are not durable; 0 if there is no file of this name.
  uint64_t UnsyncedBytes(absl::string_view name) const;
  /// The number of changes of names that are not durable.
  size_t unsynced_names() const { return pending_.size(); }

  // ---- Crashes ----------------------------------------------------------------------------------
  /// Makes all unsynced changes of names durable except one, the `lost`th (from 0, below
  /// unsynced_names()), as on a disk that does not journal its directory in order.  One of the
  /// following functions must be called next.
  void SyncNamesBut(size_t lost);
  /// Keeps only durable data.
  void LoseUnsynced();
  /// Keeps a random prefix of each file's unsynced bytes, in the order they were written, and a
  /// random prefix of the unsynced changes of names (the journal is ordered); drawn independently.
  void Tear(zab::Entity entity, zab::Chooser& chooser);
  /// Like Tear, but the sectors of unsynced writes are written back in any order: each survives
  /// independently.  Returns whether a sector survives that was written after one that does not.
  bool Reorder(zab::Entity entity, zab::Chooser& chooser);
  /// Keeps everything that has completed.
  void KeepUnsynced();

  // ---- The medium -------------------------------------------------------------------------------
  /// Overwrites bytes in both images; they must be within a durable file.
  void Corrupt(absl::string_view name, uint64_t offset, absl::string_view bytes);
  /// Erases everything.
  void Wipe();

  /// All but what readers know their place by: files have the numbers of their order.
  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("files", files_);
    const auto names = [this](const Directory& directory) {
      std::vector<std::pair<std::string, size_t>> list;
      for (const auto& [name, file] : directory) list.emplace_back(name, IndexOf(file));
      return list;
    };
    field("visible", names(visible_));
    field("durable", names(durable_));
    for (const NameChange& change : pending_) {
      field("name", change.name);
      field("file", change.file == 0 ? files_.size() : IndexOf(change.file));
      field("remove", change.remove);
    }
  }

  /// Adds a durable file, replacing one of the same name.
  void Install(absl::string_view name, absl::string_view bytes);

 private:
  /// A change of a file's bytes that is not durable yet.
  struct Change {
    bool truncate = false;
    uint64_t at = 0;     // The offset or, for a truncate, the new length.
    zab::Payload bytes;  // Empty for a truncate.
    uint64_t Size() const { return truncate ? 1 : bytes.size(); }

    template <class Visitor>
    void Fields(Visitor&& field) const {
      field("truncate", truncate);
      field("at", at);
      field("bytes", bytes);
    }
  };
  struct Content {
    std::string written;
    uint64_t size = 0;        // The rest are zeros.
    uint64_t generation = 0;  // Not a field: readers know their place by it.

    void Write(uint64_t offset, absl::string_view data);
    void Truncate(uint64_t length);
    void Apply(const Change& change);

    template <class Visitor>
    void Fields(Visitor&& field) const {
      field("written", written);
      field("size", size);
    }
  };
  struct File {
    uint64_t id = 0;  // Not a field: files are told by their order.
    Content visible;
    Content durable;
    std::vector<Change> pending;  // durable + pending = visible.

    template <class Visitor>
    void Fields(Visitor&& field) const {
      field("visible", visible);
      field("durable", durable);
      field("pending", pending);
    }
  };
  using Directory = absl::btree_map<std::string, uint64_t>;  // Name to File::id.
  /// A change of names that is not durable yet: `name` now refers to `file`, or to nothing.
  struct NameChange {
    std::string name;
    uint64_t file = 0;   // 0: the name is removed.
    std::string remove;  // For a rename the old name, which is removed atomically.
  };

  void TearNames(zab::Entity entity, zab::Chooser& chooser);
  static void Apply(const NameChange& change, Directory& directory);
  void ChangeNames(NameChange change);
  size_t IndexOf(uint64_t file) const;
  File* FindVisible(absl::string_view name);
  void BecomeVisible();
  void DropUnreachable();

  std::vector<File> files_;  // In order of id; all files in either directory.
  Directory visible_;
  Directory durable_;
  std::vector<NameChange> pending_;  // durable_ + pending_ = visible_.
  uint64_t last_file_ = 0;  // Not a field, like the next two: readers know their place by them.
  uint64_t visible_version_ = 0;  // Not a field.
  uint64_t durable_version_ = 0;  // Not a field.
};

/// What an operation answers.
struct FileAnswer {
  zab::FileError error = zab::FileError::kNone;
  zab::Payload bytes;              // kRead.
  std::vector<std::string> names;  // kList.
};
/// Performs an operation of a process.
FileAnswer Perform(const zab::FileOp& file, FileStore& files);

}  // namespace sim
