// Applying transactions to the tree, idempotently (REFERENCE.md 11.3, 11.4; ZK DataTree.java), and
// the tree digest (11.5).
#include "protocol/tree/data_tree.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "protocol/base/big_endian.h"
#include "protocol/base/check.h"

namespace zab {
namespace {

constexpr absl::string_view kSystemPath = "/zookeeper";
constexpr absl::string_view kSystemPrefix = "/zookeeper/";
constexpr absl::string_view kConfigPath = "/zookeeper/config";
constexpr absl::string_view kQuotaPath = "/zookeeper/quota";

// Whether a path can have a parent in the tree.  The leader has checked the whole syntax; this
// prevents invalid bytes from producing a tree that no snapshot can represent.
bool IsBelowRoot(absl::string_view path) {
  return path.size() >= 2 && path.front() == '/' && path.back() != '/';
}

// The ephemeralOwner of nodes with a TTL, with the ms in the low 40 bits (REFERENCE.md 11.1).
constexpr int64_t kTtlOwner = static_cast<int64_t>(0xff00000000000000);

// Whether the owner is a mark and not a session.  Clients do not see marks.  (ZK DataNode.java,
// with extended types on; server 255 is impossible, since its sessions would look like TTLs.)
bool IsMark(int64_t owner) {
  return owner == kContainerOwner || (owner & kTtlOwner) == kTtlOwner;
}

// The size of the fields that the digest adds to path and data.
constexpr size_t kDigestTail = 60;

template <class Integer>
void PutBigEndian(Integer value, unsigned char*& to) {
  StoreBigEndian(value, to);
  to += sizeof value;
}

void PutTail(const PersistedStat& stat, unsigned char* to) {
  PutBigEndian(stat.czxid.ToWire(), to);
  PutBigEndian(stat.mzxid.ToWire(), to);
  PutBigEndian(stat.pzxid.ToWire(), to);
  PutBigEndian(static_cast<uint64_t>(stat.ctime), to);
  PutBigEndian(static_cast<uint64_t>(stat.mtime), to);
  PutBigEndian(static_cast<uint32_t>(stat.version), to);
  PutBigEndian(static_cast<uint32_t>(stat.cversion), to);
  PutBigEndian(static_cast<uint32_t>(stat.aversion), to);
  PutBigEndian(static_cast<uint64_t>(stat.ephemeral_owner), to);
}

int64_t SizeOf(const std::optional<std::string>& data) {
  return data ? static_cast<int64_t>(data->size()) : 0;
}

uLong Extend(uLong crc, absl::string_view bytes) {
  if (bytes.empty()) return crc;  // For a null pointer zlib would start over.
  return crc32_z(crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
}

}  // namespace

uint64_t NodeDigest(absl::string_view path, const std::optional<std::string>& data,
                    const PersistedStat& stat) {
  if (absl::StartsWith(path, kSystemPrefix)) return 0;
  const absl::string_view content = data ? absl::string_view(*data) : absl::string_view();
  // Most nodes are small: one pass over one buffer is faster than three short ones.
  unsigned char buffer[512];
  if (path.size() + content.size() + kDigestTail > sizeof buffer) {
    PutTail(stat, buffer);
    const uLong crc = Extend(Extend(0, path), content);
    return crc32_z(crc, buffer, kDigestTail);
  }
  unsigned char* end = std::copy(path.begin(), path.end(), buffer);
  end = std::copy(content.begin(), content.end(), end);
  PutTail(stat, end);
  return crc32_z(0, buffer, path.size() + content.size() + kDigestTail);
}

absl::string_view Canonical(absl::string_view path) {
  return path == "/" ? "" : path;
}
absl::string_view ParentPath(absl::string_view path) {
  return path.substr(0, path.rfind('/'));
}
absl::string_view BaseName(absl::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

Stat VisibleStat(const Node& node) {
  const PersistedStat& stat = node.stat;
  const uint32_t children = static_cast<uint32_t>(node.children.size());
  return {.czxid = stat.czxid,
          .mzxid = stat.mzxid,
          .ctime = stat.ctime,
          .mtime = stat.mtime,
          .version = stat.version,
          // Creates plus deletes, computed from creates and current children.
          .cversion = static_cast<int32_t>(2 * static_cast<uint32_t>(stat.cversion) - children),
          .aversion = stat.aversion,
          .ephemeral_owner = IsMark(stat.ephemeral_owner) ? 0 : stat.ephemeral_owner,
          .data_length = node.data ? static_cast<int32_t>(node.data->size()) : 0,
          .num_children = static_cast<int32_t>(children),
          .pzxid = stat.pzxid};
}

DataTree DataTree::Fresh(const std::string& config) {
  DataTree tree;
  tree.SetConfig(config);
  tree.Grow(kQuotaPath);
  return tree;
}

void DataTree::SetConfig(const std::string& config) {
  Grow("");
  Grow(kSystemPath);
  if (Find(kConfigPath) == nullptr) {
    const int32_t read = static_cast<int32_t>(Permission::kRead);
    Node& made = Grow(kConfigPath);
    made.acl = AclId({Acl{.permissions = read}});
    made.stat.aversion = -1;
  }
  Node& node = Grow(kConfigPath);
  node.data = config;
  node.stat.version = -1;
  node.stat.mzxid = Zxid{};
  node.stat.mtime = 0;
}

Node& DataTree::Grow(absl::string_view path) {
  if (!nodes_.contains(path)) {
    if (!path.empty()) nodes_.find(ParentPath(path))->second.children.emplace(BaseName(path));
    Put(path, Node{.data = ""});
  }
  return nodes_.find(path)->second;
}

Result DataTree::Apply(const Txn& txn) {
  return std::visit([&](const auto& record) { return Perform(txn.header, record); }, txn.record);
}

Result DataTree::Perform(const TxnHeader& header, const CreateTxn& txn) {
  return Create(header, txn, txn.ephemeral ? header.client_id : 0);
}

Result DataTree::Perform(const TxnHeader& header, const CreateContainerTxn& txn) {
  return Create(header, txn, kContainerOwner);
}

Result DataTree::Perform(const TxnHeader& header, const CreateTtlTxn& txn) {
  return Create(header, txn, kTtlOwner | txn.ttl);
}

template <class AnyCreateTxn>
Result DataTree::Create(const TxnHeader& header, const AnyCreateTxn& txn, int64_t owner) {
  if (!IsBelowRoot(txn.path)) return {.error = Error::kBadArguments};
  const auto parent = nodes_.find(ParentPath(txn.path));
  if (parent == nodes_.end()) return {.error = Error::kNoNode};
  // Not nodes_: during a replay on a later tree, a delete can leave children that their new parent
  // does not have.
  if (parent->second.children.contains(BaseName(txn.path))) {
    CreateAgain(header, txn, *parent);
    return {.error = Error::kNodeExists};
  }
  RaiseParent(header, txn.parent_cversion, *parent);
  parent->second.children.emplace(BaseName(txn.path));
  Put(txn.path, Node{.data = txn.data,
                     .acl = AclId(txn.acl),
                     .stat = {.czxid = header.zxid,
                              .mzxid = header.zxid,
                              .ctime = header.time,
                              .mtime = header.time,
                              .ephemeral_owner = owner,
                              .pzxid = header.zxid}});
  if (const auto limited = LimitedPath(txn.path)) limited_.insert(*limited);
  if (const auto counted = CountedPath(txn.path)) WriteUse(*counted);
  ChangeUse(txn.path, {.nodes = 1, .bytes = SizeOf(txn.data)});
  return {.path = txn.path};
}

// Happens in replays only.  The ACL is entered nevertheless: a fuzzy snapshot contains nodes
// created during its walk, but the ACLs from before it, so that only the log explains the numbers
// of those nodes.  ZooKeeper relies on getting the same number again; here the node created by this
// transaction is given the number.  Only a plain create raises the parent, as in ZooKeeper.
template <class AnyCreateTxn>
void DataTree::CreateAgain(const TxnHeader& header, const AnyCreateTxn& txn,
                           Nodes::value_type& parent) {
  const int64_t acl = AclId(txn.acl);
  const auto node = nodes_.find(txn.path);
  if (node != nodes_.end() && node->second.stat.czxid == header.zxid) node->second.acl = acl;
  if (header.type == TxnType::kCreate) RaiseParent(header, txn.parent_cversion, parent);
}

void DataTree::RaiseParent(const TxnHeader& header, int32_t cversion, Nodes::value_type& parent) {
  PersistedStat& stat = parent.second.stat;
  if (cversion == -1) {  // It overflows as in Java.
    cversion = static_cast<int32_t>(static_cast<uint32_t>(stat.cversion) + 1);
  }
  if (cversion <= stat.cversion) return;  // After a later create, whose pzxid it is.
  stat.cversion = cversion;
  stat.pzxid = header.zxid;
  UpdateDigest(parent);
}

Result DataTree::Perform(const TxnHeader& header, const DeleteTxn& txn) {
  if (!IsBelowRoot(txn.path)) return {.error = Error::kBadArguments};
  const auto parent = nodes_.find(ParentPath(txn.path));
  if (parent == nodes_.end()) return {.error = Error::kNoNode};
  Node& above = parent->second;
  if (const auto child = above.children.find(BaseName(txn.path)); child != above.children.end()) {
    above.children.erase(child);
  }
  // Even if the child is already missing: the snapshot may have been taken between the two.
  if (header.zxid > above.stat.pzxid) {
    above.stat.pzxid = header.zxid;
    UpdateDigest(*parent);
  }
  const auto node = nodes_.find(txn.path);
  if (node == nodes_.end()) return {.error = Error::kNoNode};
  const int64_t bytes = SizeOf(node->second.data);
  digest_ -= node->second.digest;
  Disown(node->second.stat.ephemeral_owner, txn.path);
  nodes_.erase(node);
  if (const auto limited = LimitedPath(txn.path)) limited_.erase(*limited);
  ChangeUse(txn.path, {.nodes = -1, .bytes = -bytes});
  return {};
}

Result DataTree::Perform(const TxnHeader& header, const SetDataTxn& txn) {
  const auto node = nodes_.find(Canonical(txn.path));
  if (node == nodes_.end()) return {.error = Error::kNoNode};
  const int64_t bytes = SizeOf(node->second.data);
  node->second.data = txn.data;
  PersistedStat& stat = node->second.stat;
  stat.version = txn.version;
  stat.mtime = header.time;
  stat.mzxid = header.zxid;
  UpdateDigest(*node);
  const Stat visible = VisibleStat(node->second);
  ChangeUse(txn.path, {.bytes = SizeOf(txn.data) - bytes});
  return {.stat = visible};
}

Result DataTree::Perform(const TxnHeader&, const ErrorTxn& txn) {
  return {.error = txn.error};
}

Result DataTree::Perform(const TxnHeader& header, const CreateSessionTxn& txn) {
  sessions[header.client_id] = txn.timeout;
  return {};
}

Result DataTree::Perform(const TxnHeader& header, const CloseSessionTxn& txn) {
  for (const std::string& path : txn.paths) Perform(header, DeleteTxn{path});
  // Files from before 3.6 do not list them.
  const absl::btree_set<std::string> left = EphemeralsOf(header.client_id);
  for (const std::string& path : left) Perform(header, DeleteTxn{path});
  sessions.erase(header.client_id);
  return {};
}

Result DataTree::Perform(const TxnHeader&, const SetAclTxn& txn) {
  const auto node = nodes_.find(Canonical(txn.path));
  if (node == nodes_.end()) return {.error = Error::kNoNode};
  node->second.acl = AclId(txn.acl);
  node->second.stat.aversion = txn.version;
  UpdateDigest(*node);
  return {.stat = VisibleStat(node->second)};
}

Result DataTree::Perform(const TxnHeader&, const CheckTxn&) {
  return {};
}

Result DataTree::Perform(const TxnHeader& header, const MultiTxn& txn) {
  for (const SubTxn& part : txn.txns) {
    if (const auto* failed = std::get_if<ErrorTxn>(&part.record)) return {.error = failed->error};
  }
  TxnHeader of_part = header;
  for (const SubTxn& part : txn.txns) {
    of_part.type = part.type;
    std::visit([&](const auto& record) { Perform(of_part, record); }, part.record);
  }
  return {};
}

Result DataTree::Read(const Operation& operation) const {
  const bool exists = operation.type == OpType::kExists;
  const bool get_data = operation.type == OpType::kGetData;
  ZAB_CHECK(exists || get_data || operation.type == OpType::kGetChildren) << Name(operation.type);
  const Node* node = Find(operation.path);
  if (node == nullptr) return {.error = Error::kNoNode};
  if (exists) return {.stat = VisibleStat(*node)};
  if (!Allows(node->acl, Permission::kRead)) return {.error = Error::kNoAuth};
  if (get_data) return {.data = node->data, .stat = VisibleStat(*node)};
  return {.children = {node->children.begin(), node->children.end()}};
}

const Node* DataTree::Find(absl::string_view path) const {
  const auto node = nodes_.find(Canonical(path));
  return node == nodes_.end() ? nullptr : &node->second;
}

bool DataTree::Allows(int64_t acl, Permission permission) const {
  if (acl == kOpenAcl) return true;
  const auto entries = acls.find(acl);
  if (entries == acls.end()) return false;
  const auto permits = [permission](const Acl& entry) {
    return (entry.permissions & static_cast<int32_t>(permission)) != 0 && entry.scheme == "world" &&
           entry.id == "anyone";
  };
  return entries->second.empty() ||
         std::any_of(entries->second.begin(), entries->second.end(), permits);
}

int64_t DataTree::AclId(const std::vector<Acl>& acl) {
  if (acl.size() == 1 && acl[0] == Acl{}) return kOpenAcl;
  for (const auto& [id, known] : acls) {
    if (known == acl) return id;
  }
  const int64_t id = FreeAclId();
  acls.emplace(id, acl);
  return id;
}

// The id after the largest one, as in ZooKeeper.  A table from a snapshot may contain any ids;
// kOpenAcl is excluded, and the largest number has no successor.
int64_t DataTree::FreeAclId() const {
  const int64_t last = acls.empty() ? 0 : std::max<int64_t>(acls.rbegin()->first, 0);
  if (last < std::numeric_limits<int64_t>::max()) return last + 1;
  int64_t id = 1;
  for (const auto& [used, acl] : acls) {
    if (used == id) ++id;
  }
  return id;
}

absl::Status DataTree::InsertLoaded(absl::string_view path, std::optional<std::string> data,
                                    int64_t acl, const PersistedStat& stat) {
  Node node{.data = std::move(data), .acl = acl, .stat = stat};
  if (path.empty() && nodes_.empty()) {
    Put(path, std::move(node));
    return absl::OkStatus();
  }
  const auto parent = IsBelowRoot(path) ? nodes_.find(ParentPath(path)) : nodes_.end();
  if (parent == nodes_.end()) {
    return absl::InvalidArgumentError(absl::StrCat("snapshot: node ", path, " has no parent"));
  }
  if (!parent->second.children.emplace(BaseName(path)).second) {
    return absl::InvalidArgumentError(absl::StrCat("snapshot: node ", path, " comes twice"));
  }
  Put(path, std::move(node));
  return absl::OkStatus();
}

void DataTree::FinishLoading() {
  const std::string quotas = absl::StrCat(kQuotaPath, "/");
  for (auto it = nodes_.lower_bound(quotas);
       it != nodes_.end() && absl::StartsWith(it->first, quotas); ++it) {
    const auto limited = LimitedPath(it->first);
    if (!limited || !it->second.children.empty()) continue;
    limited_.insert(*limited);
    WriteUse(*limited);
  }
}

const std::string* DataTree::FirstWithoutAcl() const {
  for (const auto& [path, node] : nodes_) {
    if (node.acl != kOpenAcl && !acls.contains(node.acl)) return &path;
  }
  return nullptr;
}

void DataTree::Put(absl::string_view path, Node node) {
  const auto entry = nodes_.try_emplace(path).first;
  node.digest = entry->second.digest;  // Of the replaced node; 0 if there was none.
  Disown(entry->second.stat.ephemeral_owner, entry->first);
  Own(node.stat.ephemeral_owner, entry->first);
  entry->second = std::move(node);
  UpdateDigest(*entry);
}

const absl::btree_set<std::string>& DataTree::EphemeralsOf(int64_t session) const {
  static const absl::btree_set<std::string> kNone;
  const auto owned = ephemerals_.find(session);
  return owned == ephemerals_.end() ? kNone : owned->second;
}

void DataTree::Own(int64_t owner, const std::string& path) {
  if (owner != 0 && !IsMark(owner)) ephemerals_[owner].insert(path);
}

void DataTree::Disown(int64_t owner, const std::string& path) {
  const auto owned = ephemerals_.find(owner);
  if (owned == ephemerals_.end()) return;
  owned->second.erase(path);
  if (owned->second.empty()) ephemerals_.erase(owned);
}

void DataTree::UpdateDigest(Nodes::value_type& entry) {
  Node& node = entry.second;
  digest_ -= node.digest;
  node.digest = NodeDigest(entry.first, node.data, node.stat);
  digest_ += node.digest;
}

// ---- Quotas -------------------------------------------------------------------------------------

QuotaUse DataTree::Count(const std::string& path) const {
  QuotaUse use;
  std::vector<std::string> waiting{path};
  while (!waiting.empty()) {
    const std::string next = std::move(waiting.back());
    waiting.pop_back();
    const auto node = nodes_.find(next);
    if (node == nodes_.end()) continue;
    ++use.nodes;
    use.bytes += SizeOf(node->second.data);
    for (const std::string& child : node->second.children) {
      waiting.push_back(absl::StrCat(next, "/", child));
    }
  }
  return use;
}

void DataTree::WriteUse(const std::string& path) {
  const auto stats = nodes_.find(StatsPath(path));
  if (stats != nodes_.end()) stats->second.data = UseText(Count(path));
}

void DataTree::ChangeUse(absl::string_view path, const QuotaUse& change) {
  const std::optional<std::string> quota = QuotaAbove(limited_, path);
  if (!quota) return;
  const auto stats = nodes_.find(StatsPath(*quota));
  if (stats == nodes_.end()) return;
  std::optional<std::string>& data = stats->second.data;
  if (auto changed = ChangedUse(data.value_or(""), change)) data = *std::move(changed);
}

}  // namespace zab
