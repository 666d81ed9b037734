// States as bytes.
#include "scenarios/runner/explore/state.h"

#include <algorithm>
#include <utility>

namespace scenario::explore {
namespace {

// Numbers of 7 bits per byte: most are small.
void Put(uint64_t value, std::string& out) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(0x80 | (value & 0x7f));
  out += static_cast<char>(value);
}

uint64_t Take(absl::string_view& in) {
  uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    const auto byte = static_cast<uint8_t>(in.front());
    in.remove_prefix(1);
    value |= uint64_t{byte & 0x7fU} << shift;
    if ((byte & 0x80) == 0) return value;
  }
}

void PutStream(const std::vector<uint32_t>& stream, std::string& out) {
  Put(stream.size(), out);
  for (const uint32_t message : stream) Put(message, out);
}

std::vector<uint32_t> TakeStream(absl::string_view& in) {
  std::vector<uint32_t> stream(Take(in));
  for (uint32_t& message : stream) message = static_cast<uint32_t>(Take(in));
  return stream;
}

uint8_t TakeByte(absl::string_view& in) {
  return static_cast<uint8_t>(Take(in));
}

}  // namespace

bool State::IsCut(uint8_t a, uint8_t b) const {
  return std::ranges::find(cuts, std::pair(std::min(a, b), std::max(a, b))) != cuts.end();
}

std::string Pack(const State& state) {
  std::string out;
  Put(state.servers.size(), out);
  for (const uint32_t server : state.servers) Put(server, out);
  Put(state.witness, out);
  for (const uint8_t left : state.left) Put(left, out);
  Put(state.cuts.size(), out);
  for (const auto& [a, b] : state.cuts) Put(a, out), Put(b, out);
  for (const Pipe& pipe : state.pipes) {
    Put(static_cast<uint8_t>(pipe.port), out);
    Put(pipe.from, out);
    Put(pipe.to, out);
    Put(pipe.from_slot, out);
    Put(pipe.to_slot, out);
    Put((pipe.from_open ? 1U : 0U) | (pipe.to_open ? 2U : 0U) | (pipe.answered ? 4U : 0U), out);
    PutStream(pipe.there, out);
    PutStream(pipe.back, out);
  }
  return out;
}

State Unpack(absl::string_view packed) {
  State state;
  state.servers.resize(Take(packed));
  for (uint32_t& server : state.servers) server = static_cast<uint32_t>(Take(packed));
  state.witness = static_cast<uint32_t>(Take(packed));
  for (uint8_t& left : state.left) left = TakeByte(packed);
  state.cuts.resize(Take(packed));
  for (auto& [a, b] : state.cuts) {
    a = TakeByte(packed);
    b = TakeByte(packed);
  }
  while (!packed.empty()) {
    Pipe& pipe = state.pipes.emplace_back();
    pipe.port = static_cast<zab::Port>(TakeByte(packed));
    pipe.from = TakeByte(packed);
    pipe.to = TakeByte(packed);
    pipe.from_slot = TakeByte(packed);
    pipe.to_slot = TakeByte(packed);
    const uint8_t flags = TakeByte(packed);
    pipe.from_open = (flags & 1U) != 0;
    pipe.to_open = (flags & 2U) != 0;
    pipe.answered = (flags & 4U) != 0;
    pipe.there = TakeStream(packed);
    pipe.back = TakeStream(packed);
  }
  return state;
}

}  // namespace scenario::explore
