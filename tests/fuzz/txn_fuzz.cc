// Transactions: what the decoder accepts survives a round trip and can be applied to a tree that
// can be saved and read back.
#include <string>

#include "protocol/base/check.h"
#include "protocol/storage/snapshot_format.h"
#include "protocol/tree/data_tree.h"
#include "protocol/wire/txn.h"
#include "tests/fuzz/fuzz.h"

namespace {

uint64_t DigestOf(const zab::DataTree& tree) {
  uint64_t digest = 0;
  for (const auto& [path, node] : tree.nodes()) {
    digest += zab::NodeDigest(path, node.data, node.stat);
  }
  return digest;
}

// Several in one input, each after its length in two bytes.
zab::TxnRef TakeTxn(fuzz::Input& input) {
  const size_t high = input.Byte();
  const size_t size = high << 8 | input.Byte();
  auto txn = zab::ParseTxn(zab::Payload(std::string(input.Take(size))));
  return txn.ok() ? *txn : nullptr;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::Input input(data, size);
  zab::DataTree tree = zab::DataTree::Fresh("server.1=n1:2888:3888:participant;2181\nversion=0");
  while (!input.empty()) {
    const zab::TxnRef txn = TakeTxn(input);
    if (txn == nullptr) continue;
    // Old forms are written in the new form, which is stable.
    const zab::TxnRef written = zab::MakeTxn(txn->header, txn->record, txn->digest);
    const auto again = zab::ParseTxn(written->bytes);
    ZAB_CHECK(again.ok()) << again.status().ToString();
    const zab::Txn& read = **again;
    ZAB_CHECK(zab::MakeTxn(read.header, read.record, read.digest)->bytes == written->bytes)
        << "lost in a round trip";
    tree.Apply(*txn);
    ZAB_CHECK(DigestOf(tree) == tree.digest()) << "digest after " << ToString(txn->zxid());
  }
  const auto loaded = zab::ReadSnapshotFile(zab::SnapshotFile(tree, zab::Zxid{}));
  ZAB_CHECK(loaded.ok()) << loaded.status().ToString();
  return 0;
}
