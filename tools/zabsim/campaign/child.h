// Child: a process that runs this program and answers in lines.  If it crashes, fails a check,
// hangs or runs out of memory, the parent is told and goes on.
#pragma once

#include <poll.h>
#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace zabsim {

class Child {
 public:
  Child() = default;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  /// Kills it if it is running.
  ~Child() { Kill(); }

  /// Runs this program with those arguments.  It dies with its parent; Ctrl-C does not reach it,
  /// and it ignores SIGTERM, unless it catches it.
  absl::Status Spawn(const std::vector<std::string>& arguments);
  bool running() const { return pid_ > 0; }
  /// Writes a line to its standard input.  If the child has ended, Read says so.
  void Send(absl::string_view line);
  /// No more lines will follow: it may end.
  void CloseInput();
  /// As Ctrl-C: asks it to end.
  void Interrupt();
  void Kill();

  /// Two descriptors to wait for, of its outputs; a closed one is negative.
  void AddTo(std::vector<pollfd>& waiting) const;
  /// Reads what is available.  False: it has ended, and ending() says how.
  bool Read();
  /// The next whole line that it wrote.
  std::optional<std::string> TakeLine();
  /// Processor time that it has used; 0 when it has ended.
  std::chrono::nanoseconds cpu() const;
  /// What it wrote to standard error, the end of it.
  const std::string& errors() const { return errors_; }
  /// Ended from outside: by a signal (SIGKILL, SIGTERM), or by the machine when memory ran out;
  /// only when Read said that it has ended.
  bool WasKilled() const;
  /// None if a signal has ended it; only when Read said that it has ended.
  std::optional<int> exit_code() const;
  bool EndedWell() const { return exit_code() == 0; }
  /// "exit code 70", "signal 11 (Segmentation fault)"; only when Read said that it has ended.
  std::string ending() const;

 private:
  void Close(int& file);
  bool Drain(int& file, std::string& into);

  pid_t pid_ = 0;
  int input_ = -1, output_ = -1, error_ = -1;
  int status_ = 0;
  std::string lines_;
  std::string errors_;
};

}  // namespace zabsim
