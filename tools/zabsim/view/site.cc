// Pages are named after the ids of their stories, and link to their neighbours.
#include "tools/zabsim/view/site.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "scenarios/runner/parse/document.h"
#include "tools/zabsim/campaign/file_io.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/view/page.h"
#include "tools/zabsim/view/recorded_run.h"

namespace zabsim {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr char kIndexName[] = "index.html";

struct LessonFile {
  std::string path;
  scenario::Scenario scenario;

  bool has_bug() const { return scenario.known_bug.has_value(); }
  std::string Href(const char* ending = "") const {
    return absl::StrCat(absl::StrReplaceAll(scenario.id, {{"/", "-"}}), ending, ".html");
  }
  PageLink Link(const char* ending = "") const { return {Href(ending), scenario.title}; }
};

/// The suffixes of its pages; links from other pages lead to the first.
std::vector<const char*> EndingsOf(const LessonFile& lesson) {
  if (!lesson.has_bug()) return {""};
  return {"", "-fixed"};
}

absl::StatusOr<std::vector<LessonFile>> FindLessons(const std::string& folder) {
  const std::vector<std::string> paths = ScenarioFiles(folder);
  std::vector<LessonFile> lessons;
  for (const std::string& path : paths) {
    const auto document = scenario::Document::Load(path);
    if (!document.ok()) return document.status();
    if (document->scenario().lesson) lessons.push_back({path, document->scenario()});
  }
  if (lessons.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        folder,
        ": --all wants a folder with scenarios that have a `lesson` block, found none among ",
        paths.size(), " files; without --all `zabsim view` shows any run"));
  }
  const auto place = [](const LessonFile& lesson) {
    return std::tuple(lesson.scenario.lesson->order, lesson.scenario.id);
  };
  std::ranges::sort(lessons, {}, place);
  return lessons;
}

PagePlace PlaceOf(const std::vector<LessonFile>& lessons, size_t at, const char* ending) {
  const LessonFile& lesson = lessons[at];
  PagePlace place{.index = kIndexName};
  if (at > 0) place.previous = lessons[at - 1].Link();
  if (at + 1 < lessons.size()) place.next = lessons[at + 1].Link();
  if (!lesson.has_bug()) return place;
  if (*ending == '\0') place.without_bug = lesson.Link(EndingsOf(lesson).back());
  if (*ending != '\0') place.with_bug = lesson.Link();
  return place;
}

uint64_t MissedStops(const RecordedRun& run) {
  const Json result = Json::parse(run.result);
  return static_cast<uint64_t>(std::ranges::count(result["lesson"], Json(0)));
}

std::string IndexOf(const std::vector<LessonFile>& lessons) {
  Json meta = Json::array();
  for (const LessonFile& lesson : lessons) {
    const scenario::Scenario& scenario = lesson.scenario;
    meta.push_back({{"href", lesson.Href()},
                    {"scenario", scenario.id},
                    {"order", scenario.lesson->order},
                    {"title", {{"en", scenario.title.en}, {"zh", scenario.title.zh}}},
                    {"doc", {{"en", scenario.doc.en}, {"zh", scenario.doc.zh}}},
                    {"questions", scenario.lesson->stops.size()},
                    {"bug", scenario.known_bug ? scenario.known_bug->id : ""}});
  }
  return absl::StrReplaceAll(SiteTemplate(), {{"@META@", ForScript(meta.dump())}});
}

class SiteMaker {
 public:
  SiteMaker(const SiteOptions& options, const std::function<bool(const SitePage&)>& made)
      : options_(options), made_(made) {}

  absl::StatusOr<Site> Make() {
    const auto lessons = FindLessons(options_.folder);
    if (!lessons.ok()) return lessons.status();
    std::error_code error;
    fs::create_directories(options_.out, error);
    if (error) {
      return absl::InvalidArgumentError(
          absl::StrCat(options_.out, ": ", error.message(), "; -o wants a folder to write to"));
    }
    for (size_t at = 0; at < lessons->size() && site_.whole; ++at) {
      if (absl::Status status = MakePages(*lessons, at); !status.ok()) return status;
    }
    if (!site_.whole) return site_;
    absl::Status status = ReplaceFile(PathOf(kIndexName), IndexOf(*lessons));
    if (!status.ok()) return status;
    return site_;
  }

 private:
  std::string PathOf(const std::string& name) const {
    return absl::StrCat(options_.out, "/", name);
  }

  absl::Status MakePages(const std::vector<LessonFile>& lessons, size_t at) {
    const LessonFile& lesson = lessons[at];
    for (const char* ending : EndingsOf(lesson)) {
      const bool fixed = *ending != '\0';
      auto run = LoadRun(lesson.path, {.bug = fixed ? "none" : ""});
      if (!run.ok()) return run.status();
      const uint64_t missed = MissedStops(*run);
      if (fixed) run->scenario.lesson.reset();  // It asks about what goes wrong.
      const Page page = PageOf(*run, options_.page, PlaceOf(lessons, at, ending));
      const std::string name = lesson.Href(ending);
      if (absl::Status status = ReplaceFile(PathOf(name), page.html); !status.ok()) return status;
      ++site_.pages;
      site_.whole = made_({name, page.html.size(), fixed ? 0 : missed});
      if (!site_.whole) break;
    }
    return absl::OkStatus();
  }

  const SiteOptions& options_;
  const std::function<bool(const SitePage&)>& made_;
  Site site_;
};

}  // namespace

absl::StatusOr<Site> MakeSite(const SiteOptions& options,
                              const std::function<bool(const SitePage&)>& made) {
  return SiteMaker(options, made).Make();
}

}  // namespace zabsim
