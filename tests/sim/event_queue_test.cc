#include "sim/event_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "protocol/base/random.h"

namespace sim {
namespace event_queue_test {
namespace {

std::vector<int> Drain(EventQueue<int> queue) {
  std::vector<int> order;
  while (!queue.empty()) order.push_back(queue.Pop().event);
  return order;
}

TEST(EventQueue, EarlierTimesFirstAndTiesInOrderOfScheduling) {
  EventQueue<int> queue;
  queue.Push(zab::Time{20}, 1);
  queue.Push(zab::Time{10}, 2);
  queue.Push(zab::Time{20}, 3);
  queue.Push(zab::Time{10}, 4);
  queue.Push(zab::Time{20}, 5);
  EXPECT_EQ(queue.size(), 5u);
  EXPECT_EQ(Drain(queue), (std::vector<int>{2, 4, 1, 3, 5}));
}

TEST(EventQueue, KeepsAReservedPosition) {
  EventQueue<int> queue;
  const uint64_t seq = queue.ReserveSeq();
  queue.Push(zab::Time{10}, 2);
  queue.Push(EventOrder{zab::Time{10}, seq}, 1);
  EXPECT_EQ(Drain(queue), (std::vector<int>{1, 2}));
}

TEST(EventQueue, ACopyIsIndependent) {
  EventQueue<int> queue;
  queue.Push(zab::Time{10}, 1);
  EventQueue<int> copy = queue;
  copy.Push(zab::Time{5}, 2);
  EXPECT_EQ(Drain(queue), (std::vector<int>{1}));
  EXPECT_EQ(Drain(copy), (std::vector<int>{2, 1}));
}

TEST(EventQueue, SortsLikeASort) {
  EventQueue<int> queue;
  std::vector<EventOrder> expected;
  zab::Chooser chooser(7);
  for (int round = 0; round < 1000; ++round) {
    const auto time = static_cast<int64_t>(chooser.Below(zab::Stream("test"), zab::Entity{}, 100));
    expected.push_back({zab::Time{time}, queue.Push(zab::Time{time}, round)});
  }
  std::sort(expected.begin(), expected.end());
  for (const EventOrder& order : expected) {
    EXPECT_EQ(queue.front(), order);
    const auto popped = queue.Pop();
    EXPECT_EQ(popped.order, order);
    EXPECT_EQ(popped.event, static_cast<int>(order.seq) - 1);
  }
  EXPECT_TRUE(queue.empty());
}

}  // namespace
}  // namespace event_queue_test
}  // namespace sim
