// The byte format of snapshots (REFERENCE.md 14), written node by node while the tree changes
// (fuzzy), to a file or to a learner, and read in pieces.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "protocol/tree/data_tree.h"

namespace zab {

/// "snapshot.2a".
std::string SnapshotName(Zxid zxid);

/// Writes the body of a snapshot (sessions, ACLs, nodes, terminator) in chunks: depth first, a
/// node's child list is copied when the node is written.  A plain value without a pointer to the
/// tree.
class SnapshotWalker {
 public:
  /// Appends at least `chunk` (>= 1) of the remaining bytes to `out`, or all of them.  Nodes
  /// removed meanwhile are skipped.
  void Next(const DataTree& tree, size_t chunk, std::string& out);
  bool done() const { return done_; }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("started", started_);
    field("done", done_);
    field("stack", stack_);
  }

 private:
  struct Level {
    std::string path;                   // The path of the parent.
    std::vector<std::string> children;  // Not yet written, last first.

    template <class Visitor>
    void Fields(Visitor&& field) const {
      field("path", path);
      field("children", children);
    }
  };
  void Visit(const DataTree& tree, std::string path, std::string& out);

  bool started_ = false;
  bool done_ = false;
  std::vector<Level> stack_;
};

/// The longest path or value accepted: that of a ZooKeeper with the default jute.maxbuffer.
constexpr size_t kMaxField = 0xfffff + 1024;

/// Reads a body in pieces.
class SnapshotDecoder {
 public:
  explicit SnapshotDecoder(size_t max_field = kMaxField) : max_field_(max_field) {}
  /// InvalidArgument for bytes that are not a snapshot; the decoder is unusable afterwards.
  absl::Status Feed(absl::string_view bytes);
  /// Whether the terminator has been read.
  bool done() const { return done_; }
  /// The bytes after the terminator.
  absl::string_view rest() const { return buffer_; }
  DataTree TakeTree() { return std::move(tree_); }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("max_field", max_field_);
    field("part", part_);
    field("done", done_);
    field("buffer", buffer_);
    field("left", left_);
    field("tree", tree_);
  }

 private:
  enum class Part : uint8_t { kSessions, kAcls, kNodes };

  absl::Status Take(Part part, absl::string_view item);

  size_t max_field_;
  Part part_ = Part::kSessions;
  bool done_ = false;
  std::string buffer_;  // The beginning of an item; after the terminator, everything that follows.
  int32_t left_ = -1;   // Sessions or ACLs left to read; -1: the count is next.
  DataTree tree_;
};

/// File header: magic, version, dbid.
std::string SnapshotFileHeader();
/// The running Adler-32 of a snapshot file; starts at 1.
uint32_t ExtendAdler(uint32_t adler, absl::string_view bytes);
/// Seal and digest block; `adler` is that of all bytes before.  With zxid 0, of a fresh tree, there
/// is no digest block.
std::string SnapshotFileTrailer(uint32_t adler, Zxid zxid, uint64_t digest);
/// A complete file, for a tree that does not change meanwhile.
std::string SnapshotFile(const DataTree& tree, Zxid digest_zxid);

struct LoadedSnapshot {
  DataTree tree;
  /// The digest block: zxid and digest; nullopt if absent or zero.  The zxid is that of the last
  /// transaction whose effect a fuzzy snapshot may contain.
  std::optional<std::pair<Zxid, uint64_t>> digest;
};
/// Verifies header, seals and terminator.  Ignores the version in the header, as ZooKeeper does.
absl::StatusOr<LoadedSnapshot> ReadSnapshotFile(absl::string_view file,
                                                size_t max_field = kMaxField);

}  // namespace zab
