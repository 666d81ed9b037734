#!/usr/bin/env python3
"""The catalogue of captions: checks it, and generates C++ from it for the build.

    captions.py ROOT [--out=FILE.cc] [--words=FILE.cc]

tools/captions/events.json has what happened, why, and what follows, in both languages, by probe, or
by probe/kind where the kind makes a difference, or by probe/self where a server is its own other
end; with @BUG behind it, what is said in a run with that known bug where the bug acts: each has one.
en.json and zh-Hans.json have the rest, a locale each: `reasons` for each zab::Reason what stands in
brackets and a sentence, `glossary` the terms that are explained under the pointer, in the forms in
which they occur, `viewer` what the viewer says itself, `watch` what the player of zabsim watch says
that the viewer does not.  Fails, and says why, on a key that is missing, unknown, shown nowhere or in
one locale only, on slots that are unknown or differ, and on bad Chinese (chinese.py).  --out has
events and reasons, --words what the player says.
"""
import argparse
import json
import re
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.append(str(Path(__file__).resolve().parent))
import chinese  # pylint: disable=wrong-import-position

LOCALES = ("en", "zh-Hans")
SENTENCES = ("what", "why", "next")
REASON = ("name", "why")
SLOTS = {"by", "peer", "zxid", "epoch", "kind", "reason", "because", "number", "code", "op", "event",
         "note", "doc", "profile"}
VIEWER_SLOTS = {"scenario", "seed", "digest", "shown", "all", "name", "role", "epoch", "zxid", "stop",
                "stops", "choice", "bug", "disks", "counted", "quorum", "minutes", "speed", "right",
                "latency", "loss", "answered", "last", "peer"}
WATCH_SLOTS = {"all", "applied", "epoch", "found", "links", "name", "role", "scenario", "seed",
               "synced", "text", "wanted", "zxid"}
FORM = re.compile(r"glossary/\w+/\d")  # How many there are depends on the language.
SLOT = re.compile(r"\{([^{}]*)\}")


def names_of(enum, text):
    """Name -> enumerator, in the order of the enum, as Name() in protocol/boundary/trace.cc says."""
    return {name: enumerator for enumerator, name
            in re.findall(rf'case {enum}::(k\w+): return "([^"]+)"', text)}


def listed_names(root, enum):
    """Name -> enumerator, by number, of the lists of the protocol and of the experiment."""
    entries = []
    for folder in ("protocol/boundary", "scenarios/runner/record"):
        text = (root / folder / f"{enum.lower()}s.inc").read_text()
        entries += re.findall(rf'^{enum}\((\d+), (k\w+), "([^"]+)"\)', text, re.M)
    return {name: enumerator for _, enumerator, name in sorted(entries, key=lambda e: int(e[0]))}


def viewer_keys(files):
    """The texts that the viewer uses, and the prefixes of those whose names it completes itself."""
    source = "".join(file.read_text() for file in files)
    asked = set(re.findall(r"""\bt\('([^']+)'""", source))
    asked |= set(re.findall(r'data-(?:t|label)="([^"]+)"', source))
    for either in re.findall(r"""\bt\([^'`()]+ \? '([^']+)'\s*: '([^']+)'""", source):
        asked |= set(either)
    asked |= set(re.findall(r"\['[^']+', '([a-z.\d]+)'\]", source))  # What keys do.
    return asked, tuple(re.findall(r"\bt\(`([^`$]+)\$", source))


def watch_keys(files):
    """The texts that the player uses, its own and the viewer's: Word{"key"}."""
    source = "".join(file.read_text() for file in files)
    return set(re.findall(r'\bWord\{"([^"]+)"\}', source)) - {"key"}


def locales_of(root):
    """By locale: the sections of its file, and its part of events.json as `events`."""
    events = json.loads((root / "tools/captions/events.json").read_text())
    return {name: {"events": {key: said[name] for key, said in events.items() if name in said},
                   **json.loads((root / f"tools/captions/{name}.json").read_text())}
            for name in LOCALES}


class Catalogue:
    """Both locales, and the lists of the protocol that they must cover."""

    def __init__(self, root):
        names = (root / "protocol/boundary/trace.cc").read_text()
        self.probes = listed_names(root, "PROBE")
        self.kinds = listed_names(root, "KIND")
        self.reasons = names_of("Reason", names)
        bugs = (root / "scenarios/runner/language/bugs.cc").read_text()
        self.bugs = re.findall(r'^ +\{"([A-Z]+-\d+)", &KnownBugs::', bugs, re.M)
        self.viewer, self.viewer_prefixes = viewer_keys(
            file for file in sorted((root / "tools/viewer").rglob("*"))
            if file.suffix in (".mjs", ".html"))
        self.watch = watch_keys(file for room in ("playback", "watch")
                                for file in sorted((root / "tools/zabsim" / room).iterdir()))
        self.locales = locales_of(root)

    def problems(self):
        """All mistakes, one per line."""
        for name, locale in self.locales.items():
            yield from self.wrong_keys(name, "events", locale["events"], self.wanted_events(),
                                       self.may_be_event)
            yield from self.wrong_keys(name, "reasons", locale["reasons"],
                                       set(self.reasons) - {"none"}, lambda key: False)
            yield from self.wrong_keys(name, "viewer", locale["viewer"], self.viewer,
                                       lambda key: key.startswith(self.viewer_prefixes))
            own = {key for key in self.watch if key not in locale["viewer"]}
            yield from self.wrong_keys(name, "watch", locale["watch"], own, lambda key: False)
            for key, words in locale["reasons"].items():
                if tuple(words) != REASON:
                    yield f"{name}: reasons/{key}: wanted name, why, found {list(words)}"
            for key, sentences in locale["events"].items():
                if tuple(sentences) != SENTENCES:
                    yield f"{name}: events/{key}: wanted what, why, next, found {list(sentences)}"
        told = {key.partition("@")[2] for key in self.locales["en"]["events"]}
        for bug in set(self.bugs) - told:
            yield f"events: no caption says what {bug} does: wanted a key with @{bug}"
        yield from self.differences()
        for key, text in self.texts("zh-Hans"):
            yield from (f"zh-Hans: {key}: {fault}" for fault in chinese.faults(text))

    def wanted_events(self):
        """A caption for each probe, and one for each message, sent and delivered."""
        messages = [kind for kind in self.kinds if kind.isupper()]
        return set(self.probes) | {f"{probe}/{kind}" for probe in ("msg_sent", "msg_delivered")
                                   for kind in messages}

    def may_be_event(self, key):
        probe, case, bug = self.parts(key)
        return (probe in self.probes and case in ("", "self", *self.kinds) and
                ("@" not in key or bug in self.bugs))

    @staticmethod
    def parts(key):
        """Probe, case and bug of a key of events; "" where it has none."""
        said, _, bug = key.partition("@")
        probe, _, case = said.partition("/")
        return probe, case, bug

    @staticmethod
    def wrong_keys(locale, section, found, wanted, allowed):
        for key in sorted(wanted - set(found)):
            yield f"{locale}: {section}/{key}: missing"
        for key in found:
            if key not in wanted and not allowed(key):
                yield f"{locale}: {section}/{key}: no such thing; nothing would ever show it"

    def texts(self, locale):
        """(key, text) of all texts of a locale."""
        for key, sentences in self.locales[locale]["events"].items():
            for sentence, text in sentences.items():
                yield f"events/{key}/{sentence}", text
        for key, words in self.locales[locale]["reasons"].items():
            for part, text in words.items():
                yield f"reasons/{key}/{part}", text
        for key, term in self.locales[locale]["glossary"].items():
            yield f"glossary/{key}/text", term["text"]
            yield from ((f"glossary/{key}/{i}", form) for i, form in enumerate(term["forms"]))
        for section in ("viewer", "watch"):
            for key, text in self.locales[locale][section].items():
                yield f"{section}/{key}", text

    def differences(self):
        """Keys of one locale only, empty texts, and slots."""
        first, second = (dict(self.texts(name)) for name in LOCALES)
        for key in sorted(key for key in first.keys() ^ second.keys() if not FORM.match(key)):
            yield f"{key}: in one locale only"
        for key in first.keys() & second.keys():
            slots = [sorted(set(SLOT.findall(texts[key]))) for texts in (first, second)]
            if slots[0] != slots[1]:
                yield f"{key}: slots {slots[0]} in {LOCALES[0]}, {slots[1]} in {LOCALES[1]}"
            known = {"viewer": VIEWER_SLOTS, "watch": WATCH_SLOTS}.get(key.split("/")[0], SLOTS)
            for slot in sorted(set(slots[0]) - known):
                yield f"{key}: no slot {{{slot}}}; there are {', '.join(sorted(known))}"
            if not first[key] or not second[key]:
                yield f"{key}: empty"

    def cpp(self):
        """The source of scenarios/runner/captions/catalogue.h, special cases before general ones."""
        def rank(key):
            probe, case, bug = self.parts(key)
            return list(self.probes).index(probe), not case, case != "self", not bug

        def texts(values):
            return "{" + ", ".join(json.dumps(value, ensure_ascii=False) for value in values) + "}"
        lines = ["// Made from tools/captions/*.json by tools/captions/captions.py.",
                 '#include "scenarios/runner/captions/catalogue.h"', "", "namespace scenario {",
                 "namespace {", "",
                 "constexpr CatalogueEntry kEvents[] = {"]
        for key in sorted(self.locales["en"]["events"], key=rank):
            probe, case, bug = self.parts(key)
            kind = "kNone" if case in ("", "self") else self.kinds[case]
            said = [texts(self.locales[name]["events"][key][sentence] for name in LOCALES)
                    for sentence in SENTENCES]
            own = "true" if case == "self" else "false"
            lines.append(f"    {{Probe::{self.probes[probe]}, Kind::{kind}, {own}, {json.dumps(bug)},\n     "
                         + ",\n     ".join(said) + "},")
        lines += ["};", "", "constexpr CatalogueReason kReasons[zab::kReasonCount] = {"]
        for name in self.reasons:
            said = [texts(self.locales[locale]["reasons"].get(name, {}).get(part, "")
                          for locale in LOCALES) for part in REASON]
            lines.append(f"    {{{', '.join(said)}}},  // {name}")
        lines += ["};", "", "constexpr CatalogueWord kVerdicts[] = {"]
        for key in self.locales["en"]["viewer"]:
            if key.startswith("verdict."):
                said = texts(self.locales[locale]["viewer"][key] for locale in LOCALES)
                lines.append(f'    {{"{key.removeprefix("verdict.")}", {said}}},')
        lines += ["};", "", "}  // namespace", "",
                  "std::span<const CatalogueEntry> CatalogueOfEvents() { return kEvents; }", "",
                  "const CatalogueReason& CatalogueOf(zab::Reason reason) {",
                  "  return kReasons[static_cast<size_t>(reason)];", "}", "",
                  "std::span<const CatalogueWord> CatalogueOfVerdicts() { return kVerdicts; }", "",
                  "}  // namespace scenario", ""]
        return "\n".join(lines)

    def words_cpp(self):
        """The source of the player's texts: tools/zabsim/playback/player_words.h."""
        lines = ["// Made from tools/captions/*.json by tools/captions/captions.py.",
                 '#include "tools/zabsim/playback/player_words.h"', "", "namespace zabsim {",
                 "namespace {", "", "constexpr WordEntry kWatchWords[] = {"]
        for key in sorted(self.watch):
            values = [key] + [{**self.locales[name]["viewer"], **self.locales[name]["watch"]}[key]
                              for name in LOCALES]
            texts = ", ".join(json.dumps(value, ensure_ascii=False) for value in values)
            lines.append(f"    {{{texts}}},")
        lines += ["};", "", "}  // namespace", "",
                  "std::span<const WordEntry> WatchWords() { return kWatchWords; }", "",
                  "}  // namespace zabsim", ""]
        return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--words", type=Path)
    arguments = parser.parse_args()
    catalogue = Catalogue(arguments.root)
    problems = list(catalogue.problems())
    for problem in problems:
        print(f"tools/captions: {problem}", file=sys.stderr)
    if problems:
        sys.exit(1)
    if arguments.out:
        arguments.out.write_text(catalogue.cpp())
    if arguments.words:
        arguments.words.write_text(catalogue.words_cpp())


if __name__ == "__main__":
    main()
