// Golden files: the expected output of a test, rewritten with ZAB_REWRITE_GOLDEN=1.  Since tests
// run in parallel, files are replaced atomically; a file shared by several tests, under a lock.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace support {

/// Whether goldens are rewritten instead of compared.  Read the difference, and give the reason in
/// the commit.
bool RewritesGoldens();

std::string ReadText(const std::string& path);

/// Compares `text` with the file, or rewrites the file.
void ExpectGolden(const std::string& path, const std::string& text);

/// The same for one line, "<key> <value>", of a file of such lines, sorted by key.
void ExpectGoldenLine(const std::string& path, const std::string& key, const std::string& value);

}  // namespace support
