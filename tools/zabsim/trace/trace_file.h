// Trace files on the disk: what `zabsim run --trace=FILE` writes and other commands read.  Messages
// name the file.
#pragma once

#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/parse/document.h"
#include "scenarios/runner/trace/trace_reader.h"
#include "scenarios/runner/trace/trace_writer.h"

namespace zabsim {

/// Whether a file begins like a trace of any version; false too if it cannot be read.
bool IsTrace(const std::string& path);

class TraceOutput {
 public:
  /// Creates the file and writes the header.
  absl::Status Open(const std::string& path, const scenario::TraceHeader& header);
  void Write(const scenario::Record& record) { writer_->Add(record); }
  /// `end` as for TraceWriter::Finish.  An error if it could not be written completely.
  absl::Status Close(const std::optional<scenario::TraceEnd>& end);

 private:
  std::string path_;
  std::ofstream file_;
  std::optional<scenario::TraceWriter> writer_;
};

/// A trace and the scenario in it.
class TraceInput {
 public:
  /// kInvalidArgument or kDataLoss: the file is not a readable trace, or its scenario is not valid.
  static absl::StatusOr<std::unique_ptr<TraceInput>> Open(const std::string& path);

  const std::string& path() const { return path_; }
  const scenario::TraceHeader& header() const { return reader_->header(); }
  const scenario::TraceEnd& end() const { return reader_->end(); }
  const scenario::Document& document() const { return *document_; }
  /// As the run executed it.
  const scenario::Scenario& scenario() const { return scenario_; }
  /// As TraceReader::Next.
  absl::StatusOr<std::optional<scenario::Record>> Next();
  /// kInvalidArgument if the digest of the scenario is not the trace's: defaults have changed
  /// since, and a run would differ.
  absl::Status CheckDigest() const;

 private:
  TraceInput() = default;

  std::string path_;
  std::ifstream file_;
  std::optional<scenario::TraceReader> reader_;
  std::optional<scenario::Document> document_;
  scenario::Scenario scenario_;
};

}  // namespace zabsim
