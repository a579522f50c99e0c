#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Published tile plans through the simulator: their closed form, and what a capacitor makes of them.

  tools/golden.py [--ebb PROGRAM] [--markdown]

Latency of one inference, from a full store to the next, of the plans that come with ebb. "closed form" is
the simulator under the published assumptions: the source is cut off while the device is on, and (iNAS) each
shut-down takes the unused margin away. "source off" leaves the margin in the store; "source on" is the
device as it is. Published: latencies of the models' own code, restated (EMCLab-Sinica/
Intermittent-aware-NAS @18bb84e, EMCLab-Sinica/TiNAS @16e5c14).
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
INAS = {"platform": "msp430fr5994_extfram_inas", "boot": "70 ms", "voltage": "3 V", "resistance": "300 Ohm",
        "on": 2.99, "off": 2.8, "policy": "{policy: inas, energy_margin: 0.55, end_voltage: inas}"}
TINAS = {"platform": "msp430fr5994_extfram_tinas", "boot": "55 ms", "voltage": "5.892 V",
         "resistance": "2.8 kOhm", "on": 4.535, "off": 3.29, "policy": "{policy: inas}"}
# network, model, published latency [s], power cycles
PLANS = [("inas_cifar_cap005_ts1", INAS, 1202.53960048, 256), ("inas_har_cap005_ts1", INAS, 95.2619583051, 21),
         ("inas_kws_cap005_ts1", INAS, 52.9380891244, 12), ("tinas_har_lat_perc25", TINAS, 18.409940038220185, 78)]
SCENARIO = """
name: a published plan
duration: 20000 s
until: {{jobs: 2}}
source:
  model: {{type: thevenin, voltage: {voltage}, resistance: {resistance}}}
  harvest_while_on: {harvest}
store: {{type: capacitor, capacitance: 5 mF, initial: {on} V, max: 10 V}}
mcu:
  {{turn_on: {on} V, turn_off: {off} V, initial: unpowered, off_current: 0 A, boot: {{time: {boot}, energy: 77.88 uJ}}}}
workload: {{network: {network}, platform: {platform}}}
checkpoint: {policy}
"""


def latency_s(ebb, network, model, harvest, policy):
    """Of the second inference, which begins with a recharge as each of a long row does; and boots."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = pathlib.Path(folder) / "run.yaml"
        scenario.write_text(SCENARIO.format(network=network, harvest=str(harvest).lower(),
                                            **{**model, "policy": policy}))
        said = subprocess.run([ebb, "run", str(scenario), "--json"], capture_output=True, text=True, check=False)
        if said.returncode != 0:
            sys.exit(f"golden.py: {said.stderr.strip()}")
        summary = json.loads(said.stdout)
        work = summary["work"]
        return 2 * work["latency_mean_s"] - work["first_done_s"], summary["power"]["boots"] // 2


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ebb", default=str(ROOT / "tools" / "ebb"))
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    head = ["plan", "published [s]", "closed form [s]", "error", "power cycles", "source off [s]", "differs",
            "source on [s]", "differs"]
    rows = []
    for network, model, published, cycles in PLANS:
        closed, boots = latency_s(options.ebb, network, model, False, model["policy"])
        off, _ = latency_s(options.ebb, network, model, False, "{policy: inas}")
        on, _ = latency_s(options.ebb, network, model, True, "{policy: inas}")
        rows.append([network, f"{published:.6g}", f"{closed:.6g}", f"{closed / published - 1:.1e}",
                     f"{boots} of {cycles}", f"{off:.6g}", f"{100 * (off / published - 1):.1f} %", f"{on:.6g}",
                     f"{100 * (on / published - 1):.1f} %"])
    if options.markdown:
        print("| " + " | ".join(head) + " |\n|" + " --- |" * len(head))
        for row in rows:
            print("| " + " | ".join(row) + " |")
        return
    widths = [max(len(r[i]) for r in [head] + rows) for i in range(len(head))]
    for row in [head] + rows:
        print("  ".join(cell.rjust(w) if i else cell.ljust(w) for i, (cell, w) in enumerate(zip(row, widths))))


if __name__ == "__main__":
    main()
