// Strings and long lists as text.
#include "protocol/base/fields.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace zab::internal {
namespace {

constexpr size_t kBytesShown = 48;

}  // namespace

void AppendQuoted(absl::string_view text, std::string& out) {
  absl::StrAppend(&out, "\"", absl::CHexEscape(text.substr(0, kBytesShown)), "\"");
  if (text.size() <= kBytesShown) return;
  absl::StrAppend(&out, "...", text.size(), "#", ToString(Hash128Of(text)));
}

void AppendElided(size_t count, absl::string_view rest, std::string& out) {
  absl::StrAppend(&out, " ...", count, "#", ToString(Hash128Of(rest)));
}

}  // namespace zab::internal
