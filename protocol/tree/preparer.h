// PrepRequestProcessor: turns a request into a transaction, validated against the tree and against
// the changes that are proposed but not yet applied, so that pipelined writes see each other
// (REFERENCE.md 11.2).
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/strings/string_view.h"
#include "protocol/tree/data_tree.h"
#include "protocol/wire/txn.h"

namespace zab {

/// The leader's outstanding changes.  A plain value; a new leader starts with a new one.
class Preparer {
 public:
  /// Always returns a transaction: a request that fails its validation becomes an ErrorTxn.  The
  /// caller sets `header.zxid`, `client_id`, `cxid` and `time`; the operation must be a write.
  TxnRef Prepare(const DataTree& tree, TxnHeader header, const Operation& operation);

  /// The tree now contains everything up to `zxid`; older change records are dropped.
  void Applied(Zxid zxid);

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("changes", changes_);
    field("order", order_);
    field("sessions", sessions_);
    field("digest", digest_);
    field("digest_zxid", digest_zxid_);
  }

 private:
  /// The state of a path once the outstanding transactions are applied.
  struct ChangeRecord {
    Zxid zxid;
    bool deleted = false;
    std::optional<std::string> data;
    int64_t acl = kOpenAcl;
    PersistedStat stat;
    int64_t child_count = 0;
    uint64_t digest = 0;  // The node's contribution to the tree digest.

    template <class Visitor>
    void Fields(Visitor&& field) const {
      field("zxid", zxid);
      field("deleted", deleted);
      field("data", data);
      field("acl", acl);
      field("stat", stat);
      field("child_count", child_count);
      field("digest", digest);
    }
  };
  struct Change {
    Zxid zxid;
    std::string path;

    template <class Visitor>
    void Fields(Visitor&& field) const {
      field("zxid", zxid);
      field("path", path);
    }
  };
  struct SessionChange {
    Zxid zxid;
    bool open = false;

    template <class Visitor>
    void Fields(Visitor&& field) const {
      field("zxid", zxid);
      field("open", open);
    }
  };

  TxnRecord PrepareRecord(const DataTree& tree, const TxnHeader& header,
                          const Operation& operation);
  TxnRecord PrepareCreate(const DataTree& tree, const TxnHeader& header,
                          const Operation& operation);
  TxnRecord PrepareDelete(const DataTree& tree, Zxid zxid, const Operation& operation);
  TxnRecord PrepareSetData(const DataTree& tree, const TxnHeader& header,
                           const Operation& operation);
  TxnRecord PrepareCreateSession(const TxnHeader& header, const Operation& operation);
  TxnRecord PrepareCloseSession(const DataTree& tree, const TxnHeader& header);
  /// Whether the session is open once the outstanding transactions are applied.
  bool IsOpen(const DataTree& tree, int64_t session) const;
  /// The nodes that the session owns then.
  absl::btree_set<std::string> EphemeralsOf(const DataTree& tree, int64_t session) const;
  /// The newest state of a path, to be changed by `zxid`; nullopt if it does not exist then.
  std::optional<ChangeRecord> Find(const DataTree& tree, absl::string_view path, Zxid zxid) const;
  /// Makes `next` the newest state of a path.  On entry its digest is that of the previous state,
  /// or 0.
  void Record(const DataTree& tree, absl::string_view path, ChangeRecord next);

  absl::btree_map<std::string, ChangeRecord> changes_;  // The newest record per path.
  std::deque<Change> order_;                            // All records, including replaced ones.
  absl::btree_map<int64_t, SessionChange> sessions_;    // The newest change per session.
  std::optional<uint64_t> digest_;                      // After the last outstanding change.
  Zxid digest_zxid_;
};

}  // namespace zab
