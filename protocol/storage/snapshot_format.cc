// Writes a snapshot: the walk over the tree, and the seals of a file.
#include "protocol/storage/snapshot_format.h"

#include <zlib.h>

#include "protocol/storage/snapshot_parts.h"
#include "protocol/wire/jute.h"

namespace zab {
namespace {

void WriteTables(const DataTree& tree, JuteWriter& writer) {
  writer.Int(static_cast<int32_t>(tree.sessions.size()));
  for (const auto& [id, timeout] : tree.sessions) {
    writer.Long(id);
    writer.Int(timeout);
  }
  writer.Int(static_cast<int32_t>(tree.acls.size()));
  for (const auto& [id, acl] : tree.acls) {
    writer.Long(id);
    WriteAcls(acl, writer);
  }
}

void WriteNode(absl::string_view path, const Node& node, JuteWriter& writer) {
  const PersistedStat& stat = node.stat;
  writer.String(path);
  writer.Buffer(node.data);
  writer.Long(node.acl);
  writer.UnsignedLong(stat.czxid.ToWire());
  writer.UnsignedLong(stat.mzxid.ToWire());
  writer.Long(stat.ctime);
  writer.Long(stat.mtime);
  writer.Int(stat.version);
  writer.Int(stat.cversion);
  writer.Int(stat.aversion);
  writer.Long(stat.ephemeral_owner);
  writer.UnsignedLong(stat.pzxid.ToWire());
}

void WriteSeal(uint32_t adler, JuteWriter& writer) {
  writer.Long(adler);
  writer.String(kEndOfNodes);
}

}  // namespace

std::string SnapshotName(Zxid zxid) {
  return "snapshot." + ToHex(zxid);
}

// The child list is copied when the node is written, as in ZooKeeper: a child created later is also
// in the log, and a child must not appear without its parent if both are created after the walk
// passed.
void SnapshotWalker::Next(const DataTree& tree, size_t chunk, std::string& out) {
  const size_t enough = out.size() + chunk;
  if (!started_) {
    started_ = true;
    JuteWriter writer(out);
    WriteTables(tree, writer);
    Visit(tree, "", out);
  }
  while (!stack_.empty() && out.size() < enough) {
    Level& level = stack_.back();
    if (level.children.empty()) {
      stack_.pop_back();
      continue;
    }
    std::string path = level.path + "/" + level.children.back();
    level.children.pop_back();
    Visit(tree, std::move(path), out);
  }
  while (!stack_.empty() && stack_.back().children.empty()) stack_.pop_back();
  if (!stack_.empty() || done_) return;
  JuteWriter(out).String(kEndOfNodes);
  done_ = true;
}

void SnapshotWalker::Visit(const DataTree& tree, std::string path, std::string& out) {
  const Node* node = tree.Find(path);
  if (node == nullptr) return;
  JuteWriter writer(out);
  WriteNode(path, *node, writer);
  if (node->children.empty()) return;
  stack_.push_back(
      {.path = std::move(path), .children = {node->children.rbegin(), node->children.rend()}});
}

std::string SnapshotFileHeader() {
  std::string header;
  JuteWriter writer(header);
  writer.Int(kSnapshotMagic);
  writer.Int(kSnapshotVersion);
  writer.Long(-1);  // dbid.
  return header;
}

uint32_t ExtendAdler(uint32_t adler, absl::string_view bytes) {
  if (bytes.empty()) return adler;  // For a null pointer zlib would start over.
  return static_cast<uint32_t>(
      adler32_z(adler, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::string SnapshotFileTrailer(uint32_t adler, Zxid zxid, uint64_t digest) {
  std::string trailer;
  JuteWriter writer(trailer);
  WriteSeal(adler, writer);
  writer.UnsignedLong(zxid.ToWire());
  writer.Int(kSnapshotDigestVersion);
  writer.UnsignedLong(zxid == Zxid{} ? 0 : digest);
  WriteSeal(ExtendAdler(adler, trailer), writer);
  return trailer;
}

std::string SnapshotFile(const DataTree& tree, Zxid digest_zxid) {
  std::string file = SnapshotFileHeader();
  SnapshotWalker walker;
  while (!walker.done()) walker.Next(tree, SIZE_MAX / 2, file);
  file += SnapshotFileTrailer(ExtendAdler(1, file), digest_zxid, tree.digest());
  return file;
}

}  // namespace zab
