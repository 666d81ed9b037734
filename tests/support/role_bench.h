// RoleBench: runs one role (Follower or Leader) without simulator or network.  A test passes
// messages to it and checks what it sends; disk operations and tasks complete when the test says
// so.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "protocol/boundary/message_kind.h"
#include "protocol/roles/core.h"
#include "protocol/roles/follower.h"
#include "protocol/roles/history_change.h"
#include "protocol/roles/leader.h"
#include "protocol/wire/codec.h"

namespace zab {

/// `count` voters n1, n2, ... with small limits.
PeerConfig BenchConfig(int count, int self);

/// A create of /t<counter> at `zxid`: the same bytes for the same zxid.
TxnRef BenchTxn(Zxid zxid);

template <class Role>
class RoleBench {
 public:
  RoleBench(PeerConfig config, Role on_bench) : role(std::move(on_bench)) {
    core.config = std::move(config);
    core.epochs.Set(Epoch{}, Epoch{});
    core.database.tree = DataTree::Fresh(core.config.ConfigText());
  }

  Outbox out() { return Outbox(core.ids, effects); }

  /// Gives the role a history on disk and in memory: transactions 1..count of `epoch`.
  void GiveHistory(Epoch epoch, uint32_t count) {
    for (uint32_t counter = 1; counter <= count; ++counter) {
      core.database.Apply(BenchTxn({epoch, counter}));
    }
    core.log.Restart(core.database.last_processed, {});
  }

  /// Returns the messages sent so far, on one connection or on all, and forgets them.
  std::vector<Message> Sent(std::optional<ConnectionId> connection = std::nullopt) {
    std::vector<Message> messages;
    std::vector<Effect> rest;
    for (Effect& effect : effects) {
      auto* send = std::get_if<Send>(&effect);
      if (send == nullptr || (connection && send->connection != *connection)) {
        rest.push_back(std::move(effect));
        continue;
      }
      QuorumDecoder decoder(std::is_same_v<Role, Leader> ? ReadingEnd::kLearner
                                                         : ReadingEnd::kLeader);
      decoder.Feed(send->bytes.view());
      auto message = decoder.Next();
      if (message.ok() && message->has_value()) messages.push_back(std::move(**message));
    }
    effects = std::move(rest);
    return messages;
  }
  /// Kinds of Sent().
  std::vector<Kind> SentKinds(std::optional<ConnectionId> connection = std::nullopt) {
    std::vector<Kind> kinds;
    for (const Message& message : Sent(connection)) kinds.push_back(KindOf(message));
    return kinds;
  }
  bool Traced(Probe probe) const {
    for (const Effect& effect : effects) {
      if (const auto* trace = std::get_if<Trace>(&effect); trace && trace->event.probe == probe) {
        return true;
      }
    }
    return false;
  }

  /// Whether file operations are waiting for the disk.
  bool DiskBusy() const {
    for (const Effect& effect : effects) {
      if (std::holds_alternative<FileOp>(effect)) return true;
    }
    return false;
  }
  /// Completes all pending file operations.
  void AnswerDisk() {
    while (DiskBusy()) {
      Effects asked = std::exchange(effects, {});
      for (Effect& effect : asked) {
        if (const auto* file = std::get_if<FileOp>(&effect)) {
          Route(Perform(*file));
        } else {
          effects.push_back(std::move(effect));
        }
      }
    }
  }
  /// Runs the tasks that the role has scheduled for itself.
  void ResumeTasks() {
    Effects asked = std::exchange(effects, {});
    for (Effect& effect : asked) {
      if (const auto* later = std::get_if<Later>(&effect)) {
        Outbox box = out();
        role.OnTask(later->task.name, core, box);
      } else {
        effects.push_back(std::move(effect));
      }
    }
  }
  /// Completes file operations and tasks until none are left.
  void Settle() {
    for (int i = 0; i < 8; ++i) {
      AnswerDisk();
      ResumeTasks();
    }
  }

  Core core;
  Role role;
  Effects effects;
  std::map<std::string, std::string> files;

 private:
  FileDone Perform(const FileOp& file) {
    FileDone done{.operation = file.operation};
    switch (file.kind) {
      case FileKind::kList:
        for (const auto& [name, bytes] : files) done.names.push_back(name);
        break;
      case FileKind::kRead: done.bytes = Payload(files[file.path]); break;
      case FileKind::kCreate: files[file.path].clear(); break;
      case FileKind::kWrite: {
        std::string& bytes = files[file.path];
        bytes.resize(std::max(bytes.size(), file.offset + file.bytes.size()));
        bytes.replace(file.offset, file.bytes.size(), std::string(file.bytes.view()));
        break;
      }
      case FileKind::kTruncate: files[file.path].resize(file.offset); break;
      case FileKind::kRename:
        files[file.to] = files[file.path];
        files.erase(file.path);
        break;
      case FileKind::kRemove: files.erase(file.path); break;
      case FileKind::kFsync:
      case FileKind::kSyncDir: break;
    }
    return done;
  }

  void Route(const FileDone& done) {
    Outbox box = out();
    if (core.log.OnFileDone(done, core.config.limits, box)) return role.OnLogSynced(core, box);
    if (core.epochs.OnFileDone(done, box)) return role.OnEpochStored(core, box);
    if (FinishHistoryChange(done, core, box)) {
      if constexpr (std::is_same_v<Role, Follower>) role.OnHistoryChanged(core, box);
      return;
    }
    role.OnFileDone(done, core, box);
  }
};

}  // namespace zab
