#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that the README tells the truth: check_readme.py ROOT EBB [--update].

Runs the README's first command and compares what it prints with the block that the README shows; wall time is
masked. Each other `tools/ebb COMMAND --option` in the README and the pages under docs must be known to the program.
--update writes the present output into the README instead (look at the diff before you commit it).
"""
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"(<!-- quickstart-output: begin[^\n]*-->\n```\n)(.*?)(```\n<!-- quickstart-output: end -->)",
                   re.DOTALL)
COMMAND = re.compile(r"^(?:\s*|.*`)tools/ebb +([^#`\n]*)", re.MULTILINE)
# What differs from run to run and from build to build: wall time with the speed that follows from it, and the
# rounding left in the energy account.
VARIES = [(re.compile(r"simulated in .*"), "simulated in (wall time)"),
          (re.compile(r"account closes to .*"), "account closes to (rounding)")]


def masked(text):
    for pattern, word in VARIES:
        text = pattern.sub(word, text)
    return [line.rstrip() for line in text.strip().split("\n")]


def run_first(root, ebb, command):
    """Output of the command, run as from the project's root but with its results in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "scenarios").symlink_to(root / "scenarios")
        done = subprocess.run([ebb, *shlex.split(command)], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"README.md: 'tools/ebb {command}' ends with status {done.returncode}:\n{done.stderr}")
    return done.stdout


def unknown_words(root, ebb):
    """Commands and options that the pages name and the program does not have."""
    for page in [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md"))]:
        for command in COMMAND.findall(page.read_text(encoding="utf-8")):
            words = command.split()
            if not words:
                continue
            names = [w for w in words[:2] if re.fullmatch(r"[a-z]+", w)]
            # A subcommand of a command (`ebb network import`) has options of its own.
            done = subprocess.run([ebb, *names[:2], "--help"], capture_output=True, text=True, check=False)
            if done.returncode != 0:
                done = subprocess.run([ebb, *names[:1], "--help"], capture_output=True, text=True, check=False)
            for option in [w.split("=")[0] for w in words if w.startswith("--")]:
                if done.returncode == 0 and option not in done.stdout:
                    yield f"{page.relative_to(root)}: tools/ebb {command.strip()}: no option {option}"
            if done.returncode != 0:
                yield f"{page.relative_to(root)}: tools/ebb {command.strip()}: no command {names[:1]}"


def main():
    root, ebb = pathlib.Path(sys.argv[1]).resolve(), str(pathlib.Path(sys.argv[2]).resolve())
    readme = root / "README.md"
    text = readme.read_text(encoding="utf-8")
    block, first = BLOCK.search(text), COMMAND.search(text)
    if not block or not first:
        sys.exit("README.md: the first command or the block with its output is missing")
    command = first.group(1).strip()
    printed = run_first(root, ebb, command)
    if "--update" in sys.argv[3:]:
        readme.write_text(text[:block.start(2)] + printed.strip() + "\n" + text[block.end(2):], encoding="utf-8")
        return 0
    problems = list(unknown_words(root, ebb))
    if masked(block.group(2)) != masked(printed):
        problems.append(f"README.md shows:\n{block.group(2)}\nbut 'tools/ebb {command}' prints:\n{printed}\n"
                        "bring it up to date: tests/structure/check_readme.py . build/dev/bin/ebb --update")
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
