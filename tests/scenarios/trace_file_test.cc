// The trace file: round trips, and the positions of damage.
#include <sstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "scenarios/runner/parse/document.h"
#include "scenarios/runner/run/run.h"
#include "scenarios/runner/trace/block.h"
#include "scenarios/runner/trace/record_codec.h"
#include "scenarios/runner/trace/trace_reader.h"
#include "scenarios/runner/trace/trace_writer.h"

namespace scenario::trace_file_test {

TraceHeader SomeHeader() {
  return {.scenario = "x",
          .digest = "00ff",
          .text = "{\"format\": \"zabsim/1\"}\n",
          .seed = UINT64_MAX,
          .keep_going = true,
          .peer = "p"};
}

/// Records with every column at its minimum, at its maximum, and in between.
std::vector<Record> SomeRecords(uint64_t count) {
  std::vector<Record> records;
  for (uint64_t i = 1; i <= count; ++i) {
    Record record{.id = i, .time = {static_cast<int64_t>(i * i)}, .cause = i / 2};
    record.node.value = static_cast<uint16_t>(i % 3);
    record.event.probe = static_cast<Probe>(i % kProbeCount);
    if (i % 2 == 0) {
      record.event.kind = static_cast<Kind>(i % kKindCount);
      record.event.reason = static_cast<zab::Reason>(i % zab::kReasonCount);
      record.event.zxid = {zab::Epoch{UINT32_MAX}, static_cast<uint32_t>(i)};
      record.event.client = -static_cast<int64_t>(i);
      record.event.code = INT32_MIN;
    }
    if (i % 5 == 0) {
      record.event.peer.value = UINT16_MAX;
      record.event.epoch.value = UINT32_MAX;
      record.event.number = INT64_MIN;
      record.event.txn = UINT64_MAX;
      record.event.tree = i;
      record.event.connection = UINT64_MAX;
    }
    records.push_back(record);
  }
  return records;
}

std::string FileOf(const std::vector<Record>& records) {
  std::ostringstream out;
  TraceWriter writer(out, SomeHeader());
  for (const Record& record : records) writer.Add(record);
  writer.Finish(TraceEnd{.result = "{\"verdict\":\"held\"}", .host = "{}"});
  return out.str();
}

struct Contents {
  absl::Status status;
  TraceHeader header;
  std::vector<Record> records;
  TraceEnd end;
};

Contents Read(const std::string& bytes) {
  std::istringstream in(bytes);
  Contents contents;
  auto reader = TraceReader::Open(in);
  contents.status = reader.status();
  if (!reader.ok()) return contents;
  contents.header = reader->header();
  for (;;) {
    auto record = reader->Next();
    contents.status = record.status();
    if (!record.ok() || !*record) break;
    contents.records.push_back(**record);
  }
  contents.end = reader->end();
  return contents;
}

std::vector<std::string> Texts(const std::vector<Record>& records) {
  std::vector<std::string> texts;
  for (const Record& record : records) texts.push_back(ToString(record));
  return texts;
}

TEST(TraceFile, RoundTrip) {
  const std::vector<Record> records = SomeRecords(20'000);  // Several blocks.
  const Contents contents = Read(FileOf(records));
  ASSERT_TRUE(contents.status.ok()) << contents.status;
  EXPECT_EQ(contents.header, SomeHeader());
  EXPECT_EQ(Texts(contents.records), Texts(records));
  EXPECT_EQ(contents.end.result, "{\"verdict\":\"held\"}");
  EXPECT_EQ(contents.end.host, "{}");
}

TEST(TraceFile, ARunWithoutRecords) {
  const Contents contents = Read(FileOf({}));
  EXPECT_TRUE(contents.status.ok()) << contents.status;
  EXPECT_TRUE(contents.records.empty());
}

TEST(TraceFile, AnInterruptedRunHasAllItsRecordsAndNoEnd) {
  std::ostringstream out;
  TraceWriter writer(out, SomeHeader());
  for (const Record& record : SomeRecords(7)) writer.Add(record);
  writer.Finish(std::nullopt);
  const Contents contents = Read(out.str());
  EXPECT_EQ(contents.records.size(), 7u);
  EXPECT_NE(contents.status.message().find("the end of the run is missing"), std::string::npos)
      << contents.status;
}

TEST(TraceFile, TruncatedAnywhereItSaysSoAndGivesItsCompleteBlocks) {
  const std::vector<Record> records = SomeRecords(6'000);
  const std::string file = FileOf(records);
  size_t most = 0;
  for (size_t size = 0; size < file.size(); size += 97) {
    const Contents contents = Read(file.substr(0, size));
    ASSERT_FALSE(contents.status.ok()) << size;
    if (size >= kTraceMagic.size()) {
      EXPECT_NE(contents.status.message().find("truncated"), std::string::npos) << contents.status;
    }
    for (size_t i = 0; i < contents.records.size(); ++i) {
      ASSERT_EQ(ToString(contents.records[i]), ToString(records[i]));
    }
    EXPECT_GE(contents.records.size(), most);
    most = contents.records.size();
  }
  EXPECT_GT(most, 0u);
  EXPECT_LE(most, records.size());
}

TEST(TraceFile, AnyWrongByteIsDetected) {
  const std::string file = FileOf(SomeRecords(500));
  for (size_t place = 0; place < file.size(); place += 13) {
    std::string damaged = file;
    damaged[place] = static_cast<char>(damaged[place] ^ 0x10);
    EXPECT_FALSE(Read(damaged).status.ok()) << "byte " << place;
  }
}

TEST(TraceFile, ErrorsSayWhatWasFound) {
  const std::string file = FileOf(SomeRecords(3));
  EXPECT_EQ(Read("{\"format\":\"zabsim-trace/1\"}\n").status.message().substr(0, 26),
            "is a trace of version 1 (l");
  EXPECT_EQ(Read("PK\3\4 something else").status.message().substr(0, 14), "is not a trace");
  std::string newer = file;
  newer[kTraceMagic.size()] = 3;
  EXPECT_EQ(Read(newer).status.message(),
            "is a trace of version 3, and this zabsim reads version 2; use the zabsim that wrote "
            "it");
}

TEST(TraceFile, BlocksInTheWrongOrderAreRejected) {
  const std::vector<Record> records = SomeRecords(4);
  const auto file_of = [&](const std::vector<BlockType>& types) {
    std::ostringstream out;
    WriteTraceStart(out);
    for (const BlockType type : types) {
      RecordEncoder encoder;
      for (const Record& record : records) encoder.Add(record);
      const bool header = type == BlockType::kHeader;
      WriteBlock(out, type, header ? ToJson(SomeHeader()) : encoder.Take());
    }
    return Read(out.str()).status;
  };
  using enum BlockType;
  EXPECT_TRUE(file_of({kHeader, kRecords, kEnd, kHost}).ok());
  EXPECT_FALSE(file_of({kRecords, kHeader, kEnd, kHost}).ok());
  EXPECT_FALSE(file_of({kHeader, kRecords, kRecords, kEnd, kHost}).ok());  // Repeated ids.
  EXPECT_FALSE(file_of({kHeader, kRecords, kHost, kEnd}).ok());
  EXPECT_FALSE(file_of({kHeader, kRecords, kEnd}).ok());
}

TEST(TraceFile, AnUnknownValueIsRejected) {
  RecordEncoder encoder;
  Record record{.id = 1};
  record.event.probe = static_cast<Probe>(kProbeCount);
  encoder.Add(record);
  EXPECT_FALSE(DecodeRecords(encoder.Take()).ok());
}

TEST(TraceFile, ItsScenarioGivesTheSameRun) {
  const auto document =
      Document::Load(ZABSIM_SOURCE_DIR "/scenarios/write-path.json", {"/end/virtual=9s"});
  ASSERT_TRUE(document.ok()) << document.status();
  const auto again = Document::Parse(document->Text(), "elsewhere.json");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->digest(), document->digest());
}

}  // namespace scenario::trace_file_test
