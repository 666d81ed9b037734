// File operations, which any process may request from its host.  They are here and not in
// protocol/boundary/io.h because the simulator's kernel uses them too.
#pragma once

#include <cstdint>
#include <string>

#include "protocol/base/bytes.h"
#include "protocol/base/handles.h"

namespace zab {

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

/// The result of a file operation.  After a failed operation that changes the disk (anything but
/// kList and kRead) the host performs no further ones of this process: they end with kAborted.  So
/// a sequence of operations never continues after a failure.
enum class FileError : uint8_t {
  kNone,
  kNotFound,    // kRead: there is no such file.
  kUnreadable,  // kRead, kList: the bytes cannot be read.
  kIo,          // A change that the disk rejects, or of a missing file.
  kNoSpace,     // A change for which the disk has no space.
  kAborted,     // An earlier change failed.
};

/// One file operation on the process's data directory.  Names are plain file names in it. kCreate
/// makes an empty file, replacing an existing one; kRename replaces its target; kTruncate shortens
/// the file or extends it with zeros; kFsync makes the file's bytes durable, kSyncDir all names.
struct FileOp {
  OperationId operation;
  FileKind kind{};
  std::string path;     // Not for kList and kSyncDir.
  std::string to;       // kRename only.
  uint64_t offset = 0;  // kWrite: where; kTruncate: the new length.
  Payload bytes;        // kWrite only.
};

}  // namespace zab
