// What the fuzz targets share: taking an input apart, and cutting bytes into pieces as a network
// does.  A target says what must hold with ZAB_CHECK; README.md says how it is run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

/// What each target defines: libFuzzer, or else replay_main.cc, calls it with one input.  0 always.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace fuzz {

/// One input, taken from the front: how to run comes first, the bytes under test are what is left.
class Input {
 public:
  Input(const uint8_t* data, size_t size) : bytes_(reinterpret_cast<const char*>(data), size) {}

  bool empty() const { return bytes_.empty(); }
  /// 0 at the end.
  uint8_t Byte();
  /// Fewer than `size` at the end.
  absl::string_view Take(size_t size);
  absl::string_view Rest() { return Take(bytes_.size()); }

 private:
  absl::string_view bytes_;
};

/// The sizes of pieces, each at least 1: a byte that counts them (modulo 8) and a byte for each.
/// None: everything at once.
std::vector<size_t> TakeSizes(Input& input);

/// Calls `take` with one piece of `bytes` after the other, their sizes as in `sizes`, over and
/// over. Each is a copy, so that AddressSanitizer sees who reads beyond it.
void ForEachPiece(absl::string_view bytes, const std::vector<size_t>& sizes,
                  const std::function<void(absl::string_view)>& take);

/// Makes the checksums of a transaction log right: mutation alone never gets past them.  Whatever
/// is no record is left as it is.
void FixLog(std::string& file);
/// The same for the seals of a snapshot file.
void FixSnapshot(std::string& file);

}  // namespace fuzz
