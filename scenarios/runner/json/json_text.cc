// The only file that uses nlohmann's JSON to read scenarios: its lexer and its grammar.
#include "scenarios/runner/json/json_text.h"

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace scenario {
namespace {

// The position of the lexer.  It reads one character past a number, and a line break there must not
// count yet; so the line of a token is that of the last character that is not a space.
struct Position {
  int lines = 1;
  int token_line = 1;
};

// Iterates over the bytes and counts lines.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, Position* position) : at_(at), position_(position) {}
  const char& operator*() const { return *at_; }
  CountingIterator& operator++() {
    if (*at_ == '\n') {
      ++position_->lines;
    } else if (*at_ != ' ' && *at_ != '\t' && *at_ != '\r') {
      position_->token_line = position_->lines;
    }
    ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    const CountingIterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const CountingIterator& a, const CountingIterator& b) {
    return a.at_ == b.at_;
  }

 private:
  const char* at_;
  Position* position_;
};

// Builds the tree.  A callback that returns false ends the parse.
class TreeBuilder : public nlohmann::json_sax<nlohmann::json> {
 public:
  TreeBuilder(const Position& position, Diagnostics& problems)
      : position_(position), problems_(problems) {}

  Value Take() { return std::move(root_); }

  bool null() override { return Put(Value()); }
  bool boolean(bool value) override { return Put(Value::Boolean(value)); }
  bool string(string_t& text) override { return Put(Value::String(text)); }
  bool binary(binary_t&) override { return false; }  // JSON text has none.
  bool number_integer(number_integer_t value) override {
    if (value < -kLargestInteger) return TooLarge(absl::StrCat(value));
    return Put(Value::Integer(value));
  }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<uint64_t>(kLargestInteger)) return TooLarge(absl::StrCat(value));
    return Put(Value::Integer(static_cast<int64_t>(value)));
  }
  bool number_float(number_float_t, const string_t& text) override {
    if (text.find_first_of(".eE") == std::string::npos) return TooLarge(text);
    Add(absl::StrCat("wanted an integer, found ", text,
                     ": numbers have neither a fraction nor an exponent; other values have a unit, "
                     "such as \"1500ms\" or \"3/100\""));
    return Put(Value::Integer(0));
  }

  bool start_object(std::size_t) override { return Open(Value::Object()); }
  bool start_array(std::size_t) override { return Open(Value::Array()); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }
  bool key(string_t& name) override {
    key_ = name;
    if (!keys_.back().insert(name).second) {
      Add(absl::StrCat("the key \"", name, "\" is there twice"));
    }
    return true;
  }

  bool parse_error(std::size_t, const std::string&,
                   const nlohmann::json::exception& error) override {
    // "[json.exception.parse_error.101] parse error at line 3, column 7: what is wrong"
    absl::string_view what = error.what();
    const size_t column = what.find("column ");
    const size_t colon = what.find(": ");
    if (column != absl::string_view::npos && colon != absl::string_view::npos && column < colon) {
      what = what.substr(column);
    }
    // The text it read last is left out, since it may contain the invalid UTF-8.
    const size_t last_read = what.find("; last read: '");
    const size_t after = what.rfind("'; ");
    const bool more = after != absl::string_view::npos && last_read < after;
    problems_.Add(position_.lines, "",
                  absl::StrCat("not JSON: ", what.substr(0, last_read),
                               more ? what.substr(after + 1) : absl::string_view()));
    return false;
  }

 private:
  // The JSON pointer of the next value.
  std::string Pointer() const {
    std::string pointer;
    for (size_t i = 0; i < open_.size(); ++i) {
      const bool last = i + 1 == open_.size();
      if (open_[i].Is(Value::Type::kArray)) {
        absl::StrAppend(&pointer, "/", open_[i].children.size());
      } else {
        const std::string& name = last ? key_ : open_[i + 1].key;
        absl::StrAppend(&pointer, "/", absl::StrReplaceAll(name, {{"~", "~0"}, {"/", "~1"}}));
      }
    }
    return pointer;
  }
  void Add(absl::string_view message) { problems_.Add(position_.token_line, Pointer(), message); }
  bool TooLarge(absl::string_view number) {
    Add(absl::StrCat("wanted an integer within 2^53, found ", number,
                     ": a larger seed is written as a string"));
    return Put(Value::Integer(0));
  }

  bool Open(Value value) {
    if (open_.size() == kMaxDepth) {
      Add(absl::StrCat("wanted at most ", kMaxDepth, " levels, found more"));
      return false;
    }
    value.line = position_.token_line;
    value.key = std::exchange(key_, "");
    open_.push_back(std::move(value));
    keys_.emplace_back();
    return true;
  }
  bool Close() {
    Value value = std::move(open_.back());
    open_.pop_back();
    keys_.pop_back();
    Attach(std::move(value));
    return true;
  }
  bool Put(Value value) {
    value.line = position_.token_line;
    value.key = std::exchange(key_, "");
    Attach(std::move(value));
    return true;
  }
  void Attach(Value value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else {
      open_.back().children.push_back(std::move(value));
    }
  }

  const Position& position_;
  Diagnostics& problems_;
  std::vector<Value> open_;  // The arrays and objects around the next value, outermost first.
  std::vector<std::set<std::string>> keys_;  // The keys of each of them.
  std::string key_;                          // The key of the next value.
  Value root_;
};

}  // namespace

absl::StatusOr<std::string> ReadSource(const std::string& path) {
  const auto refuse = [&](absl::string_view why) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", why));
  };
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) return refuse("no such file");
  if (error) return refuse(error.message());
  if (std::filesystem::is_directory(status)) return refuse("wanted a file, found a directory");
  std::ifstream in(path, std::ios::binary);
  if (!in) return refuse("cannot be opened for reading");
  std::string bytes(kMaxFileBytes + 1, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (in.bad()) return refuse("cannot be read");
  bytes.resize(static_cast<size_t>(in.gcount()));
  if (bytes.empty()) return refuse("the file is empty");
  if (bytes.size() > kMaxFileBytes) return refuse("wanted at most 4 MiB, found more");
  return bytes;
}

std::optional<Value> ParseJson(absl::string_view text, Diagnostics& problems) {
  Position position;
  TreeBuilder builder(position, problems);
  const bool complete =
      nlohmann::json::sax_parse(CountingIterator(text.data(), &position),
                                CountingIterator(text.data() + text.size(), &position), &builder);
  if (!complete || !problems.empty()) return std::nullopt;
  return builder.Take();
}

}  // namespace scenario
