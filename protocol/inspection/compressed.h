// Snapshots that ZooKeeper compressed (its snapshot.compression.method): snapshot.<z>.gz and
// snapshot.<z>.snappy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "protocol/wire/ids.h"

namespace zab {

enum class Compression : uint8_t { kGzip, kSnappy };

struct CompressedName {
  Zxid zxid;
  Compression method;
};

/// "snapshot.2a.gz" -> 0:42 and kGzip; none for another name.
std::optional<CompressedName> CompressedSnapshot(absl::string_view name);

struct Decompressed {
  std::string bytes;    // As far as they could be had.
  std::string problem;  // Empty: all of them.
};

/// Never more than `limit` bytes; whatever the input is.
Decompressed Decompress(Compression method, absl::string_view bytes, size_t limit);

}  // namespace zab
