// One version list per node: a write appends to that of its node, and to that of its parent.
#include "scenarios/runner/model/tree_model.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "protocol/base/hash.h"
#include "scenarios/runner/model/sentence.h"

namespace scenario {
namespace {

using zab::Error;
using zab::OpType;

/// Versions of one node beyond which old ones are dropped.
constexpr size_t kManyVersions = 32;

constexpr absl::string_view kSystem = "/zookeeper";

absl::string_view Inner(absl::string_view path) {
  return path == "/" ? absl::string_view() : path;
}
absl::string_view ParentOf(absl::string_view path) {
  return path.substr(0, path.rfind('/'));
}
absl::string_view NameOf(absl::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool IsOfSystem(absl::string_view path) {
  return path == kSystem || (absl::StartsWith(path, kSystem) && path[kSystem.size()] == '/');
}

std::optional<uint64_t> HashOf(const std::optional<std::string>& data) {
  if (!data) return std::nullopt;
  return zab::Hash64Of(*data);
}
int32_t SizeOf(const std::optional<std::string>& data) {
  return data ? static_cast<int32_t>(data->size()) : 0;
}

/// Wraps like Java's int.
int32_t Next(int32_t value) {
  return static_cast<int32_t>(static_cast<uint32_t>(value) + 1);
}

Text Wanted(absl::string_view what) {
  return Sentence("its request asks for $0", "它的请求要的是 $0", what);
}

}  // namespace

TreeModel::TreeModel() {
  Version& root = Change("", {});
  root.exists = true;
  root.data = zab::Hash64Of("");
  root.children.Add(NameOf(kSystem));
  OnChildren({}, root);
}

void TreeModel::Break() {
  broken_ = true;
  nodes_.clear();
}

bool TreeModel::Judges(const zab::Operation& operation) {
  const bool plain = std::ranges::all_of(
      operation.path, [](char c) { return static_cast<unsigned char>(c) - 0x20u < 0x5fu; });
  const bool has_path = absl::StartsWith(operation.path, "/");
  return plain && has_path && !operation.ephemeral && !IsOfSystem(operation.path) &&
         operation.type != OpType::kUnimplemented;
}

// ---- Nodes --------------------------------------------------------------------------------------

const TreeModel::Version* TreeModel::Find(absl::string_view path) const {
  const auto node = nodes_.find(zab::Hash64Of(Inner(path)));
  const bool exists = node != nodes_.end() && node->second.back().exists;
  return exists ? &node->second.back() : nullptr;
}

const TreeModel::Version* TreeModel::FindAt(absl::string_view path, zab::Zxid zxid) const {
  const auto node = nodes_.find(zab::Hash64Of(Inner(path)));
  if (node == nodes_.end()) return nullptr;
  const auto after = std::ranges::upper_bound(node->second, zxid, {}, &Version::since);
  if (after == node->second.begin()) return nullptr;
  const Version& version = *std::prev(after);
  return version.exists ? &version : nullptr;
}

TreeModel::Version& TreeModel::Change(absl::string_view path, zab::Zxid zxid) {
  Versions& versions = nodes_[zab::Hash64Of(path)];
  if (versions.size() >= kManyVersions && versions.front().since < oldest_) {
    const auto after = std::ranges::upper_bound(versions, oldest_, {}, &Version::since);
    if (after != versions.begin()) versions.erase(versions.begin(), std::prev(after));
  }
  Version next = versions.empty() ? Version{} : versions.back();
  next.since = zxid;
  versions.push_back(next);
  return versions.back();
}

// ---- Reads --------------------------------------------------------------------------------------

std::optional<Answer> TreeModel::Read(const zab::Operation& read, zab::Zxid zxid) const {
  if (broken_ || zxid < oldest_) return std::nullopt;
  const Version* const node = FindAt(read.path, zxid);
  if (node == nullptr) return Answer{.error = Error::kNoNode};
  if (read.type == OpType::kExists) return Answer{.stat = node->stat};
  if (read.type == OpType::kGetData) return Answer{.data = node->data, .stat = node->stat};
  return Answer{.children = node->children};
}

// ---- Requests (REFERENCE.md 11.2) ---------------------------------------------------------------

/// The first check that fails.  `path`: that of a sequential node gets its number.
Error TreeModel::ErrorOf(const zab::Operation& request, std::string& path) const {
  if (request.type == OpType::kDelete && path == "/") return Error::kBadArguments;
  if (request.type != OpType::kSetData) {
    const Version* const parent = Find(ParentOf(path));
    if (parent == nullptr) return Error::kNoNode;
    if (request.type == OpType::kCreate) {
      if (request.sequential) path += absl::StrFormat("%010d", parent->creates);
      return Find(path) == nullptr ? Error::kOk : Error::kNodeExists;
    }
  }
  const Version* const node = Find(path);
  if (node == nullptr) return Error::kNoNode;
  if (request.version != -1 && request.version != node->stat.version) return Error::kBadVersion;
  if (request.type == OpType::kDelete && node->children.count > 0) return Error::kNotEmpty;
  return Error::kOk;
}

std::optional<Text> TreeModel::Mistake(const zab::Txn& txn, const zab::Operation& request) const {
  if (broken_) return std::nullopt;
  std::string path = request.path;
  const Error error = ErrorOf(request, path);
  const auto* failed = std::get_if<zab::ErrorTxn>(&txn.record);
  const Error found = failed == nullptr ? Error::kOk : failed->error;
  if (found != error) {
    return Sentence("it ends with $0, and after everything before it that should be $1",
                    "它的结果是 $0；而在它之前的一切之后应为 $1", Name(found), Name(error));
  }
  if (failed != nullptr) return std::nullopt;
  if (const auto* made = std::get_if<zab::CreateTxn>(&txn.record)) {
    const bool right = request.type == OpType::kCreate && made->path == path &&
                       made->data == request.data &&
                       made->parent_cversion == Next(Find(ParentOf(path))->creates);
    if (right) return std::nullopt;
  } else if (const auto* set = std::get_if<zab::SetDataTxn>(&txn.record)) {
    const bool right = request.type == OpType::kSetData && set->path == path &&
                       set->data == request.data && set->version == Next(Find(path)->stat.version);
    if (right) return std::nullopt;
  } else if (const auto* gone = std::get_if<zab::DeleteTxn>(&txn.record)) {
    if (request.type == OpType::kDelete && gone->path == path) return std::nullopt;
  }
  return Wanted(absl::StrCat(Name(request.type), " ", path));
}

// ---- Transactions (REFERENCE.md 11.3) -----------------------------------------------------------

std::optional<Answer> TreeModel::Apply(const zab::Txn& txn) {
  if (broken_) return std::nullopt;
  return std::visit([&](const auto& record) { return Perform(txn.header, record); }, txn.record);
}

void TreeModel::OnChildren(zab::Zxid zxid, Version& parent) {
  const uint32_t count = parent.children.count;
  parent.stat.num_children = static_cast<int32_t>(count);
  // Creates plus deletes.
  parent.stat.cversion = static_cast<int32_t>(2 * static_cast<uint32_t>(parent.creates) - count);
  parent.stat.pzxid = zxid;
}

std::optional<Answer> TreeModel::Perform(const zab::TxnHeader& header, const zab::CreateTxn& txn) {
  if (IsOfSystem(txn.path)) return std::nullopt;
  const absl::string_view parent_path = ParentOf(txn.path);
  if (txn.ephemeral || Find(parent_path) == nullptr || Find(txn.path) != nullptr) {
    return Break(), std::nullopt;
  }
  Version& parent = Change(parent_path, header.zxid);
  parent.creates = txn.parent_cversion;
  parent.children.Add(NameOf(txn.path));
  OnChildren(header.zxid, parent);
  Version& node = Change(txn.path, header.zxid);
  node = {.since = header.zxid, .exists = true, .data = HashOf(txn.data)};
  node.stat = {.czxid = header.zxid,
               .mzxid = header.zxid,
               .ctime = header.time,
               .mtime = header.time,
               .data_length = SizeOf(txn.data),
               .pzxid = header.zxid};
  return Answer{.path = zab::Hash64Of(txn.path)};
}

std::optional<Answer> TreeModel::Perform(const zab::TxnHeader& header, const zab::SetDataTxn& txn) {
  if (IsOfSystem(txn.path)) return std::nullopt;
  if (Find(txn.path) == nullptr) return Break(), std::nullopt;
  Version& node = Change(Inner(txn.path), header.zxid);
  node.data = HashOf(txn.data);
  node.stat.version = txn.version;
  node.stat.mtime = header.time;
  node.stat.mzxid = header.zxid;
  node.stat.data_length = SizeOf(txn.data);
  return Answer{.stat = node.stat};
}

std::optional<Answer> TreeModel::Perform(const zab::TxnHeader& header, const zab::DeleteTxn& txn) {
  if (IsOfSystem(txn.path)) return std::nullopt;
  if (Find(txn.path) == nullptr) return Break(), std::nullopt;
  Version& parent = Change(ParentOf(txn.path), header.zxid);
  parent.children.Remove(NameOf(txn.path));
  OnChildren(header.zxid, parent);
  Version& node = Change(txn.path, header.zxid);
  node = {.since = header.zxid};
  return Answer{};
}

std::optional<Answer> TreeModel::Perform(const zab::TxnHeader&, const zab::ErrorTxn& txn) {
  return Answer{.error = txn.error};
}

/// Sessions have no effect on our clients; all else is outside of the model.
template <class Other>
std::optional<Answer> TreeModel::Perform(const zab::TxnHeader&, const Other&) {
  Break();
  return std::nullopt;
}

}  // namespace scenario
