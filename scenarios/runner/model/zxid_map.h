// ZxidMap: a map from zxids, which come in runs: constant time, with an array per run.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/btree_map.h"
#include "protocol/wire/ids.h"

namespace scenario {

/// A plain value.  T should be small and must be default-constructible.
template <class T>
class ZxidMap {
 public:
  /// Null if there is none.  The pointer is valid until the next insertion.
  const T* Find(zab::Zxid zxid) const {
    const Run* run = RunOf(zxid.epoch);
    if (run != nullptr && zxid.counter >= run->first &&
        zxid.counter - run->first < run->values.size()) {
      const auto& value = run->values[zxid.counter - run->first];
      return value ? &*value : nullptr;
    }
    const auto found = strays_.find(zxid);
    return found == strays_.end() ? nullptr : &found->second;
  }
  T* Find(zab::Zxid zxid) { return const_cast<T*>(std::as_const(*this).Find(zxid)); }

  /// The value at the zxid, default-constructed if it is missing.
  T& operator[](zab::Zxid zxid) {
    if (T* found = Find(zxid)) return *found;
    Run& run = MakeRun(zxid);
    if (zxid.counter < run.first || zxid.counter - run.first > run.values.size() + kMaxGap) {
      return strays_[zxid];
    }
    const size_t index = zxid.counter - run.first;
    if (index >= run.values.size()) run.values.resize(index + 1);
    return run.values[index].emplace();
  }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("runs", runs_);
    field("strays", strays_);
  }

 private:
  static constexpr size_t kMaxGap =
      1024;  // The largest gap that may be left empty after the end of a run.

  struct Run {
    zab::Epoch epoch;
    uint32_t first = 0;
    std::vector<std::optional<T>> values;  // By counter - first.

    template <class Visitor>
    void Fields(Visitor&& field) const {
      field("epoch", epoch);
      field("first", first);
      field("values", values);
    }
  };

  const Run* RunOf(zab::Epoch epoch) const {
    if (!runs_.empty() && runs_.back().epoch == epoch) return &runs_.back();  // The common case.
    const auto found = LowerBound(epoch);
    return found != runs_.end() && found->epoch == epoch ? &*found : nullptr;
  }
  Run& MakeRun(zab::Zxid zxid) {
    const auto found = LowerBound(zxid.epoch);
    if (found != runs_.end() && found->epoch == zxid.epoch) {
      return runs_[static_cast<size_t>(found - runs_.begin())];
    }
    return *runs_.insert(found, Run{.epoch = zxid.epoch, .first = zxid.counter});
  }
  auto LowerBound(zab::Epoch epoch) const {
    return std::lower_bound(runs_.begin(), runs_.end(), epoch,
                            [](const Run& run, zab::Epoch e) { return run.epoch < e; });
  }

  std::vector<Run> runs_;                 // In order of epoch.
  absl::btree_map<zab::Zxid, T> strays_;  // Values that fit into no run.
};

}  // namespace scenario
