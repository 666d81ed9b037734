// Small exchanges between servers, message by message.  A file of tests/golden/exchanges is a list
// of blocks: commands, a line of four dashes, and the transcript.  ZAB_REWRITE_GOLDEN=1 rewrites
// the files; read the difference before committing it.  Commands:
//
//   voters 1 2 3                the ensemble; first of all
//   disk 1 epoch 2 1:1 1:2 2:1  what the disk of n1 holds: both epochs, and the log
//   start 1 2                   servers start
//   crash 1                     a server stops; its disk stays
//   run 500ms                   for so long
//   write 2 /a                  a client of n2 creates /a
//   lose 3 COMMIT               from now on messages of that kind to n3 are lost
//   limit force_snapshot_sync   that setting of all servers, before they start
//
// Heartbeats and most trace events that are not messages are left out.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tests/support/ensemble.h"
#include "tests/support/golden.h"

namespace zab::exchanges_test {
namespace {

const std::string kFolder = ZABSIM_SOURCE_DIR "/tests/golden/exchanges/";

using Words = std::vector<std::string>;

std::string NameOf(ServerId server) {
  return absl::StrCat("n", server.value);
}

ServerId ServerOf(const std::string& word) {
  int id = 0;
  EXPECT_TRUE(absl::SimpleAtoi(word, &id)) << word;
  return {static_cast<uint16_t>(id)};
}

Zxid ZxidOf(const std::string& word) {
  const std::vector<std::string> parts = absl::StrSplit(word, ':');
  uint32_t epoch = 0, counter = 0;
  EXPECT_TRUE(parts.size() == 2 && absl::SimpleAtoi(parts[0], &epoch) &&
              absl::SimpleAtoi(parts[1], &counter))
      << word;
  return {Epoch{epoch}, counter};
}

/// The events other than messages that are shown.
bool IsShown(Probe probe) {
  constexpr Probe kShown[] = {Probe::kRecovered,     Probe::kElected,     Probe::kEpochPersisted,
                              Probe::kSyncDecided,   Probe::kTruncated,   Probe::kSnapReceived,
                              Probe::kSnapInstalled, Probe::kEstablished, Probe::kServing,
                              Probe::kProposed,      Probe::kSynced,      Probe::kCommitted,
                              Probe::kDelivered,     Probe::kReplied,     Probe::kIgnored,
                              Probe::kAbandoned,     Probe::kQuorumLost};
  return std::ranges::count(kShown, probe) > 0;
}

/// The columns that are not empty, without digests.
std::string Columns(const TraceEvent& event) {
  std::string text;
  if (event.reason != Reason::kNone) absl::StrAppend(&text, " ", Name(event.reason));
  if (event.epoch != Epoch{}) absl::StrAppend(&text, " epoch=", ToString(event.epoch));
  if (event.zxid != Zxid{}) absl::StrAppend(&text, " zxid=", ToString(event.zxid));
  return text;
}

class Exchange {
 public:
  /// Performs one command and adds what happens to the transcript.
  void Take(const Words& words) {
    const std::string& verb = words[0];
    const Words rest(words.begin() + 1, words.end());
    if (verb == "voters") return Begin(rest);
    if (verb == "disk") return GiveDisk(rest);
    if (verb == "limit") return SetLimit(rest[0]);
    if (verb == "lose") return lost_.push_back({ServerOf(rest[0]), rest[1]});
    if (verb == "start") {
      for (const std::string& word : rest) ensemble_->Start(ServerOf(word));
      return;
    }
    if (verb == "crash") return ensemble_->Crash(ServerOf(rest[0]));
    if (verb == "write") return Write(ServerOf(rest[0]), rest[1]);
    int milliseconds = 0;
    ASSERT_TRUE(verb == "run" && rest[0].ends_with("ms") &&
                absl::SimpleAtoi(rest[0].substr(0, rest[0].size() - 2), &milliseconds))
        << absl::StrJoin(words, " ");
    ensemble_->RunFor(Milliseconds(milliseconds));
  }

  std::string TakeTranscript() { return std::exchange(transcript_, ""); }

 private:
  void Begin(const Words& ids) {
    std::vector<uint16_t> numbers;
    for (const std::string& word : ids) numbers.push_back(ServerOf(word).value);
    ensemble_.emplace(numbers);
    voters_ = numbers;
    ensemble_->on_input = [this](ServerId to, const Input& input) { ShowInput(to, input); };
    ensemble_->on_effect = [this](ServerId from, const Effect& effect) {
      if (const auto* trace = std::get_if<Trace>(&effect)) ShowTrace(from, trace->event);
    };
    ensemble_->may_pass = [this](ServerId, ServerId to, const Payload& bytes) {
      return !IsLost(to, bytes);
    };
  }

  void GiveDisk(const Words& words) {
    uint32_t epoch = 0;
    ASSERT_TRUE(words[1] == "epoch" && absl::SimpleAtoi(words[2], &epoch));
    std::vector<Zxid> zxids;
    for (size_t i = 3; i < words.size(); ++i) zxids.push_back(ZxidOf(words[i]));
    ensemble_->GiveDisk(ServerOf(words[0]), Epoch{epoch}, zxids);
  }

  void SetLimit(const std::string& name) {
    ASSERT_EQ(name, "force_snapshot_sync");
    for (const uint16_t id : voters_) {
      ensemble_->at({id}).config.limits.force_snapshot_sync = true;
    }
  }

  void Write(ServerId to, const std::string& path) {
    const ConnectionId client = ensemble_->ConnectClient(to);
    ensemble_->Push(to, ClientRequest{client, 1, {.type = OpType::kCreate, .path = path}});
    Say(absl::StrCat("client -> ", NameOf(to), " create ", path));
  }

  bool IsLost(ServerId to, const Payload& bytes) {
    for (const auto& [server, kind] : lost_) {
      if (server != to) continue;
      const std::optional<Kind> found = QuorumKind(bytes);
      if (!found || Name(*found) != kind) continue;
      Say(absl::StrCat("lost: ", kind, " to ", NameOf(to)));
      return true;
    }
    return false;
  }

  /// A notification; all other messages are shown where they are read.
  void ShowInput(ServerId to, const Input& input) {
    const auto* received = std::get_if<Received>(&input);
    if (received == nullptr) return;
    constexpr size_t kLength = 4;  // Of a frame.
    const absl::string_view bytes = received->bytes.view();
    if (bytes.size() < kLength) return;
    const auto told = DecodeNotification(bytes.substr(kLength));
    if (!told.ok()) return;
    constexpr absl::string_view kStates[] = {"looking", "following", "leading", "observing"};
    Say(absl::StrCat(NameOf(ensemble_->Other(to, received->connection)), " -> ", NameOf(to),
                     " NOTIFICATION ", kStates[static_cast<size_t>(told->state)], " leader=",
                     NameOf(told->leader), " zxid=", told->zxid ? ToString(*told->zxid) : "-1",
                     " epoch=", ToString(told->peer_epoch), " round=", told->round));
  }

  void ShowTrace(ServerId self, const TraceEvent& event) {
    if (event.probe == Probe::kMsgDelivered && event.kind != Kind::kPingMessage &&
        event.kind != Kind::kNotificationMessage) {
      Say(absl::StrCat(NameOf(event.peer), " -> ", NameOf(self), " ", Name(event.kind),
                       Columns(event)));
    }
    // Of what is ignored only messages count, and no votes: each election has some that come late.
    const bool message = event.kind != Kind::kNone && event.kind != Kind::kNotificationMessage;
    if (!IsShown(event.probe) || (event.probe == Probe::kIgnored && !message)) return;
    std::string text = absl::StrCat("  ", NameOf(self), " ", Name(event.probe));
    if (event.kind != Kind::kNone) absl::StrAppend(&text, " ", Name(event.kind));
    if (event.peer != ServerId{}) absl::StrAppend(&text, " ", NameOf(event.peer));
    Say(text + Columns(event));
  }

  void Say(const std::string& line) { absl::StrAppend(&transcript_, line, "\n"); }

  std::optional<Ensemble> ensemble_;
  std::vector<uint16_t> voters_;
  std::vector<std::pair<ServerId, std::string>> lost_;
  std::string transcript_;
};

/// The file with its transcripts replaced by new ones.
std::string Replay(const std::string& text) {
  std::string written;
  Exchange exchange;
  bool commands = true;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line == "----") {
      absl::StrAppend(&written, "----\n", exchange.TakeTranscript());
      commands = false;
    } else if (line.empty() || line[0] == '#') {
      absl::StrAppend(&written, line, "\n");
      commands = true;
    } else if (commands) {
      absl::StrAppend(&written, line, "\n");
      exchange.Take(absl::StrSplit(line, ' '));
    }
  }
  return written;
}

class Exchanges : public testing::TestWithParam<std::string> {};

TEST_P(Exchanges, AreAsWrittenDown) {
  const std::string path = kFolder + GetParam() + ".txt";
  support::ExpectGolden(path, Replay(support::ReadText(path)));
}

std::vector<std::string> Files() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".txt") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Golden, Exchanges, testing::ValuesIn(Files()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace zab::exchanges_test
