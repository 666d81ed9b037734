// The exact bytes of the log file, and its reader with arbitrary bytes (REFERENCE.md 13).
#include "protocol/storage/log_format.h"

#include <gtest/gtest.h>

#include <algorithm>

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
    if (position >= 4 && position < kLogHeaderSize) continue;  // The rest is not checked.
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

// Nobody writes there: it is no tail of ours.
TEST(LogFormat, GarbageAfterTheZerosIsDamage) {
  const Sample sample = MakeSample(2);
  const LogContent content = ReadLog(sample.file + std::string(50, '\0') + "garbage");
  EXPECT_EQ(content.end, LogEnd::kDamaged);
  EXPECT_EQ(content.valid_length, sample.file.size());
}

// Only what ZooKeeper and this code write can be torn.
TEST(LogFormat, ForeignBytesAreDamage) {
  const Sample sample = MakeSample(2);
  const std::string record = sample.file.substr(sample.ends[1], sample.ends[2] - sample.ends[1]);
  for (const std::string& file :
       {std::string("garbage"), std::string(20'000, 'x'), "ZKLG" + std::string(100, 'x'),
        "ZKSN" + sample.file.substr(4), std::string(16, '\0') + record, sample.file + "x",
        sample.file + record.substr(0, 40) + "text",
        sample.file + std::string(8, '\0') + std::string(40, '\xff')}) {
    EXPECT_EQ(ReadLog(file).end, LogEnd::kDamaged) << file.size();
  }
  EXPECT_EQ(ReadLog(std::string(20'000, '\0')).end, LogEnd::kTorn) << "space that was made for it";
}

/// Two records, of which the second fills several sectors; those in `lost` are zeros.
std::string WithLostSectors(uint32_t lost) {
  History history;
  std::string file = LogHeader();
  AppendRecord(*history.Create(Epoch{1}, "/small"), file);
  AppendRecord(*history.Create(Epoch{1}, "/large", std::string(2'000, 'x')), file);
  const size_t small = ReadLog(file).records[0].end;
  for (size_t i = small; i < file.size(); ++i) {
    if (lost >> (i / 512) & 1) file[i] = 0;
  }
  return file;
}

// A crash that writes sectors back in any order may lose each of those that were not synced.
TEST(LogFormat, SectorsOfTheLastRecordMayBeLost) {
  for (uint32_t lost = 0; lost < 32; ++lost) {
    const LogContent content = ReadLog(WithLostSectors(lost) + std::string(700, '\0'));
    const bool has_length = (lost & 1) == 0;
    const bool has_mark = (lost & 16) == 0;
    const LogEnd incomplete = has_length && has_mark ? LogEnd::kDamaged : LogEnd::kTorn;
    EXPECT_EQ(content.end, lost == 0 || lost == 31 ? LogEnd::kClean : incomplete) << lost;
    EXPECT_EQ(content.records.size(), lost == 0 ? 2u : 1u);
  }
}

TEST(LogFormat, SectorsOfRecordsAfterItMayBeLeft) {
  const std::string lost = WithLostSectors(16);  // Its end mark.
  const std::string file = lost + std::string(8 * 512 - lost.size(), '\0');
  History history;
  std::string next;
  AppendRecord(*history.Create(Epoch{2}, "/next", std::string(700, 'x')), next);
  EXPECT_EQ(ReadLog(file + next.substr(0, 512)).end, LogEnd::kTorn);
  EXPECT_EQ(ReadLog(file + next.substr(512)).end, LogEnd::kTorn);
  EXPECT_EQ(ReadLog(file + next).end, LogEnd::kDamaged);
}

TEST(LogFormat, PartOfASectorIsNotLost) {
  std::string file = WithLostSectors(16);
  EXPECT_EQ(ReadLog(file).end, LogEnd::kTorn);
  const size_t begin = ReadLog(file).valid_length;
  std::fill(file.begin() + static_cast<std::ptrdiff_t>(begin), file.begin() + 300, '\0');
  EXPECT_EQ(ReadLog(file).end, LogEnd::kDamaged);
}

// Whatever stands before it may have been acknowledged.
TEST(LogFormat, AGoodRecordAfterALostSectorIsDamage) {
  History history;
  std::string good;
  AppendRecord(*history.Create(Epoch{2}, "/good"), good);
  const std::string file = WithLostSectors(1 | 16);
  EXPECT_EQ(ReadLog(file + std::string(5, 'x')).end, LogEnd::kTorn);
  EXPECT_EQ(ReadLog(file + good).end, LogEnd::kDamaged);
  EXPECT_EQ(ReadLog(file + good + std::string(5, 'x')).end, LogEnd::kDamaged);
}

TEST(LogFormat, TheHeaderIsInASectorThatMayBeLost) {
  std::string file = WithLostSectors(0);
  std::fill(file.begin(), file.begin() + 512, '\0');
  EXPECT_EQ(ReadLog(file).end, LogEnd::kTorn);
  EXPECT_EQ(ReadLog(file).valid_length, 0u);
  AppendRecord(*History().Create(Epoch{2}, "/good"), file);
  EXPECT_EQ(ReadLog(file).end, LogEnd::kDamaged);
}

TEST(LogFormat, TheVersionInTheHeaderIsNotLookedAt) {
  Sample sample = MakeSample(3);
  for (const char version : {'\1', '\x7f'}) {
    sample.file[7] = version;
    const LogContent content = ReadLog(sample.file);
    EXPECT_EQ(content.records.size(), 3u);
    EXPECT_EQ(content.end, LogEnd::kClean);
  }
}

// A client decides what stands in a record that is torn: it may look like many records.
TEST(LogFormat, LooksAtEachByteAFewTimes) {
  const Sample sample = MakeSample(1);
  for (const size_t size : {1'000u, 100'000u, 1'000'000u}) {
    std::string record = sample.file.substr(sample.ends[0]);
    record[4] ^= 1;  // Its checksum: not this.
    record[9] = static_cast<char>((size + 100) >> 16);
    record[10] = static_cast<char>((size + 100) >> 8);
    while (record.size() < size) record += std::string("\0\0\0\0\0\0\0\1\0\0\0\x20", 12);
    record += 'x';
    const LogContent content = ReadLog(sample.file + record);
    EXPECT_EQ(content.end, LogEnd::kTorn) << content.problem;
    EXPECT_LT(content.looked_at, 4 * (sample.file.size() + record.size()));
    // The same with the length lost.
    const std::string lost = sample.file + std::string(1024 - sample.file.size(), '\0') + record;
    EXPECT_LT(ReadLog(lost).looked_at, 4 * lost.size());
  }
}

TEST(LogFormat, HowLongAnEntryMayBeIsSaid) {
  History history;
  std::string file = LogHeader();
  AppendRecord(*history.Create(Epoch{1}, "/large", std::string(2 << 20, 'x')), file);
  const LogContent refused = ReadLog(file);
  EXPECT_EQ(refused.end, LogEnd::kDamaged);
  EXPECT_EQ(refused.problem, "impossible length record at byte 16");
  EXPECT_EQ(ReadLog(file, 0, 4 << 20).records.size(), 1u);
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
