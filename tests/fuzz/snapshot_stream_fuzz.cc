// A snapshot stream to a learner: any pieces give the same tree, and it can be sent in any chunks.
#include <string>
#include <vector>

#include "protocol/base/check.h"
#include "protocol/roles/snapshot_stream.h"
#include "protocol/storage/snapshot_format.h"
#include "tests/fuzz/fuzz.h"

namespace {

struct Received {
  bool failed = false;
  bool done = false;
  std::string rest;
  zab::DataTree tree;
};

Received Receive(absl::string_view bytes, const std::vector<size_t>& sizes) {
  zab::SnapshotDecoder decoder;
  Received received;
  fuzz::ForEachPiece(bytes, sizes, [&](absl::string_view piece) {
    if (!received.failed) received.failed = !decoder.Feed(piece).ok();
  });
  if (received.failed) return received;
  received.done = decoder.done();
  received.rest = std::string(decoder.rest());
  received.tree = decoder.TakeTree();
  return received;
}

bool Same(const zab::DataTree& a, const zab::DataTree& b) {
  return a == b && a.sessions == b.sessions && a.acls == b.acls && a.digest() == b.digest();
}

std::string Walk(const zab::DataTree& tree, size_t chunk) {
  zab::SnapshotWalker walker;
  std::string body;
  while (!walker.done()) walker.Next(tree, chunk, body);
  return body;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::Input input(data, size);
  const size_t chunk = size_t{1} + input.Byte();
  const std::vector<size_t> sizes = fuzz::TakeSizes(input);
  const absl::string_view bytes = input.Rest();
  const Received whole = Receive(bytes, {});
  const Received pieces = Receive(bytes, sizes);
  ZAB_CHECK(pieces.failed == whole.failed && pieces.done == whole.done &&
            pieces.rest == whole.rest && Same(pieces.tree, whole.tree))
      << "another tree in pieces";
  if (!whole.done) return 0;
  // A wrong signature stays wrong, whatever follows.
  if (zab::CheckSignature(whole.rest) != zab::SignatureCheck::kIncomplete) {
    ZAB_CHECK(zab::CheckSignature(whole.rest) == zab::CheckSignature(whole.rest + "x"))
        << "signature";
  }
  const std::string body = Walk(whole.tree, chunk);
  ZAB_CHECK(body == Walk(whole.tree, SIZE_MAX / 2)) << "other bytes in chunks";
  const Received again = Receive(body, sizes);
  ZAB_CHECK(again.done && again.rest.empty() && Same(again.tree, whole.tree))
      << "lost in a round trip";
  return 0;
}
