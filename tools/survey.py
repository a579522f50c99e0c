#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs one device with one workload under every trace of the catalog that is on this machine.

    tools/survey.py [--ebb PROGRAM] [--out docs/fields.md] [--json]

The device and its work are scenarios/survey.yaml. What a trace holds decides the source model, always the same one for
a quantity; the choices stand above the table. Each trace is looped for its own length, but for at least ten minutes
and at most a day. Traces that are not here are named below the table, with the reason. EBB_TRACE_MIRROR names a folder
in which traces are looked for besides the cache.
"""
import argparse
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent

# What a trace holds -> (words for the page, settings). A cell needs a charger, everything else none.
CELL = "kxob25_05x3f"
MODELS = {
    "voltage_v": ("the voltage across 30 kOhm, into a matched input",
                  {"source.model": "{type: voltage_across, resistance: 30 kOhm}"}),
    "power_w": ("the power itself", {"source.model": "{type: power}"}),
    "rf_power_w": ("through a P2110B at 1.25 V", {"source.model": "{part: p2110b_1v25}"}),
    "irradiance_w_m2": (f"a {CELL} cell at its maximum-power point, BQ25570",
                        {"source.model": f"{{part: {CELL}, operate: mpp}}",
                         "converter": "{part: bq25570}"}),
    "illuminance_lux": ("an AM-1417 cell at its maximum-power point, BQ25570",
                       {"source.model": "{part: am_1417, operate: mpp, light: illuminance}", "converter": "{part: bq25570}"}),
    "acceleration_m_s2": ("a shaken gram on a spring, 2.1 Hz, efficiency 20 %",
                          {"source.model": "{type: resonant, mass: 1.0e-3, stiffness: 0.17, damping: 0.0055, "
                                           "limit: 0.010, efficiency: 20 %, output: 1 V, high_pass: 0.1 Hz}",
                           "source.interpolation": "linear", "converter": "{type: efficiency, value: 80 %}"}),
}
SURFACE = ("a recorded current-voltage surface at its maximum-power point, BQ25570",
           {"source.model": "{type: iv_surface, operate: mpp}", "converter": "{part: bq25570}"})

# A tool's own numbers, which only its own reading makes power of.
OWN = {
    "solar/nvpsim": ("a profile of NVPsim, as nJ per 10 us", {"source.model": "{part: peer_nvpsim}"}),
}
# Pickled, so that a converter comes first (see docs/formats.md).
PICKLED = {"solar/shepherd-jogging": "convert_ivonne.py"}

# What a file does not say about itself.
OPTIONS = {
    "kinetic/": {"source.rate": "26 Hz"},
    "solar/messy-office-window": {"source.unit": "lux", "source.dt": "1 s"},
    "solar/messy-gmonths": {"source.unit": "W/m^2"},
    "solar/capsimu": {"source.unit": "V", "source.dt": "1 ms"},
    "solar/nvpsim": {"source.unit": "mW", "source.dt": "10 us"},
}


def said(program, *arguments):
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr.strip().splitlines()


def by_head(table, identifier):
    return next((value for head, value in table.items() if identifier.startswith(head)), None)


def file_of(entry):
    """Where a file with the catalog's checksum lies; None if it is not found."""
    folders = [os.environ.get("EBB_TRACE_MIRROR", ""),
               os.environ.get("XDG_CACHE_HOME", str(pathlib.Path.home() / ".cache")) + "/ebb"]
    for folder in filter(None, folders):
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.is_file() and path.stat().st_size == entry["bytes"] \
                    and hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]:
                return path
    return None


def unpickled(entry, folder):
    """The trace as a file that ebb reads, or None and why not."""
    path, made = file_of(entry), f"{folder}/unpickled.csv"
    if path is None:
        return None, f"tools/{PICKLED[entry['id']]} has to convert it first, and its file was not found"
    done = subprocess.run([sys.executable, str(ROOT / "tools" / PICKLED[entry["id"]]), str(path), made],
                          capture_output=True, text=True, check=False)
    return (made, None) if done.returncode == 0 else (None, done.stderr.strip().splitlines()[-1])


def survey(program, entry, folder):
    identifier = entry["id"]
    options = by_head(OPTIONS, identifier) or {}
    flags = [word for key, value in options.items() for word in (f"--{key.split('.')[1]}", value)]
    trace = identifier
    if identifier in PICKLED:
        trace, why = unpickled(entry, folder)
        if trace is None:
            return None, why
    status, out, err = said(program, "trace", "info", trace, "--json", *flags)
    if status != 0:
        return None, json.loads(out)["errors"][0]["message"]
    told = json.loads(out)
    surface = identifier.startswith("iv/") or identifier in PICKLED
    statistics = told.get("statistics") or {"duration_s": told.get("duration_s"), "quantity": ""}
    if statistics["duration_s"] is None:
        return None, "not a series of one quantity"
    own = by_head(OWN, identifier)
    if not surface and own is None and statistics["quantity"] not in MODELS:
        return None, f"no source of this table reads {statistics['quantity']}"
    words, sets = SURFACE if surface else own or MODELS[statistics["quantity"]]
    duration = min(max(statistics["duration_s"], 600.0), 86400.0)
    arguments = ["run", str(ROOT / "scenarios/survey.yaml"), "--json", "--record", "none", "--out", f"{folder}/run"]
    for key, value in {**sets, **options, "source.trace": trace, "duration": f"{duration:g} s"}.items():
        arguments += ["--set", f"{key}={value}"]
    status, out, err = said(program, *arguments)
    if status != 0:
        return None, json.loads(out or err[0])["errors"][0]["message"]
    return (words, duration, json.loads(out)), None


def why_absent(entry):
    """(licence, reason) that a trace of the catalog is not here."""
    if entry["status"] == "by hand":
        return entry["licence"], f"no plain file to fetch: by hand from {entry['origin']}"
    if entry["redistributable"] == "no":
        return entry["licence"], f"nobody but its user may fetch it from {entry['origin']}"
    if not entry["can_be_read"]:
        return entry["licence"], "a table of a device and no trace"
    return entry["licence"], f"not fetched: `ebb trace fetch` brings it from {entry['origin']}"


def number(value):
    if value is None:
        return "-"
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def share_of(value):
    return None if value is None else 100 * value


def row_of(identifier, duration, s):
    energy, power, work = s["energy_j"], s["power"], s["work"]
    hours = duration / 3600
    return (f"| `{identifier}` | {number(duration)} | {number(energy['harvested'] / duration * 1e6)} | "
            f"{number(100 * power['on_s'] / duration)} | {number(power['brown_outs'] / hours)} | "
            f"{number(power['longest_off_s'])} | {number(work['jobs_done'] / hours)} | "
            f"{number(share_of(work['forward_progress']))} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ebb", default=str(ROOT / "tools/ebb"))
    parser.add_argument("--out", default=None)
    given = parser.parse_args()
    status, out, err = said(given.ebb, "trace", "list", "--json")
    if status != 0:
        sys.exit("\n".join(err))
    groups, absent, refused = {}, [], []
    with tempfile.TemporaryDirectory() as cache:
        for entry in json.loads(out):
            if not entry["present"]:
                absent.append(entry)
                continue
            result, why = survey(given.ebb, entry, cache)
            if result is None:
                refused.append((entry["id"], why))
                continue
            words, duration, summary = result
            groups.setdefault(words, []).append(row_of(entry["id"], duration, summary))
    lines = ["# One device, many fields", "",
             "The device and its work never change (`scenarios/survey.yaml`: STM32U385 on 100 uF, on at 3.0 V, off at 1.8 V,",
             "keyword spotting again and again, committed per tile); only the field does. What a trace holds decides how it",
             "becomes energy. Made by `tools/survey.py`.", ""]
    head = ["| trace | simulated s | harvested uW | on % | brown-outs / h | longest off s | jobs / h | work kept % |",
            "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    for words, rows in groups.items():
        lines += [f"## {words[0].upper()}{words[1:]}", "", *head, *rows, ""]
    if refused:
        lines += ["## Not in the table", "", "| trace | why |", "| --- | --- |"]
        lines += [f"| `{identifier}` | {why} |" for identifier, why in refused] + [""]
    if absent:
        lines += ["## Not at hand when this page was made", "", "| traces | licence | why |", "| --- | --- | --- |"]
        reasons = {}
        for entry in absent:
            reasons.setdefault(why_absent(entry), []).append(f"`{entry['id']}`")
        lines += [f"| {', '.join(names)} | {licence} | {why} |" for (licence, why), names in reasons.items()] + [""]
    text = "\n".join(lines)
    if given.out:
        pathlib.Path(given.out).write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
