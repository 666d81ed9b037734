// The page of `zabsim view`: the viewer (tools/viewer) with one run in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "tools/zabsim/view/detail.h"
#include "tools/zabsim/view/recorded_run.h"

namespace zabsim {

/// The viewer with the placeholders @META@ and @DATA@, as the build makes it from tools/viewer and
/// tools/captions.
std::string ViewerTemplate();
/// The index of a site, with the placeholder @META@.
std::string SiteTemplate();

/// Another page of the site.
struct PageLink {
  std::string href;
  scenario::Text title;
};

/// The place of a page in a site.
struct PagePlace {
  std::string index;  // Its address.
  std::optional<PageLink> previous;
  std::optional<PageLink> next;
  std::optional<PageLink> without_bug;  // The same story, of a page with a bug ...
  std::optional<PageLink> with_bug;     // ... and of the one without.
};

struct Page {
  std::string html;
  Detail detail = Detail::kAll;
  uint64_t records = 0;    // Those embedded.
  bool other_run = false;  // The lesson's questions are about another run, and left out.
};

/// JSON text as it may stand inside of <script>: the same value, without any `<`, which might begin
/// a comment, another script, or the end of that element.
std::string ForScript(absl::string_view json);

struct PageOptions {
  uint64_t events = 300'000;  // The most that it has; of a longer run it leaves things out.
  std::string language;       // "en" or "zh"; empty: that of the browser.
};

/// `place`: none for a single page.
Page PageOf(const RecordedRun& run, const PageOptions& options,
            const std::optional<PagePlace>& place = std::nullopt);

}  // namespace zabsim
