// Paths and texts of quotas.
#include "protocol/tree/quotas.h"

#include "absl/container/btree_map.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace zab {
namespace {

constexpr absl::string_view kQuotaPrefix = "/zookeeper/quota";
constexpr absl::string_view kLimits = "/zookeeper_limits";
constexpr absl::string_view kStats = "/zookeeper_stats";
constexpr char kCount[] = "count";
constexpr char kBytes[] = "bytes";

std::optional<std::string> Between(absl::string_view path, absl::string_view suffix) {
  if (!absl::ConsumePrefix(&path, kQuotaPrefix) || !absl::ConsumeSuffix(&path, suffix) ||
      path.empty() || path.front() != '/') {
    return std::nullopt;
  }
  return std::string(path);
}

using Fields = absl::btree_map<std::string, int64_t>;

// "count=4,bytes=5=;countHardLimit=10": the '=' behind bytes keeps parsers of before 3.7 from
// reading on.
std::optional<Fields> FieldsOf(absl::string_view text) {
  Fields fields;
  for (const absl::string_view pair :
       absl::StrSplit(text, absl::ByAnyChar(",;"), absl::SkipEmpty())) {
    const std::vector<absl::string_view> parts = absl::StrSplit(pair, '=');
    int64_t value = -1;
    if (parts.size() < 2 || (!parts[1].empty() && !absl::SimpleAtoi(parts[1], &value))) {
      return std::nullopt;
    }
    fields[std::string(parts[0])] = value;
  }
  return fields;
}

// Java's longs wrap.
int64_t Sum(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}

}  // namespace

std::optional<std::string> LimitedPath(absl::string_view limit_path) {
  return Between(limit_path, kLimits);
}

std::optional<std::string> CountedPath(absl::string_view stats_path) {
  return Between(stats_path, kStats);
}

std::string StatsPath(absl::string_view path) {
  return absl::StrCat(kQuotaPrefix, path, kStats);
}

std::string UseText(const QuotaUse& use) {
  return absl::StrCat(kCount, "=", use.nodes, ",", kBytes, "=", use.bytes);
}

std::optional<std::string> ChangedUse(absl::string_view text, const QuotaUse& change) {
  std::optional<Fields> fields = FieldsOf(text);
  if (!fields) return std::nullopt;
  const auto value = [&](const char* key) {
    const auto field = fields->find(key);
    return field == fields->end() ? -1 : field->second;
  };
  std::string changed = UseText(
      {.nodes = Sum(value(kCount), change.nodes), .bytes = Sum(value(kBytes), change.bytes)});
  fields->erase(kCount);
  fields->erase(kBytes);
  if (!fields->empty()) changed += "=";
  for (const auto& [key, other] : *fields) absl::StrAppend(&changed, ";", key, "=", other);
  return changed;
}

std::optional<std::string> QuotaAbove(const absl::btree_set<std::string>& limited,
                                      absl::string_view path) {
  if (limited.empty()) return std::nullopt;
  while (!path.empty()) {
    if (limited.contains(path)) return std::string(path);
    path = path.substr(0, path.rfind('/'));
  }
  return std::nullopt;
}

}  // namespace zab
