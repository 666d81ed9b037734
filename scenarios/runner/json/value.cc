// The tree, printing, and JSON pointers.
#include "scenarios/runner/json/value.h"

#include <algorithm>
#include <limits>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace scenario {
namespace {

constexpr size_t kColumns = 100;

std::string Quote(absl::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      case '\r': out += "\\r"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          absl::StrAppend(&out, absl::StrFormat("\\u%04x", c));
        } else {
          out += c;
        }
    }
  }
  return out + "\"";
}

/// The layout of a value on one line.
struct Layout {
  absl::string_view gap;  // After colons and commas.
  bool sorted = false;    // Members sorted by name; otherwise in their order.
};
constexpr Layout kCompact{"", true};
constexpr Layout kPretty{" ", false};

std::vector<const Value*> Children(const Value& value, const Layout& layout) {
  std::vector<const Value*> children;
  children.reserve(value.children.size());
  for (const Value& child : value.children) children.push_back(&child);
  if (layout.sorted && value.Is(Value::Type::kObject)) {
    std::ranges::sort(children, {}, [](const Value* child) { return child->key; });
  }
  return children;
}

// Prints on one line.
void Print(const Value& value, const Layout& layout, std::string& out) {
  switch (value.type) {
    case Value::Type::kNull: out += "null"; return;
    case Value::Type::kBoolean: out += value.boolean ? "true" : "false"; return;
    case Value::Type::kInteger: absl::StrAppend(&out, value.integer); return;
    case Value::Type::kString: out += Quote(value.text); return;
    case Value::Type::kArray:
    case Value::Type::kObject: break;
  }
  const bool object = value.Is(Value::Type::kObject);
  out += object ? '{' : '[';
  bool first = true;
  for (const Value* child : Children(value, layout)) {
    if (!first) absl::StrAppend(&out, ",", layout.gap);
    first = false;
    if (object) absl::StrAppend(&out, Quote(child->key), ":", layout.gap);
    Print(*child, layout, out);
  }
  out += object ? '}' : ']';
}

// `used`: the columns before the value on its line, plus the comma after it.
void PrintIndented(const Value& value, size_t indent, size_t used, std::string& out) {
  std::string line;
  Print(value, kPretty, line);
  if (value.children.empty() || used + line.size() <= kColumns) {
    out += line;
    return;
  }
  const bool object = value.Is(Value::Type::kObject);
  out += object ? '{' : '[';
  absl::string_view separator = "\n";
  for (const Value* child : Children(value, kPretty)) {
    std::string start(indent + 2, ' ');
    if (object) absl::StrAppend(&start, Quote(child->key), ": ");
    absl::StrAppend(&out, separator, start);
    PrintIndented(*child, indent + 2, start.size() + 1, out);
    separator = ",\n";
  }
  absl::StrAppend(&out, "\n", std::string(indent, ' '), object ? "}" : "]");
}

// The item of an array that a token of a pointer names, appended if it is the next one; null if the
// token names no item.
Value* ItemAt(Value& array, absl::string_view token) {
  size_t index = array.children.size();
  if (token != "-" && !absl::SimpleAtoi(token, &index)) return nullptr;
  if (index > array.children.size()) return nullptr;
  if (index == array.children.size()) array.children.emplace_back();
  return &array.children[index];
}

}  // namespace

Value Value::Boolean(bool value) {
  Value made;
  made.type = Type::kBoolean;
  made.boolean = value;
  return made;
}

Value Value::Integer(int64_t value) {
  Value made;
  made.type = Type::kInteger;
  made.integer = value;
  return made;
}

Value Value::String(absl::string_view text) {
  Value made;
  made.type = Type::kString;
  made.text = std::string(text);
  return made;
}

Value Value::Array() {
  Value made;
  made.type = Type::kArray;
  return made;
}

Value Value::Object() {
  Value made;
  made.type = Type::kObject;
  return made;
}

const Value* Value::Find(absl::string_view name) const {
  if (type != Type::kObject) return nullptr;
  for (const Value& member : children) {
    if (member.key == name) return &member;
  }
  return nullptr;
}

void Value::Add(absl::string_view name, Value value) {
  value.key = std::string(name);
  children.push_back(std::move(value));
}

std::string CompactJson(const Value& value) {
  std::string out;
  Print(value, kCompact, out);
  return out;
}

std::string PrettyJson(const Value& value) {
  std::string out;
  PrintIndented(value, 0, 0, out);
  return out + "\n";
}

std::string Describe(const Value& value) {
  if (value.Is(Value::Type::kObject)) return "an object";
  if (value.Is(Value::Type::kArray)) return "an array";
  constexpr size_t kLongest = 60;
  if (!value.Is(Value::Type::kString) || value.text.size() <= kLongest) return CompactJson(value);
  size_t cut = kLongest;
  while (cut > 0 && (static_cast<unsigned char>(value.text[cut]) & 0xC0) == 0x80) --cut;
  return absl::StrCat(Quote(value.text.substr(0, cut)), "...");
}

absl::Status SetAt(Value& root, absl::string_view pointer, Value value) {
  if (pointer.empty() || pointer[0] != '/') {
    return absl::InvalidArgumentError(
        absl::StrCat("wanted a JSON pointer such as \"/end/virtual\", found \"", pointer, "\""));
  }
  const std::vector<std::string> tokens = absl::StrSplit(pointer.substr(1), '/');
  if (tokens.size() > kMaxDepth) return absl::InvalidArgumentError("the pointer is too long");
  Value* at = &root;
  std::string path;
  for (const std::string& raw : tokens) {
    const std::string token = absl::StrReplaceAll(raw, {{"~1", "/"}, {"~0", "~"}});
    if (at->Is(Value::Type::kNull)) at->type = Value::Type::kObject;
    Value* next = nullptr;
    if (at->Is(Value::Type::kArray)) {
      next = ItemAt(*at, token);
    } else if (at->Is(Value::Type::kObject)) {
      if (at->Find(token) == nullptr) at->Add(token, Value());
      next = const_cast<Value*>(at->Find(token));
    }
    if (next == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat(
          "\"", path.empty() ? "/" : path, "\" is ",
          at->Is(Value::Type::kArray)
              ? absl::StrCat("a list of ", at->children.size(), " without an item \"", token, "\"")
              : absl::StrCat(Describe(*at), ", which has no \"", token, "\"")));
    }
    absl::StrAppend(&path, "/", raw);
    at = next;
  }
  value.key = at->key;
  *at = std::move(value);
  return absl::OkStatus();
}

std::string Place::Pointer() const {
  if (parent == nullptr) return "";
  const std::string before = parent->Pointer();
  if (parent->value.Is(Value::Type::kArray)) {
    return absl::StrCat(before, "/", &value - parent->value.children.data());
  }
  return absl::StrCat(before, "/", absl::StrReplaceAll(value.key, {{"~", "~0"}, {"/", "~1"}}));
}

int Place::Line() const {
  return value.line != 0 || parent == nullptr ? value.line : parent->Line();
}

}  // namespace scenario
