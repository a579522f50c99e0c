#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs one device on one recorded voltage, read as each of several simulators reads it.

    tools/peers.py [--ebb PROGRAM] [--trace ID] [--out docs/peers.md]

The device and its work are scenarios/peers.yaml. Without the recording on this machine (`ebb trace fetch` brings it) the
generated trace that comes with ebb stands in, as the voltage that its power has across 30 kOhm.
"""
import argparse
import json
import math
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
HONEST = "{type: voltage_across, resistance: 30 kOhm}"
READINGS = [  # title, source model, what it assumes
    ("`voltage_across` 30 kOhm", HONEST, "the power that the recording's own load had"),
    ("`peer_mementos_mspsim`", "{part: peer_mementos_mspsim}",
     "a share of the voltage for every rise of it; the time constant multiplies where it should divide"),
    ("`peer_eh_sim_current`", "{part: peer_eh_sim_current}",
     "v/30 kOhm flows into the store whatever its voltage"),
    ("`peer_eh_sim_voltage`", "{part: peer_eh_sim_voltage}",
     "1 mA (our choice) while the store lies below the trace"),
    ("`peer_capsimu`", "{part: peer_capsimu}", "the voltage behind 1 kOhm and an ideal diode"),
]

HEAD = """# One voltage, many readings

Written by `tools/peers.py`; do not edit. A voltage that was recorded across a load says what that load got, and nothing about another
one. Simulators differ in what they make of it, by the factors of this table. The presets are for comparison, never a default: each
repeats a tool's law with its faults, which its part (`models/harvester/parts/peer_*.yaml`) names.

"""

TAIL = """
Offered is what the source gives, clipped included; harvested is what entered the store, and differs from it where the store
was full. A source whose current depends on the store's voltage gives more to a store that is emptied sooner, so the factors are
those of this device and not constants of the tools.

## Tools that read something else

| tool | reads | here |
| --- | --- | --- |
| Failure Sentinels | irradiance, straight between seconds | `{part: peer_failure_sentinels}` with `interpolation: linear`: 5 cm2 at 15 % of any light |
| REACT | received power | `{part: peer_react}`: five points of a P2110B at 1 V |
| Simba | irradiance | `iv_curve` with one level and `operate: direct`: the data sheet's curve times G/1000, the open circuit unmoved. Not repeated: the tool looks the current up only when the light changes, so that it misses the store's own voltage in between |
| Bonito's power to time | power | `power`, `converter: none`, a store of 17 uF between 2.4 V and 3.0 V without leakage, `max` at 3.0 V: what comes above is discarded, as there |
| NVPsim | a number per 10 us without unit | `power` with `scale`; the tool's leak per tick is a constant power, which no store here has |
| MESSY | a level | not repeated: it looks voltage and current up separately from the level, by points that belong to no curve |
"""


def run(program, trace, duration_s, model, folder):
    words = [program, "run", str(ROOT / "scenarios/peers.yaml"), "--json", "--record", "none", "--out", f"{folder}/run",
             "--set", f"source.trace={trace}", "--set", f"source.model={model}", "--set", f"duration={duration_s:g} s"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{model}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def recorded(program, trace):
    """Length of the trace in seconds; None if it is not on this machine."""
    done = subprocess.run([program, "trace", "info", trace, "--json"], capture_output=True, text=True, check=False)
    told = json.loads(done.stdout) if done.returncode == 0 else {}
    return told["statistics"]["duration_s"] if "statistics" in told else None


def stand_in(folder):
    """The generated trace that comes with ebb, as the voltage of its power across 30 kOhm."""
    lines = [line for line in (ROOT / "traces/generated/rf_reader.csv").read_text().splitlines() if line[:1] != "#"]
    out = pathlib.Path(folder) / "voltage.csv"
    rows = [line.split(",") for line in lines[1:]]
    out.write_text("time_s,voltage_v\n" + "".join(
        f"{t},{math.sqrt(30e3 * float(p)):.9g}\n" for t, p in rows))
    return str(out), float(rows[-1][0])


def table(program, trace, duration_s, folder):
    results = [run(program, trace, duration_s, model, folder) for _, model, _ in READINGS]
    base = results[0]["energy_j"]["harvested"]
    lines = ["| reading | assumes | offered | harvested | factor | boots | jobs |",
             "| --- | --- | ---: | ---: | ---: | ---: | ---: |"]
    for (title, _, words), result in zip(READINGS, results):
        energy = result["energy_j"]
        lines.append(f"| {title} | {words} | {1e3 * energy['offered']:.3f} mJ | {1e3 * energy['harvested']:.3f} mJ | "
                     f"{energy['harvested'] / base:.2f} | {result['power']['boots']} | {result['work']['jobs_done']} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ebb", default=str(ROOT / "tools/ebb"))
    parser.add_argument("--trace", default="rf/mementos-2")
    parser.add_argument("--out")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        trace, duration = arguments.trace, recorded(arguments.ebb, arguments.trace)
        words = f"The recording `{trace}`"
        if duration is None:
            trace, duration = stand_in(folder)
            words = f"`{arguments.trace}` is not on this machine: `gen/rf-reader` as a voltage across 30 kOhm"
        page = (HEAD + f"{words}, once ({duration:g} s), into 10 uF between 1.8 V and 3.0 V; 0.3 mA while on, jobs of 5 ms "
                "([scenarios/peers.yaml](../scenarios/peers.yaml)):\n\n"
                + table(arguments.ebb, trace, duration, folder) + TAIL)
    if arguments.out:
        pathlib.Path(arguments.out).write_text(page)
    else:
        sys.stdout.write(page)


if __name__ == "__main__":
    main()
