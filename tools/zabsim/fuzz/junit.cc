// Suites that the schemas of Ant and of Jenkins both accept: Ant's requires times, a host and
// properties, and has no skipped tests.
#include "tools/zabsim/fuzz/junit.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/cli/words.h"

namespace zabsim {
namespace {

std::string XmlText(absl::string_view text) {
  std::string clean;
  for (const char c : text) {  // No other control characters are allowed in XML.
    if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') clean.push_back(c);
  }
  return absl::StrReplaceAll(clean,
                             {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

class JUnitSuite {
 public:
  JUnitSuite(absl::string_view name, const CampaignView& view) : name_(XmlText(name)) {
    AddProperty("root_seed", absl::StrCat(view.plan.root_seed));
    AddProperty("streams", absl::StrCat(zab::kStreamsVersion));
  }

  void AddProperty(absl::string_view name, absl::string_view value) {
    absl::StrAppend(&properties_, "      <property name=\"", name, "\" value=\"", XmlText(value),
                    "\"/>\n");
  }
  void AddHeld(absl::string_view name, uint64_t cpu_nanoseconds = 0) {
    milliseconds_ += cpu_nanoseconds / 1'000'000;
    AddCase(name, "", cpu_nanoseconds / 1'000'000);
  }
  /// `code`: an exit code; a fault of zabsim itself counts as an error, everything else as a
  /// failure.
  void AddFailed(absl::string_view name, int code, absl::string_view message,
                 absl::string_view more) {
    const bool error = code == kExitOwnBug;
    ++(error ? errors_ : failures_);
    const char* element = error ? "error" : "failure";
    AddCase(name,
            absl::StrCat("<", element, " message=\"", XmlText(message), "\" type=\"exit code ",
                         code, "\">", XmlText(more), "</", element, ">"),
            0);
  }

  /// `id` counts the suites from 0.
  std::string ToXml(size_t id) const {
    const std::string now = absl::FormatTime("%Y-%m-%dT%H:%M:%S", absl::Now(), absl::UTCTimeZone());
    return absl::StrCat(
        "  <testsuite package=\"zabsim\" id=\"", id, "\" name=\"", name_, "\" timestamp=\"", now,
        "\" hostname=\"localhost\" tests=\"", tests_, "\" failures=\"", failures_, "\" errors=\"",
        errors_, "\" time=\"", Seconds(milliseconds_), "\">\n    <properties>\n", properties_,
        "    </properties>\n", cases_, "    <system-out/>\n    <system-err/>\n  </testsuite>\n");
  }

 private:
  static std::string Seconds(uint64_t milliseconds) {
    return absl::StrFormat("%d.%03d", milliseconds / 1000, milliseconds % 1000);
  }
  void AddCase(absl::string_view name, absl::string_view inside, uint64_t milliseconds) {
    ++tests_;
    absl::StrAppend(&cases_, "    <testcase classname=\"", name_, "\" name=\"", XmlText(name),
                    "\" time=\"", Seconds(milliseconds), "\"");
    absl::StrAppend(&cases_, inside.empty() ? "/>\n" : absl::StrCat(">", inside, "</testcase>\n"));
  }

  std::string name_;
  std::string properties_, cases_;
  uint64_t milliseconds_ = 0;  // Of a processor.
  size_t tests_ = 0, failures_ = 0, errors_ = 0;
};

std::string MoreOf(const CampaignView& view, const Finding& finding) {
  return absl::StrCat(ReproducingCommand(view, finding), "\n", Grouped(finding.runs), " runs, ",
                      ConfirmedText(finding), "\n", SmallText(view, finding));
}

JUnitSuite SuiteOfFile(const CampaignView& view, size_t file) {
  const FileTally& tally = view.progress.files()[file];
  JUnitSuite suite(view.documents[file].scenario().id, view);
  suite.AddHeld(absl::StrCat(tally.runs, " runs"), tally.cpu_nanoseconds);
  for (const Finding* finding : InOrder(view.findings)) {
    const Failure& failure = finding->failure;
    if (failure.file != view.plan.files[file].path) continue;
    suite.AddFailed(failure.signature, finding->ExitCode(), failure.first, MoreOf(view, *finding));
  }
  return suite;
}

JUnitSuite SuiteOfCorpus(const CampaignView& view) {
  JUnitSuite suite("corpus", view);
  for (const CorpusFile& file : view.corpus) {
    const auto& failures = view.findings.failures();
    const auto failure = std::ranges::find_if(failures, [&](const Failure& each) {
      return each.strategy == kCorpusStrategy && each.file == file.path;
    });
    if (file.stale) suite.AddProperty("stale", file.path);
    if (failure == failures.end()) {
      suite.AddHeld(file.path);
    } else {
      suite.AddFailed(file.path, failure->code, failure->first, failure->signature);
    }
  }
  return suite;
}

JUnitSuite SuiteOfCoverage(const CampaignView& view) {
  JUnitSuite suite("coverage", view);
  const int code = ExitCodeOf(scenario::RunVerdict::kVacuous);
  for (const std::string& line : Vacuities(view)) suite.AddFailed(line, code, "vacuous", "");
  if (Vacuities(view).empty()) suite.AddHeld("what must be reached was reached");
  return suite;
}

}  // namespace

std::string JUnitXml(const CampaignView& view) {
  std::vector<JUnitSuite> suites;
  suites.reserve(view.plan.files.size() + 2);
  for (size_t i = 0; i < view.plan.files.size(); ++i) suites.push_back(SuiteOfFile(view, i));
  if (!view.corpus.empty()) suites.push_back(SuiteOfCorpus(view));
  suites.push_back(SuiteOfCoverage(view));
  std::string xml;
  for (size_t i = 0; i < suites.size(); ++i) xml += suites[i].ToXml(i);
  return absl::StrCat("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", xml,
                      "</testsuites>\n");
}

}  // namespace zabsim
