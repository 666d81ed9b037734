#!/usr/bin/env python3
"""What a Chinese text of zabsim must not contain: one term per thing, Chinese punctuation, no names of
the code.

    chinese.py ROOT

Checks tools/captions/zh-Hans.json and events.json, the texts of all scenarios, and every Chinese string
in C++.  captions.py asks for the same faults when the build reads the catalogue.
"""
import json
import re
import sys
from pathlib import Path

HAN = r"[\u4e00-\u9fff]"

# What is never said, and what is said instead.
TERMS = [
    ("法定人数(?=把|已|都(?!有|是)|确认|承诺|投|跟随|落盘|的确认|的磁盘|的服务器|不等)|达(?:不)?到法定人数", "过半服务器 (法定人数 is a set; it does nothing)"),
    ("让位|下台", "退位"),
    ("答复|应答", "回复 (a message), 响应 (a sign of life)"),
    ("(?<!数据)树", "数据树"),
    ("空洞|缺口", "断层"),
    ("离去|不在场|已不在|被杀死", "停机, 进程被杀"),
    ("寻找领导者", "选举中, 开始选举"),
    ("平静期", "静默期"),
    ("情景", "场景"),
    ("个服务器", "台服务器"),
    ("初始历史", "起始历史"),
    ("(?<!FIFO )信道", "连接"),
    ("未同步|同步到磁盘", "未落盘, 落盘"),
    ("听不到|听得到", "收不到 ... 的消息"),
    ("腐坏", "比特翻转"),
    ("抛开|抛弃", "放弃"),
    ("展示", "让 ... 看到, 提供服务"),
    ("抢占", "选举"),
    ("账本|分类账", "日志"),
]
# Words of ZooKeeper and of the scenario language that look like names of the code.
KNOWN_NAMES = {"sync_limit", "init_limit", "tick_time", "keep_log"}
CODE_NAME = re.compile(r"(?<![\w./`$-])[a-z]+(?:_[a-z]+)+(?![\w./`-])")
PUNCTUATION = re.compile(rf"{HAN}[,;:?!()]|[,;:?!(]{HAN}|\){HAN}")
NO_SPACE = re.compile(rf"{HAN}[A-Za-z0-9]|[A-Za-z0-9]{HAN}")
SLOTS = re.compile(r"\\n|\$\d|\{\w*\}")  # What is filled in, in templates.
CPP_STRINGS = re.compile(r'"((?:[^"\\\n]|\\.)*)"')


def faults(text):
    """What is wrong with a text, if it is Chinese: a description each."""
    if not re.search(HAN, text):
        return
    text = SLOTS.sub("", text)
    for wrong, right in TERMS:
        for found in re.finditer(wrong, text):
            yield f"\"{found[0]}\": say {right}"
    for found in PUNCTUATION.finditer(text):
        yield f"\"{found[0]}\": half-width punctuation beside Chinese"
    for found in NO_SPACE.finditer(text):
        yield f"\"{found[0]}\": no space between Chinese and Latin"
    for found in CODE_NAME.finditer(text):
        if found[0] not in KNOWN_NAMES:
            yield f"\"{found[0]}\": a name of the code in a Chinese sentence"


def chinese_in(value, path=""):
    """(where, text) of all Chinese texts of a scenario; a text for both languages among those that have
    two is one of them."""
    if isinstance(value, dict):
        for key, inside in value.items():
            if key == "zh" and isinstance(inside, str):
                yield path, inside
            else:
                yield from chinese_in(inside, f"{path}/{key}")
    elif isinstance(value, list):
        for i, inside in enumerate(value):
            yield from chinese_in(inside, f"{path}/{i}")


def texts(root):
    """(where, text) of every Chinese text outside of the catalogue."""
    for file in sorted((root / "scenarios").rglob("*.json")):
        if file.name == "schema.json":
            continue
        story = json.loads(file.read_text())
        for path, text in chinese_in(story):
            yield f"{file.relative_to(root)}: {path}", text
        for i, stop in enumerate(story.get("lesson", {}).get("stops", [])):
            for choice in stop["choices"]:
                if isinstance(choice, str) and ", " in choice:
                    yield f"{file.relative_to(root)}: /lesson/stops/{i}", f"选项：{choice}，"
    for folder in ("scenarios", "tools", "protocol", "sim"):
        for file in sorted((root / folder).rglob("*.cc")) + sorted((root / folder).rglob("*.h")):
            for number, line in enumerate(file.read_text().splitlines(), 1):
                for string in CPP_STRINGS.findall(line):
                    yield f"{file.relative_to(root)}:{number}", string


def main():
    root = Path(sys.argv[1])
    found = [f"{where}: {fault}" for where, text in texts(root) for fault in faults(text)]
    print("\n".join(found) or "all well")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
