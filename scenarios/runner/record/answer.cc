// The digest is a hash over the fields, little-endian.
#include "scenarios/runner/record/answer.h"

#include <array>

#include "protocol/base/hash.h"

namespace scenario {
namespace {

constexpr size_t kMostFields = 18;

/// Numbers to be hashed together.
class Fields {
 public:
  void Add(uint64_t value) {
    for (int shift = 0; shift < 64; shift += 8) {
      bytes_[size_++] = static_cast<char>(value >> shift);
    }
  }
  uint64_t Hash() const { return zab::Hash64Of({bytes_.data(), size_}); }

 private:
  std::array<char, kMostFields * 8> bytes_;
  size_t size_ = 0;
};

uint64_t Both(int32_t high, int32_t low) {
  return (uint64_t{static_cast<uint32_t>(high)} << 32) | static_cast<uint32_t>(low);
}

void AddStat(const zab::Stat& stat, Fields& fields) {
  fields.Add(stat.czxid.ToWire());
  fields.Add(stat.mzxid.ToWire());
  fields.Add(stat.pzxid.ToWire());
  fields.Add(static_cast<uint64_t>(stat.ctime));
  fields.Add(static_cast<uint64_t>(stat.mtime));
  fields.Add(Both(stat.version, stat.cversion));
  fields.Add(Both(stat.aversion, stat.data_length));
  fields.Add(static_cast<uint64_t>(stat.ephemeral_owner));
  fields.Add(static_cast<uint32_t>(stat.num_children));
}

}  // namespace

void ChildNames::Add(absl::string_view name) {
  ++count;
  sum += zab::Hash64Of(name);
}

void ChildNames::Remove(absl::string_view name) {
  --count;
  sum -= zab::Hash64Of(name);
}

uint64_t Answer::Digest() const {
  Fields fields;
  fields.Add(Both(static_cast<int32_t>(error), (data ? 2 : 0) + (stat ? 1 : 0)));
  fields.Add(path);
  fields.Add(data.value_or(0));
  fields.Add(children.count);
  fields.Add(children.sum);
  if (stat) AddStat(*stat, fields);
  return fields.Hash();
}

Answer AnswerOf(const zab::Result& result) {
  Answer answer{.error = result.error, .stat = result.stat};
  if (!result.path.empty()) answer.path = zab::Hash64Of(result.path);
  if (result.data) answer.data = zab::Hash64Of(*result.data);
  for (const std::string& child : result.children) answer.children.Add(child);
  return answer;
}

}  // namespace scenario
