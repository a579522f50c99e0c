#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs one device on one recording, read as each of several simulators reads it.

    tools/peers.py [--ebb PROGRAM] [--trace ID] [--light ID] [--out docs/peers.md]

The devices and their work are scenarios/peers.yaml, peers_light.yaml and examples/peer_bonito.yaml. Without a recording on
this machine (`ebb trace fetch` brings it) a generated trace that comes with ebb stands in.
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

# Two of these cells in series, wired to the store.
PAIR = "{type: pv_cell, operate: direct, cell: {isc: 19.5 mA, voc: 4.14 V, vmp: 3.34 V, imp: 18.4 mA}}"
CHARGER, DIODE, SHARE = "{part: bq25570}", "{type: diode, drop: 0.3 V}", "{type: efficiency, value: 80 %}"
LIGHT = [  # title, source model, converter, what it assumes, whose panel (a factor holds within one)
    ("`pv_cell` at 80 % of its open circuit, looked at every 16 s",
     "{part: kxob25_05x3f, operate: {voc_fraction: {fraction: 80 %, period: 16 s, blackout: 256 ms}}}", CHARGER,
     "a diode whose open circuit falls with the light", "kxob25_05x3f"),
    ("`pv_cell` at its maximum power", "{part: kxob25_05x3f, operate: mpp}", CHARGER, "the best point at any time",
     "kxob25_05x3f"),
    ("`peer_simba`", "{part: peer_simba}", CHARGER,
     "held at 80 % of the data sheet's open circuit from dawn to dusk", "kxob25_05x3f"),
    ("`pv_cell` wired through a diode, two in series", PAIR, DIODE, "the store's voltage is the panel's at any time", "pair"),
    ("`peer_simba_wired`", "{part: peer_simba_wired}", DIODE,
     "the current is looked up once per change of the light and kept", "pair"),
    ("`peer_failure_sentinels`", "{part: peer_failure_sentinels}", SHARE, "15 % of any light on 5 cm2; a panel of its own",
     None),
    ("`peer_messy_outdoor`", "{part: peer_messy_outdoor}", SHARE,
     "two points of voltage and of current; a panel of its own", None),
]

HEAD = """# One recording, many readings

Written by `tools/peers.py`; do not edit. A recording says what one load got, or how much light there was, and nothing about another
device. Simulators differ in what they make of it, by the factors of these tables. The presets are for comparison, never a default: each
repeats a tool's law with its faults, which its part (`models/harvester/parts/peer_*.yaml`) names
([models](models/peer_readings.md)).

## A voltage

"""

OFFERED = """
Offered is what the source gives, clipped included; harvested is what entered the store, and differs from it where the store
was full. A source whose current depends on the store's voltage gives more to a store that is emptied sooner, so the factors are
those of this device and not constants of the tools.

## Light

"""

TAIL = """
A factor is against the first reading of the same panel; a tool with a panel of its own has none. `source.interpolation: linear` belongs to
Failure Sentinels, which goes straight from second to second.

## A power

"""

REST = """
## Where no factor can be given

| tool | why |
| --- | --- |
| NVPsim (`peer_nvpsim`) | its profiles are numbers per tick without a unit; what they are in watts is its reader's choice (1 nJ per 10 us here), so that no recording of another tool has a value in it |
| MESSY indoors (`peer_messy`) | the unit of its level is not stated, and its four points belong to no panel that another reading could have |
| REACT (`peer_react`) | received power: five points of a P2110B at 1 V, where `p2110b_measured` has all of them; the tool itself replays the power in hardware |
"""


def run(program, scenario, sets, folder):
    words = [program, "run", str(ROOT / "scenarios" / scenario), "--json", "--record", "none", "--out", f"{folder}/run"]
    for key, value in sets.items():
        words += ["--set", f"{key}={value}"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{sets}: {done.stderr.strip() or done.stdout.strip()}")
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


def row(cells):
    return "| " + " | ".join(cells) + " |"


def measures(result, unit, factor):
    energy = result["energy_j"]
    amount = {"mJ": 1e3, "J": 1.0}[unit]
    return [f"{amount * energy['offered']:.3f} {unit}", f"{amount * energy['harvested']:.3f} {unit}", factor,
            str(result["power"]["boots"]), str(result["work"]["jobs_done"])]


def of_voltage(program, trace, duration_s, folder):
    lines = [row(["reading", "assumes", "offered", "harvested", "factor", "boots", "jobs"]),
             "| --- | --- | ---: | ---: | ---: | ---: | ---: |"]
    base = None
    for title, model, words in READINGS:
        result = run(program, "peers.yaml", {"source.trace": trace, "source.model": model,
                                             "duration": f"{duration_s:g} s"}, folder)
        base = base or result["energy_j"]["harvested"]
        lines.append(row([title, words, *measures(result, "mJ", f"{result['energy_j']['harvested'] / base:.2f}")]))
    return "\n".join(lines) + "\n"


def of_light(program, trace, scale, folder):
    lines = [row(["reading", "assumes", "offered", "harvested", "factor", "boots", "jobs"]),
             "| --- | --- | ---: | ---: | ---: | ---: | ---: |"]
    base = {}
    for title, model, converter, words, panel in LIGHT:
        if scale != 1 and panel is None:
            continue
        result = run(program, "peers_light.yaml",
                     {"source.trace": trace, "source.scale": scale, "source.model": model, "converter": converter}, folder)
        harvested = result["energy_j"]["harvested"]
        factor = f"{harvested / base.setdefault(panel, harvested):.2f}" if panel else "-"
        lines.append(row([title, words, *measures(result, "J", factor)]))
    return "\n".join(lines) + "\n"


def of_power(program, folder):
    """Bonito's charges, and the same store with a little less than its assumptions."""
    lines = [row(["reading", "assumes", "charges", "factor", "mean charging time"]), "| --- | --- | ---: | ---: | ---: |"]
    base = None
    for title, words, sets in [
            ("`peer_bonito`", "no leakage, no efficiency", {}),
            ("`power`", "a leakage of 10 MOhm", {"source.model": "{type: power}", "store.leakage": "{resistance: 10 MOhm}"}),
            ("`power`", "that, and 80 % of the power arrive",
             {"source.model": "{type: power}", "store.leakage": "{resistance: 10 MOhm}", "converter": SHARE})]:
        power = run(program, "examples/peer_bonito.yaml", sets, folder)["power"]
        base = base or power["boots"]
        lines.append(row([title, words, str(power["boots"]), f"{power['boots'] / base:.2f}",
                          f"{1e3 * power['mean_off_s']:.1f} ms"]))
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ebb", default=str(ROOT / "tools/ebb"))
    parser.add_argument("--trace", default="rf/mementos-2", help="a recorded voltage")
    parser.add_argument("--light", default="solar/nrel-srrl-2018-09", help="a recorded irradiance")
    parser.add_argument("--out")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        trace, duration = arguments.trace, recorded(arguments.ebb, arguments.trace)
        words = f"The recording `{trace}`"
        if duration is None:
            trace, duration = stand_in(folder)
            words = f"`{arguments.trace}` is not on this machine: `gen/rf-reader` as a voltage across 30 kOhm"
        light = arguments.light
        light_words = f"The first day of the recording `{light}`"
        if recorded(arguments.ebb, light) is None:
            light = "gen/solar-day"
            light_words = f"`{arguments.light}` is not on this machine: `gen/solar-day`"
        page = (HEAD + f"{words}, once ({duration:g} s), into 10 uF between 1.8 V and 3.0 V; 0.3 mA while on, jobs of 5 ms "
                "([scenarios/peers.yaml](../scenarios/peers.yaml)):\n\n"
                + of_voltage(arguments.ebb, trace, duration, folder) + OFFERED
                + f"{light_words}, into 4.7 mF between 2.1 V and 3.3 V; 20 mA while on, jobs of 100 ms "
                "([scenarios/peers_light.yaml](../scenarios/peers_light.yaml)); the charger is a BQ25570 by its data sheet:\n\n"
                + of_light(arguments.ebb, light, 1, folder)
                + "\nThe same at a hundredth of the light, where the open circuit of a real panel has fallen by a fifth:\n\n"
                + of_light(arguments.ebb, light, 0.01, folder) + TAIL
                + "`gen/rf-reader`, 60 s, charges of 17 uF from 2.4 V to 3.0 V "
                "([peer_bonito](../scenarios/examples/peer_bonito.yaml)):\n\n"
                + of_power(arguments.ebb, folder) + REST)
    if arguments.out:
        pathlib.Path(arguments.out).write_text(page)
    else:
        sys.stdout.write(page)


if __name__ == "__main__":
    main()
