// The key `workload`: blocks, their clients and operations.
#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "scenarios/runner/language/units.h"
#include "scenarios/runner/parse/codecs.h"
#include "scenarios/runner/parse/sections.h"

namespace scenario {
namespace {

// ---- Clients ------------------------------------------------------------------------------------

// A server, "leader" or "any".
struct AttachmentCodec {
  void Read(ReadContext& in, const Place& at, Attachment& out) const {
    if (at.value.Is(Value::Type::kString) && at.value.text == "any") {
      out = AnyServer{};
    } else if (at.value.Is(Value::Type::kString) && at.value.text == "leader") {
      out = TheLeader{};
    } else {
      ReadValue(in, at, out.emplace<zab::ServerId>());
    }
  }
  Value Write(const Scenario& s, const Attachment& value) const {
    if (std::holds_alternative<AnyServer>(value)) return Value::String("any");
    if (std::holds_alternative<TheLeader>(value)) return Value::String("leader");
    return WriteValue(s, std::get<zab::ServerId>(value));
  }
};

}  // namespace

template <class V, Is<Client> S>
void Fields(V& v, S& client) {
  v("server", client.server, AttachmentCodec{});
}

namespace {

// A number, or {name: {"server"}}.  Written by name, since generated names depend on other blocks.
// The clients are already in Scenario::clients, with the block's server.
struct ClientsCodec {
  const Attachment& server;

  void Read(ReadContext& in, const Place& at, std::vector<ClientIndex>&) const {
    if (at.value.Is(Value::Type::kInteger)) {
      int64_t count = 0;
      Integer{1, Names::kMaxClients}.Read(in, at, count);
    } else if (HasType(in, at, Value::Type::kObject,
                       "wanted a number of clients, or {\"c1\": {\"server\": \"n1\"}}")) {
      if (at.value.children.empty()) in.problems.Add(at, "wanted at least one client, found none");
      for (const Value& member : at.value.children) ReadOne(in, Place{member, &at});
    }
  }
  Value Write(const Scenario& s, const std::vector<ClientIndex>& value) const {
    Value out = Value::Object();
    for (const ClientIndex index : value) {
      const Client& client = s.clients[index.value];
      const bool own = client.server != server;
      out.Add(client.name, own ? Object().Write(s, client) : Value::Object());
    }
    return out;
  }

 private:
  static void ReadOne(ReadContext& in, const Place& at) {
    std::string name;
    if (!NewNameKey{IsNodeName, "a name of a-z and 0-9 that begins with a letter"}.ReadKey(in, at,
                                                                                           name)) {
      return;
    }
    const std::optional<size_t> index = in.names.clients.Find(name);
    if (!index.has_value()) return;  // Too many clients, which is reported at the end.
    Client& client = in.scenario.clients[*index];
    if (client.block + 1 != in.scenario.workload.size() || in.names.servers.Find(name)) {
      in.problems.Add(at, absl::StrCat("\"", name, "\" is the name of another server or client"));
    }
    Object().Read(in, at, client);
  }
};

// ---- Script -------------------------------------------------------------------------------------

constexpr std::array<zab::OpType, 7> kOperations = {
    zab::OpType::kCreate,  zab::OpType::kDelete,      zab::OpType::kSetData, zab::OpType::kExists,
    zab::OpType::kGetData, zab::OpType::kGetChildren, zab::OpType::kSync};

Words<zab::OpType> OperationWords() {
  Words<zab::OpType> words;
  for (const zab::OpType type : kOperations) words.words.emplace_back(type, Name(type));
  return words;
}

// ZooKeeper's rules for paths.
bool IsPath(absl::string_view path) {
  return absl::StartsWith(path, "/") && (path == "/" || !absl::EndsWith(path, "/")) &&
         !absl::StrContains(path, "//") && !absl::StrContains(absl::StrCat(path, "/"), "/./") &&
         !absl::StrContains(absl::StrCat(path, "/"), "/../") && !absl::StrContains(path, '\0');
}

// The name of a client of the block.
struct ClientCodec {
  size_t block;

  void Read(ReadContext& in, const Place& at, ClientIndex& out) const {
    if (!HasType(in, at, Value::Type::kString, "wanted the name of a client")) return;
    const std::string& name = at.value.text;
    const std::optional<size_t> index = Lookup(in, at, name, in.names.clients, "a client");
    if (!index.has_value()) return;
    out.value = *index;
    if (*index >= in.scenario.clients.size() || in.scenario.clients[*index].block != block) {
      in.problems.Add(at, absl::StrCat("client \"", name, "\" belongs to another block"));
    }
  }
  Value Write(const Scenario& s, ClientIndex value) const {
    return Value::String(s.clients[value.value].name);
  }
};

}  // namespace

template <class V, Is<ScriptOperation> S>
void Fields(V& v, S& op) {
  using enum zab::OpType;
  v("id", op.id, Identifier());
  v.Required("at", op.at);
  v("client", op.client, ClientCodec{op.block});
  v.Required("op", op.operation.type, OperationWords());
  v.Required("path", op.operation.path);
  if (v.GivesUp()) return;
  if (!IsPath(op.operation.path)) {
    v.Fail("path",
           absl::StrCat("wanted a path such as \"/a/b\", found \"", op.operation.path, "\""));
  }
  const zab::OpType type = op.operation.type;
  if (type == kCreate || type == kSetData) {
    if constexpr (V::kReads) op.operation.data = "";
    v("value", op.operation.data);
  }
  if (type == kDelete || type == kSetData) {
    v("version", op.operation.version, Integer{-1, (int64_t{1} << 31) - 1});
  }
  if (type == kCreate) v("sequential", op.operation.sequential);
}

namespace {

// The operations, which are kept in Scenario::operations.
struct OperationsCodec {
  size_t block;

  void Read(ReadContext& in, const Place& at, Script&) const {
    if (!HasType(in, at, Value::Type::kArray, "wanted a list")) return;
    const std::vector<size_t>& mine = in.names.clients_of[block];
    for (size_t i = 0; i < at.value.children.size(); ++i) {
      const Place place{at.value.children[i], &at};
      const size_t index = in.scenario.operations.size();
      ScriptOperation& op = in.scenario.operations.emplace_back();
      op.id = IdOf(place.value, "op", i);
      op.block = block;
      if (mine.size() == 1) op.client.value = mine[0];
      Object().Read(in, place, op);
      if (mine.size() > 1 && place.value.Find("client") == nullptr) {
        in.problems.Add(place, "wanted a key \"client\", since the block has several, found none");
      }
      if (in.names.operations.Find(absl::StrCat(in.names.blocks[block], "/", op.id)) != index) {
        in.problems.Add(place, absl::StrCat("the id \"", op.id, "\" is there twice"));
      }
    }
  }
  Value Write(const Scenario& s, const Script&) const {
    Value out = Value::Array();
    for (const ScriptOperation& op : s.operations) {
      if (op.block == block) out.children.push_back(Object().Write(s, op));
    }
    return out;
  }
};

// ---- Closed loop --------------------------------------------------------------------------------

std::string NameOf(const MixEntry& entry) {
  return entry.then ? absl::StrCat(Name(entry.type), "+", Name(*entry.then))
                    : std::string(Name(entry.type));
}

std::vector<MixEntry> AllMixEntries() {
  std::vector<MixEntry> all;
  all.reserve(kOperations.size() + 3);
  for (const zab::OpType type : kOperations) all.push_back({type});
  all.push_back({zab::OpType::kSync, zab::OpType::kGetData});
  all.push_back({zab::OpType::kGetData, zab::OpType::kSetData});
  all.push_back({zab::OpType::kGetData, zab::OpType::kDelete});
  return all;
}

// {"setData": 9}: weights.
struct MixCodec {
  void Read(ReadContext& in, const Place& at, std::vector<MixEntry>& out) const {
    if (!HasType(in, at, Value::Type::kObject, "wanted weights such as {\"setData\": 9}")) return;
    NameList names;
    for (const MixEntry& entry : AllMixEntries()) names.Add(NameOf(entry));
    const size_t before = in.problems.count();
    uint64_t sum = 0;
    std::vector<MixEntry> all = AllMixEntries();
    for (const Value& member : at.value.children) {
      const Place place{member, &at};
      const auto index = Lookup(in, place, member.key, names, "an operation");
      if (!index.has_value()) continue;
      Integer{0, 1'000'000}.Read(in, place, all[*index].weight);
      sum += all[*index].weight;
    }
    if (sum == 0 && in.problems.count() == before) {
      in.problems.Add(at, "wanted a weight above 0, found none");
    }
    std::erase_if(all, [](const MixEntry& entry) { return entry.weight == 0; });
    out = std::move(all);
  }
  Value Write(const Scenario&, const std::vector<MixEntry>& value) const {
    Value out = Value::Object();
    for (const MixEntry& entry : value) {
      out.Add(NameOf(entry), Value::Integer(static_cast<int64_t>(entry.weight)));
    }
    return out;
  }
};

}  // namespace

template <class V, class S>
void ClosedKeys(V& v, S& closed) {
  v("mix", closed.mix, MixCodec{});
  v("keys", closed.keys, Integer{1, 65'536});
  v("value_size", closed.value_size, Size{0, int64_t{1} << 20});
  v("read_from", closed.read_from,
    Words<ReadFrom>{{{ReadFrom::kAny, "any"}, {ReadFrom::kLeader, "leader"}}});
  v("think", closed.think);
  v("from", closed.from);
  v("until", closed.until, TimeOrQuiet{});
  if (closed.until.has_value() && *closed.until <= closed.from) {
    v.Fail("until", "wanted a time after `from`");
  }
}

// ---- Blocks -------------------------------------------------------------------------------------

enum class BlockKind : uint8_t { kScript, kClosed };

template <class V, class S>
void BehaviourKeys(V& v, S& behaviour) {
  const DurationCodec positive{zab::Milliseconds(1)};
  v("connect_timeout", behaviour.connect_timeout, positive);
  v("patience", behaviour.patience, positive);
  v("pause", behaviour.pause, positive);
  v("choice", behaviour.choice,
    Words<ServerChoice>{{{ServerChoice::kNext, "next"}, {ServerChoice::kRandom, "random"}}});
}

template <class V, class S>
void BlockKeys(V& v, S& block, size_t index) {
  v("id", block.id, Identifier());
  BlockKind kind =  // NOLINT(misc-const-correctness): read into.
      std::holds_alternative<Script>(block.kind) ? BlockKind::kScript : BlockKind::kClosed;
  v.Required("kind", kind,
             Words<BlockKind>{{{BlockKind::kScript, "script"}, {BlockKind::kClosed, "closed"}}});
  if (v.GivesUp()) return;
  v("server", block.server, AttachmentCodec{});
  if constexpr (V::kReads) {
    for (const ClientIndex client : block.clients) {
      v.in.scenario.clients[client.value].server = block.server;
    }
    if (kind == BlockKind::kClosed) block.kind = Closed{};
  }
  v("clients", block.clients, ClientsCodec{block.server});
  BehaviourKeys(v, block.behaviour);
  if (kind == BlockKind::kScript) {
    v("from", std::get<Script>(block.kind).from);
    v("ops", std::get<Script>(block.kind), OperationsCodec{index});
  } else {
    ClosedKeys(v, std::get<Closed>(block.kind));
  }
}

void ReadValue(ReadContext& in, const Place& at, std::vector<Block>& out) {
  if (!HasType(in, at, Value::Type::kArray, "wanted a list")) return;
  for (size_t i = 0; i < at.value.children.size(); ++i) {
    const Place place{at.value.children[i], &at};
    Block& block = out.emplace_back();
    block.id = IdOf(place.value, "w", i);
    for (const size_t client : in.names.clients_of[i]) {
      in.scenario.clients.push_back({in.names.clients[client], i});
      block.clients.push_back(ClientIndex{client});
    }
    if (!HasType(in, place, Value::Type::kObject, "wanted an object")) continue;
    ObjectIn visitor(in, place);
    BlockKeys(visitor, block, i);
    visitor.Done();
    if (in.names.blocks.Find(block.id) != i) {
      in.problems.Add(place, absl::StrCat("the id \"", block.id, "\" is there twice"));
    }
  }
  if (in.scenario.clients.size() >= Names::kMaxClients) {
    in.problems.Add(at, absl::StrCat("wanted fewer than ", Names::kMaxClients, " clients in all"));
  }
}
Value WriteValue(const Scenario& s, const std::vector<Block>& value) {
  Value out = Value::Array();
  for (size_t i = 0; i < value.size(); ++i) {
    ObjectOut visitor(s);
    BlockKeys(visitor, value[i], i);
    out.children.push_back(std::move(visitor.object));
  }
  return out;
}

}  // namespace scenario
