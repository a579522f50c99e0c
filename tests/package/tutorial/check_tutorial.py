#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does what the tutorial's steps say they do? The page is the source: a block whose fence names a file is that file.

  check_tutorial.py extract PAGE ROOT FOLDER     writes the files into FOLDER/tree, leaving those alone that are as they
                                                 should be; lines to add to a file of ROOT into FOLDER/added
  check_tutorial.py run PAGE FOLDER --program NAME=PATH...   runs the commands of the console blocks in FOLDER/tree and
                                                 compares what they print with the page; what varies is masked, a
                                                 line `...` stands for any lines, `$ echo $?` for the exit status

Fences: ```cpp models/a/b.cpp (a new file), ```cmake add models/CMakeLists.txt (lines to add), ```console (commands).
"""
import argparse
import pathlib
import re
import shlex
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "structure"))
from check_readme import masked  # noqa: E402  pylint: disable=wrong-import-position

FENCE = re.compile(r"^```(\w+)(?: (add ))?(?: ?(\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(page):
    """(language, adds, file, text, line) of every fenced block."""
    text = page.read_text(encoding="utf-8")
    for match in FENCE.finditer(text):
        yield (match.group(1), bool(match.group(2)), match.group(3), match.group(4),
               text.count("\n", 0, match.start()) + 1)


def write(path, text):
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def extract(page, root, folder):
    for _, adds, name, text, line in blocks(page):
        if name is None:
            continue
        if (root / name).exists() != adds:
            sys.exit(f"{page}:{line}: {name} is {'not there to add to' if adds else 'there already'}")
        write(folder / ("added" if adds else "tree") / name, text)


def commands(text):
    """Pairs of a command and the lines that it prints."""
    found = []
    for line in text.rstrip("\n").split("\n"):
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found:
            found[-1][1].append(line)
    return found


def same(wanted, got):
    """Lines are equal; `...` stands for any number of them."""
    pattern = "\n".join("(?:.*\n)*?.*" if line.strip() == "..." else re.escape(line) for line in wanted)
    return re.fullmatch(pattern, "\n".join(got)) is not None


def run(page, folder, programs):
    status, ran, problems = 0, 0, []
    for language, _, _, text, line in blocks(page):
        if language != "console":
            continue
        for command, shown in commands(text):
            if command == "echo $?":
                printed = str(status)
            else:
                name, *arguments = shlex.split(command)
                if name not in programs:
                    sys.exit(f"{page}:{line}: '{name}' is no program that the check was given")
                done = subprocess.run([programs[name], *arguments], cwd=folder / "tree", stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT, text=True, check=False)
                status, printed, ran = done.returncode, done.stdout, ran + 1
            if not same(masked("\n".join(shown)), masked(printed)):
                problems.append(f"{page}:{line}: '{command}' prints (status {status}):\n{printed}\nand the page shows:\n"
                                + "\n".join(shown))
    if ran == 0:
        problems.append(f"{page}: no command found")
    print("\n".join(problems) or f"{ran} commands print what the page shows")
    return 1 if problems else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=["extract", "run"])
    parser.add_argument("page", type=pathlib.Path)
    parser.add_argument("folders", type=pathlib.Path, nargs="+")
    parser.add_argument("--program", action="append", default=[])
    options = parser.parse_args()
    if options.step == "extract":
        extract(options.page, *options.folders)
        return 0
    return run(options.page, options.folders[0], dict(text.split("=", 1) for text in options.program))


if __name__ == "__main__":
    sys.exit(main())
