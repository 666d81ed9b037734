// Random draws without a generator: each is a pure function of (seed, stream, entity, ordinal), so
// that a new draw in one place shifts none elsewhere.  Integers only; the same on every compiler.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace zab {

/// Increased whenever seeds come to mean other draws: when Draw, the name of a stream, or the
/// entity of a stream changes.  Data recorded with another version are stale.
constexpr int kStreamsVersion = 1;

/// The name of a stream of draws, hashed at compile time: Stream("net/loss").  Names are part of
/// the format: changing one changes every run.
struct Stream {
  const char* name = "";  // A string literal.
  uint64_t hash = 0;
  constexpr Stream() = default;
  constexpr explicit Stream(const char* literal) : name(literal), hash(0xcbf29ce484222325ULL) {
    for (; *literal != '\0'; ++literal) {
      hash = (hash ^ static_cast<unsigned char>(*literal)) * 0x100000001b3ULL;
    }
  }
};

/// The entity that a draw is for: a link, a server and its incarnation, a nemesis.
struct Entity {
  uint64_t value = 0;
  friend constexpr auto operator<=>(const Entity&, const Entity&) = default;
};

inline std::string ToString(Entity entity) {
  return std::to_string(entity.value);
}

/// numerator in denominator; 0 <= numerator, 1 <= denominator.
struct Ratio {
  uint64_t numerator = 0;
  uint64_t denominator = 1;
  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("numerator", numerator);
    field("denominator", denominator);
  }
  friend constexpr bool operator==(const Ratio&, const Ratio&) = default;
};

/// The draw: 64 well-mixed bits.
uint64_t Draw(uint64_t seed, Stream stream, Entity entity, uint64_t ordinal);

/// Observes every draw of a run and may replace it.
class DrawWatch {
 public:
  virtual ~DrawWatch() = default;
  /// `bits` is the draw of the seed; the return value is used instead.  Ordinals count from 0.
  virtual uint64_t OnDraw(Stream stream, Entity entity, uint64_t ordinal, uint64_t bits) = 0;
};

/// Makes all draws of a run.  A plain value: its state is the number of draws of each (stream,
/// entity).
class Chooser {
 public:
  /// `watch` observes the draws of this chooser and its copies, and must outlive them; may be null.
  Chooser(uint64_t seed = 0, DrawWatch* watch = nullptr)  // NOLINT: implicit from a seed.
      : seed_(seed), watch_(watch) {}

  uint64_t seed() const { return seed_; }
  /// The next 64 bits of the stream and entity.
  uint64_t Bits(Stream stream, Entity entity);
  /// Uniform in [0, bound); bound >= 1.
  uint64_t Below(Stream stream, Entity entity, uint64_t bound);
  /// Uniform in [min, max].
  int64_t Between(Stream stream, Entity entity, int64_t min, int64_t max);
  bool Chance(Stream stream, Entity entity, Ratio ratio);
  /// Shuffles anything with size() and operator[] (Fisher-Yates).
  template <class Sequence>
  void Shuffle(Stream stream, Entity entity, Sequence& items) {
    for (size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[Below(stream, entity, i)]);
    }
  }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("seed", seed_);
    field("ordinals", ordinals_);
  }

 private:
  struct Key {
    uint64_t stream = 0;  // Stream::hash.
    Entity entity;
    template <class Visitor>
    void Fields(Visitor&& field) const {
      field("stream", stream);
      field("entity", entity);
    }
    friend constexpr auto operator<=>(const Key&, const Key&) = default;
  };

  uint64_t seed_;
  DrawWatch* watch_;                                // Not a field: it is not of this process.
  std::vector<std::pair<Key, uint64_t>> ordinals_;  // Ascending: a run has few keys, known soon.
};

}  // namespace zab
