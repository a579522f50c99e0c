#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One network under every runtime, on one device: latency, energy by purpose, words stored.

  tools/runtimes.py [--ebb PROGRAM] [--network NAME] [--capacitance C] [--markdown]

The platform is an estimate where memory is concerned: every figure is shown with its memory costs at
half, once and twice. Prints a table; with --markdown the one that docs/models/runtimes.md holds.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCENARIO = """
name: one network, one device
duration: 1000 s
until: {{jobs: 3}}
source: {{model: {{type: constant_power, power: 1 mW}}}}
store: {{type: capacitor, capacitance: {capacitance}, initial: 3 V, max: 3.6 V}}
mcu:
  {{turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered, off_current: 0 A,
   boot: {{time: 1 ms, energy: 0.3 uJ}}, active: {{current: 1.8 mA}}}}
workload:
  {{network: {network}, platform: msp430fr5994_lea_intfram_estimate, memory_costs: {factor}}}
checkpoint: {policy}
"""
POLICIES = [
    ("alpaca, 8 products", "{policy: alpaca, task: 8}"),
    ("alpaca, 32 products", "{policy: alpaca, task: 32}"),
    ("sonic", "{policy: sonic}"),
    ("tails", "{policy: tails}"),
    ("hawaii", "{policy: hawaii}"),
]
FACTORS = [0.5, 1, 2]


def run(ebb, network, capacitance, policy, factor):
    """summary.json of one run; None if nothing gets done."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = pathlib.Path(folder) / "run.yaml"
        scenario.write_text(SCENARIO.format(network=network, capacitance=capacitance,
                                            policy=policy, factor=factor))
        said = subprocess.run([ebb, "run", str(scenario), "--json"], capture_output=True,
                              text=True, check=False)
        if said.returncode != 0:
            sys.exit(f"runtimes.py: {said.stderr.strip()}")
        summary = json.loads(said.stdout)
        return summary if summary["work"]["jobs_done"] > 0 else None


def share(energy, *names):
    drawn = sum(energy[n] for n in ("compute", "nvm_read", "nvm_write", "repeated_work",
                                    "checkpoint", "restore", "boot"))
    return 100.0 * sum(energy[n] for n in names) / drawn


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ebb", default=str(ROOT / "tools" / "ebb"))
    parser.add_argument("--network", default="sonic_lenet_mnist")
    parser.add_argument("--capacitance", default="100 uF")
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    rows = []
    for name, policy in POLICIES:
        runs = [run(options.ebb, options.network, options.capacitance, policy, f) for f in FACTORS]
        if any(r is None for r in runs):
            rows.append([name] + ["-"] * 8)
            continue
        once = runs[FACTORS.index(1)]
        energy = once["energy_j"]
        rows.append([name] + [f"{r['work']['latency_mean_s']:.2f}" for r in runs] + [
            f"{share(energy, 'compute'):.0f}",
            f"{share(energy, 'nvm_read'):.0f}",
            f"{share(energy, 'nvm_write'):.0f}",
            f"{share(energy, 'checkpoint', 'repeated_work', 'restore', 'boot'):.0f}",
            f"{once['nvm']['written_bytes'] / 2 / once['work']['jobs_done'] / 1e3:.0f}"])
    head = ["runtime"] + [f"latency x {f} [s]" for f in FACTORS] + [
        "compute %", "read %", "write %", "around it %", "1000 words stored"]
    if options.markdown:
        print("| " + " | ".join(head) + " |")
        print("|" + " --- |" * len(head))
        for row in rows:
            print("| " + " | ".join(row) + " |")
        return
    widths = [max(len(r[i]) for r in [head] + rows) for i in range(len(head))]
    for row in [head] + rows:
        print("  ".join(cell.rjust(w) if i else cell.ljust(w)
                        for i, (cell, w) in enumerate(zip(row, widths))))


if __name__ == "__main__":
    main()
