// The trace of a run: every record is added to a running hash and passed to a sink, if there is
// one. Two runs are equal if count and hash are equal.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "protocol/base/hash.h"
#include "protocol/base/time.h"
#include "sim/node_id.h"

namespace sim {

/// What a process or the world says of one thing that happened.  The world writes probe, kind,
/// reason, peer, number and code (vocabulary.h) and gives the other columns no meaning.  One that
/// is of no use to what happened is 0.
struct Columns {
  uint8_t probe = 0;   // What has happened.
  uint8_t kind = 0;    // What kind of it.
  uint8_t reason = 0;  // Why.
  NodeId peer;         // The other node, where there is one.
  uint32_t term = 0;
  uint64_t position = 0;
  int64_t client = 0;
  int64_t number = 0;
  int32_t code = 0;
  uint64_t item = 0;
  uint64_t state = 0;
  uint64_t connection = 0;
};

/// One record: a fixed header and the columns given by the process or the world.
struct Record {
  uint64_t id = 0;     // From 1, in the order of the trace.
  zab::Time time;      // Virtual, monotonic.
  NodeId node;         // The node concerned; 0: the world.  For a link, the sending node.
  uint64_t cause = 0;  // Id of the record that led to it (causes.h); 0: none.
  Columns columns;
};

/// One line without a line break: id, time, node, probe, then the non-zero columns.  The world's
/// own probes and kinds are named if they have their own numbers; all else is a number.
std::string ToString(const Record& record);

/// A plain value.  Copies share nothing except the sink.
class Trace {
 public:
  using Sink = std::function<void(const Record&)>;

  /// How many records the report of a failed check shows.
  static constexpr size_t kTail = 20;

  /// Assigns the record's id and adds it.  Returns it with the id; valid until the next one.
  const Record& Add(const Record& record);

  uint64_t count() const { return count_; }
  /// Hash over all records so far: XXH3-128 of their columns, little-endian, in blocks that each
  /// begin with the hash of the previous block.
  zab::Hash128 hash() const;
  /// The last records, oldest first, at most kTail.
  std::vector<Record> Tail() const;
  /// `sink` is called with each record from now on, after it has its id.  Empty: none.
  void SetSink(Sink sink) { sink_ = std::move(sink); }

 private:
  static constexpr size_t kBlockSize = 4096;

  void Hash(const Record& record);

  uint64_t count_ = 0;
  size_t used_ = 0;                       // Bytes of block_ in use.
  std::array<char, kBlockSize> block_{};  // The unfinished block.
  std::array<Record, kTail> tail_{};      // Record n is at (n - 1) % kTail.
  Sink sink_;
};

}  // namespace sim
