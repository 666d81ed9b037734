// ClonePtr: a unique_ptr that clones what it owns, so that a world of plain values and polymorphic
// objects can be copied as a whole.
#pragma once

#include <memory>
#include <utility>

namespace sim {

/// Owns a T or nothing.  A copy owns `original->Clone()`, a std::unique_ptr<T>.
template <class T>
class ClonePtr {
 public:
  ClonePtr() = default;
  // Implicit, like conversions of pointers.
  ClonePtr(std::unique_ptr<T> owned) : owned_(std::move(owned)) {}  // NOLINT
  ClonePtr(const ClonePtr& other) : owned_(other.owned_ ? other.owned_->Clone() : nullptr) {}
  ClonePtr(ClonePtr&&) noexcept = default;
  ClonePtr& operator=(ClonePtr other) noexcept {
    owned_ = std::move(other.owned_);
    return *this;
  }
  ~ClonePtr() = default;

  T* get() const { return owned_.get(); }
  T* operator->() const { return owned_.get(); }
  T& operator*() const { return *owned_; }
  explicit operator bool() const { return owned_ != nullptr; }

 private:
  std::unique_ptr<T> owned_;
};

}  // namespace sim
