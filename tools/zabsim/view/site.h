// A site of lessons: a page for each story with a `lesson` block, and an index.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "tools/zabsim/view/page.h"

namespace zabsim {

struct SiteOptions {
  std::string folder;  // With scenarios, also in folders below it.
  std::string out;     // A folder; made if it is missing.
  PageOptions page;
};

/// The result of one page.
struct SitePage {
  std::string name;
  uint64_t bytes = 0;
  uint64_t missed = 0;  // Stops of the lesson that the run has not come to.
};

struct Site {
  uint64_t pages = 0;  // Without the index.
  bool whole = true;   // False: it was interrupted.
};

/// Stories in the order of lesson.order; the story of a bug has two pages, with the bug and
/// without.  `made` is called for each page and returns false to stop; a page is written completely
/// or not at all.  kInvalidArgument: a file is wrong, or none has a lesson.
absl::StatusOr<Site> MakeSite(const SiteOptions& options,
                              const std::function<bool(const SitePage&)>& made);

}  // namespace zabsim
