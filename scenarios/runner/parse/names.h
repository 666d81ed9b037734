// Every name that a file declares.  They are collected before anything else is read, so that a
// reference can be resolved wherever it stands.  Lenient: malformed parts are skipped here and
// reported when they are read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "scenarios/runner/json/value.h"
#include "scenarios/runner/language/scenario.h"

namespace scenario {

/// Names in order, each with its position.  Find returns the first of equal names.
class NameList {
 public:
  void Add(absl::string_view name) {
    index_.emplace(std::string(name), names_.size());
    names_.emplace_back(name);
  }
  std::optional<size_t> Find(absl::string_view name) const {
    const auto found = index_.find(name);
    return found == index_.end() ? std::nullopt : std::optional(found->second);
  }
  size_t size() const { return names_.size(); }
  const std::string& operator[](size_t i) const { return names_[i]; }
  const std::vector<std::string>& all() const { return names_; }

 private:
  std::vector<std::string> names_;
  absl::btree_map<std::string, size_t> index_;
};

struct Names {
  NameList servers;  // Sids from 1.
  NameList clients;  // Of all blocks, in the order of the blocks.
  NameList zones;
  NameList profiles;
  NameList blocks;  // In the order of `workload`.
  NameList events;
  NameList operations;  // "block/op".
  NameList variables;   // In the order of the events; within one event by name.

  std::vector<std::vector<size_t>> clients_of;  // Block to its clients.
  std::vector<EventIndex> bound_by;             // Variable to event.
  std::vector<bool> cuts;                       // Event to whether it has a partition.

  /// Limits on servers and clients; names beyond them are not collected.
  static constexpr size_t kMaxServers = 99;
  static constexpr size_t kMaxClients = 1000;
};

/// The id of an event, block or operation: its `id`, or else prefix and position from 1, such as
/// "e3".
std::string IdOf(const Value& item, absl::string_view prefix, size_t index);

/// The members of an object in natural order (c2 before c10).  Clients are numbered in this order,
/// since the order of members in a file has no meaning.
std::vector<const Value*> InNaturalOrder(const Value& object);

Names CollectNames(const Value& root);

}  // namespace scenario
