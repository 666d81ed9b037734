// Payload: immutable, shared bytes, so that sending one proposal to four followers or cloning a
// world copies only a pointer.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace zab {

/// Shared, immutable bytes.  Empty by default; copying is cheap.
class Payload {
 public:
  Payload() = default;
  explicit Payload(std::string bytes)
      : bytes_(std::make_shared<const std::string>(std::move(bytes))) {}

  absl::string_view view() const {
    return bytes_ ? absl::string_view(*bytes_) : absl::string_view();
  }
  size_t size() const { return bytes_ ? bytes_->size() : 0; }
  bool empty() const { return size() == 0; }

  friend bool operator==(const Payload& a, const Payload& b) { return a.view() == b.view(); }

 private:
  std::shared_ptr<const std::string> bytes_;
};

}  // namespace zab
