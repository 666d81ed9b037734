// The signature at the end of a snapshot stream to a learner: the ustring "BenWasHere"
// (REFERENCE.md 7.5).
#pragma once

#include <algorithm>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace zab {

/// The signature as jute writes it: length and text.
inline constexpr absl::string_view kSignature(
    "\0\0\0\x0a"
    "BenWasHere",
    14);
inline constexpr size_t kSignatureSize = 14;

enum class SignatureCheck : uint8_t { kIncomplete, kRight, kWrong };

inline SignatureCheck CheckSignature(absl::string_view bytes) {
  const size_t size = std::min(bytes.size(), kSignatureSize);
  if (bytes.substr(0, size) != kSignature.substr(0, size)) return SignatureCheck::kWrong;
  return size < kSignatureSize ? SignatureCheck::kIncomplete : SignatureCheck::kRight;
}

}  // namespace zab
