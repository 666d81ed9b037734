// The ways to break a peer.
#include "tests/support/broken_peer.h"

#include "protocol/codec.h"

namespace support {
namespace {

bool IsProposal(const zab::Effect& effect) {
  const auto* trace = std::get_if<zab::Trace>(&effect);
  return trace != nullptr && trace->event.probe == zab::Probe::kMsgSent &&
         trace->event.kind == zab::Kind::kProposalMessage;
}

}  // namespace

scenario::ServerFactory BrokenServers(Sabotage sabotage) {
  return [sabotage = std::move(sabotage)](const zab::PeerConfig& config, uint64_t seed) {
    return [config, seed, sabotage](sim::NodeId node, uint64_t incarnation) {
      return std::make_unique<BrokenPeer>(sim::ZabProcess(config, seed, node, incarnation),
                                          sabotage);
    };
  };
}

Sabotage SkipFileOperation(zab::FileKind kind, std::string prefix) {
  return [kind, prefix = std::move(prefix)](zab::Effects& effects) {
    for (zab::Effect& effect : effects) {
      auto* file = std::get_if<zab::File>(&effect);
      if (file == nullptr || file->kind != kind || file->path.rfind(prefix, 0) != 0) continue;
      *file = {.operation = file->operation, .kind = zab::FileKind::kList};  // Changes nothing.
    }
  };
}

Sabotage CommitAtOnce() {
  return [](zab::Effects& effects) {
    zab::Effects edited;
    zab::Zxid proposed;  // Of the PROPOSAL announced; 0:0: none.
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
