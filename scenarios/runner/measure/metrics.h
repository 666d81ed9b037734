// The metrics of a run, as one table of names and as values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/strings/string_view.h"
#include "protocol/base/time.h"
#include "scenarios/runner/measure/histogram.h"
#include "sim/network.h"

namespace scenario {

enum class Counter : uint8_t {
#define COUNTER(enumerator, name, unit, en, zh) enumerator,
#define HISTOGRAM(enumerator, name, unit, en, zh)
#include "scenarios/runner/measure/metrics.inc"
#undef COUNTER
#undef HISTOGRAM
};
enum class Quantity : uint8_t {
#define COUNTER(enumerator, name, unit, en, zh)
#define HISTOGRAM(enumerator, name, unit, en, zh) enumerator,
#include "scenarios/runner/measure/metrics.inc"
#undef COUNTER
#undef HISTOGRAM
};

#define COUNTER(enumerator, name, unit, en, zh) +1
#define HISTOGRAM(enumerator, name, unit, en, zh)
constexpr size_t kCounterCount = 0
#include "scenarios/runner/measure/metrics.inc"
    ;
#undef COUNTER
#undef HISTOGRAM
#define COUNTER(enumerator, name, unit, en, zh)
#define HISTOGRAM(enumerator, name, unit, en, zh) +1
constexpr size_t kQuantityCount = 0
#include "scenarios/runner/measure/metrics.inc"
    ;
#undef COUNTER
#undef HISTOGRAM

/// "write_latency".
absl::string_view Name(Quantity quantity);

/// What has been sent over one link, by type of message.
struct LinkTraffic {
  sim::LinkId link;
  std::vector<sim::Traffic> by_tag;
};

/// A queue of a link, or of the inputs of a server (`from` and `to` are that server).
struct QueueLength {
  sim::LinkId place;
  uint64_t longest = 0;
  uint64_t mean = 0;             // Over the time of the run, in thousandths.
  uint64_t retransmissions = 0;  // Of a link.
};

/// What was measured in a run.
struct Measured {
  std::array<std::optional<uint64_t>, kCounterCount> counters{};  // nullopt: nothing to measure.
  std::array<Histogram, kQuantityCount> histograms;
  std::vector<LinkTraffic> traffic;  // Of the links that were used, ordered by link.
  std::vector<QueueLength> queues;   // Those in which something has waited, ordered by place.

  void Count(Counter counter, uint64_t by = 1) {
    (*this)[counter] = (*this)[counter].value_or(0) + by;
  }
  void Add(Quantity quantity, uint64_t value) { (*this)[quantity].Add(value); }
  /// A span of time that ends no earlier than it begins.
  void Add(Quantity quantity, zab::Time begin, zab::Time end) {
    Add(quantity, static_cast<uint64_t>((end - begin).nanoseconds));
  }
  std::optional<uint64_t>& operator[](Counter counter) {
    return counters[static_cast<size_t>(counter)];
  }
  std::optional<uint64_t> operator[](Counter counter) const {
    return counters[static_cast<size_t>(counter)];
  }
  Histogram& operator[](Quantity quantity) { return histograms[static_cast<size_t>(quantity)]; }
  const Histogram& operator[](Quantity quantity) const {
    return histograms[static_cast<size_t>(quantity)];
  }
};

struct MetricInfo {
  absl::string_view name;  // "write_latency_p99".
  absl::string_view unit;
  absl::string_view en, zh;  // What it is, in a line without a full stop.
};

/// All metrics in their order: the counters, then the statistics of each quantity.
std::span<const MetricInfo> AllMetrics();
/// The value of each, in that order; nullopt where nothing was observed.
std::vector<std::optional<uint64_t>> ValuesOf(const Measured& measured);

}  // namespace scenario
