#!/usr/bin/env python3
"""Shows each rule of lint.py catching a planted violation, and letting its neighbour pass."""
import sys
import unittest

sys.dont_write_bytecode = True
from citations import Citations, labels_of  # pylint: disable=wrong-import-position
from fields import REASONS, Reasons  # pylint: disable=wrong-import-position
from lint import BANS, OwnNames, check_file, words_of  # pylint: disable=wrong-import-position
from rooms import MAX_SOURCES, Rooms  # pylint: disable=wrong-import-position

# (path, text, the rule that must object, or None)
CASES = (
    # Layers.
    ("protocol/base/a.cc", '#include "protocol/ids.h"', "layer"),
    ("protocol/base/a.cc", '#include "protocol/base/time.h"', None),
    ("protocol/a.cc", '#include "sim/world.h"', "layer"),
    ("protocol/a.cc", '#include <sim/world.h>', "layer"),
    ("protocol/a.cc", '// Not #include "sim/world.h"', None),
    ("protocol/a.cc", '#include "ids.h"', "layer"),
    ("protocol/a.cc", '#include "absl/status/status.h"', None),
    ("sim/world.cc", '#include "protocol/peer.h"', "layer"),
    ("sim/trace.cc", '#include "protocol/boundary/trace.h"', "layer"),
    ("sim/trace.cc", '#include "protocol/wire/ids.h"', "layer"),
    ("sim/world.cc", '#include "scenarios/runner/cluster/zab_process.h"', "layer"),
    ("sim/world.cc", '#include "protocol/base/time.h"', None),
    ("scenarios/runner/cluster/zab_process.cc", '#include "protocol/peer.h"', None),
    ("scenarios/runner/a.cc", '#include "tools/zabsim/run.h"', "layer"),
    ("scenarios/runner/a.cc", '#include "sim/world.h"', None),
    ("tools/zabsim/a.cc", '#include "tests/support/status.h"', "layer"),
    ("tests/sim/a.cc", '#include "tools/trace/reader.h"', None),
    # Width.
    ("tools/zabsim/a.cc", 'auto text = R"(' + "x" * 90 + ')";', "columns"),
    ("tools/zabsim/job_templates.cc", 'auto text = R"(' + "x" * 90 + ')";', None),
    ("tools/zabsim/a.cc", 'auto text = R"(' + "中" * 80 + ')";', None),
    # The outside world.
    ("protocol/a.cc", "#include <thread>", "outside"),
    ("protocol/a.cc", "#include <sys/socket.h>", "outside"),
    ("protocol/a.cc", "#include <fstream>", "outside"),
    ("protocol/a.cc", "#include <chrono>", "outside"),
    ("protocol/a.cc", '#include "absl/time/clock.h"', "outside"),
    ("protocol/base/check.cc", "#include <unistd.h>", None),
    ("tools/zabsim/a.cc", "#include <chrono>", None),
    # Determinism.
    ("sim/a.cc", "auto t = std::chrono::steady_clock::now();", "clock"),
    ("sim/a.cc", "auto t = absl::Now();", "clock"),
    ("sim/a.cc", "auto t = time(nullptr);", "clock"),
    ("sim/a.cc", "auto t = std::time(&when);", "clock"),
    ("sim/a.cc", "explicit Event(Time at) : time(at) {}", None),
    ("sim/a.cc", "// std::chrono::steady_clock is banned.", None),
    ("tools/campaign/a.cc", "auto t = std::chrono::steady_clock::now();", None),
    ("sim/a.cc", "std::thread worker(Run);", "thread"),
    ("sim/a.cc", "std::atomic<int> count;", "thread"),
    ("scenarios/runner/a.cc", 'auto home = getenv("HOME");', "environment"),
    ("sim/a.cc", "std::map<Server*, int> servers;", "address"),
    ("sim/a.cc", "absl::btree_set<const Server *> servers;", "address"),
    ("sim/a.cc", "absl::btree_map<ServerId, Server*> servers;", None),
    ("sim/a.cc", "auto key = reinterpret_cast<std::uintptr_t>(server);", "address"),
    ("sim/a.cc", 'absl::StrFormat("%p", server);', "address"),
    ("sim/a.cc", "// %p prints an address.", None),
    ("sim/a.cc", "std::unordered_map<int, int> m;", "hash"),
    ("sim/a.cc", "absl::flat_hash_set<int> s;", "hash"),
    ("sim/a.cc", "auto h = std::hash<int>()(1);", "hash"),
    ("sim/a.cc", "auto h = absl::HashOf(1);", "hash"),
    ("sim/a.cc", "std::uniform_int_distribution<int> d(0, 9);", "random"),
    ("sim/a.cc", "std::shuffle(v.begin(), v.end(), engine);", "random"),
    ("sim/a.cc", "absl::BitGen bits;", "random"),
    ("sim/a.cc", "int x = rand();", "random"),
    ("sim/a.cc", "double rate = 1;", "float"),
    ("sim/a.cc", "auto root = std::sqrt(2);", "float"),
    ("sim/a.cc", 'Fail("a double key");', None),
    ("tools/trace/a.cc", "double rate = 1;", None),
    ("sim/a.cc", "Use(draws.Below(s, e, 2), draws.Below(s, e, 3));", "two-draws"),
    ("sim/a.cc", "a = draws.Below(s, e, 2);\nb = draws->Chance(s, e, half);", None),
    ("sim/a.cc", "int64_t big = 1'000'000; double rate; char c = 'x';", "float"),
    ("sim/a.cc", 'auto text = R"({"a": "double"})"; int a;', None),
    # Field lists.
    ("protocol/a.cc", "FIELDSint a = 0;  // A.\n  int b_;\n", "fields"),
    ("protocol/a.cc", "FIELDSint a = 0;\n", None),
    ("protocol/a.cc", "FIELDSint a = 0;\n  A* b;  // Not a field: it is another's.\n", None),
    ("protocol/a.cc", "FIELDSint a = 0;\n  int F(int c);\n  struct B {\n    int c;\n  };\n", None),
    # Everywhere.
    ("sim/a.h", "struct A {};", "pragma-once"),
    ("sim/a.h", "// A.\n#pragma once\n", None),
    ("tools/zabsim/a.cc", "assert(x > 0);", "assert"),
    ("tools/zabsim/a.cc", "#include <cassert>", "assert"),
    ("tools/zabsim/a.cc", "static_assert(sizeof(int) == 4);", None),
    ("tools/viewer/a.js", "// FIX" + "ME later", "unfinished"),
    ("tools/viewer/a.js", "// TODO(mei): needs the index first.", None),
    ("tests/tools/a.sh", "cd /tmp" + "/x", "machine-path"),
    ("tests/tools/a.sh", "cd $dir/tmp" + "/x", None),
    ("sim/a.cc", "int a;\n" * 501, "length"),
    ("sim/a.cc", "int a;\n" * 500, None),
    ("scenarios/leader-crash.json", '{"id": "leader-crash"}', None),
    ("scenarios/leader-crash.json", '{\n"id": "leader-crush"}', "scenario-id"),
    ("scenarios/bugs/a.json", '{"id": "a"}', "scenario-id"),
    ("scenarios/bugs/a.json", '{"id": "bugs/a"}', None),
    ("scenarios/a.json", '{"id": ', "scenario-id"),
    ("scenarios/schema.json", '{"title": "Scenario"}', None),
)


# The beginning of a struct whose list names `a`.
FIELDS = """struct A {
  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("a", a);
  }
  """


class LintTest(unittest.TestCase):
    def test_cases(self):
        for path, text, rule in CASES:
            if text.startswith("FIELDS"):
                text = text.replace("FIELDS", FIELDS) + "};\n"
            with self.subTest(path=path, text=text[:80]):
                found = {finding[1] for finding in check_file(path, text)}
                self.assertEqual(found, {rule} if rule else set())

    def test_every_ban_is_tried(self):
        self.assertLessEqual({rule for rule, _, _ in BANS}, {rule for _, _, rule in CASES})

    def test_names_of_one_file_only(self):
        def text(code):
            return f"namespace sim {{\nnamespace {{\n\n{code}\n\n}}  // namespace\n}}  // namespace sim\n"

        for one, two, found in (
            ("struct Place {\n};", "class Place final {\n};", 1),
            ("constexpr int kMost = 3;", "constexpr uint64_t kMost = 4;", 1),
            ("constexpr char kName[] = 3;", "enum class kName {\n};", 1),
            ("using Names = std::vector<int>;", "using Names = std::vector<long>;", 1),
            ("using Names = std::vector<int>;", "using Names = std::vector<int>;", 0),
            ("struct Place {\n};", "void F(Place place) {\n}", 0),
        ):
            names = OwnNames()
            self.assertEqual(list(names.check("sim/a.cc", text(one))), [])
            self.assertEqual(list(names.check("scenarios/a.cc", text(two))), [])
            with self.subTest(two=two):
                self.assertEqual([line for line, _, _ in names.check("sim/b.cc", text(two))],
                                 [4] * found)

    def test_rooms_have_an_order(self):
        rooms = Rooms()
        rooms.add("protocol/wire/a.h", '#include "protocol/base/time.h"')
        rooms.add("protocol/base/time.h", "")
        rooms.add("protocol/roles/a.cc", '#include "protocol/wire/a.h"')
        self.assertEqual(rooms.order(), ["protocol/base", "protocol/wire", "protocol/roles"])
        self.assertEqual(list(rooms.findings()), [])
        rooms.add("protocol/base/hash.cc", '\n#include "protocol/roles/a.h"')
        self.assertEqual([finding[2] for finding in rooms.findings()], ["cycle"])

    def test_a_room_is_no_crowd(self):
        rooms = Rooms()
        for i in range(MAX_SOURCES + 1):
            self.assertEqual(list(rooms.findings()), [])
            rooms.add(f"tools/zabsim/run/a{i}.cc", "")
        self.assertEqual([finding[2] for finding in rooms.findings()], ["crowd"])

    def test_citations(self):
        page = "# A\n## 7 Sync\n### 7.2 Walk\n#### P1. Promise\n* **D1. A leader.** (7.2)\n"
        citations = Citations({"protocol/REFERENCE.md": labels_of(page), "README.md": [],
                               "scenarios/README.md": []})
        for text, found in (
            ("// (REFERENCE.md 7, 7.2; P1) and README.md", 0),
            ("// So it is (protocol/REFERENCE.md D1).", 0),
            ("// REFERENCE.md\n// 7.2 says so.", 0),
            ("// REFERENCE.md 7 to 7.3", 1),
            ("// REFERENCE.md 7,\n// 7.9 say so.", 1),
            ("// REFERENCE.md D2", 1),
            ("// P2 is no rule.", 1),
            ("int P2 = 0;  // P1.", 0),
            ("// See CLOCKS.md.", 1),
            ("// See tests/README.md.", 1),
            ("// https://example.org/guides/style.md", 0),
            ("// zab-" + "reference 7.2", 1),
            ("// (house-" + "guide 3)", 1),
        ):
            with self.subTest(text=text):
                words = words_of("sim/a.cc", text)
                self.assertEqual(len(list(citations.check("sim/a.cc", text, words))), found)
        twice = Citations({"protocol/REFERENCE.md": labels_of(page + page)})
        self.assertEqual(len(list(twice.check("protocol/REFERENCE.md", "", ""))), 4)

    def test_every_reason_has_its_test(self):
        reasons = Reasons()
        reasons.add(REASONS, "enum class Reason : uint8_t {\n  kNone,\n  kLate,  // Too late.\n};\n")
        reasons.add("tests/protocol/reasons_test.cc", "TEST(Reason, None) {}\n")
        self.assertEqual([finding[:3] for finding in reasons.findings()], [(REASONS, 3, "reason-test")])

    def test_says_which_line(self):
        findings = list(check_file("sim/a.cc", "/* two\nlines */\nfloat x;\n"))
        self.assertEqual([line for line, _, _ in findings], [3])


if __name__ == "__main__":
    unittest.main()
