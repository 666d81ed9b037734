// The tree with jump pointers (Myers, "An applicative random-access stack", 1983): each node knows
// its parent and one more distant ancestor, which makes any search upwards logarithmic.
#include "scenarios/runner/model/histories.h"

namespace scenario {
namespace {

constexpr uint32_t kNear = 8;  // Up to so many single steps are cheaper than jumps.

}  // namespace

HistoryId Histories::Append(HistoryId history, const Txn& txn) {
  for (uint32_t child = At(history).first_child; child != 0; child = nodes_[child].next_sibling) {
    Txn& known = nodes_[child].txn;
    if (known.zxid != txn.zxid || known.hash != txn.hash) continue;
    if (known.client == 0) known.client = txn.client, known.number = txn.number;
    return {child};
  }
  const auto id = static_cast<uint32_t>(nodes_.size());
  const Node& parent = At(history);
  const Node& jump = nodes_[parent.jump];
  const bool far = parent.size - jump.size == jump.size - nodes_[jump.jump].size;
  const Node node{.parent = history.value,
                  .jump = far ? jump.jump : history.value,
                  .size = parent.size + 1,
                  .next_sibling = parent.first_child,
                  .txn = txn};
  nodes_[history.value].first_child = id;
  nodes_.push_back(node);
  return {id};
}

HistoryId Histories::First(HistoryId history, uint32_t size) const {
  uint32_t at = history.value;
  for (uint32_t i = 0; i < kNear && nodes_[at].size > size; ++i) at = nodes_[at].parent;
  while (nodes_[at].size > size) {
    const Node& node = nodes_[at];
    at = nodes_[node.jump].size >= size ? node.jump : node.parent;
  }
  return {at};
}

bool Histories::IsPrefix(HistoryId prefix, HistoryId history) const {
  return size(prefix) <= size(history) && First(history, size(prefix)) == prefix;
}

HistoryId Histories::UpTo(HistoryId history, zab::Zxid zxid) const {
  uint32_t at = history.value;
  for (uint32_t i = 0; i < kNear && nodes_[at].txn.zxid > zxid; ++i) at = nodes_[at].parent;
  while (nodes_[at].txn.zxid > zxid) {
    const Node& node = nodes_[at];
    at = nodes_[node.jump].txn.zxid > zxid ? node.jump : node.parent;
  }
  return {at};
}

HistoryId Histories::CommonPrefix(HistoryId a, HistoryId b) const {
  if (size(a) > size(b)) a = First(a, size(b));
  if (size(b) > size(a)) b = First(b, size(a));
  while (a != b) {  // Equal sizes, so their jumps have equal sizes too.
    const bool jump = At(a).jump != At(b).jump;
    a = {jump ? At(a).jump : At(a).parent};
    b = {jump ? At(b).jump : At(b).parent};
  }
  return a;
}

void Histories::Learn(HistoryId history, const zab::TxnRef& txn) {
  if (contents_.size() <= history.value) contents_.resize(nodes_.size());
  if (contents_[history.value] == nullptr) contents_[history.value] = txn;
}

void Histories::Forget(HistoryId from, HistoryId until) {
  for (; until != from; until = parent(until)) {
    if (until.value < contents_.size()) contents_[until.value].reset();
  }
}

const zab::Txn* Histories::contents(HistoryId history) const {
  return history.value < contents_.size() ? contents_[history.value].get() : nullptr;
}

}  // namespace scenario
