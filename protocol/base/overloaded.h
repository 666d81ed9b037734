// Overloaded: one handler per alternative of a std::variant, for std::visit.  An alternative
// without a handler does not compile.
#pragma once

namespace zab {

template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

}  // namespace zab
