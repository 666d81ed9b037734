#!/usr/bin/env python3
"""The check of the captions that the build makes: it passes on the tree, and each mistake fails it."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

root = Path(os.environ["SOURCE_DIR"])
failures = []


def change(folder, locale, edit):
    """Edits one locale of a copy: its file, and its part of events.json."""
    file, events = folder / f"{locale}.json", folder / "events.json"
    said = json.loads(events.read_text())
    catalogue = json.loads(file.read_text())
    catalogue["events"] = {key: locales[locale] for key, locales in said.items()}
    edit(catalogue)
    changed = catalogue.pop("events")
    for key in said:
        said[key].pop(locale)
    for key, sentences in changed.items():
        said.setdefault(key, {})[locale] = sentences
    events.write_text(json.dumps(said, ensure_ascii=False))
    file.write_text(json.dumps(catalogue, ensure_ascii=False))


def check(name, locale, edit, wanted):
    """A copy of the tree in which one locale is edited must fail, and say so."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for part in ("tools/captions", "tools/viewer", "tools/zabsim/playback", "tools/zabsim/watch"):
            shutil.copytree(root / part, copy / part)
        for part in ("protocol/boundary", "scenarios/runner/record", "scenarios/runner/language"):
            shutil.copytree(root / part, copy / part)
        if edit:
            change(copy / "tools/captions", locale, edit)
        done = subprocess.run([sys.executable, copy / "tools/captions/captions.py", copy],
                              capture_output=True, text=True)
        if (done.returncode == 0) != (wanted is None) or (wanted or "") not in done.stderr:
            failures.append(f"{name}: exit code {done.returncode}\n{done.stderr}")


def take(section, key):
    return lambda catalogue: catalogue[section].pop(key)


def put(section, key, value):
    return lambda catalogue: catalogue[section].update({key: value})


def say(key, sentence, text):
    return lambda catalogue: catalogue["events"][key].update({sentence: text})


check("the tree", "en", None, None)
check("a probe without a caption", "en", take("events", "proposed"), "events/proposed: missing")
check("a message without one", "zh-Hans", take("events", "msg_sent/ACK"), "msg_sent/ACK: missing")
check("no such probe", "en", put("events", "sneezed", {"what": "x", "why": "x", "next": "x"}),
      "events/sneezed: no such thing")
check("no such kind", "en", put("events", "crashed/hard", {"what": "x", "why": "x", "next": "x"}),
      "events/crashed/hard: no such thing")
check("one locale only", "zh-Hans", take("events", "crashed/power"), "in one locale only")
check("no `next`", "en", lambda c: c["events"]["quorum"].pop("next"), "wanted what, why, next")
check("empty", "zh-Hans", say("quorum", "why", ""), "events/quorum/why: empty")
check("no such slot", "en", say("quorum", "why", "{whom}"), "slots")
check("a slot in one locale", "zh-Hans", say("committed", "what", "提交"), "committed/what: slots")
check("a reason without words", "en", take("reasons", "disk_full"), "reasons/disk_full: missing")
check("a text that nobody shows", "en", put("viewer", "nobody", "x"), "viewer/nobody")
check("a text that is not there", "en", take("viewer", "follow"), "viewer/follow: missing")
check("a text that the player never says", "en", put("watch", "nobody", "x"), "watch/nobody")
check("one that it lacks", "zh-Hans", take("watch", "following"), "watch/following: missing")
check("no such slot of the player", "en", put("watch", "keys", "{whom}"), "watch/keys: slots")
check("a bug of which nothing is told", "en", take("events", "vote_changed@ZOOKEEPER-1419"),
      "what ZOOKEEPER-1419 does")
check("no such bug", "en", put("events", "acked@OWN-9", {"what": "x", "why": "x", "next": "x"}),
      "events/acked@OWN-9: no such thing")
check("a reason in one sentence", "en", put("reasons", "disk_full", {"why": "x"}), "wanted name, why")
check("a term of one locale", "en", take("glossary", "zxid"), "glossary/zxid/text: in one locale only")
check("half-width punctuation", "zh-Hans", say("quorum", "why", "它已落盘,可以提交。"), "half-width")
check("another term", "zh-Hans", say("quorum", "why", "它只好让位。"), "say 退位")
check("no space", "zh-Hans", say("quorum", "why", "它是zxid。"), "no space")
check("a name of the code", "zh-Hans", say("quorum", "why", "它发生 quorum_lost。"), "a name of the code")


def check_chinese(name, folder, wanted):
    done = subprocess.run([sys.executable, root / "tools/captions/chinese.py", folder],
                          capture_output=True, text=True)
    if (done.returncode == 0) != (wanted is None) or (wanted or "") not in done.stdout:
        failures.append(f"{name}: exit code {done.returncode}\n{done.stdout}")


check_chinese("scenarios and C++", root, None)
with tempfile.TemporaryDirectory() as tree:
    Path(tree, "scenarios").mkdir()
    Path(tree, "scenarios/a.json").write_text('{"title": {"en": "x", "zh": "领导者让位"}}')
    check_chinese("a term in a scenario", tree, "scenarios/a.json: /title: \"让位\": say 退位")
print("\n".join(failures) or "all well")
sys.exit(bool(failures))
