// Files that hold what a test wants to see, and their rewriting with ZAB_REWRITE_GOLDEN=1.  Tests
// run side by side: a file is replaced in one piece, and one that several tests share under a lock.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace support {

/// Whether goldens are to be written anew instead of compared; then read the difference, and say
/// in the commit why.
bool RewritesGoldens();

std::string ReadText(const std::string& path);

/// Holds `text` to the file, or puts it there.
void ExpectGolden(const std::string& path, const std::string& text);

/// The same for one line, "<key> <value>", of a file of such lines, sorted by key.
void ExpectGoldenLine(const std::string& path, const std::string& key, const std::string& value);

}  // namespace support
