// A transaction: made by the leader from a write request, then proposed, logged and applied.  The
// bytes (header, record, digest) are the same in PROPOSAL and in the log.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "protocol/base/bytes.h"
#include "protocol/wire/ids.h"
#include "protocol/wire/jute.h"
#include "protocol/wire/operation.h"

namespace zab {

/// TxnHeader.type: ZooKeeper's op codes.
enum class TxnType : int32_t {
  kCloseSession = -11,
  kCreateSession = -10,
  kError = -1,
  kCreate = 1,
  kDelete = 2,
  kSetData = 5,
  kSetAcl = 7,
  kCheck = 13,
  kMulti = 14,
  kCreate2 = 15,
  kReconfig = 16,
  kCreateContainer = 19,
  kDeleteContainer = 20,
  kCreateTtl = 21,
};
/// Whether `type` is a known TxnType.
bool IsTxnType(int32_t type);

/// TxnHeader (REFERENCE.md 13.1).
struct TxnHeader {
  int64_t client_id = 0;
  int32_t cxid = 0;
  Zxid zxid;
  int64_t time = 0;  // The leader's wall clock at Prep, ms since 1970.
  TxnType type{};
};

struct Acl {
  int32_t permissions = 31;
  std::string scheme = "world";
  std::string id = "anyone";
  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("permissions", permissions);
    field("scheme", scheme);
    field("id", id);
  }
  friend bool operator==(const Acl&, const Acl&) = default;
};

/// A jute vector of ACLs, as in CreateTxn, create requests and snapshots.  Null is read as
/// world:anyone ALL, as by ZooKeeper.
void WriteAcls(const std::vector<Acl>& acls, JuteWriter& writer);
std::vector<Acl> ReadAcls(JuteReader& reader);

struct CreateTxn {
  std::string path;
  std::optional<std::string> data;
  std::vector<Acl> acl;
  bool ephemeral = false;
  int32_t parent_cversion = -1;  // The parent's after the create; -1: unknown (old records).
};
struct DeleteTxn {
  std::string path;
};
struct SetDataTxn {
  std::string path;
  std::optional<std::string> data;
  int32_t version = 0;  // The new one.
};
/// A request that failed its validation; it still has a zxid.
struct ErrorTxn {
  Error error{};
};
/// Read from ZooKeeper's logs; not written until there are sessions.
struct CreateSessionTxn {
  int32_t timeout = 0;
};
struct CloseSessionTxn {
  std::vector<std::string> paths;
};

// The remaining types are read from ZooKeeper's logs and never written by our leader.  create2 is a
// CreateTxn, deleteContainer a DeleteTxn, reconfig a SetDataTxn.
struct CreateContainerTxn {
  std::string path;
  std::optional<std::string> data;
  std::vector<Acl> acl;
  int32_t parent_cversion = -1;
};
struct CreateTtlTxn {
  std::string path;
  std::optional<std::string> data;
  std::vector<Acl> acl;
  int32_t parent_cversion = -1;
  int64_t ttl = 0;  // ms, 40 bits.
};
struct SetAclTxn {
  std::string path;
  std::vector<Acl> acl;
  int32_t version = 0;  // The new aversion.
};
struct CheckTxn {
  std::string path;
  int32_t version = 0;
};
struct SubTxn;
/// Several operations under one zxid: all or, if one is an ErrorTxn, none (REFERENCE.md 12.4).
struct MultiTxn {
  std::vector<SubTxn> txns;
};

using TxnRecord =
    std::variant<CreateTxn, DeleteTxn, SetDataTxn, ErrorTxn, CreateSessionTxn, CloseSessionTxn,
                 CreateContainerTxn, CreateTtlTxn, SetAclTxn, CheckTxn, MultiTxn>;

/// Never a multi itself.
struct SubTxn {
  TxnType type{};
  TxnRecord record;
};

struct Txn {
  TxnHeader header;
  TxnRecord record;
  std::optional<uint64_t> digest;  // The digest of the tree after it; ErrorTxns have none.
  Payload bytes;                   // The three parts as logged.
  uint64_t hash = 0;  // Hash64Of(bytes): distinguishes transactions with the same zxid.

  Zxid zxid() const { return header.zxid; }
};

/// "2:17#" and its hash, which stands for the rest.
std::string ToString(const Txn& txn);

/// Immutable once made, shared by queues, logs and histories.
using TxnRef = std::shared_ptr<const Txn>;

/// Encodes the three parts; header.type is set from the record, unless it is another type with the
/// same record (create2, deleteContainer, reconfig).
TxnRef MakeTxn(TxnHeader header, TxnRecord record, std::optional<uint64_t> digest);

/// Decodes a transaction; the digest may be missing.  InvalidArgument for bytes that are not a
/// transaction, Unimplemented for an unknown type.  Ignores bytes after the digest and digests of
/// other versions.
absl::StatusOr<TxnRef> ParseTxn(Payload bytes);

}  // namespace zab
