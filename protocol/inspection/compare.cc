// Comparing two directories: trees node by node, sessions, logs zxid by zxid.
#include "protocol/inspection/compare.h"

#include <algorithm>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace zab {
namespace {

constexpr absl::string_view kConfig = "/zookeeper/config";
constexpr size_t kShownData = 40;

using What = Difference::Kind;

std::string ShownPath(const std::string& path) {
  return path.empty() ? "/" : path;
}

std::string Hex(int64_t value) {
  return absl::StrCat("0x", absl::Hex(static_cast<uint64_t>(value)));
}

std::string ShownData(const std::optional<std::string>& data) {
  if (!data) return "null";
  const std::string shown = absl::CHexEscape(data->substr(0, kShownData));
  return absl::StrCat("\"", shown, data->size() > kShownData ? "\"... of " : "\" of ", data->size(),
                      " bytes");
}

std::string ShownAcl(const DataTree& tree, int64_t number) {
  if (number == kOpenAcl) return "world:anyone:31";
  const auto acl = tree.acls.find(number);
  if (acl == tree.acls.end()) return absl::StrCat("no ACL of number ", number);
  return absl::StrJoin(acl->second, ", ", [](std::string* out, const Acl& entry) {
    absl::StrAppend(out, entry.scheme, ":", entry.id, ":", entry.permissions);
  });
}

// In words, every field of a node by its name.
std::vector<std::pair<const char*, std::string>> Fields(const DataTree& tree, const Node& node) {
  const PersistedStat& stat = node.stat;
  return {{"data", ShownData(node.data)},
          {"acl", ShownAcl(tree, node.acl)},
          {"czxid", ToString(stat.czxid)},
          {"mzxid", ToString(stat.mzxid)},
          {"pzxid", ToString(stat.pzxid)},
          {"ctime", absl::StrCat(stat.ctime)},
          {"mtime", absl::StrCat(stat.mtime)},
          {"version", absl::StrCat(stat.version)},
          {"cversion", absl::StrCat(VisibleStat(node).cversion)},
          {"aversion", absl::StrCat(stat.aversion)},
          {"ephemeralOwner", Hex(stat.ephemeral_owner)},
          {"children", absl::StrJoin(node.children, ", ")}};
}

std::string ShownTxn(const Txn& txn) {
  return absl::StrCat("type ", static_cast<int32_t>(txn.header.type), " of session ",
                      Hex(txn.header.client_id), ", ", txn.bytes.view().size(), " bytes, ",
                      absl::Hex(txn.hash, absl::kZeroPad16));
}

bool IsFailedMulti(const Txn& txn) {
  const auto* multi = std::get_if<MultiTxn>(&txn.record);
  return multi != nullptr &&
         std::any_of(multi->txns.begin(), multi->txns.end(), [](const SubTxn& part) {
           return std::holds_alternative<ErrorTxn>(part.record);
         });
}

bool SameTxn(const Txn& a, const Txn& b) {
  if (a.bytes == b.bytes) return true;
  return IsFailedMulti(a) && IsFailedMulti(b) && a.header.client_id == b.header.client_id &&
         a.header.cxid == b.header.cxid && a.header.time == b.header.time;
}

/// The two sides under comparison.
class Comparer {
 public:
  Comparer(const Restored& a, const Restored& b) : a_(a), b_(b) {}

  Comparison Run(const std::vector<TxnRef>& log_a, const std::vector<TxnRef>& log_b) {
    const Zxid last_a = a_.database.last_processed;
    const Zxid last_b = b_.database.last_processed;
    if (last_a != last_b) Differ(What::kLast, "", "", ToString(last_a), ToString(last_b));
    CompareLogs(ByZxid(log_a), ByZxid(log_b));
    CompareNodes();
    CompareSessions();
    return std::move(result_);
  }

 private:
  using Log = absl::btree_map<Zxid, TxnRef>;

  static Log ByZxid(const std::vector<TxnRef>& records) {
    Log log;
    for (const TxnRef& txn : records) log[txn->zxid()] = txn;
    return log;
  }

  void Differ(What kind, std::string of, std::string field, std::string a, std::string b) {
    result_.differences.push_back({.kind = kind,
                                   .of = std::move(of),
                                   .field = std::move(field),
                                   .a = std::move(a),
                                   .b = std::move(b)});
  }

  // Where both have logs; a log may begin later, as its server was sent a snapshot.
  void CompareLogs(const Log& a, const Log& b) {
    if (a.empty() || b.empty()) return;
    const Zxid first = std::max(a.begin()->first, b.begin()->first);
    const Zxid last = std::min(a.rbegin()->first, b.rbegin()->first);
    for (auto x = a.lower_bound(first); x != a.end() && x->first <= last; ++x) {
      const auto y = b.find(x->first);
      if (y == b.end()) {
        Differ(What::kTransaction, ToString(x->first), "", ShownTxn(*x->second), "");
      } else if (!SameTxn(*x->second, *y->second)) {
        Differ(What::kTransaction, ToString(x->first), "", ShownTxn(*x->second),
               ShownTxn(*y->second));
      } else {
        ++result_.transactions;
      }
    }
    for (auto y = b.lower_bound(first); y != b.end() && y->first <= last; ++y) {
      if (a.contains(y->first)) continue;
      Differ(What::kTransaction, ToString(y->first), "", "", ShownTxn(*y->second));
    }
  }

  void CompareNodes() {
    const auto& nodes_a = a_.database.tree.nodes();
    const auto& nodes_b = b_.database.tree.nodes();
    result_.nodes = nodes_a.size();
    auto y = nodes_b.begin();
    for (const auto& [path, node] : nodes_a) {
      for (; y != nodes_b.end() && y->first < path; ++y) OnlyOne(y->first, y->second, false);
      if (y == nodes_b.end() || y->first != path) {
        OnlyOne(path, node, true);
        continue;
      }
      if (path != kConfig) CompareNode(path, node, y->second);
      ++y;
    }
    for (; y != nodes_b.end(); ++y) OnlyOne(y->first, y->second, false);
  }

  void OnlyOne(const std::string& path, const Node& node, bool in_a) {
    if (path == kConfig) return;
    const std::string made = absl::StrCat("made by ", ToString(node.stat.czxid));
    Differ(What::kNode, ShownPath(path), "", in_a ? made : "", in_a ? "" : made);
  }

  void CompareNode(const std::string& path, const Node& a, const Node& b) {
    const auto fields_a = Fields(a_.database.tree, a);
    const auto fields_b = Fields(b_.database.tree, b);
    const bool same_data = a.data == b.data;
    for (size_t i = 0; i < fields_a.size(); ++i) {
      const bool same = i == 0 ? same_data : fields_a[i].second == fields_b[i].second;
      if (same) continue;
      Differ(What::kField, ShownPath(path), fields_a[i].first, fields_a[i].second,
             fields_b[i].second);
    }
  }

  void CompareSessions() {
    const SessionTable& a = a_.database.tree.sessions;
    const SessionTable& b = b_.database.tree.sessions;
    result_.sessions = a.size();
    const auto shown = [](const SessionTable& table, int64_t id) {
      const auto session = table.find(id);
      return session == table.end() ? "" : absl::StrCat("timeout ", session->second, " ms");
    };
    SessionTable all = a;
    all.insert(b.begin(), b.end());
    for (const auto& [id, timeout] : all) {
      std::string in_a = shown(a, id);
      std::string in_b = shown(b, id);
      if (in_a != in_b) Differ(What::kSession, Hex(id), "", std::move(in_a), std::move(in_b));
    }
  }

  const Restored& a_;
  const Restored& b_;
  Comparison result_;
};

}  // namespace

Comparison Compare(const DirectoryImage& a, const Inspection& restored_a, const DirectoryImage& b,
                   const Inspection& restored_b, size_t max_record) {
  return Comparer(restored_a.restored, restored_b.restored)
      .Run(RecordsOf(a, max_record), RecordsOf(b, max_record));
}

const char* Name(Difference::Kind kind) {
  switch (kind) {
    case What::kLast: return "last";
    case What::kNode: return "node";
    case What::kField: return "field";
    case What::kSession: return "session";
    case What::kTransaction: return "transaction";
  }
  return "";
}

}  // namespace zab
