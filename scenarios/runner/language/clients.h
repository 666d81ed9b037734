// Clients and their operations.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/base/random.h"
#include "protocol/base/time.h"
#include "protocol/wire/operation.h"
#include "scenarios/runner/language/names.h"
#include "scenarios/runner/record/record.h"

namespace scenario {

struct AnyServer {
  friend bool operator==(const AnyServer&, const AnyServer&) = default;
};
struct TheLeader {
  friend bool operator==(const TheLeader&, const TheLeader&) = default;
};
using Attachment = std::variant<AnyServer, TheLeader, zab::ServerId>;

struct Client {
  std::string name;
  size_t block = 0;  // In Scenario::workload.
  Attachment server;
};

/// An operation of a script block.
struct ScriptOperation {
  std::string id;
  size_t block = 0;  // In Scenario::workload.
  zab::Time at;
  ClientIndex client;
  zab::Operation operation;
};

enum class ReadFrom : uint8_t { kAny, kLeader };

/// An operation that a mix may draw, or two: "sync+getData", or a change of the version that a read
/// has just seen ("getData+setData").
struct MixEntry {
  zab::OpType type{};
  std::optional<zab::OpType> then;  // Once the first has succeeded, of the same node.
  uint64_t weight = 0;              // Above 0.
};

/// A script block; its operations are in Scenario::operations.
struct Script {
  zab::Time from;  // When its clients connect.
};
struct Closed {
  std::vector<MixEntry> mix = {{zab::OpType::kSetData, {}, 1}, {zab::OpType::kGetData, {}, 1}};
  uint64_t keys = 16;
  uint64_t value_size = 64;  // Bytes.
  ReadFrom read_from = ReadFrom::kAny;
  zab::Duration think;
  zab::Time from;
  std::optional<zab::Time> until;  // nullopt: quiet, or the end if there is no quiet.
};

/// Which server a client of AnyServer tries after one that has failed it: the next, or a drawn one.
enum class ServerChoice : uint8_t { kNext, kRandom };

/// How clients deal with servers; what is not set is as in ClientSetup's maker.
struct ClientBehaviour {
  std::optional<zab::Duration> connect_timeout;
  std::optional<zab::Duration> patience;
  std::optional<zab::Duration> pause;
  std::optional<ServerChoice> choice;
};

struct Block {
  std::string id;
  Attachment server;  // For clients that name none.
  ClientBehaviour behaviour;
  std::vector<ClientIndex> clients;
  std::variant<Script, Closed> kind;
};

}  // namespace scenario
