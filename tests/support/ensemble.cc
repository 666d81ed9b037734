// The loop of a driver: inputs in, effects out.
#include "tests/support/ensemble.h"

#include <algorithm>

#include "protocol/boundary/message_kind.h"
#include "protocol/storage/log_format.h"
#include "protocol/storage/snapshot_format.h"
#include "tests/support/role_bench.h"

namespace zab {

Ensemble::Ensemble(const std::vector<uint16_t>& ids) {
  std::vector<Member> voters;
  for (const uint16_t id : ids) voters.push_back({{id}, "n" + std::to_string(id)});
  for (const Member& voter : voters) {
    servers_[voter.server].config = {.self = voter.server, .voters = voters};
  }
}

void Ensemble::GiveDisk(ServerId id, Epoch epoch, const std::vector<Zxid>& zxids) {
  Server& server = servers_.at(id);
  Files& files = server.files;
  files["acceptedEpoch"] = files["currentEpoch"] = std::to_string(epoch.value);
  files[SnapshotName(Zxid{})] = SnapshotFile(DataTree::Fresh(server.config.ConfigText()), Zxid{});
  if (zxids.empty()) return;
  std::string log = LogHeader();
  for (const Zxid zxid : zxids) AppendRecord(*BenchTxn(zxid), log);
  files[LogName(zxids.front())] = std::move(log);
}

void Ensemble::Start(ServerId id) {
  Server& server = servers_.at(id);
  ++server.starts;
  server.halted.reset();
  server.peer.emplace(server.config, Chooser(1), Entity{static_cast<uint64_t>(server.starts)});
  Push(id, Started{});
}

void Ensemble::Crash(ServerId id) {
  Server& server = servers_.at(id);
  server.peer.reset();
  server.ports.clear();
  server.timers.clear();
  const std::map<End, End> links = links_;
  for (const auto& [end, other] : links) {
    if (end.first == id) Disconnect(end);
  }
}

void Ensemble::Break(ServerId a, ServerId b) {
  const std::map<End, End> links = links_;
  for (const auto& [end, other] : links) {
    if (end.first != a || other.first != b) continue;
    Disconnect(end);
    Push(a, Closed{end.second});
  }
}

// The other end hears of it.
void Ensemble::Disconnect(End end) {
  const auto link = links_.find(end);
  if (link == links_.end()) return;
  const End other = link->second;
  links_.erase(end);
  links_.erase(other);
  if (servers_.at(other.first).peer) Push(other.first, Closed{other.second});
}

ServerId Ensemble::Other(ServerId id, ConnectionId connection) const {
  const auto other = others_.find({id, connection});
  return other == others_.end() ? ServerId{} : other->second.first;
}

void Ensemble::Deliver(ServerId from, ServerId to, const Message& message) {
  for (const auto& [end, other] : links_) {
    if (end.first != to || other.first != from || others_.at(end).second != Port::kQuorum) continue;
    return Push(to, Received{end.second, Encode(message)});
  }
  ZAB_CHECK(false) << "no quorum connection between " << from.value << " and " << to.value;
}

std::optional<Kind> QuorumKind(const Payload& bytes) {
  for (const ReadingEnd end : {ReadingEnd::kLearner, ReadingEnd::kLeader}) {
    QuorumDecoder decoder(end);
    decoder.Feed(bytes.view());
    const auto message = decoder.Next();
    if (message.ok() && message->has_value()) return KindOf(**message);
  }
  return std::nullopt;
}

ConnectionId Ensemble::ConnectClient(ServerId to, Zxid last_zxid_seen) {
  const ConnectionId connection{ConnectionId::kFirstAccepted + ++accepted_};
  Push(to, ClientConnected{connection, last_zxid_seen});
  return connection;
}

/// Does what a peer wants done.
struct Ensemble::Performer {
  Ensemble& all;
  ServerId self;
  Server& server = all.servers_.at(self);

  void operator()(const SetTimer& e) { server.timers[e.timer] = all.now_ + e.after; }
  void operator()(const CancelTimer& e) { server.timers.erase(e.timer); }
  void operator()(const Listen& e) { server.ports.insert(e.port); }
  void operator()(const Unlisten& e) { server.ports.erase(e.port); }
  void operator()(const zab::Connect& e) {
    const Server& target = all.servers_.at(e.server);
    if (!target.peer || !target.ports.contains(e.port)) {
      return all.Push(self, ConnectFailed{e.connection});
    }
    const ConnectionId there{ConnectionId::kFirstAccepted + ++all.accepted_};
    all.links_[{self, e.connection}] = {e.server, there};
    all.links_[{e.server, there}] = {self, e.connection};
    all.others_[{self, e.connection}] = {e.server, e.port};
    all.others_[{e.server, there}] = {self, e.port};
    all.Push(e.server, Accepted{there, e.port});
    all.Push(self, Connected{e.connection});
  }
  void operator()(const Send& e) {
    const auto link = all.links_.find({self, e.connection});
    if (link == all.links_.end()) return;
    const auto [to, there] = link->second;
    if (all.may_pass(self, to, e.bytes)) all.Push(to, Received{there, e.bytes});
    if (e.wants_done) all.Push(self, SendDone{e.connection});
  }
  void operator()(const Close& e) { all.Disconnect({self, e.connection}); }
  void operator()(const FileOp& e) {
    const FileError error = all.disk_says(self, e);
    all.Push(self, error == FileError::kNone ? Perform(e, server.files)
                                             : FileDone{.operation = e.operation, .error = error});
  }
  void operator()(const ClientAccepted&) {}
  void operator()(const ClientReply&) {}
  void operator()(const Later& e) { all.Push(self, Resume{e.task}); }
  void operator()(const Trace&) {}
  void operator()(const Halt& e) { server.halted = e.reason; }
};

FileDone Ensemble::Perform(const FileOp& file, Files& files) {
  FileDone done{.operation = file.operation};
  switch (file.kind) {
    case FileKind::kList:
      for (const auto& [name, bytes] : files) done.names.push_back(name);
      break;
    case FileKind::kRead: done.bytes = Payload(files[file.path]); break;
    case FileKind::kCreate: files[file.path].clear(); break;
    case FileKind::kWrite: {
      std::string& bytes = files[file.path];
      bytes.resize(std::max<size_t>(bytes.size(), file.offset + file.bytes.size()));
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

bool Ensemble::FireTimer(Time limit) {
  std::optional<std::pair<Time, ServerId>> next;
  for (const auto& [id, server] : servers_) {
    for (const auto& [timer, due] : server.timers) {
      if (!next || due < next->first) next = {due, id};
    }
  }
  if (!next || next->first > limit) return false;
  now_ = std::max(now_, next->first);
  auto& timers = servers_.at(next->second).timers;
  const auto due = std::ranges::min_element(timers, {}, [](const auto& t) { return t.second; });
  Push(next->second, TimerFired{due->first});
  timers.erase(due);
  return true;
}

bool Ensemble::Step(Time limit) {
  if (inbox_.empty() && !FireTimer(limit)) return false;
  const Pending pending = std::move(inbox_.front());
  inbox_.pop_front();
  Server& server = servers_.at(pending.to);
  if (!server.peer || server.starts != pending.start) return true;
  on_input(pending.to, pending.input);
  Effects effects;
  const Time wall = Time{} + Seconds(1'577'836'800) + (now_ - Time{});  // From 2020 on.
  server.peer->Step({now_, wall}, pending.input, effects);
  server.peer->CheckInvariants();
  for (const Effect& effect : effects) {
    on_effect(pending.to, effect);
    std::visit(Performer{*this, pending.to}, effect);
    if (!server.halted) continue;
    Crash(pending.to);
    break;
  }
  return true;
}

void Ensemble::RunFor(Duration duration) {
  const Time limit = now_ + duration;
  while (Step(limit)) {
  }
  now_ = limit;
}

bool Ensemble::RunUntil(const std::function<bool()>& holds) {
  const Time limit = now_ + Seconds(60);
  while (!holds()) {
    if (!Step(limit)) return false;
  }
  return true;
}

}  // namespace zab
