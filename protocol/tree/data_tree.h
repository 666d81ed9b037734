// The replicated state machine: the tree of znodes and the application of transactions
// (REFERENCE.md 11).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "protocol/tree/quotas.h"
#include "protocol/wire/operation.h"
#include "protocol/wire/txn.h"

namespace zab {

/// StatPersisted (REFERENCE.md 14.1): the stored part of a node's Stat.  cversion counts creates
/// only.
struct PersistedStat {
  Zxid czxid, mzxid;
  int64_t ctime = 0, mtime = 0;
  int32_t version = 0, cversion = 0, aversion = 0;
  int64_t ephemeral_owner = 0;
  Zxid pzxid;
  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("czxid", czxid);
    field("mzxid", mzxid);
    field("ctime", ctime);
    field("mtime", mtime);
    field("version", version);
    field("cversion", cversion);
    field("aversion", aversion);
    field("ephemeral_owner", ephemeral_owner);
    field("pzxid", pzxid);
  }
  friend bool operator==(const PersistedStat&, const PersistedStat&) = default;
};

/// ephemeralOwner of containers (REFERENCE.md 11.1).
constexpr int64_t kContainerOwner = INT64_MIN;
constexpr int64_t kOpenAcl = -1;  // world:anyone ALL; never stored in the ACL table.

struct Node {
  std::optional<std::string> data;
  int64_t acl = kOpenAcl;
  PersistedStat stat;
  absl::btree_set<std::string> children;  // Names, not paths.
  uint64_t digest = 0;                    // NodeDigest of the above, maintained by the tree.
  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("data", data);
    field("acl", acl);
    field("stat", stat);
    field("children", children);
    field("digest", digest);
  }
  friend bool operator==(const Node&, const Node&) = default;
};

/// Open sessions, as createSession and closeSession leave them.
using SessionTable = absl::btree_map<int64_t, int32_t>;  // Id to timeout in ms.
using AclTable = absl::btree_map<int64_t, std::vector<Acl>>;

/// What an ACL permits (REFERENCE.md 12.3).
enum class Permission : int32_t { kRead = 1, kWrite = 2, kCreate = 4, kDelete = 8, kAdmin = 16 };

/// All nodes by path ("" is the root), with an up-to-date tree digest.  A plain value.
class DataTree {
 public:
  /// An empty tree without any node, into which a snapshot is decoded.
  DataTree() = default;
  /// The tree of a fresh server: "", /zookeeper, /zookeeper/config (= config), /zookeeper/quota.
  static DataTree Fresh(const std::string& config);

  /// Applies a transaction, idempotently (REFERENCE.md 11.3, 11.4). The result is for the waiting
  /// client, if any; errors during a replay are normal and change nothing.
  Result Apply(const Txn& txn);
  /// Answers exists, getData or getChildren.
  Result Read(const Operation& operation) const;

  /// The node at the path; null if there is none.  The root is "" (a client's "/" is accepted too).
  const Node* Find(absl::string_view path) const;
  /// Whether the ACL with this id gives `permission` to anyone; clients have no identity yet.
  bool Allows(int64_t acl, Permission permission) const;
  const absl::btree_map<std::string, Node>& nodes() const { return nodes_; }
  size_t size() const { return nodes_.size(); }
  /// The paths of the ephemeral nodes of this session.
  const absl::btree_set<std::string>& EphemeralsOf(int64_t session) const;
  /// Version 2 (REFERENCE.md 11.5).
  uint64_t digest() const { return digest_; }

  /// Sets the data of /zookeeper/config, which every server creates itself (REFERENCE.md D26), and
  /// creates the node if it is missing.  The node depends only on the text: its times are zero.
  void SetConfig(const std::string& config);

  /// For snapshots: inserts nodes, parents first, the root ("") first of all.  InvalidArgument if
  /// the parent is missing, the node exists already, or the path is invalid.
  absl::Status InsertLoaded(absl::string_view path, std::optional<std::string> data, int64_t acl,
                            const PersistedStat& stat);
  /// To be called after the last InsertLoaded: finds the quotas and counts what they limit.
  void FinishLoading();
  /// The path of the first node whose ACL number is not in the table; null if there is none.  A
  /// fuzzy tree may have such nodes until the log has been replayed.
  const std::string* FirstWithoutAcl() const;
  SessionTable sessions;
  AclTable acls;

  friend bool operator==(const DataTree& a, const DataTree& b) { return a.nodes_ == b.nodes_; }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("sessions", sessions);
    field("acls", acls);
    field("nodes", nodes_);
    field("digest", digest_);
    field("ephemerals", ephemerals_);
    field("limited", limited_);
  }

 private:
  using Nodes = absl::btree_map<std::string, Node>;

  Result Perform(const TxnHeader& header, const CreateTxn& txn);
  Result Perform(const TxnHeader& header, const DeleteTxn& txn);
  Result Perform(const TxnHeader& header, const SetDataTxn& txn);
  Result Perform(const TxnHeader& header, const ErrorTxn& txn);
  Result Perform(const TxnHeader& header, const CreateSessionTxn& txn);
  Result Perform(const TxnHeader& header, const CloseSessionTxn& txn);
  Result Perform(const TxnHeader& header, const CreateContainerTxn& txn);
  Result Perform(const TxnHeader& header, const CreateTtlTxn& txn);
  Result Perform(const TxnHeader& header, const SetAclTxn& txn);
  Result Perform(const TxnHeader& header, const CheckTxn& txn);
  Result Perform(const TxnHeader& header, const MultiTxn& txn);
  /// `owner` is the node's ephemeralOwner: a session, 0, or the mark of a container or a TTL.
  template <class AnyCreateTxn>
  Result Create(const TxnHeader& header, const AnyCreateTxn& txn, int64_t owner);
  /// The effects of a create whose node exists already.
  template <class AnyCreateTxn>
  void CreateAgain(const TxnHeader& header, const AnyCreateTxn& txn, Nodes::value_type& parent);
  /// The parent's cversion and pzxid after a create.
  void RaiseParent(const TxnHeader& header, int32_t cversion, Nodes::value_type& parent);
  /// The id of `acl`, which is added to the table if necessary.
  int64_t AclId(const std::vector<Acl>& acl);
  int64_t FreeAclId() const;
  /// Inserts a node, replacing one that is no longer a child of its parent.
  void Put(absl::string_view path, Node node);
  /// The node at the path, created with empty data if it is missing; its parent must exist.
  Node& Grow(absl::string_view path);
  /// Record that `owner`, if it is a session, has the node at `path`, or no longer has it.
  void Own(int64_t owner, const std::string& path);
  void Disown(int64_t owner, const std::string& path);
  /// Must be called after a node has changed.
  void UpdateDigest(Nodes::value_type& entry);
  /// Counts the node and its descendants.
  QuotaUse Count(const std::string& path) const;
  /// Counts `path` afresh into its stats node, if there is one.
  void WriteUse(const std::string& path);
  /// To be called when `path` has changed by so many nodes and bytes.
  void ChangeUse(absl::string_view path, const QuotaUse& change);

  Nodes nodes_;
  absl::btree_map<int64_t, absl::btree_set<std::string>> ephemerals_;  // By session.
  absl::btree_set<std::string> limited_;                               // Paths with a quota.
  uint64_t digest_ = 0;
};

/// The digest of one node; 0 for paths below /zookeeper/.
uint64_t NodeDigest(absl::string_view path, const std::optional<std::string>& data,
                    const PersistedStat& stat);

/// The internal form of a client's path: the root is "".
absl::string_view Canonical(absl::string_view path);
/// "/a/b" -> "/a", "/a" -> "".  The path must have a '/'.
absl::string_view ParentPath(absl::string_view path);
/// "/a/b" -> "b".
absl::string_view BaseName(absl::string_view path);

/// The client-visible Stat (REFERENCE.md 11.1).
Stat VisibleStat(const Node& node);

}  // namespace zab
