// What Inspect tells beside what is wrong; no part of the interface.
#pragma once

#include "protocol/inspection/inspect.h"

namespace zab {

/// Adds the hints for `image`, of which `out` has all but the health.
void AddHints(const DirectoryImage& image, size_t max_record, Inspection& out);

/// Whether a hint by itself makes a directory damaged.
bool IsDamage(Hint hint);

}  // namespace zab
