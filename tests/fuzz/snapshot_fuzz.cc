// A snapshot file: what can be loaded survives a round trip.
#include <string>

#include "protocol/base/check.h"
#include "protocol/storage/snapshot_format.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::Input input(data, size);
  const bool fix = input.Byte() % 2 != 0;
  std::string file(input.Rest());
  if (fix) fuzz::FixSnapshot(file);
  const auto loaded = zab::ReadSnapshotFile(file);
  if (!loaded.ok()) return 0;
  const zab::Zxid zxid = loaded->digest ? loaded->digest->first : zab::Zxid{};
  const auto again = zab::ReadSnapshotFile(zab::SnapshotFile(loaded->tree, zxid));
  ZAB_CHECK(again.ok()) << again.status().ToString();
  ZAB_CHECK(again->tree == loaded->tree && again->tree.sessions == loaded->tree.sessions &&
            again->tree.acls == loaded->tree.acls)
      << "lost in a round trip";
  ZAB_CHECK(again->digest.has_value() == loaded->digest.has_value()) << "digest block";
  if (again->digest) {
    ZAB_CHECK(again->digest->first == zxid && again->digest->second == loaded->tree.digest())
        << "digest";
  }
  return 0;
}
