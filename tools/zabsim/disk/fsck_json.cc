// The JSON of fsck.  Integers stay below 2^53; zxids are "2:17", ids and digests hexadecimal text.
#include <variant>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "scenarios/runner/json/value.h"
#include "tools/zabsim/disk/fsck_report.h"

namespace zabsim {
namespace {

using scenario::Value;

Value JsonNumber(uint64_t value) {
  return Value::Integer(static_cast<int64_t>(value));
}

Value JsonHex(uint64_t value) {
  return Value::String(absl::StrCat(absl::Hex(value, absl::kZeroPad16)));
}

Value JsonZxid(zab::Zxid zxid) {
  return Value::String(ToString(zxid));
}

template <class T, class Write>
Value JsonOptional(const std::optional<T>& value, Write write) {
  return value ? write(*value) : Value();
}

template <class Items, class Write>
Value JsonArray(const Items& items, Write write) {
  Value array = Value::Array();
  for (const auto& item : items) array.children.push_back(write(item));
  return array;
}

Value JsonText(const std::string& text) {
  return Value::String(text);
}

Value JsonEpoch(zab::Epoch epoch) {
  return JsonNumber(epoch.value);
}

Value JsonLog(const zab::LogReport& log) {
  Value object = Value::Object();
  object.Add("file", Value::String(log.name));
  object.Add("bytes", JsonNumber(log.bytes));
  object.Add("records", JsonNumber(log.records));
  object.Add("epochs", JsonArray(log.epochs, [](const zab::EpochRun& run) {
               Value epoch = Value::Object();
               epoch.Add("first", JsonZxid(run.first));
               epoch.Add("last", JsonZxid(run.last));
               epoch.Add("records", JsonNumber(run.records));
               return epoch;
             }));
  object.Add("end", Value::String(Name(log.end)));
  object.Add("valid_bytes", JsonNumber(log.valid_bytes));
  object.Add("problem", Value::String(log.problem));
  object.Add("before_3_4", Value::Boolean(log.before_3_4));
  return object;
}

Value JsonSnapshot(const zab::SnapshotReport& snapshot) {
  Value object = Value::Object();
  object.Add("file", Value::String(snapshot.name));
  object.Add("zxid", JsonZxid(snapshot.zxid));
  object.Add("bytes", JsonNumber(snapshot.bytes));
  object.Add("state", Value::String(Name(snapshot.state)));
  object.Add("problem", Value::String(snapshot.problem));
  object.Add("nodes", JsonNumber(snapshot.nodes));
  object.Add("sessions", JsonNumber(snapshot.sessions));
  object.Add("acls", JsonNumber(snapshot.acls));
  object.Add("digest", JsonOptional(snapshot.digest,
                                    [](const auto& digest) { return JsonHex(digest.second); }));
  object.Add("digest_zxid", JsonOptional(snapshot.digest, [](const auto& digest) {
               return JsonZxid(digest.first);
             }));
  return object;
}

Value JsonGap(const zab::Gap& gap) {
  Value object = Value::Object();
  object.Add("file", Value::String(gap.file));
  object.Add("after", JsonZxid(gap.after));
  object.Add("next", JsonZxid(gap.next));
  object.Add("covered", Value::Boolean(gap.covered));
  return object;
}

Value JsonRepeat(const zab::Repeat& repeat) {
  Value object = Value::Object();
  object.Add("kind", Value::String(Name(repeat.kind)));
  object.Add("file", Value::String(repeat.file));
  object.Add("after", JsonZxid(repeat.after));
  object.Add("next", JsonZxid(repeat.next));
  return object;
}

Value JsonHint(const std::pair<zab::Hint, std::string>& hint) {
  Value object = Value::Object();
  object.Add("hint", Value::String(Name(hint.first)));
  object.Add("about", Value::String(hint.second));
  return object;
}

Value JsonDifference(const zab::Difference& difference) {
  Value object = Value::Object();
  object.Add("kind", Value::String(Name(difference.kind)));
  object.Add("of", Value::String(difference.of));
  object.Add("field", Value::String(difference.field));
  object.Add("a", Value::String(difference.a));
  object.Add("b", Value::String(difference.b));
  return object;
}

struct RepairText {
  Value operator()(const zab::RemoveFile& step) const {
    return Value::String("remove " + step.path);
  }
  Value operator()(const zab::CutFile& step) const {
    return Value::String(absl::StrCat("cut ", step.path, " to ", step.length));
  }
  Value operator()(const zab::RenameFile& step) const {
    return Value::String(absl::StrCat("rename ", step.path, " to ", step.to));
  }
};

Value JsonRestore(const zab::Restored& restored) {
  const zab::DataTree& tree = restored.database.tree;
  Value object = Value::Object();
  object.Add("damaged", Value::Boolean(restored.damaged));
  object.Add("damage", Value::String(restored.damage));
  object.Add("fresh", Value::Boolean(restored.fresh));
  object.Add("snapshot", JsonOptional(restored.snapshot, JsonZxid));
  object.Add("replayed", JsonNumber(restored.log.size()));
  object.Add("last_zxid", JsonZxid(restored.database.last_processed));
  object.Add("nodes", JsonNumber(tree.size()));
  object.Add("sessions", JsonNumber(tree.sessions.size()));
  object.Add("digest", JsonHex(tree.digest()));
  object.Add("digest_mismatches", JsonArray(restored.mismatches, JsonZxid));
  object.Add("repairs", JsonArray(restored.repairs, [](const zab::RepairStep& step) {
               return std::visit(RepairText(), step);
             }));
  return object;
}

Value JsonAcl(const zab::Acl& acl) {
  Value object = Value::Object();
  object.Add("permissions", Value::Integer(acl.permissions));
  object.Add("scheme", Value::String(acl.scheme));
  object.Add("id", Value::String(acl.id));
  return object;
}

Value JsonNode(const std::string& path, const zab::Node& node, const zab::DataTree& tree) {
  const zab::Stat stat = VisibleStat(node);
  const auto acl = tree.acls.find(node.acl);
  Value object = Value::Object();
  object.Add("path", Value::String(path.empty() ? "/" : path));
  object.Add("data", JsonOptional(node.data, [](const std::string& data) {
               return Value::String(std::string(absl::BytesToHexString(data)));
             }));
  object.Add(
      "acl",
      JsonArray(acl == tree.acls.end() ? std::vector<zab::Acl>{zab::Acl{}} : acl->second, JsonAcl));
  object.Add("czxid", JsonZxid(stat.czxid));
  object.Add("mzxid", JsonZxid(stat.mzxid));
  object.Add("pzxid", JsonZxid(stat.pzxid));
  object.Add("ctime", Value::Integer(stat.ctime));
  object.Add("mtime", Value::Integer(stat.mtime));
  object.Add("version", Value::Integer(stat.version));
  object.Add("cversion", Value::Integer(stat.cversion));
  object.Add("aversion", Value::Integer(stat.aversion));
  object.Add("ephemeral_owner", JsonHex(static_cast<uint64_t>(stat.ephemeral_owner)));
  object.Add("data_length", Value::Integer(stat.data_length));
  object.Add("num_children", Value::Integer(stat.num_children));
  return object;
}

}  // namespace

std::string FsckJson(const zab::Inspection& found, bool tree) {
  Value report = Value::Object();
  report.Add("format", Value::String("zabsim-fsck/1"));
  report.Add("verdict", Value::String(Name(found.health)));
  report.Add("accepted_epoch", JsonOptional(found.restored.accepted_epoch, JsonEpoch));
  report.Add("current_epoch", JsonOptional(found.restored.current_epoch, JsonEpoch));
  report.Add("snapshots", JsonArray(found.snapshots, JsonSnapshot));
  report.Add("logs", JsonArray(found.logs, JsonLog));
  report.Add("gaps", JsonArray(found.gaps, JsonGap));
  report.Add("repeats", JsonArray(found.repeats, JsonRepeat));
  report.Add("hints", JsonArray(found.hints, JsonHint));
  report.Add("temporary", JsonArray(found.temporary, JsonText));
  report.Add("unknown", JsonArray(found.unknown, JsonText));
  report.Add("restore", JsonRestore(found.restored));
  if (tree) {
    const zab::DataTree& nodes = found.restored.database.tree;
    report.Add("tree", JsonArray(nodes.nodes(), [&nodes](const auto& entry) {
                 return JsonNode(entry.first, entry.second, nodes);
               }));
  }
  return scenario::CompactJson(report) + "\n";
}

std::string CompareJson(const zab::Comparison& found) {
  Value report = Value::Object();
  report.Add("format", Value::String("zabsim-fsck-compare/1"));
  report.Add("same", Value::Boolean(found.differences.empty()));
  report.Add("nodes", JsonNumber(found.nodes));
  report.Add("sessions", JsonNumber(found.sessions));
  report.Add("transactions", JsonNumber(found.transactions));
  report.Add("differences", JsonArray(found.differences, JsonDifference));
  return scenario::CompactJson(report) + "\n";
}

}  // namespace zabsim
