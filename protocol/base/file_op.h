// What any process may ask of its host: ports and file operations.  The part of the boundary that
// the simulator's kernel knows too, which is why it is here and not in io.h.
#pragma once

#include <cstdint>
#include <string>

#include "protocol/base/bytes.h"
#include "protocol/base/handles.h"

namespace zab {

/// The three ports of a server.
enum class Port : uint8_t { kElection, kQuorum, kClient };

enum class FileKind : uint8_t {
  kList,
  kRead,
  kCreate,
  kWrite,
  kFsync,
  kSyncDir,
  kRename,
  kTruncate,
  kRemove
};

/// What became of a file operation.  After a failed one that changes the disk (anything but kList
/// and kRead) the host performs no later one of this process: kAborted.  So a straight list of
/// operations never goes on over a failure.
enum class FileError : uint8_t {
  kNone,
  kNotFound,    // kRead: there is no such file.
  kUnreadable,  // kRead, kList: the disk does not give its bytes.
  kIo,          // A change that the disk refuses, or of a file that is not there.
  kNoSpace,     // A change for which the disk is too full.
  kAborted,     // An earlier change has failed.
};

/// One file operation on the process's data directory.  Names are plain file names in it.
/// kCreate makes an empty file, replacing one of that name; kRename replaces its target;
/// kTruncate cuts or extends with zeros; kFsync makes the file's bytes durable, kSyncDir all names.
struct FileOp {
  OperationId operation;
  FileKind kind{};
  std::string path;     // Not for kList and kSyncDir.
  std::string to;       // kRename only.
  uint64_t offset = 0;  // kWrite: where; kTruncate: the new length.
  Payload bytes;        // kWrite only.
};

}  // namespace zab
