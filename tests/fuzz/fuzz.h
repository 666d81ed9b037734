// Shared by the fuzz targets: splitting an input, and cutting bytes into pieces as a network does.
// A target states what must hold with ZAB_CHECK; README.md explains how to run it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

/// Defined by each target; called with one input by libFuzzer or replay_main.cc.  Always returns 0.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace fuzz {

/// One input, read from the front: first the parameters of the test, then the bytes under test.
class Input {
 public:
  Input(const uint8_t* data, size_t size) : bytes_(reinterpret_cast<const char*>(data), size) {}

  bool empty() const { return bytes_.empty(); }
  /// The next byte; 0 at the end.
  uint8_t Byte();
  /// The next `size` bytes; fewer at the end.
  absl::string_view Take(size_t size);
  absl::string_view Rest() { return Take(bytes_.size()); }

 private:
  absl::string_view bytes_;
};

/// Reads the sizes of pieces, each at least 1: a byte with their number (modulo 8) and a byte for
/// each. Empty: everything in one piece.
std::vector<size_t> TakeSizes(Input& input);

/// Calls `take` with one piece of `bytes` after another, cycling through `sizes`.  Each piece is a
/// copy, so that AddressSanitizer detects reads beyond it.
void ForEachPiece(absl::string_view bytes, const std::vector<size_t>& sizes,
                  const std::function<void(absl::string_view)>& take);

/// Fixes the checksums of a transaction log, since mutation alone never gets past them.  Bytes that
/// are not a record are left unchanged.
void FixLog(std::string& file);
/// The same for the seals of a snapshot file.
void FixSnapshot(std::string& file);

}  // namespace fuzz
