// Outbox: the functions with which everything in protocol/ acts on the outside.  It appends to one
// Effects list and numbers connections and file operations.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "protocol/boundary/io.h"

namespace zab {

/// The counters of a peer's ids, which are unique during its life.  Part of Core.
struct IdCounters {
  uint64_t connection = 0;
  uint64_t operation = 0;

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("connection", connection);
    field("operation", operation);
  }
};

/// Lives for one step.
class Outbox {
 public:
  Outbox(IdCounters& ids, Effects& effects) : ids_(ids), effects_(effects) {}

  void Emit(TraceEvent event) { effects_.push_back(Trace{event}); }
  void SetTimer(TimerId timer, Duration after) { effects_.push_back(zab::SetTimer{timer, after}); }
  void CancelTimer(TimerId timer) { effects_.push_back(zab::CancelTimer{timer}); }
  void Listen(Port port) { effects_.push_back(zab::Listen{port}); }
  void Unlisten(Port port) { effects_.push_back(zab::Unlisten{port}); }
  ConnectionId Connect(ServerId server, Port port);
  void Send(ConnectionId connection, Payload bytes, bool wants_done = false) {
    effects_.push_back(zab::Send{connection, std::move(bytes), wants_done});
  }
  void Close(ConnectionId connection) { effects_.push_back(zab::Close{connection}); }
  void HandOver(Task task) { effects_.push_back(Later{task}); }
  void Halt(Reason reason) { effects_.push_back(zab::Halt{reason}); }
  void Accept(ConnectionId client, int64_t client_id) {
    effects_.push_back(ClientAccepted{client, client_id});
  }
  void Reply(ClientReply reply) { effects_.push_back(std::move(reply)); }

  // File operations on the data directory.  They are performed in order, and none after a failed
  // one, so a sequence of operations needs no waiting in between.

  /// The id of the next file operation.
  OperationId NextOperation() const { return {ids_.operation + 1}; }
  OperationId List();
  OperationId Read(std::string path);
  OperationId Create(std::string path);
  OperationId Write(std::string path, uint64_t offset, Payload bytes);
  OperationId Fsync(std::string path);
  OperationId SyncDir();
  OperationId Rename(std::string path, std::string to);
  OperationId Truncate(std::string path, uint64_t length);
  OperationId Remove(std::string path);
  /// Replaces `path` atomically and durably: <path>.tmp written, synced, renamed, directory synced.
  /// Returns the last operation; when it is done, all are.
  OperationId Replace(const std::string& path, Payload bytes);

 private:
  OperationId Add(FileOp file);

  IdCounters& ids_;
  Effects& effects_;
};

}  // namespace zab
