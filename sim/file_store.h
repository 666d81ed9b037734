// The files of one disk twice over: as a process sees them (page cache) and as they would survive a
// power loss.  Knows no time and no queue.
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

/// Which of the two.
enum class Image : uint8_t { kVisible, kDurable };

/// One file in one image.  Valid until the store changes.
struct FileView {
  absl::string_view bytes;
  /// Which file it is: stays with it through renames, never reused on this disk.
  uint64_t file = 0;
  /// Behind the last byte written; from here on `bytes` are zeros of a truncate that extended it.
  uint64_t written = 0;
  /// Changes when a byte below `written` may have changed.  A write at or behind `written`, and a
  /// truncate to `written` or more, leave it alone: who has parsed up to there goes on from there.
  uint64_t generation = 0;
};

/// What is durable: a file's bytes after Fsync; names (create, rename, remove) after SyncDirectory.
/// The two are independent: a durable name may lead to a file of which no byte is durable.  A plain
/// value.
class FileStore {
 public:
  // ---- Reading -------------------------------------------------------------------------------
  /// Sorted.
  std::vector<std::string> Names(Image image) const;
  std::optional<FileView> Find(Image image, absl::string_view name) const;
  /// Changes whenever anything in that image does: a cheap "nothing new".
  uint64_t version(Image image) const {
    return image == Image::kVisible ? visible_version_ : durable_version_;
  }

  // ---- The operations of a process, on the visible image -------------------------------------
  // kIo where there is no file of that name; nothing has happened then.
  /// An empty file; one of that name is replaced.
  void Create(absl::string_view name);
  /// Extends with zeros up to `offset`, should that be needed.
  zab::FileError Write(absl::string_view name, uint64_t offset, const zab::Payload& bytes);
  zab::FileError Truncate(absl::string_view name, uint64_t length);
  zab::FileError Rename(absl::string_view from, absl::string_view to);
  zab::FileError Remove(absl::string_view name);
  zab::FileError Fsync(absl::string_view name);
  void SyncDirectory();
  /// A failed fsync, as a kernel leaves it: what was unsynced of that file is gone.
  void DropUnsynced(absl::string_view name);
  /// Bytes of all files, in the visible image.
  uint64_t size() const;

  /// How many changes of names are not durable.
  size_t unsynced_names() const { return pending_.size(); }

  // ---- Crashes -------------------------------------------------------------------------------
  /// All unsynced changes of names become durable but one, the `lost`th (from 0, below
  /// unsynced_names()), as on a disk whose directory is no ordered journal.  One of the other three
  /// must follow at once.
  void SyncNamesBut(size_t lost);
  /// Only what is durable is left.
  void LoseUnsynced();
  /// Of each file the first few unsynced bytes, in the order they were written, and of the unsynced
  /// names the first few changes (the journal is ordered); how many is drawn, for each by itself.
  void Tear(zab::Entity entity, zab::Chooser& chooser);
  /// As Tear, but the sectors of unsynced writes were written back in any order: each survives or
  /// not by itself.  Returns whether one did that was written behind one that did not.
  bool Reorder(zab::Entity entity, zab::Chooser& chooser);
  /// Everything that has completed was written back in time.
  void KeepUnsynced();

  // ---- The medium ----------------------------------------------------------------------------
  /// Other bytes there than were written, in both images.  Within a durable file of that name.
  void Corrupt(absl::string_view name, uint64_t offset, absl::string_view bytes);
  /// An empty disk.
  void Wipe();

  /// A file that is durable from the start; one of that name is replaced.
  void Install(absl::string_view name, absl::string_view bytes);

 private:
  /// A change of a file's bytes that is not durable yet.
  struct Change {
    bool truncate = false;
    uint64_t at = 0;     // Offset; of a truncate the new length.
    zab::Payload bytes;  // Not of a truncate.
    uint64_t Size() const { return truncate ? 1 : bytes.size(); }
  };
  struct Content {
    std::string bytes;
    uint64_t written = 0;
    uint64_t generation = 0;

    void Write(uint64_t offset, absl::string_view data);
    void Truncate(uint64_t length);
    void Apply(const Change& change);
  };
  struct File {
    uint64_t id = 0;
    Content visible;
    Content durable;
    std::vector<Change> pending;  // durable + pending = visible.
  };
  using Directory = absl::btree_map<std::string, uint64_t>;  // Name to File::id.
  /// A change of names that is not durable yet: `name` now leads to `file`, or to nothing.
  struct NameChange {
    std::string name;
    uint64_t file = 0;   // 0: the name is gone.
    std::string remove;  // Of a rename the old name, which goes in the same instant.
  };

  void TearNames(zab::Entity entity, zab::Chooser& chooser);
  static void Apply(const NameChange& change, Directory& directory);
  void ChangeNames(NameChange change);
  size_t IndexOf(uint64_t file) const;
  File* FindVisible(absl::string_view name);
  void BecomeVisible();
  void DropUnreachable();

  std::vector<File> files_;  // In order of id: all that either directory leads to.
  Directory visible_;
  Directory durable_;
  std::vector<NameChange> pending_;  // durable_ + pending_ = visible_.
  uint64_t last_file_ = 0;
  uint64_t visible_version_ = 0;
  uint64_t durable_version_ = 0;
};

}  // namespace sim
