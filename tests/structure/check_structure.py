#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the shape of the source tree, one rule per call: check_structure.py RULE ROOT [--built FILE].

Prints each breach as `file:line: what is wrong` followed by the rule's reason. Exit status: 0 kept,
1 broken, 77 not checkable here (a tool is missing). `rules_bite` builds a small tree that breaks every
rule once and checks that each breach is found: a rule that cannot fail is no rule.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

try:
    import yaml
except ImportError:
    yaml = None

SKIPPED = 77
MOST_LINES = 400

# Longer files, each with the reason why splitting it would make it worse.
LONGER = {
    # "tests/physics/example_test.cpp": "one table of 300 published values",
    "models/store/reference_store.cpp": "one walker, kept in one piece as the witness",
    "models/store/walk_general.cpp": "one integration and the rest at its end share their flows",
    "tests/agreement/random_world_devices.cpp": "one way of drawing a device, part by part",
    "tests/agreement/random_world_sources.cpp": "one short function per source and converter",
}

# Sources that only some machines build, each with what they need.
OPTIONAL = {
    "sim/cli/evolve_pagmo.cpp": "libpagmo-dev",
    "sim/trace/shepherd_hdf5.cpp": "libhdf5-dev",
}

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')
COMPONENT = re.compile(r"^\s*ebb_component\(([^)\s]+)\)", re.MULTILINE)

# What only some folders may include: pattern of the header, folders, why.
GUARDED = [
    (re.compile(r"^(systemc|systemc\.h|tlm.*|sysc/.*)$"),
     re.compile(r"^(models/[a-z_]+/[a-z_]+_module\.[ch]pp|sim/device/.*|tests/.*)$"),
     "SystemC belongs into models/<kind>/<kind>_module.{hpp,cpp} and sim/device"),
    (re.compile(r"^yaml-cpp/"), re.compile(r"^(sim|tests)/"),
     "models see validated Params, never YAML"),
    (re.compile(r"^(fstream|filesystem|cstdio|stdio\.h|iostream|unistd\.h|sys/.*)$"),
     re.compile(r"^(sim|tests)/"), "models have no input and no output"),
    (re.compile(r"^(chrono|ctime|time\.h)$"), re.compile(r"^(sim|tests)/"),
     "a run is a function: models know no clock"),
    (re.compile(r"^CLI/"), re.compile(r"^(sim/cli|tests)/"),
     "the command line belongs into sim/cli"),
    (re.compile(r"^curl/"), re.compile(r"^sim/trace/"), "only sim/trace fetches"),
    (re.compile(r"^sim/cli/"), re.compile(r"^(sim/cli|tests)/"),
     "nothing depends on the command line"),
    (re.compile(r"^sim/"), re.compile(r"^(sim|tests)/"), "arrows point from sim to models"),
    (re.compile(r"^tests/"), re.compile(r"^tests/"), "nothing depends on tests"),
]

# Words that may not stand in code (comments are not searched): pattern, folders, why.
FORBIDDEN = [
    (re.compile(r"(?<![.>\w])(?:exit|_Exit|quick_exit|abort|terminate)\s*\("), ("models", "sim"),
     "library code throws; only main makes an exit status"),
    (re.compile(r"\bSC_REPORT_FATAL\b|\bsc_stop\b\s*\(\s*\)\s*;\s*exit"), ("models", "sim", "tests"),
     "SC_REPORT_FATAL ends the process: throw instead"),
    (re.compile(r"\bgetenv\s*\("), ("models", "sim/device", "sim/result", "sim/scenario", "sim/trace"),
     "only main reads the environment"),
    (re.compile(r"\b(?:srand|rand|random_device|system_clock|high_resolution_clock)\b\s*[({]"),
     ("models",), "a run is a function of its scenario: seeded streams only, no clock"),
    (re.compile(r"-march=native|-ffast-math|-Ofast"), ("models", "sim", "tests", "cmake"),
     "results must not depend on the machine"),
    (re.compile(r"\bSC_THREAD\b|\bSC_CTHREAD\b"), ("models", "sim"), "modules use SC_METHOD only"),
]


def read(path):
    return path.read_text(encoding="utf-8")


def sources(root, folders=("models", "sim", "tests"), suffixes=(".hpp", ".cpp")):
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in suffixes and path.is_file():
                yield path.relative_to(root).as_posix(), read(path)


def code_lines(text):
    """Lines with comments and string literals blanked, numbered from 1."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0)) if match.group(0)[0] == "/" else '""'
    pattern = r'//[^\n]*|/\*.*?\*/|R"([^(]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
    return enumerate(re.sub(pattern, blank, text, flags=re.DOTALL).split("\n"), start=1)


def includes(text):
    for number, line in enumerate(text.split("\n"), start=1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(2)


def components(root):
    names = set()
    for listing in (root / "models").rglob("CMakeLists.txt"):
        names.update(COMPONENT.findall(read(listing)))
    return names


def check_arrows(root, _options):
    """Includes point one way: sim -> models/<kind> -> models/core, and never to a component by name."""
    parts = components(root)
    graph = {}
    for name, text in sources(root):
        graph[name] = []
        for line, header in includes(text):
            if (root / header).is_file():
                graph[name].append(header)
            for pattern, allowed, why in GUARDED:
                if pattern.match(header) and not allowed.match(name):
                    yield f"{name}:{line}: includes {header}: {why}"
            if name.startswith("models/core/") and header.startswith("models/") \
                    and not header.startswith("models/core/"):
                yield f"{name}:{line}: includes {header}: models/core knows no kind of component"
            if header.startswith("models/") and header.endswith(".hpp"):
                room, own_room = header.split("/")[1], name.split("/")[1]
                stem = header[len("models/"):-len(".hpp")]
                at_home = name.startswith("models/") and room == own_room
                if stem in parts and not at_home and not name.startswith("tests/"):
                    yield (f"{name}:{line}: includes {header}: a component is known by its interface; "
                           "only its own room and tests include it")
    yield from cycles(graph)


def cycles(graph):
    done, path = set(), []

    def visit(node):
        if node in path:
            yield f"{node}:1: includes itself through " + " -> ".join(path[path.index(node):] + [node])
            return
        if node in done:
            return
        path.append(node)
        for other in graph.get(node, []):
            yield from visit(other)
        path.pop()
        done.add(node)

    for start in sorted(graph):
        yield from visit(start)


def check_built(root, options):
    """Every source is compiled by some target: a test that is not built cannot fail."""
    listed, folder = set(), root
    for line in filter(None, read(pathlib.Path(options.built)).split("\n")):
        if line.startswith("@"):
            folder = pathlib.Path(line[1:])
        else:
            listed.add(str((folder / line).resolve()))
    for name, _ in sources(root, suffixes=(".cpp",)):
        if name.startswith(("tests/package/", "tests/bench/")):
            continue  # built by their own projects, whose lists are short and explicit
        if str(root / name) not in listed and name not in OPTIONAL:
            yield f"{name}:1: is in no CMake target"


def check_forbidden(root, _options):
    """Words that break a promise of the architecture."""
    for name, text in sources(root, ("models", "sim", "tests", "cmake"), (".hpp", ".cpp", ".cmake")):
        for line, code in code_lines(text):
            for pattern, folders, why in FORBIDDEN:
                if name.startswith(tuple(f + "/" for f in folders)) and pattern.search(code) \
                        and not name.endswith("EbbOptions.cmake"):  # which refuses these flags by name
                    yield f"{name}:{line}: '{pattern.search(code).group(0).strip()}': {why}"


def check_sizes(root, _options):
    """A file that one can read in a sitting: 400 lines, unless LONGER gives a reason."""
    for name, text in sources(root):
        length = text.count("\n")
        if length > MOST_LINES and name not in LONGER:
            yield f"{name}:{length}: {length} lines, more than {MOST_LINES}: split it, or give a reason in LONGER"
        if name in LONGER and length <= MOST_LINES:
            yield f"{name}:1: has become short enough: take it out of LONGER"
    for name in LONGER:
        if not (root / name).is_file():
            yield f"{name}:1: is in LONGER but does not exist"


def check_names(root, _options):
    """One type, one name: two of the same name in a namespace are one to the linker, which takes either."""
    opened = re.compile(r"^namespace\b\s*([\w:]*)\s*\{")
    defined = re.compile(r"^(?:struct|class|enum(?: class)?) ([\w:]+)\b(?![<\w:])(?![^{]*;)")
    first = {}
    for name, text in sources(root, ("models", "sim")):
        if name in OPTIONAL:
            continue  # what is built without it defines the same, in its place
        spaces = []
        for number, line in enumerate(text.split("\n"), start=1):
            if (space := opened.match(line)):
                spaces.append(space.group(1))
            elif line.startswith("}  // namespace") and spaces:
                spaces.pop()
            elif (kind := defined.match(line)) and "" not in spaces:
                full = "::".join(spaces + [kind.group(1)])
                other = first.setdefault(full, f"{name}:{number}")
                if other != f"{name}:{number}":
                    yield f"{name}:{number}: {full} is the name of another type, at {other}"


def check_licence(root, _options):
    """The SPDX line comes first (after a #! line), so that no file's licence is in doubt."""
    named = [*sources(root, ("models", "sim", "tests", "cmake"),
                      (".hpp", ".cpp", ".cmake", ".py", ".sh", ".txt"))]
    for folder in ("tools", ".ci"):
        named += [(p.relative_to(root).as_posix(), read(p)) for p in sorted((root / folder).glob("*"))
                  if p.is_file() and p.suffix in ("", ".py", ".sh", ".txt")]
    for name, text in named:
        if name.endswith(".txt") and not name.endswith("CMakeLists.txt"):
            continue
        first = [line for line in text.split("\n", 2)[:2] if not line.startswith("#!")]
        if not first or "SPDX-License-Identifier: Apache-2.0" not in first[0]:
            yield f"{name}:1: the first line is not the SPDX line"


def check_headers(root, _options):
    """Headers guard themselves, open with a contract comment and drag no namespace in."""
    for name, text in sources(root, suffixes=(".hpp",)):
        lines = text.split("\n")
        if "#pragma once" not in lines:
            yield f"{name}:1: no #pragma once"
        if len(lines) < 2 or not lines[1].startswith("//"):
            yield f"{name}:2: the contract comment is missing: what is this, in what units, from where?"
        for line, code in code_lines(text):
            if re.search(r"\busing\s+namespace\b", code):
                yield f"{name}:{line}: using namespace in a header"


def check_links(root, _options):
    """Links between pages lead somewhere."""
    pages = [*root.glob("*.md"), *(root / "docs").rglob("*.md"), *(root / "scenarios").rglob("*.md"),
             *(root / "traces").rglob("*.md"), *(root / "models").rglob("*.md")]
    for page in sorted(pages):
        name = page.relative_to(root).as_posix()
        in_code = False
        for number, line in enumerate(read(page).split("\n"), start=1):
            in_code ^= line.startswith("```")
            for target in [] if in_code else re.findall(r"\]\(([^)#\s]+)[^)]*\)", line):
                if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists():
                    yield f"{name}:{number}: links to {target}, which is not there"


# Kinds of component that a user picks for the energy side: where they are listed, and their word in a scenario.
PAGED = [(re.compile(r"^harvester/generate/(\w+)$"), "generator"), (re.compile(r"^harvester/(\w+)$"), "harvester"),
         (re.compile(r"^converter/(\w+)$"), "converter"), (re.compile(r"^store/(\w+)$"), "store"),
         (re.compile(r"^mcu/regulator_(\w+)$"), "regulator")]


def paged_components(root):
    """(file:line, kind, name) of the sources, converters, stores, regulators and generators."""
    for listing in sorted((root / "models").rglob("CMakeLists.txt")):
        text = read(listing)
        for match in COMPONENT.finditer(text):
            line = text.count("\n", 0, match.start(1)) + 1
            for pattern, kind in PAGED:
                found = pattern.match(match.group(1))
                if found:
                    yield f"{listing.relative_to(root).as_posix()}:{line}", kind, found.group(1)
                    break


def named_in(root, kind, block):
    """The component that a block of a scenario names, itself or by its part."""
    if not isinstance(block, dict):
        return None
    part = root / "models" / kind / "parts" / f"{block.get('part')}.yaml"
    if "type" not in block and part.is_file():
        block = yaml.safe_load(read(part))
    return block.get("type")


def used_in_examples(root):
    used = set()
    for path in sorted((root / "scenarios/examples").glob("*.yaml")):
        scenario = yaml.safe_load(read(path)) or {}
        blocks = [("converter", scenario.get("converter")), ("store", scenario.get("store")),
                  ("regulator", (scenario.get("mcu") or {}).get("regulator"))]
        for source in [scenario.get("source") or {}, *(scenario.get("more_sources") or [])]:
            trace = source.get("trace")
            blocks += [("harvester", source.get("model")), ("converter", source.get("converter")),
                       ("generator", trace.get("generate") if isinstance(trace, dict) else None)]
        used.update((kind, named_in(root, kind, block)) for kind, block in blocks)
    return used


def check_pages(root, _options):
    """Every source, converter, store and regulator has a page (a heading in docs/models that names it as
    `kind.name` or `kind: {type: name}`) and an example (scenarios/examples names it, or a part of it)."""
    if yaml is None:
        print("python3-yaml is not installed: tools/setup test")
        sys.exit(SKIPPED)
    headings = "\n".join(line for page in sorted((root / "docs/models").glob("*.md"))
                         for line in read(page).split("\n") if line.startswith("#"))
    used = used_in_examples(root)
    for place, kind, name in paged_components(root):
        if f"`{kind}.{name}`" not in headings and f"`{kind}: {{type: {name}}}`" not in headings:
            yield f"{place}: {kind} {name} has no page: no heading in docs/models names `{kind}.{name}`"
        if (kind, name) not in used:
            yield f"{place}: {kind} {name} has no example in scenarios/examples"


def check_yaml(root, _options):
    """Scenarios and parts are plain, tidy YAML (.yamllint)."""
    if not shutil.which("yamllint"):
        print("yamllint is not installed: tools/setup test")
        sys.exit(SKIPPED)
    files = [str(p.relative_to(root)) for folder in ("models", "scenarios", "traces")
             for p in sorted((root / folder).rglob("*.y*ml"))]
    if files:
        done = subprocess.run(["yamllint", "--strict", "-f", "parsable", "-c", str(root / ".yamllint"), *files],
                              cwd=root, capture_output=True, text=True, check=False)
        yield from filter(None, (done.stdout + done.stderr).split("\n"))


def check_rules_bite(root, _options):
    """Every rule finds the breach that was made for it."""
    spdx = "// SPDX-License-Identifier: Apache-2.0\n"
    good = spdx + "/// Contract.\n#pragma once\n"
    tree = {
        "models/CMakeLists.txt": "# SPDX-License-Identifier: Apache-2.0\nebb_component(store/cap)\n",
        "models/store/cap.hpp": good,
        "models/store/loop.hpp": good + '#include "models/store/pool.hpp"\n',
        "models/store/pool.hpp": good + '#include "models/store/loop.hpp"\n',
        "models/core/law.hpp": good + '#include "models/store/cap.hpp"\n#include <systemc>\n',
        "models/core/up.cpp": spdx + '#include "sim/run.hpp"\n#include <fstream>\n#include <yaml-cpp/yaml.h>\n',
        "sim/run.hpp": "#include <vector>\nusing namespace std;\n",
        "sim/run.cpp": spdx + '#include "models/store/cap.hpp"\n// exit(1) in words is fine\n'
                              'const char* s = "exit(1)";\nvoid f() { std::exit(1); }\n',
        "sim/long.cpp": spdx + "\n" * (MOST_LINES + 1),
        "tests/lost/lost_test.cpp": spdx,
        "docs/page.md": "[gone](nowhere.md)\n",
        "docs/models/store.md": "# A store: `store: {type: cap}`\ntext with `store.lone` only\n",
        "models/store/CMakeLists.txt": "# SPDX-License-Identifier: Apache-2.0\nebb_component(store/lone)\n",
        "models/store/parts/sheet.yaml": "type: lone\n",
        "scenarios/examples/lone.yaml": "store: {part: sheet}\nmcu: {regulator: {type: cap}}\n",
        "scenarios/bad.yaml": "a: yes\n",
        "sim/one.cpp": spdx + "namespace ebb {\nnamespace {\nstruct Own {};\n}  // namespace\nstruct Twin {};\n"
                              "}  // namespace ebb\n",
        "sim/two.cpp": spdx + "namespace ebb {\nnamespace {\nstruct Own {};\n}  // namespace\nstruct Twin;\n"
                              "struct Twin {};\n}  // namespace ebb\n",
        **{name: spdx + "\n" * MOST_LINES for name in LONGER},
    }
    expected = {
        "arrows": ["models/core/law.hpp:4", "models/core/law.hpp:5", "models/core/up.cpp:2",
                   "models/core/up.cpp:3", "models/core/up.cpp:4", "sim/run.cpp:2", "models/store/loop.hpp:1"],
        "built": ["tests/lost/lost_test.cpp:1"],
        "forbidden": ["sim/run.cpp:5"],
        "sizes": ["sim/long.cpp:402"],
        "names": ["sim/two.cpp:7"],
        "licence": ["sim/run.hpp:1"],
        "headers": ["sim/run.hpp:1", "sim/run.hpp:2"],
        "links": ["docs/page.md:1"],
        "pages": ["models/CMakeLists.txt:2", "models/store/CMakeLists.txt:2"] if yaml else [],
        "yaml": ["scenarios/bad.yaml:1"] if shutil.which("yamllint") else [],
    }
    with tempfile.TemporaryDirectory() as folder:
        bad = pathlib.Path(folder).resolve()
        for name, text in tree.items():
            (bad / name).parent.mkdir(parents=True, exist_ok=True)
            (bad / name).write_text(text, encoding="utf-8")
        shutil.copy(root / ".yamllint", bad / ".yamllint")
        listed = [str(bad / n) for n in tree if n.endswith(".cpp") and "lost" not in n]
        (bad / "built.txt").write_text("\n".join(listed), encoding="utf-8")
        options = argparse.Namespace(built=str(bad / "built.txt"))
        for rule, places in expected.items():
            found = list(RULES[rule](bad, options)) if places else []
            for place in places:
                if not any(breach.startswith(place + ":") for breach in found):
                    yield f"{rule}: does not find the breach at {place}; found: {found}"
            for breach in found:
                if not breach.startswith(tuple(p + ":" for p in places)):
                    yield f"{rule}: false alarm: {breach}"


RULES = {name[len("check_"):]: function for name, function in list(globals().items())
         if name.startswith("check_")}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("rule", choices=sorted(RULES))
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("--built", help="file with the sources that the build compiles, one per line")
    options = parser.parse_args()
    rule = RULES[options.rule]
    breaches = list(rule(options.root.resolve(), options))
    for breach in breaches:
        print(breach)
    if breaches:
        print(f"{len(breaches)} breaches of the rule '{options.rule}': {rule.__doc__}")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
