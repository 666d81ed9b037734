// ShortList: a list of a few values that can be a constant.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>

namespace scenario {

template <class T, size_t kMost>
class ShortList {
 public:
  constexpr ShortList() = default;
  /// At most kMost of them, or it does not compile.
  constexpr ShortList(std::initializer_list<T> values) {
    for (const T& value : values) values_[size_++] = value;
  }

  constexpr const T* begin() const { return values_.data(); }
  constexpr const T* end() const { return values_.data() + size_; }
  constexpr size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr const T& operator[](size_t i) const { return values_[i]; }

 private:
  std::array<T, kMost> values_{};
  size_t size_ = 0;
};

}  // namespace scenario
