// Connections and file operations get their numbers here.
#include "protocol/boundary/outbox.h"

namespace zab {

ConnectionId Outbox::Connect(ServerId server, Port port) {
  const ConnectionId connection{++ids_.connection};
  effects_.push_back(zab::Connect{connection, server, port});
  return connection;
}

OperationId Outbox::Add(FileOp file) {
  file.operation = OperationId{++ids_.operation};
  const OperationId operation = file.operation;
  effects_.push_back(std::move(file));
  return operation;
}

OperationId Outbox::List() {
  return Add({.kind = FileKind::kList});
}
OperationId Outbox::Read(std::string path) {
  return Add({.kind = FileKind::kRead, .path = std::move(path)});
}
OperationId Outbox::Create(std::string path) {
  return Add({.kind = FileKind::kCreate, .path = std::move(path)});
}
OperationId Outbox::Write(std::string path, uint64_t offset, Payload bytes) {
  return Add({.kind = FileKind::kWrite,
              .path = std::move(path),
              .offset = offset,
              .bytes = std::move(bytes)});
}
OperationId Outbox::Fsync(std::string path) {
  return Add({.kind = FileKind::kFsync, .path = std::move(path)});
}
OperationId Outbox::SyncDir() {
  return Add({.kind = FileKind::kSyncDir});
}
OperationId Outbox::Rename(std::string path, std::string to) {
  return Add({.kind = FileKind::kRename, .path = std::move(path), .to = std::move(to)});
}
OperationId Outbox::Truncate(std::string path, uint64_t length) {
  return Add({.kind = FileKind::kTruncate, .path = std::move(path), .offset = length});
}
OperationId Outbox::Remove(std::string path) {
  return Add({.kind = FileKind::kRemove, .path = std::move(path)});
}

OperationId Outbox::Replace(const std::string& path, Payload bytes) {
  const std::string temporary = path + ".tmp";
  Create(temporary);
  Write(temporary, 0, std::move(bytes));
  Fsync(temporary);
  Rename(temporary, path);
  return SyncDir();
}

}  // namespace zab
