#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs one device with one workload under every trace of the catalog that is on this machine.

    tools/survey.py [--ebb PROGRAM] [--out docs/fields.md] [--json]

The device and its work are scenarios/survey.yaml. What a trace holds decides the source model, always the same one for
a quantity; the choices stand above the table. Each trace is looped for its own length, but for at least ten minutes
and at most a day. Traces that are not here are named below the table (`ebb trace fetch` brings them).
"""
import argparse
import json
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

# What a file does not say about itself.
OPTIONS = {
    "kinetic/": {"source.rate": "26 Hz"},
    "solar/messy-office-window": {"source.unit": "lux", "source.dt": "1 s"},
    "solar/messy-gmonths": {"source.unit": "W/m^2"},
    "solar/capsimu": {"source.unit": "V", "source.dt": "1 ms"},
}


def said(program, *arguments):
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr.strip().splitlines()


def options_of(identifier):
    for head, options in OPTIONS.items():
        if identifier.startswith(head):
            return options
    return {}


def survey(program, entry, cache):
    identifier = entry["id"]
    options = options_of(identifier)
    flags = [word for key, value in options.items() for word in (f"--{key.split('.')[1]}", value)]
    status, out, err = said(program, "trace", "info", identifier, "--json", *flags)
    if status != 0:
        return None, json.loads(out)["errors"][0]["message"]
    statistics = json.loads(out).get("statistics")
    if statistics is None:
        return None, "not a series of one quantity"
    if statistics["quantity"] not in MODELS:
        return None, f"no source of this table reads {statistics['quantity']}"
    words, sets = SURFACE if identifier.startswith("iv/") else MODELS[statistics["quantity"]]
    duration = min(max(statistics["duration_s"], 600.0), 86400.0)
    arguments = ["run", str(ROOT / "scenarios/survey.yaml"), "--json", "--record", "none", "--out", cache]
    for key, value in {**sets, **options, "source.trace": identifier, "duration": f"{duration:g} s"}.items():
        arguments += ["--set", f"{key}={value}"]
    status, out, err = said(program, *arguments)
    if status != 0:
        return None, json.loads(out or err[0])["errors"][0]["message"]
    return (words, duration, json.loads(out)), None


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
                absent.append(entry["id"])
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
        lines += ["Not on the machine when this page was made: " + ", ".join(f"`{i}`" for i in absent) + ".", ""]
    text = "\n".join(lines)
    if given.out:
        pathlib.Path(given.out).write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
