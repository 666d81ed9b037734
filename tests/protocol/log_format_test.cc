// The exact bytes of the log file, and its reader with arbitrary bytes (REFERENCE.md 13).
#include "protocol/storage/log_format.h"

#include <gtest/gtest.h>

#include "tests/protocol/storage_model.h"

namespace zab {
namespace log_format_test {

using storage_model::History;

struct Sample {
  std::string file = LogHeader();
  std::vector<uint64_t> ends;  // The ends of the header and of each record.
  std::vector<TxnRef> txns;
};

Sample MakeSample(uint32_t count) {
  Sample sample;
  History history;
  sample.ends.push_back(sample.file.size());
  for (uint32_t i = 0; i < count; ++i) {
    sample.txns.push_back(history.Create(Epoch{1}, "/n" + std::to_string(i), "some data"));
    AppendRecord(*sample.txns.back(), sample.file);
    sample.ends.push_back(sample.file.size());
  }
  return sample;
}

// Expects that a prefix of the records was read unchanged; returns its length.
size_t ExpectPrefix(const LogContent& content, const Sample& sample) {
  const size_t count = content.records.size();
  EXPECT_LE(count, sample.txns.size());
  for (size_t i = 0; i < count; ++i) {
    EXPECT_EQ(content.records[i].txn->bytes, sample.txns[i]->bytes);
    EXPECT_EQ(content.records[i].end, sample.ends[i + 1]);
  }
  return count;
}

TEST(LogFormat, ReadsWhatItWrites) {
  const Sample sample = MakeSample(5);
  const LogContent content = ReadLog(sample.file);
  EXPECT_EQ(ExpectPrefix(content, sample), 5u);
  EXPECT_EQ(content.end, LogEnd::kClean);
  EXPECT_EQ(content.valid_length, sample.file.size());
}

TEST(LogFormat, ZerosAfterTheLastRecordAreACleanEnd) {
  const Sample sample = MakeSample(2);
  const LogContent content = ReadLog(sample.file + std::string(5000, '\0'));
  EXPECT_EQ(content.records.size(), 2u);
  EXPECT_EQ(content.end, LogEnd::kClean);
  EXPECT_EQ(content.valid_length, sample.file.size());
}

TEST(LogFormat, ContinuesWhereItStopped) {
  const Sample sample = MakeSample(4);
  const LogContent content = ReadLog(sample.file, sample.ends[2]);
  ASSERT_EQ(content.records.size(), 2u);
  EXPECT_EQ(content.records[0].txn->bytes, sample.txns[2]->bytes);
  EXPECT_EQ(content.valid_length, sample.file.size());
}

// A log cut at any byte is torn or clean, never damaged: a crash alone never causes damage.
TEST(LogFormat, CutAtAnyByteItGivesTheCompleteRecords) {
  const Sample sample = MakeSample(4);
  for (size_t length = 0; length < sample.file.size(); ++length) {
    const std::string cut = sample.file.substr(0, length);
    for (const std::string& file : {cut, cut + std::string(300, '\0')}) {
      const LogContent content = ReadLog(file);
      const size_t count = ExpectPrefix(content, sample);
      EXPECT_NE(content.end, LogEnd::kDamaged) << length << ": " << content.problem;
      // A header of 8 bytes is complete if zeros follow, since the dbid is zero.
      if (length < 8 || file.size() < kLogHeaderSize) {
        EXPECT_EQ(content.end, LogEnd::kTorn) << length;
        EXPECT_EQ(content.valid_length, 0u);
        continue;
      }
      EXPECT_EQ(content.valid_length, sample.ends[count]) << length;
      EXPECT_GT(sample.ends[count + 1], length);
      if (length <= sample.ends[count]) {
        EXPECT_EQ(content.end, LogEnd::kClean) << length;
      }
      EXPECT_EQ(content.end == LogEnd::kTorn, !content.problem.empty());
    }
  }
}

// A bad record that was complete is damage, even the last one, which may have been acknowledged.  A
// prefix is read.
TEST(LogFormat, AnyCorruptByteIsDetected) {
  const Sample sample = MakeSample(4);
  for (size_t position = 0; position < sample.file.size(); ++position) {
    if (position >= 8 && position < kLogHeaderSize) continue;  // The dbid is not checked.
    for (const int flip : {1, 0x80, 0xff}) {
      std::string file = sample.file;
      file[position] = static_cast<char>(file[position] ^ flip);
      const LogContent content = ReadLog(file + std::string(100, '\0'));
      const size_t count = ExpectPrefix(content, sample);
      EXPECT_LT(count, 4u) << position;
      // A crash may leave a zero in place of the end mark.
      const bool looks_torn = file[position] == 0 && position + 1 == sample.file.size();
      EXPECT_EQ(content.end, looks_torn ? LogEnd::kTorn : LogEnd::kDamaged) << position;
    }
  }
}

// Records of one batch that reached the disk out of order: the hole cannot be distinguished from
// bit rot.
TEST(LogFormat, AHoleOfZerosBeforeAGoodRecordIsDamage) {
  const Sample sample = MakeSample(3);
  std::string file = sample.file;
  for (uint64_t i = sample.ends[1]; i < sample.ends[2]; ++i) file[i] = '\0';
  const LogContent content = ReadLog(file);
  EXPECT_EQ(content.records.size(), 1u);
  EXPECT_EQ(content.end, LogEnd::kDamaged);
}

// Garbage after the zeros is removed too; otherwise it might follow records written there later.
TEST(LogFormat, GarbageAfterTheZerosIsATornTail) {
  const Sample sample = MakeSample(2);
  const LogContent content = ReadLog(sample.file + std::string(50, '\0') + "garbage");
  EXPECT_EQ(content.end, LogEnd::kTorn);
  EXPECT_EQ(content.valid_length, sample.file.size());
}

// A complete record of an unsupported type: no crash has torn it.
TEST(LogFormat, AnUnknownTypeIsDamage) {
  Sample sample = MakeSample(1);
  std::string entry(sample.txns[0]->bytes.view());
  entry[31] = 99;
  AppendRecord(Txn{.bytes = Payload(entry)}, sample.file);
  const LogContent content = ReadLog(sample.file);
  EXPECT_EQ(content.records.size(), 1u);
  EXPECT_EQ(content.end, LogEnd::kDamaged);
  EXPECT_NE(content.problem.find("type 99"), std::string::npos) << content.problem;
}

TEST(LogFormat, SurvivesAnyBytes) {
  const Sample sample = MakeSample(4);
  Chooser chooser(1);
  const auto below = [&](uint64_t bound) { return chooser.Below(Stream("fuzz"), Entity{}, bound); };
  for (int round = 0; round < 3000; ++round) {
    std::string file = sample.file + std::string(below(40), '\0');
    for (uint64_t edits = 1 + below(6); edits > 0; --edits) {
      const size_t position = below(file.size());
      const size_t length = below(20);
      switch (below(3)) {
        case 0: file.erase(position, length); break;
        case 1: file.insert(position, length, static_cast<char>(below(256))); break;
        default: file[position] = static_cast<char>(below(256)); break;
      }
      if (file.empty()) file = "x";
    }
    const LogContent content = ReadLog(file);
    EXPECT_LE(content.valid_length, file.size());
  }
}

}  // namespace log_format_test
}  // namespace zab
