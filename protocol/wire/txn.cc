// Transactions to the byte: header, record, digest (REFERENCE.md 13.1).
#include "protocol/wire/txn.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "protocol/base/hash.h"

namespace zab {
namespace {

constexpr int32_t kDigestVersion = 2;
constexpr size_t kHeaderSize = 32;
constexpr size_t kTxnDigestSize = 12;
constexpr size_t kMinAcl = 12;    // permissions and two empty strings.
constexpr size_t kMinSubTxn = 8;  // type and an empty buffer.

TxnType TypeOf(const CreateTxn&) {
  return TxnType::kCreate;
}
TxnType TypeOf(const DeleteTxn&) {
  return TxnType::kDelete;
}
TxnType TypeOf(const SetDataTxn&) {
  return TxnType::kSetData;
}
TxnType TypeOf(const ErrorTxn&) {
  return TxnType::kError;
}
TxnType TypeOf(const CreateSessionTxn&) {
  return TxnType::kCreateSession;
}
TxnType TypeOf(const CloseSessionTxn&) {
  return TxnType::kCloseSession;
}
TxnType TypeOf(const CreateContainerTxn&) {
  return TxnType::kCreateContainer;
}
TxnType TypeOf(const CreateTtlTxn&) {
  return TxnType::kCreateTtl;
}
TxnType TypeOf(const SetAclTxn&) {
  return TxnType::kSetAcl;
}
TxnType TypeOf(const CheckTxn&) {
  return TxnType::kCheck;
}
TxnType TypeOf(const MultiTxn&) {
  return TxnType::kMulti;
}

/// `type` if it is another one with the same record, as create2 is of create.
TxnType TypeOf(const TxnRecord& record, TxnType type) {
  const TxnType own = std::visit([](const auto& r) { return TypeOf(r); }, record);
  const bool other = (own == TxnType::kCreate && type == TxnType::kCreate2) ||
                     (own == TxnType::kDelete && type == TxnType::kDeleteContainer) ||
                     (own == TxnType::kSetData && type == TxnType::kReconfig);
  return other ? type : own;
}

void Write(const CreateTxn& txn, JuteWriter& out) {
  out.String(txn.path);
  out.Buffer(txn.data);
  WriteAcls(txn.acl, out);
  out.Bool(txn.ephemeral);
  out.Int(txn.parent_cversion);
}
void Write(const DeleteTxn& txn, JuteWriter& out) {
  out.String(txn.path);
}
void Write(const SetDataTxn& txn, JuteWriter& out) {
  out.String(txn.path);
  out.Buffer(txn.data);
  out.Int(txn.version);
}
void Write(const ErrorTxn& txn, JuteWriter& out) {
  out.Int(static_cast<int32_t>(txn.error));
}
void Write(const CreateSessionTxn& txn, JuteWriter& out) {
  out.Int(txn.timeout);
}
void Write(const CloseSessionTxn& txn, JuteWriter& out) {
  out.Int(static_cast<int32_t>(txn.paths.size()));
  for (const std::string& path : txn.paths) out.String(path);
}
void Write(const CreateContainerTxn& txn, JuteWriter& out) {
  out.String(txn.path);
  out.Buffer(txn.data);
  WriteAcls(txn.acl, out);
  out.Int(txn.parent_cversion);
}
void Write(const CreateTtlTxn& txn, JuteWriter& out) {
  out.String(txn.path);
  out.Buffer(txn.data);
  WriteAcls(txn.acl, out);
  out.Int(txn.parent_cversion);
  out.Long(txn.ttl);
}
void Write(const SetAclTxn& txn, JuteWriter& out) {
  out.String(txn.path);
  WriteAcls(txn.acl, out);
  out.Int(txn.version);
}
void Write(const CheckTxn& txn, JuteWriter& out) {
  out.String(txn.path);
  out.Int(txn.version);
}
void Write(const MultiTxn& txn, JuteWriter& out) {
  out.Int(static_cast<int32_t>(txn.txns.size()));
  for (const SubTxn& part : txn.txns) {
    std::string bytes;
    JuteWriter writer(bytes);
    std::visit([&writer](const auto& record) { Write(record, writer); }, part.record);
    out.Int(static_cast<int32_t>(part.type));
    out.Buffer(bytes);
  }
}

CreateTxn ReadCreate(JuteReader& in) {
  CreateTxn txn{.path = in.String(), .data = in.Buffer(), .acl = ReadAcls(in)};
  txn.ephemeral = in.Bool();
  if (in.remaining() >= 4) txn.parent_cversion = in.Int();  // Else CreateTxnV0, before 3.4.
  return txn;
}

SetDataTxn ReadSetData(JuteReader& in) {
  return {.path = in.String(), .data = in.Buffer(), .version = in.Int()};
}

// Before ZooKeeper 3.6 there was no body, and a digest may directly follow the header.  It looks
// like a vector of two paths in 8 bytes, which is possible only for two empty paths, which are
// never written.
CloseSessionTxn ReadCloseSession(JuteReader& in) {
  CloseSessionTxn txn;
  JuteReader ahead = in;
  if (in.at_end() || (in.remaining() == kTxnDigestSize && ahead.Int() == kDigestVersion))
    return txn;
  for (int32_t left = in.Count(4); left > 0 && in.ok(); --left) txn.paths.push_back(in.String());
  return txn;
}

CreateContainerTxn ReadCreateContainer(JuteReader& in) {
  return {
      .path = in.String(), .data = in.Buffer(), .acl = ReadAcls(in), .parent_cversion = in.Int()};
}

CreateTtlTxn ReadCreateTtl(JuteReader& in) {
  return {.path = in.String(),
          .data = in.Buffer(),
          .acl = ReadAcls(in),
          .parent_cversion = in.Int(),
          .ttl = in.Long()};
}

SetAclTxn ReadSetAcl(JuteReader& in) {
  return {.path = in.String(), .acl = ReadAcls(in), .version = in.Int()};
}

CheckTxn ReadCheck(JuteReader& in) {
  return {.path = in.String(), .version = in.Int()};
}

absl::StatusOr<TxnRecord> ReadRecord(TxnType type, JuteReader& in);

// Whether ZooKeeper applies such a part of a multi; at any other it stops in the middle of it.
bool MayBePart(TxnType type) {
  switch (type) {
    case TxnType::kError:
    case TxnType::kCreate:
    case TxnType::kDelete:
    case TxnType::kSetData:
    case TxnType::kCheck:
    case TxnType::kCreateContainer:
    case TxnType::kDeleteContainer:
    case TxnType::kCreateTtl: return true;
    case TxnType::kCloseSession:
    case TxnType::kCreateSession:
    case TxnType::kSetAcl:
    case TxnType::kMulti:
    case TxnType::kCreate2:
    case TxnType::kReconfig: return false;
  }
  return false;
}

// Bytes after a part's record are ignored: when a ZooKeeper leader applies a failed multi, it turns
// the parts into errors but keeps their records, and sends them like that in a DIFF.
absl::StatusOr<TxnRecord> ReadMulti(JuteReader& in) {
  MultiTxn multi;
  for (int32_t left = in.Count(kMinSubTxn); left > 0 && in.ok(); --left) {
    const TxnType type = static_cast<TxnType>(in.Int());
    const std::string bytes = in.Buffer().value_or("");
    if (!in.ok()) break;
    if (!MayBePart(type)) {
      return absl::InvalidArgumentError(
          absl::StrCat("transaction: type ", static_cast<int32_t>(type), " in a multi"));
    }
    JuteReader part(bytes);
    absl::StatusOr<TxnRecord> record = ReadRecord(type, part);
    if (!record.ok()) return record.status();
    if (!part.ok()) in.Fail();
    multi.txns.push_back({.type = type, .record = *std::move(record)});
  }
  return multi;
}

// Ignores a digest of another version, and bytes after it, as ZooKeeper does.
std::optional<uint64_t> ReadDigest(JuteReader& in) {
  if (in.remaining() < kTxnDigestSize) return std::nullopt;
  const int32_t version = in.Int();
  const uint64_t digest = in.UnsignedLong();
  if (version != kDigestVersion) return std::nullopt;
  return digest;
}

absl::StatusOr<TxnRecord> ReadRecord(TxnType type, JuteReader& in) {
  switch (type) {
    case TxnType::kCloseSession: return ReadCloseSession(in);
    case TxnType::kCreateSession: return CreateSessionTxn{in.Int()};
    case TxnType::kError: return ErrorTxn{static_cast<Error>(in.Int())};
    case TxnType::kCreate:
    case TxnType::kCreate2: return ReadCreate(in);
    case TxnType::kDelete:
    case TxnType::kDeleteContainer: return DeleteTxn{in.String()};
    case TxnType::kSetData:
    case TxnType::kReconfig: return ReadSetData(in);
    case TxnType::kSetAcl: return ReadSetAcl(in);
    case TxnType::kCheck: return ReadCheck(in);
    case TxnType::kMulti: return ReadMulti(in);
    case TxnType::kCreateContainer: return ReadCreateContainer(in);
    case TxnType::kCreateTtl: return ReadCreateTtl(in);
  }
  return absl::UnimplementedError(absl::StrCat("transaction of type ", static_cast<int32_t>(type)));
}

}  // namespace

bool IsTxnType(int32_t type) {
  switch (static_cast<TxnType>(type)) {
    case TxnType::kCloseSession:
    case TxnType::kCreateSession:
    case TxnType::kError:
    case TxnType::kCreate:
    case TxnType::kDelete:
    case TxnType::kSetData:
    case TxnType::kSetAcl:
    case TxnType::kCheck:
    case TxnType::kMulti:
    case TxnType::kCreate2:
    case TxnType::kReconfig:
    case TxnType::kCreateContainer:
    case TxnType::kDeleteContainer:
    case TxnType::kCreateTtl: return true;
  }
  return false;
}

void WriteAcls(const std::vector<Acl>& acls, JuteWriter& writer) {
  writer.Int(static_cast<int32_t>(acls.size()));
  for (const Acl& acl : acls) {
    writer.Int(acl.permissions);
    writer.String(acl.scheme);
    writer.String(acl.id);
  }
}

std::vector<Acl> ReadAcls(JuteReader& reader) {
  if (JuteReader ahead = reader; ahead.Int() == -1 && ahead.ok()) {
    reader = ahead;
    return {Acl{}};
  }
  std::vector<Acl> acls;
  for (int32_t left = reader.Count(kMinAcl); left > 0 && reader.ok(); --left) {
    acls.push_back({.permissions = reader.Int(), .scheme = reader.String(), .id = reader.String()});
  }
  return acls;
}

TxnRef MakeTxn(TxnHeader header, TxnRecord record, std::optional<uint64_t> digest) {
  header.type = TypeOf(record, header.type);
  std::string bytes;
  bytes.reserve(128);  // Most are shorter.
  JuteWriter out(bytes);
  out.Long(header.client_id);
  out.Int(header.cxid);
  out.UnsignedLong(header.zxid.ToWire());
  out.Long(header.time);
  out.Int(static_cast<int32_t>(header.type));
  std::visit([&out](const auto& r) { Write(r, out); }, record);
  if (digest) {
    out.Int(kDigestVersion);
    out.UnsignedLong(*digest);
  }
  const uint64_t hash = Hash64Of(bytes);
  return std::make_shared<const Txn>(Txn{.header = header,
                                         .record = std::move(record),
                                         .digest = digest,
                                         .bytes = Payload(std::move(bytes)),
                                         .hash = hash});
}

absl::StatusOr<TxnRef> ParseTxn(Payload bytes) {
  JuteReader in(bytes.view());
  if (in.remaining() < kHeaderSize) return absl::InvalidArgumentError("transaction: no header");
  Txn txn;
  txn.header.client_id = in.Long();
  txn.header.cxid = in.Int();
  const int64_t zxid = in.Long();
  if (zxid < 0) return absl::InvalidArgumentError("transaction: negative zxid");
  txn.header.zxid = Zxid::FromWire(static_cast<uint64_t>(zxid));
  txn.header.time = in.Long();
  txn.header.type = static_cast<TxnType>(in.Int());
  absl::StatusOr<TxnRecord> record = ReadRecord(txn.header.type, in);
  if (!record.ok()) return record.status();
  txn.record = *std::move(record);
  txn.digest = ReadDigest(in);
  if (!in.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("transaction ", ToString(txn.header.zxid), ": bad at byte ", in.position()));
  }
  txn.hash = Hash64Of(bytes.view());
  txn.bytes = std::move(bytes);
  return std::make_shared<const Txn>(std::move(txn));
}

std::string ToString(const Txn& txn) {
  return absl::StrCat(ToString(txn.zxid()), "#", absl::Hex(txn.hash, absl::kZeroPad16));
}

}  // namespace zab
