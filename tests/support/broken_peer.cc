// The ways to break a peer.
#include "tests/support/broken_peer.h"

#include <algorithm>
#include <optional>

#include "absl/strings/string_view.h"
#include "protocol/wire/codec.h"

namespace support {
namespace {

bool IsProposal(const zab::Effect& effect) {
  const auto* trace = std::get_if<zab::Trace>(&effect);
  return trace != nullptr && trace->event.probe == zab::Probe::kMsgSent &&
         trace->event.kind == zab::Kind::kProposalMessage;
}

class ErrorBlindPeer final : public scenario::ZabProcess {
 public:
  using ZabProcess::ZabProcess;
  std::unique_ptr<Process> Clone() const override {
    return std::make_unique<ErrorBlindPeer>(*this);
  }
  void OnFileDone(zab::OperationId operation, zab::FileError, const zab::Payload& bytes,
                  const std::vector<std::string>& names, sim::Host& host) override {
    ZabProcess::OnFileDone(operation, zab::FileError::kNone, bytes, names, host);
  }
};

}  // namespace

scenario::ServerFactory ErrorBlindServers() {
  return [](const zab::PeerConfig& config, const zab::Chooser& chooser) {
    return [config, chooser](sim::NodeId node, uint64_t incarnation) {
      return std::make_unique<ErrorBlindPeer>(config, chooser, node, incarnation);
    };
  };
}

scenario::ServerFactory BrokenServers(Sabotage sabotage) {
  return
      [sabotage = std::move(sabotage)](const zab::PeerConfig& config, const zab::Chooser& chooser) {
        return [config, chooser, sabotage](sim::NodeId node, uint64_t incarnation) {
          return std::make_unique<BrokenPeer>(
              scenario::ZabProcess(config, chooser, node, incarnation), sabotage);
        };
      };
}

Sabotage SkipFileOperation(zab::FileKind kind, std::string prefix) {
  return [kind, prefix = std::move(prefix)](zab::Effects& effects) {
    for (zab::Effect& effect : effects) {
      auto* file = std::get_if<zab::FileOp>(&effect);
      if (file == nullptr || file->kind != kind || file->path.rfind(prefix, 0) != 0) continue;
      *file = {.operation = file->operation, .kind = zab::FileKind::kList};  // Changes nothing.
    }
  };
}

Sabotage SkipFileOperations(
    std::function<bool(const zab::FileOp& file, const zab::FileOp* before)> wanted) {
  return [wanted = std::move(wanted)](zab::Effects& effects) {
    std::optional<zab::FileOp> before;
    for (zab::Effect& effect : effects) {
      auto* file = std::get_if<zab::FileOp>(&effect);
      if (file == nullptr) continue;
      const zab::FileOp original = *file;
      if (wanted(original, before ? &*before : nullptr)) {
        *file = {.operation = file->operation, .kind = zab::FileKind::kList};  // Changes nothing.
      }
      before = original;
    }
  };
}

Sabotage RenameBeforeFsync(std::string prefix) {
  return [prefix = std::move(prefix)](zab::Effects& effects) {
    for (size_t i = 0; i + 1 < effects.size(); ++i) {
      auto* fsync = std::get_if<zab::FileOp>(&effects[i]);
      const auto* rename = std::get_if<zab::FileOp>(&effects[i + 1]);
      if (fsync == nullptr || rename == nullptr || fsync->kind != zab::FileKind::kFsync) continue;
      if (rename->kind != zab::FileKind::kRename || rename->path != fsync->path) continue;
      if (!rename->path.starts_with(prefix)) continue;
      fsync->path = rename->to;
      std::swap(effects[i], effects[i + 1]);
    }
  };
}

Sabotage NameSnapshotsAtOnce() {
  return [next = uint64_t{1} << 40](zab::Effects& effects) mutable {  // Ids that no peer uses.
    zab::Effects edited;
    for (zab::Effect& effect : effects) {
      auto* file = std::get_if<zab::FileOp>(&effect);
      const bool snapshot = file != nullptr && file->path.starts_with("snapshot.");
      if (snapshot && file->kind == zab::FileKind::kRename) {
        effect = zab::FileOp{.operation = file->operation, .kind = zab::FileKind::kList};
      }
      edited.push_back(effect);
      if (!snapshot || file->kind != zab::FileKind::kFsync) continue;
      const std::string& temporary = std::get<zab::FileOp>(edited.back()).path;
      edited.push_back(zab::FileOp{.operation = {next++},
                                   .kind = zab::FileKind::kRename,
                                   .path = temporary,
                                   .to = temporary.substr(0, temporary.size() - 4)});
      edited.push_back(zab::FileOp{.operation = {next++}, .kind = zab::FileKind::kSyncDir});
    }
    effects = std::move(edited);
  };
}

Sabotage NameBeforeRemoval() {
  return [](zab::Effects& effects) {
    const auto is = [](const zab::Effect& effect, zab::FileKind kind, absl::string_view prefix) {
      const auto* file = std::get_if<zab::FileOp>(&effect);
      return file != nullptr && file->kind == kind && file->path.starts_with(std::string(prefix));
    };
    const auto naming = std::ranges::find_if(effects, [&](const zab::Effect& effect) {
      return is(effect, zab::FileKind::kRename, "received.") &&
             std::get<zab::FileOp>(effect).to.starts_with("snapshot.");
    });
    const auto removal = std::ranges::find_if(
        effects, [&](const zab::Effect& effect) { return is(effect, zab::FileKind::kRemove, ""); });
    if (naming == effects.end() || removal == effects.end() || naming < removal) return;
    std::rotate(removal, naming, naming + 1);
  };
}

Sabotage CommitAtOnce() {
  return [](zab::Effects& effects) {
    zab::Effects edited;
    zab::Zxid proposed;  // Of the announced PROPOSAL; 0:0: none.
    for (zab::Effect& effect : effects) {
      if (IsProposal(effect)) proposed = std::get<zab::Trace>(effect).event.zxid;
      const auto* send = std::get_if<zab::Send>(&effect);
      edited.push_back(effect);
      if (send == nullptr || proposed.counter == 0) continue;
      edited.push_back(zab::Send{send->connection, zab::Encode(zab::Commit{proposed})});
      proposed = {};
    }
    effects = std::move(edited);
  };
}

Sabotage LoseProposals(int every) {
  return [every, count = 0](zab::Effects& effects) mutable {
    for (size_t i = 0; i + 1 < effects.size(); ++i) {
      if (!IsProposal(effects[i]) || ++count % every != 0) continue;
      effects.erase(effects.begin() + static_cast<ptrdiff_t>(i),
                    effects.begin() + static_cast<ptrdiff_t>(i) + 2);
    }
  };
}

Sabotage ChangeReplies(std::function<void(zab::ClientReply& reply)> change) {
  return [change = std::move(change)](zab::Effects& effects) {
    for (zab::Effect& effect : effects) {
      if (auto* reply = std::get_if<zab::ClientReply>(&effect)) change(*reply);
    }
  };
}

}  // namespace support
