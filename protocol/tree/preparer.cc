// Validates writes; the first failing check determines the error (REFERENCE.md 11.2; ZK
// PrepRequestProcessor.java).
#include "protocol/tree/preparer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_format.h"
#include "protocol/base/check.h"

namespace zab {
namespace {

constexpr absl::string_view kSpecialPaths[] = {"/", "/zookeeper", "/zookeeper/config",
                                               "/zookeeper/quota"};

// Wraps like Java's int.
int32_t Increment(int32_t value) {
  return static_cast<int32_t>(static_cast<uint32_t>(value) + 1);
}

// Whether the path has a parent to look up; getParentPathAndValidate.
bool HasParent(absl::string_view path) {
  return path.find('/') != absl::string_view::npos && path.find('\0') == absl::string_view::npos;
}

// The length of the next character of UTF-8 text; 0 if ZooKeeper's paths may not contain it:
// forbidden characters, those outside the BMP, which Java sees as surrogates, and bad bytes, which
// Java sees as U+FFFD.
size_t AcceptableCharacter(absl::string_view text) {
  const auto byte = [text](size_t i) {
    return i < text.size() ? static_cast<uint32_t>(static_cast<unsigned char>(text[i])) : 0;
  };
  const uint32_t first = byte(0);
  if (first < 0x80) return first >= 0x20 && first != 0x7f ? 1 : 0;
  const size_t length = first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : 0;
  if (length == 0) return 0;
  uint32_t character = first & (length == 2 ? 0x1fu : 0x0fu);
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
    character = (character << 6) | (byte(i) & 0x3f);
  }
  const bool too_long = length == 3 && character < 0x800;
  const bool refused =
      character <= 0x9f || (character >= 0xd800 && character <= 0xf8ff) || character >= 0xfff0;
  return too_long || refused ? 0 : length;
}

// PathUtils.validatePath.
bool IsValidPath(absl::string_view path) {
  if (path.empty() || path.front() != '/') return false;
  for (size_t i = 0; i < path.size();) {
    const size_t length = AcceptableCharacter(path.substr(i));
    if (length == 0) return false;
    i += length;
  }
  if (path == "/") return true;
  for (size_t start = 1; start <= path.size();) {
    const size_t end = std::min(path.find('/', start), path.size());
    const absl::string_view component = path.substr(start, end - start);
    if (component.empty() || component == "." || component == "..") return false;
    start = end + 1;
  }
  return true;
}

}  // namespace

TxnRef Preparer::Prepare(const DataTree& tree, TxnHeader header, const Operation& operation) {
  TxnRecord record = PrepareRecord(tree, header, operation);
  std::optional<uint64_t> digest;
  if (!std::holds_alternative<ErrorTxn>(record)) digest = digest_.value_or(tree.digest());
  return MakeTxn(header, std::move(record), digest);
}

TxnRecord Preparer::PrepareRecord(const DataTree& tree, const TxnHeader& header,
                                  const Operation& operation) {
  switch (operation.type) {
    case OpType::kCreateSession: return PrepareCreateSession(header, operation);
    case OpType::kCloseSession: return PrepareCloseSession(tree, header);
    case OpType::kCreate: return PrepareCreate(tree, header, operation);
    case OpType::kDelete: return PrepareDelete(tree, header.zxid, operation);
    case OpType::kSetData: return PrepareSetData(tree, header, operation);
    case OpType::kUnimplemented: return ErrorTxn{Error::kUnimplemented};
    case OpType::kExists:
    case OpType::kGetData:
    case OpType::kGetChildren:
    case OpType::kSync: break;
  }
  ZAB_CHECK(false) << Name(operation.type) << " is no write";
  return ErrorTxn{Error::kUnimplemented};
}

TxnRecord Preparer::PrepareCreate(const DataTree& tree, const TxnHeader& header,
                                  const Operation& operation) {
  // Nobody would ever remove the node.
  if (operation.ephemeral && !IsOpen(tree, header.client_id)) {
    return ErrorTxn{Error::kSessionExpired};
  }
  const Zxid zxid = header.zxid;
  if (!HasParent(operation.path)) return ErrorTxn{Error::kBadArguments};
  const absl::string_view parent_path = Canonical(ParentPath(operation.path));
  std::optional<ChangeRecord> parent = Find(tree, parent_path, zxid);
  if (!parent) return ErrorTxn{Error::kNoNode};
  if (!tree.Allows(parent->acl, Permission::kCreate)) return ErrorTxn{Error::kNoAuth};
  std::string path = operation.path;
  if (operation.sequential) path += absl::StrFormat("%010d", parent->stat.cversion);
  if (!IsValidPath(path)) return ErrorTxn{Error::kBadArguments};
  if (Find(tree, path, zxid)) return ErrorTxn{Error::kNodeExists};
  const int64_t owner = parent->stat.ephemeral_owner;
  if (owner != 0 && owner != kContainerOwner) return ErrorTxn{Error::kNoChildrenForEphemerals};

  const int32_t cversion = Increment(parent->stat.cversion);
  parent->stat.cversion = cversion;
  parent->stat.pzxid = zxid;
  ++parent->child_count;
  Record(tree, parent_path, *std::move(parent));
  ChangeRecord node{.zxid = zxid,
                    .data = operation.data,
                    .stat = {.czxid = zxid,
                             .mzxid = zxid,
                             .ctime = header.time,
                             .mtime = header.time,
                             .ephemeral_owner = operation.ephemeral ? header.client_id : 0,
                             .pzxid = zxid}};
  Record(tree, path, std::move(node));
  return CreateTxn{.path = std::move(path),
                   .data = operation.data,
                   .acl = {Acl{}},
                   .ephemeral = operation.ephemeral,
                   .parent_cversion = cversion};
}

TxnRecord Preparer::PrepareDelete(const DataTree& tree, Zxid zxid, const Operation& operation) {
  const bool special = std::find(std::begin(kSpecialPaths), std::end(kSpecialPaths),
                                 operation.path) != std::end(kSpecialPaths);
  if (special || !HasParent(operation.path)) return ErrorTxn{Error::kBadArguments};
  const absl::string_view parent_path = Canonical(ParentPath(operation.path));
  std::optional<ChangeRecord> parent = Find(tree, parent_path, zxid);
  if (!parent) return ErrorTxn{Error::kNoNode};
  if (!tree.Allows(parent->acl, Permission::kDelete)) return ErrorTxn{Error::kNoAuth};
  const std::optional<ChangeRecord> node = Find(tree, operation.path, zxid);
  if (!node) return ErrorTxn{Error::kNoNode};
  if (operation.version != -1 && operation.version != node->stat.version) {
    return ErrorTxn{Error::kBadVersion};
  }
  if (node->child_count > 0) return ErrorTxn{Error::kNotEmpty};

  parent->stat.pzxid = zxid;
  --parent->child_count;
  Record(tree, parent_path, *std::move(parent));
  Record(tree, operation.path, {.zxid = zxid, .deleted = true, .digest = node->digest});
  return DeleteTxn{operation.path};
}

TxnRecord Preparer::PrepareSetData(const DataTree& tree, const TxnHeader& header,
                                   const Operation& operation) {
  const Zxid zxid = header.zxid;
  if (!IsValidPath(operation.path)) return ErrorTxn{Error::kBadArguments};
  const absl::string_view path = Canonical(operation.path);
  std::optional<ChangeRecord> node = Find(tree, path, zxid);
  if (!node) return ErrorTxn{Error::kNoNode};
  if (!tree.Allows(node->acl, Permission::kWrite)) return ErrorTxn{Error::kNoAuth};
  if (operation.version != -1 && operation.version != node->stat.version) {
    return ErrorTxn{Error::kBadVersion};
  }

  const int32_t version = Increment(node->stat.version);
  node->data = operation.data;
  node->stat.version = version;
  node->stat.mtime = header.time;
  node->stat.mzxid = zxid;
  Record(tree, path, *std::move(node));
  return SetDataTxn{.path = operation.path, .data = operation.data, .version = version};
}

TxnRecord Preparer::PrepareCreateSession(const TxnHeader& header, const Operation& operation) {
  sessions_[header.client_id] = {.zxid = header.zxid, .open = true};
  return CreateSessionTxn{operation.timeout};
}

TxnRecord Preparer::PrepareCloseSession(const DataTree& tree, const TxnHeader& header) {
  CloseSessionTxn txn;
  for (const std::string& path : EphemeralsOf(tree, header.client_id)) {
    const absl::string_view parent_path = ParentPath(path);
    std::optional<ChangeRecord> parent = Find(tree, parent_path, header.zxid);
    const std::optional<ChangeRecord> node = Find(tree, path, header.zxid);
    ZAB_CHECK(parent && node) << path;
    parent->stat.pzxid = header.zxid;
    --parent->child_count;
    Record(tree, parent_path, *std::move(parent));
    Record(tree, path, {.zxid = header.zxid, .deleted = true, .digest = node->digest});
    txn.paths.push_back(path);
  }
  sessions_[header.client_id] = {.zxid = header.zxid, .open = false};
  return txn;
}

bool Preparer::IsOpen(const DataTree& tree, int64_t session) const {
  const auto change = sessions_.find(session);
  return change == sessions_.end() ? tree.sessions.contains(session) : change->second.open;
}

absl::btree_set<std::string> Preparer::EphemeralsOf(const DataTree& tree, int64_t session) const {
  absl::btree_set<std::string> paths = tree.EphemeralsOf(session);
  for (const auto& [path, change] : changes_) {
    if (!change.deleted && change.stat.ephemeral_owner == session) {
      paths.insert(path);
    } else {
      paths.erase(path);
    }
  }
  return paths;
}

std::optional<Preparer::ChangeRecord> Preparer::Find(const DataTree& tree, absl::string_view path,
                                                     Zxid zxid) const {
  if (const auto change = changes_.find(Canonical(path)); change != changes_.end()) {
    if (change->second.deleted) return std::nullopt;
    ChangeRecord record = change->second;
    record.zxid = zxid;
    return record;
  }
  const Node* node = tree.Find(path);
  if (node == nullptr) return std::nullopt;
  return ChangeRecord{.zxid = zxid,
                      .data = node->data,
                      .acl = node->acl,
                      .stat = node->stat,
                      .child_count = static_cast<int64_t>(node->children.size()),
                      .digest = node->digest};
}

void Preparer::Record(const DataTree& tree, absl::string_view path, ChangeRecord next) {
  const uint64_t before =
      std::exchange(next.digest, next.deleted ? 0 : NodeDigest(path, next.data, next.stat));
  digest_ = digest_.value_or(tree.digest()) - before + next.digest;
  digest_zxid_ = next.zxid;
  order_.push_back({next.zxid, std::string(path)});
  changes_.insert_or_assign(std::string(path), std::move(next));
}

void Preparer::Applied(Zxid zxid) {
  for (; !order_.empty() && order_.front().zxid <= zxid; order_.pop_front()) {
    const auto change = changes_.find(order_.front().path);
    if (change != changes_.end() && change->second.zxid <= zxid) changes_.erase(change);
  }
  absl::erase_if(sessions_, [zxid](const auto& entry) { return entry.second.zxid <= zxid; });
  if (digest_ && digest_zxid_ <= zxid) digest_.reset();
}

}  // namespace zab
