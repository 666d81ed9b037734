// Quotas: below /zookeeper/quota stands, for a path with a limit, how many nodes and bytes it has
// (REFERENCE.md 11.6; ZK Quotas.java, StatsTrack.java).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/container/btree_set.h"
#include "absl/strings/string_view.h"

namespace zab {

/// How much of a quota is used.
struct QuotaUse {
  int64_t nodes = 0;
  int64_t bytes = 0;
};

/// "/zookeeper/quota/a/zookeeper_limits" -> "/a"; none for another path, or if no path is left.
std::optional<std::string> LimitedPath(absl::string_view limit_path);
/// "/zookeeper/quota/a/zookeeper_stats" -> "/a".
std::optional<std::string> CountedPath(absl::string_view stats_path);
/// The inverse.
std::string StatsPath(absl::string_view path);

/// The text of a stats node.
std::string UseText(const QuotaUse& use);
/// `text` with `change` added; the other fields of it stay.  None if it is no such text.
std::optional<std::string> ChangedUse(absl::string_view text, const QuotaUse& change);

/// The longest of `limited` that is `path` or above it; none if there is none.
std::optional<std::string> QuotaAbove(const absl::btree_set<std::string>& limited,
                                      absl::string_view path);

}  // namespace zab
