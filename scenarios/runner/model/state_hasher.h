// StateHasher: the hash of a state, over every field that its field lists name (protocol/base/
// fields.h).  Equal for states that go on in the same way, in whatever order things happened and
// whatever numbers were given on the way.
#pragma once

#include <concepts>
#include <cstdint>
#include <ranges>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "protocol/base/fields.h"
#include "protocol/base/handles.h"
#include "protocol/base/hash.h"
#include "protocol/boundary/trace.h"
#include "protocol/wire/txn.h"
#include "scenarios/runner/model/histories.h"
#include "scenarios/runner/record/answer.h"

namespace scenario {

/// Collects fields.  What is a number of this path alone is replaced by what it stands for.
class StateHasher {
 public:
  /// What numbers stand for; a number that is asked for must be among them.
  struct Names {
    const Histories* histories = nullptr;
    /// Of each connection of the process, in order of its number: the number, then a name.
    std::vector<std::pair<zab::ConnectionId, uint64_t>> connections;
    zab::OperationId last_operation;  // Others are told by how long before it they came.
    zab::OperationId first_pending;   // Those before it are done; 0: all are.
  };

  explicit StateHasher(Names names) : names_(std::move(names)) {}

  template <class T>
  void Add(const T& value) {
    if constexpr (std::same_as<T, HistoryId>) {
      AddHistory(value);
    } else if constexpr (std::same_as<T, zab::ConnectionId>) {
      AddConnection(value);
    } else if constexpr (std::same_as<T, zab::OperationId>) {
      AddOperation(value);
    } else if constexpr (std::same_as<T, zab::Zxid>) {
      AddNumber(value.ToWire());
    } else if constexpr (std::same_as<T, Answer>) {
      AddNumber(value.Digest());
    } else if constexpr (std::same_as<T, zab::Txn>) {
      AddNumber(value.zxid().ToWire());
      AddNumber(value.hash);
    } else if constexpr (std::same_as<T, zab::TraceEvent>) {
      AddTraceEvent(value);
    } else if constexpr (zab::HasFields<T>) {
      AddFields(value);
    } else if constexpr (std::integral<T> || std::is_enum_v<T>) {
      AddNumber(static_cast<uint64_t>(value));
    } else if constexpr (requires { static_cast<uint64_t>(value.value); }) {
      AddNumber(value.value);
    } else if constexpr (requires { value.nanoseconds; }) {
      AddNumber(static_cast<uint64_t>(value.nanoseconds));
    } else if constexpr (std::convertible_to<const T&, absl::string_view>) {
      AddBytes(value);
    } else {
      AddOther(value);
    }
  }
  /// Marks where one part ends, so that no two lists of parts give the same bytes.
  void AddNumber(uint64_t value) {
    for (int i = 0; i < 8; ++i) bytes_ += static_cast<char>(value >> (8 * i) & 0xff);
  }
  void AddBytes(absl::string_view bytes) {
    AddNumber(bytes.size());
    bytes_.append(bytes.data(), bytes.size());
  }

  zab::Hash128 Hash() const { return zab::Hash128Of(bytes_); }

 private:
  template <class T>
  void AddOther(const T& value) {
    if constexpr (requires { value.view(); }) {
      AddBytes(value.view());  // Payload.
    } else if constexpr (zab::IsVariant<T>) {
      AddNumber(value.index());
      std::visit([&](const auto& alternative) { Add(alternative); }, value);
    } else if constexpr (zab::IsPair<T>) {
      Add(value.first);
      Add(value.second);
    } else if constexpr (std::ranges::range<T>) {
      AddNumber(static_cast<uint64_t>(std::ranges::distance(value)));
      for (const auto& item : value) Add(item);
    } else if constexpr (requires { value.ToString(); }) {
      AddBytes(value.ToString());  // absl::Status.
    } else {                       // Optional or shared.
      AddNumber(value ? 1 : 0);
      if (value) Add(*value);
    }
  }

  /// Of what a decoder keeps in its buffer, that which it has consumed is over.
  template <class T>
  void AddFields(const T& value) {
    absl::string_view buffer;
    value.Fields([&](absl::string_view name, const auto& field) {
      if constexpr (std::same_as<decltype(field), const std::string&>) {
        if (name == "buffer") buffer = field;
        if (name == "buffer") return;
      } else if constexpr (std::same_as<decltype(field), const size_t&>) {
        if (name == "consumed") buffer.remove_prefix(field);
        if (name == "consumed") return;
      }
      Add(field);
    });
    AddBytes(buffer);
  }
  void AddHistory(HistoryId history);
  void AddOperation(zab::OperationId operation);
  void AddConnection(zab::ConnectionId connection);
  /// Without the number of the connection: the bytes that it describes go where its owner says.
  void AddTraceEvent(const zab::TraceEvent& event);

  Names names_;
  std::string bytes_;
};

}  // namespace scenario
