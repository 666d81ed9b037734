// What a client is told in answer to a request, reduced to a few numbers: traces carry one digest
// of it, and checkers compare it with what the history says.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "protocol/wire/operation.h"

namespace scenario {

/// The names of a node's children as a number that does not depend on their order, so that it
/// follows each create and delete in constant time.
struct ChildNames {
  uint32_t count = 0;
  uint64_t sum = 0;  // Of the hashes of the names, modulo 2^64.

  void Add(absl::string_view name);
  void Remove(absl::string_view name);
  friend bool operator==(const ChildNames&, const ChildNames&) = default;
};

/// zab::Result without the bytes.
struct Answer {
  zab::Error error = zab::Error::kOk;
  uint64_t path = 0;             // Hash; 0: none.
  std::optional<uint64_t> data;  // Hash.
  std::optional<zab::Stat> stat;
  ChildNames children;

  /// Different for different answers.
  uint64_t Digest() const;
};

Answer AnswerOf(const zab::Result& result);

}  // namespace scenario
