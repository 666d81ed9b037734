// Every name that a file declares, collected before anything is read, so that each reference can be
// looked up where it stands.  Lenient: what is malformed is reported by those who read it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "scenarios/runner/json/value.h"
#include "scenarios/runner/language/scenario.h"

namespace scenario {

/// Names in order, each with its position.  Of equal ones the first is found.
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
  NameList clients;  // Of all blocks, in their order.
  NameList zones;
  NameList profiles;
  NameList blocks;  // As the list `workload` has them, like the next two.
  NameList events;
  NameList operations;  // "block/op".
  NameList variables;   // In the order of events; within one by name.

  std::vector<std::vector<size_t>> clients_of;  // Block to its clients.
  std::vector<EventIndex> bound_by;             // Variable to event.
  std::vector<bool> cuts;                       // Event to whether it has a partition.

  /// At most so many servers, clients; past that nothing is collected.
  static constexpr size_t kMaxServers = 99;
  static constexpr size_t kMaxClients = 1000;
};

/// The id of an event, block or operation that has none: prefix and position from 1, "e3".
std::string IdOf(const Value& item, absl::string_view prefix, size_t index);

/// Members of an object in natural order (c2 before c10), in which clients are numbered: the order
/// in the file means nothing.
std::vector<const Value*> InNaturalOrder(const Value& object);

Names CollectNames(const Value& root);

}  // namespace scenario
