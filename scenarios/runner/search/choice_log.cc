// Each draw is written as hex digits, since 64 bits do not fit into a JSON number.
#include "scenarios/runner/search/choice_log.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace scenario {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kChoicesFormat[] = "zabsim-choices/1";

std::pair<uint64_t, uint64_t> KeyOf(zab::Stream stream, zab::Entity entity) {
  return {stream.hash, entity.value};
}

std::string HexOf(uint64_t bits) {
  return absl::StrCat(absl::Hex(bits, absl::kZeroPad16));
}

/// Throws Json::exception, like the JSON library.
[[noreturn]] void Refuse(const std::string& wanted, const Json& found) {
  throw Json::other_error::create(501, absl::StrCat("wanted ", wanted, ", found ", found.dump()),
                                  &found);
}

uint64_t Hex64From(const Json& json) {
  uint64_t bits = 0;
  const std::string text = json.is_string() ? json.get<std::string>() : "";
  if (text.size() != 16 || !absl::SimpleHexAtoi(text, &bits)) Refuse("16 hex digits", json);
  return bits;
}

uint64_t DecimalFrom(const Json& json) {
  uint64_t value = 0;
  if (!json.is_string() || !absl::SimpleAtoi(json.get<std::string>(), &value)) {
    Refuse("a number as text", json);
  }
  return value;
}

zab::Hash128 Hash128From(const Json& json) {
  const std::string text = json.is_string() ? json.get<std::string>() : "";
  if (text.size() != 32) Refuse("32 hex digits", json);
  return {.high = Hex64From(text.substr(0, 16)), .low = Hex64From(text.substr(16))};
}

void ReadHeader(const Json& json, ChoiceLog& log) {
  if (json.value("format", "") != kChoicesFormat) {
    Refuse(absl::StrCat("a first line with \"format\":\"", kChoicesFormat, "\""), json);
  }
  log.streams = json.at("streams").get<int>();
  log.digest = json.at("digest").get<std::string>();
  log.seed = DecimalFrom(json.at("seed"));
  log.trace_hash = Hash128From(json.at("trace_hash"));
}

void ReadDraws(const Json& json, ChoiceLog& log) {
  ChoiceLog::Draws draws{.stream = json.at("stream").get<std::string>(),
                         .entity = {DecimalFrom(json.at("entity"))}};
  for (const Json& bits : json.at("draws")) draws.bits.push_back(Hex64From(bits));
  const auto key = KeyOf(zab::Stream(draws.stream.c_str()), draws.entity);
  if (!log.draws.emplace(key, std::move(draws)).second) {
    Refuse("each stream and entity once", json.at("stream"));
  }
}

}  // namespace

std::string ToText(const ChoiceLog& log) {
  std::vector<const ChoiceLog::Draws*> sorted;
  for (const auto& [key, draws] : log.draws) sorted.push_back(&draws);
  std::ranges::sort(sorted, {}, [](const ChoiceLog::Draws* draws) {
    return std::tie(draws->stream, draws->entity);
  });
  std::string text = Json{{"format", kChoicesFormat},
                          {"streams", log.streams},
                          {"digest", log.digest},
                          {"seed", absl::StrCat(log.seed)},
                          {"trace_hash", ToString(log.trace_hash)}}
                         .dump();
  text.push_back('\n');
  for (const ChoiceLog::Draws* draws : sorted) {
    Json bits = Json::array();
    for (const uint64_t each : draws->bits) bits.push_back(HexOf(each));
    absl::StrAppend(&text,
                    Json{{"stream", draws->stream},
                         {"entity", absl::StrCat(draws->entity.value)},
                         {"draws", std::move(bits)}}
                        .dump(),
                    "\n");
  }
  return text;
}

absl::StatusOr<ChoiceLog> ParseChoiceLog(absl::string_view text, const std::string& path) {
  ChoiceLog log;
  size_t number = 0;
  try {
    for (const absl::string_view line : absl::StrSplit(text, '\n')) {
      ++number;
      if (line.empty() && number > 1) continue;
      const Json json = Json::parse(line);
      number == 1 ? ReadHeader(json, log) : ReadDraws(json, log);
    }
  } catch (const Json::exception& error) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ":", number, ": is not a choice log as zabsim run --choices and zabsim ",
                     "shrink write it: ", error.what()));
  }
  return log;
}

uint64_t ChoiceRecorder::OnDraw(zab::Stream stream, zab::Entity entity, uint64_t ordinal,
                                uint64_t bits) {
  ChoiceLog::Draws& draws = log_.draws[KeyOf(stream, entity)];
  if (draws.stream.empty()) draws.stream = stream.name, draws.entity = entity;
  // A restarted client starts again with the same draws.
  if (ordinal >= draws.bits.size()) draws.bits.resize(ordinal + 1);
  draws.bits[ordinal] = bits;
  return bits;
}

uint64_t ChoiceReplayer::OnDraw(zab::Stream stream, zab::Entity entity, uint64_t ordinal,
                                uint64_t bits) {
  const auto found = log_.draws.find(KeyOf(stream, entity));
  if (found != log_.draws.end() && ordinal < found->second.bits.size()) {
    ++replayed_;
    return found->second.bits[ordinal];
  }
  if (++missing_ == 1) {
    first_missing_ = absl::StrCat(stream.name, ", entity ", entity.value, ", number ", ordinal + 1);
  }
  return bits;
}

}  // namespace scenario
