// Constants shared by the writer and the reader of snapshots; internal to this folder.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"

namespace zab {

constexpr int32_t kSnapshotMagic = 0x5a4b534e;  // "ZKSN".
constexpr int32_t kSnapshotVersion = 2;
constexpr int32_t kSnapshotDigestVersion = 2;
/// Terminates the nodes and every seal; the root itself is stored as "".
constexpr absl::string_view kEndOfNodes = "/";

}  // namespace zab
