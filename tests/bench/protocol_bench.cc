// The cost of a message and of a log record.
#include <benchmark/benchmark.h>

#include "protocol/storage/log_format.h"
#include "protocol/storage/log_writer.h"
#include "protocol/wire/codec.h"

namespace {

zab::TxnRef SampleTxn(uint32_t counter) {
  return zab::MakeTxn({.client_id = 1, .cxid = 1, .zxid = {zab::Epoch{1}, counter}},
                      zab::SetDataTxn{.path = "/k/3", .data = std::string(64, 'x'), .version = 7},
                      uint64_t{0x51c6d660});
}

void BM_EncodeProposal(benchmark::State& state) {
  const zab::Message message = zab::Proposal{SampleTxn(1)};
  for (auto _ : state) benchmark::DoNotOptimize(zab::Encode(message));
}
BENCHMARK(BM_EncodeProposal);

void BM_DecodeProposal(benchmark::State& state) {
  const zab::Payload bytes = zab::Encode(zab::Proposal{SampleTxn(1)});
  zab::QuorumDecoder decoder(zab::ReadingEnd::kLearner);
  for (auto _ : state) {
    decoder.Feed(bytes.view());
    benchmark::DoNotOptimize(decoder.Next());
  }
}
BENCHMARK(BM_DecodeProposal);

/// One transaction through the log writer, with a disk that completes at once.
void BM_LogAppend(benchmark::State& state) {
  const zab::Limits limits;
  zab::LogWriter log;
  zab::IdCounters ids;
  zab::Effects effects;
  uint32_t counter = 0;
  for (auto _ : state) {
    zab::Outbox out(ids, effects);
    log.Append(SampleTxn(++counter), limits, out);
    const zab::FileDone done{.operation = zab::OperationId{ids.operation}};
    log.OnFileDone(done, limits, out);
    effects.clear();
  }
}
BENCHMARK(BM_LogAppend);

}  // namespace
