#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws a run of ebb: voltage with its thresholds, states, powers, and where the energy went.

    tools/plot_run.py DIR [--out FILE.png|FILE.svg|FILE.pdf] [--from SECONDS] [--to SECONDS]

Reads timeline.csv, summary.json and resolved.yaml of the folder DIR. Few power cycles are
drawn as lines over coloured states. Where there are more than a picture can resolve, the voltage becomes
the band between its least and greatest value, the states become shares of time, and a few cycles from the
middle are drawn again, larger. Needs Debian's
python3-pandas, python3-matplotlib and python3-yaml.
"""
import argparse
import json
import pathlib
import re
import sys
import textwrap

try:
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np
    import pandas as pd
    import yaml
    from matplotlib.patches import Patch
    from matplotlib.ticker import EngFormatter, FuncFormatter, MultipleLocator
except ImportError as error:
    sys.exit(f"plot_run.py needs {error.name}: apt-get install python3-pandas python3-matplotlib python3-yaml "
             "(and run it with /usr/bin/python3)")

# Colour-blind safe (Okabe and Ito 2008), one per state, dark enough to tell apart when narrow.
STATE_COLOURS = {
    "off": "#d9d9d9",
    "boot": "#e69f00",
    "active": "#009e73",
    "sleep": "#56b4e9",
    "save": "#cc79a7",
    "restore": "#d55e00",
}
INK, FAINT, VOLTAGE, HARVEST, LOAD = "#222222", "#8a8a8a", "#0b4f8a", "#e69f00", "#009e73"
USEFUL = {"compute", "nvm_read", "nvm_write", "peripherals"}
BEFORE_STORE = {"converter_loss", "clipped"}
KINDS = {"work": "#009e73", "overhead": "#e69f00", "before the store": "#bdbdbd", "still stored": "#56b4e9"}
FEW_CHANGES = 40           # of state: more than this are not drawn one by one
CHANGES_PER_BIN = 10       # about three power cycles, so that bands do not flicker
FEWEST_BINS, MOST_BINS = 60, 300
CLOSER_CYCLES = 6
WHOLE_TIMELINE = 4096      # points that ebb keeps as they were
LOAD_DWARFS = 2.5          # a load so many times the harvest would hide it
PREFIX = {"n": 1e-9, "u": 1e-6, "µ": 1e-6, "m": 1e-3, "": 1.0, "k": 1e3}


def volts(text):
    """'1.8 V' or '900 mV' -> number; None for anything else."""
    match = re.fullmatch(r"\s*([-+0-9.eE]+)\s*([nuµmk]?)V\s*", str(text))
    return float(match.group(1)) * PREFIX[match.group(2)] if match else None


def engineering(value, unit):
    return EngFormatter(unit=unit, places=None, sep=" ")(float(f"{value:.3g}"))


def read_run(folder):
    def need(name):
        path = folder / name
        if not path.is_file():
            sys.exit(f"plot_run.py: {path} is missing; run with: ebb run FILE --out {folder} --record events")
        return path
    timeline = pd.read_csv(need("timeline.csv"))
    if timeline.empty:
        sys.exit(f"plot_run.py: {folder / 'timeline.csv'} has no rows")
    summary = json.loads(need("summary.json").read_text(encoding="utf-8"))
    resolved = {}
    if (folder / "resolved.yaml").is_file():
        resolved = yaml.safe_load((folder / "resolved.yaml").read_text(encoding="utf-8")) or {}
    return timeline, summary, resolved


def is_thinned(folder):
    """Above some 4,000 points timeline.csv keeps extremes and changes of state, not how long each state took."""
    try:
        recording = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["recording"]
        return recording["level"] != "all" and recording["points_seen"] > WHOLE_TIMELINE
    except (OSError, ValueError, KeyError):
        return False


def thresholds(resolved):
    def at(*keys):
        node = resolved
        for key in keys:
            node = node.get(key) if isinstance(node, dict) else None
        return volts(node)
    found = [("turn on", at("mcu", "turn_on"), "-"), ("turn off", at("mcu", "turn_off"), "-"),
             ("save", at("checkpoint", "save_at"), ":"), ("restore", at("checkpoint", "restore_at"), ":"),
             ("full", at("store", "max"), "--")]
    return [(name, v, style) for name, v, style in found if v is not None]


def cut(timeline, start, end):
    """Rows within [start, end], with the voltage on its way at both borders."""
    first = max(0, timeline.time_s.searchsorted(start, side="right") - 1)
    part = timeline[(timeline.index >= first) & (timeline.time_s <= end)].copy()
    if part.time_s.iloc[-1] < end < timeline.time_s.iloc[-1]:
        part = pd.concat([part, part.tail(1).assign(time_s=end)])
    part["time_s"] = part.time_s.clip(lower=start)
    part["v_store_v"] = np.interp(part.time_s, timeline.time_s, timeline.v_store_v)
    return part.reset_index(drop=True)


def state_shares(timeline, edges):
    """Share of each bin of time that each state takes; rows hold until the next."""
    begin = timeline.time_s.to_numpy()
    end = np.append(begin[1:], edges[-1])
    names = timeline.state.to_numpy()
    shares = {}
    for state in STATE_COLOURS:
        mine = names == state
        if mine.any():
            # The integral of "is in this state" up to each edge; differences are the bins.
            t = np.concatenate([begin[mine], end[mine]])
            slope = np.concatenate([np.ones(mine.sum()), -np.ones(mine.sum())])
            order = np.argsort(t, kind="stable")
            t, slope = t[order], np.cumsum(slope[order])
            integral = np.concatenate([[0.0], np.cumsum(slope[:-1] * np.diff(t))])
            shares[state] = np.clip(np.diff(np.interp(edges, t, integral)) / np.diff(edges), 0.0, 1.0)
    return shares


def envelope(t, y, edges, step):
    """Least and greatest y in each bin; a line crosses its bins, a step holds."""
    inside = edges[(edges > t[0]) & (edges < t[-1])]
    if step:
        at_edges = y[np.searchsorted(t, inside, side="right") - 1]
    else:
        at_edges = np.interp(inside, t, y)
    # Each edge belongs to both of its bins; a step's value before a row reaches into the row's bin.
    number = lambda x: np.clip(np.searchsorted(edges, x, side="right") - 1, 0, len(edges) - 2)
    where = np.concatenate([number(t), number(inside), number(inside) - 1])
    values = np.concatenate([y, at_edges, at_edges])
    low = np.full(len(edges) - 1, np.inf)
    high = np.full(len(edges) - 1, -np.inf)
    np.minimum.at(low, np.clip(where, 0, None), values)
    np.maximum.at(high, np.clip(where, 0, None), values)
    low[~np.isfinite(low)] = np.nan
    high[~np.isfinite(high)] = np.nan
    return low, high


def style(axes):
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color("#b0b0b0")
    axes.tick_params(colors="#555555", labelsize=9)
    axes.yaxis.label.set_color(INK)


def draw_line(axes, timeline, changes):
    """The voltage as it was, over its states."""
    for begin, end, state in changes:
        axes.axvspan(begin, end, color=STATE_COLOURS[state], alpha=0.28, lw=0)
    axes.plot(timeline.time_s, timeline.v_store_v, color=VOLTAGE, lw=1.8, solid_joinstyle="round")


def draw_band(axes, timeline, edges):
    """Least to greatest voltage in each bin."""
    low, high = envelope(timeline.time_s.to_numpy(), timeline.v_store_v.to_numpy(), edges, step=False)
    low, high = np.append(low, low[-1]), np.append(high, high[-1])
    axes.fill_between(edges, low, high, step="post", color=VOLTAGE, alpha=0.3, lw=0)
    for y in (low, high):
        axes.step(edges, y, where="post", color=VOLTAGE, lw=1.0)


def draw_thresholds(axes, limits, least, greatest):
    shown = [(name, value, line) for name, value, line in limits if name != "full" or greatest > 0.9 * value]
    for _, value, line in shown:
        axes.axhline(value, color=INK, lw=0.8, ls="--" if line == "-" else line, alpha=0.65)
    top = max([greatest] + [value for _, value, _ in shown])
    bottom = 0.0 if least < 0.5 * top else min([least] + [value for _, value, _ in shown]) - 0.05 * top
    axes.set_ylim(bottom, top + 0.08 * (top - bottom))
    label_lines(axes, [(f"{name} {value:g} V", value) for name, value, _ in shown])
    axes.set_ylabel("store (V)")


def time_axis(axes, start, end):
    """Seconds, or hours and days with ticks at round ones."""
    unit, length = next(((name, s) for name, s in (("d", 86400.0), ("h", 3600.0)) if end - start > 2.5 * s), ("s", 1.0))
    if unit != "s":
        whole = [n * length for n in (0.25, 0.5, 1, 2, 3, 5, 6, 10, 12, 20, 30, 60, 100, 200, 500)]
        step = next((s for s in whole if (end - start) / s <= 10), whole[-1])
        axes.xaxis.set_major_locator(MultipleLocator(step))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda t, _: f"{t / length:g}"))
    axes.set_xlim(start, end)
    axes.set_xlabel(f"time ({unit})", color=INK, fontsize=9.5)


def label_lines(axes, labels):
    """Names lines at the right border; those that would overlap are spread evenly around their middle."""
    low, high = axes.get_ylim()
    least = (high - low) * 0.065
    labels = sorted(labels, key=lambda item: item[1])
    groups = []  # (mean place of the first, how many); places within a group are `least` apart
    for number, (_, value) in enumerate(labels):
        groups.append((value - number * least, 1))
        while len(groups) > 1 and groups[-2][0] > groups[-1][0]:
            (a, n), (b, m) = groups[-2:]
            groups[-2:] = [((a * n + b * m) / (n + m), n + m)]
    places = [first for first, count in groups for _ in range(count)]
    for number, ((text, value), place) in enumerate(zip(labels, places)):
        place += number * least
        axes.annotate(text, xy=(1.0, value), xytext=(1.008, place), xycoords=("axes fraction", "data"),
                      textcoords=("axes fraction", "data"), va="center", fontsize=9, color="#444444")


def draw_states(axes, timeline, edges, changes, dense):
    present = [state for state in STATE_COLOURS if (timeline.state == state).any()]
    if dense:
        base = np.zeros(len(edges))
        for state, share in state_shares(timeline, edges).items():
            top = base + np.append(share, share[-1])
            axes.fill_between(edges, base, top, step="post", color=STATE_COLOURS[state], lw=0)
            base = top
    else:
        for begin, end, state in changes:
            axes.axvspan(begin, end, color=STATE_COLOURS[state], lw=0)
    axes.set_ylim(0, 1)
    axes.set_yticks([])
    axes.set_ylabel("share\nof time" if dense else "state", rotation=0, ha="right", va="center")
    axes.tick_params(labelbottom=False, length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.legend(handles=[Patch(color=STATE_COLOURS[state], label=state) for state in present], loc="center left",
                bbox_to_anchor=(1.0, 0.5), frameon=False, fontsize=9, ncol=2, handlelength=1.0, columnspacing=0.9,
                labelspacing=0.2)


def draw_power(axes, timeline, edges, end, dense):
    t = np.append(timeline.time_s.to_numpy(), end)
    harvest, load = timeline.p_harvest_w.to_numpy(), timeline.p_load_w.to_numpy()
    columns = [("harvested", harvest, HARVEST)]
    dwarfs = load.max() > LOAD_DWARFS * harvest.max() > 0.0
    if not dwarfs:
        columns.append(("drawn", load, LOAD))
    for name, y, colour in columns:
        y = np.append(y, y[-1])
        low, high = np.zeros(len(t)), y
        x = t
        if dense:
            low, high = (np.append(side, side[-1]) for side in envelope(t, y, edges, step=True))
            x = edges
        axes.step(x, high, where="post", color=colour, lw=1.2, label=f"most {name}" if dense else name)
        if name == "harvested":
            axes.fill_between(x, low, high, step="post", color=colour, alpha=0.28, lw=0)
    axes.yaxis.set_major_formatter(EngFormatter(unit="W", sep=" "))
    axes.set_ylim(bottom=0)
    axes.set_ylabel("power")
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=9, handlelength=1.2)
    if dwarfs:
        axes.text(1.012, 0.45, f"drawn: up to\n{engineering(load.max(), 'W')}", transform=axes.transAxes, fontsize=9,
                  va="center", color="#444444")


def kind_of(name):
    if name in USEFUL:
        return "work"
    if name in BEFORE_STORE:
        return "before the store"
    return "still stored" if name == "left_in_the_store" else "overhead"


def energy_total(energy):
    return energy["offered"] + max(0.0, -energy["stored_change"])


def energy_rows(energy):
    """Where the energy went, most first; what is below 0.1 % is added up."""
    skip = {"offered", "harvested", "stored_change", "residual"}
    rows = [(name, joules) for name, joules in energy.items() if name not in skip and joules]
    if energy["stored_change"] > 0:
        rows.append(("left_in_the_store", energy["stored_change"]))
    rows.sort(key=lambda row: -row[1])
    small = [row for row in rows if row[1] < 1e-3 * energy_total(energy)]
    if len(small) > 1:
        rows = rows[:-len(small)] + [(f"{len(small)} others", sum(joules for _, joules in small))]
    return rows


def draw_energy(axes, energy):
    total = energy_total(energy)
    rows = energy_rows(energy)
    if not rows or total <= 0:
        axes.text(0.0, 0.5, "no energy was offered", transform=axes.transAxes, color=FAINT)
        axes.set_axis_off()
        return
    for place, (name, joules) in enumerate(rows):
        axes.barh(place, joules / total, color=KINDS[kind_of(name)], height=0.72)
        share = 100 * joules / total
        text = f"{share:.1f} %" if share >= 0.1 else "<0.1 %"
        axes.text(joules / total + 0.006, place, f"{text}   {engineering(joules, 'J')}", va="center", fontsize=9,
                  color="#444444")
    axes.set_yticks(range(len(rows)), [name.replace("_", " ") for name, _ in rows])
    axes.invert_yaxis()
    axes.set_xticks([])
    axes.set_xlim(0, max(joules for _, joules in rows) / total * 1.2)
    axes.spines["bottom"].set_visible(False)
    axes.set_title(f"Where {engineering(energy['offered'], 'J')} went", loc="left", fontsize=10.5, color=INK)
    present = {kind_of(name) for name, _ in rows}
    handles = [Patch(color=colour, label=kind) for kind, colour in KINDS.items() if kind in present]
    axes.legend(handles=handles, loc="upper left",
                bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=9, handlelength=1.0)


def headline(summary):
    power, work = summary["power"], summary["work"]
    parts = []
    if work["jobs_released"]:
        parts.append(f"{work['jobs_done']:,} of {work['jobs_released']:,} jobs done")
    elif work["tasks"]:
        done = sum(task["done"] for task in work["tasks"].values())
        parts.append(f"{done:,} task{'' if done == 1 else 's'} done")
    for count, one in ((power["boots"], "boot"), (power["brown_outs"], "brown-out")):
        parts.append(f"{count:,} {one}{'' if count == 1 else 's'}")
    total = power["on_s"] + power["off_s"]
    if total:
        parts.append(f"on {100 * power['on_s'] / total:.1f} % of the time")
    return "   ·   ".join(parts)


def stretches(timeline, end):
    """(begin, end, state) of each stretch of one state."""
    starts = timeline.index[timeline.state != timeline.state.shift()]
    times = timeline.time_s[starts].tolist() + [end]
    return [(times[i], times[i + 1], timeline.state[start]) for i, start in enumerate(starts)]


def closer_look(changes, boots):
    """Begin and end of a few power cycles in the middle of many; None if the timeline is too thin for it."""
    begins = [begin for begin, _, state in changes if state == "off"]
    if len(begins) < 2 * CLOSER_CYCLES or len(begins) < 0.8 * boots:
        return None
    first = len(begins) // 2 - CLOSER_CYCLES // 2
    return begins[first], begins[first + CLOSER_CYCLES]


def draw_closer(axes, timeline, window, limits):
    part = cut(timeline, *window)
    draw_line(axes, part, stretches(part, window[1]))
    draw_thresholds(axes, limits, part.v_store_v.min(), part.v_store_v.max())
    axes.set_title(f"A closer look: {CLOSER_CYCLES} power cycles in the middle", loc="left", fontsize=10.5, color=INK)
    time_axis(axes, *window)


def layout(closer, rows):
    """Axes by name, on a page as high as its parts [inches]."""
    heights = {"voltage": 2.2 if closer else 3.1, "states": 0.3, "power": 1.4, "gap1": 0.62}
    if closer:
        heights.update({"closer": 1.9, "gap2": 0.62})
    heights["energy"] = 0.27 * max(rows, 4)
    top, bottom, gap = 0.85, 0.38, 0.09
    height = top + bottom + sum(heights.values()) + gap * (len(heights) - 1)
    figure = plt.figure(figsize=(11.5, height))
    axes, at = {}, height - top
    for name, part in heights.items():
        at -= part
        if not name.startswith("gap"):
            axes[name] = figure.add_axes([0.115, at / height, 0.75, part / height])
        at -= gap
    figure.text(0.115, 1 - 0.36 / height, "", fontsize=14, fontweight="bold", color=INK)
    figure.text(0.115, 1 - 0.64 / height, "", fontsize=10.5, color="#444444")
    return figure, axes


def figure_of(folder, start, end):
    timeline, summary, resolved = read_run(folder)
    whole = max(summary["time"]["simulated_s"] or 0.0, timeline.time_s.iloc[-1])
    start = 0.0 if start is None else start
    part_only = start > 0.0 or end is not None
    end = whole if end is None else min(end, whole)
    if not start < end:
        sys.exit(f"plot_run.py: nothing between {start:g} s and {end:g} s (the run lasts {whole:g} s)")
    timeline = cut(timeline, start, end)
    changes = stretches(timeline, end)
    dense = len(changes) > FEW_CHANGES
    window = closer_look(changes, 0 if part_only else summary["power"]["boots"]) if dense else None
    bins = min(max(len(changes) // CHANGES_PER_BIN, FEWEST_BINS), MOST_BINS)
    edges = np.linspace(start, end, bins + 1)
    limits = thresholds(resolved)

    figure, axes = layout(window is not None, len(energy_rows(summary["energy_j"])))
    if dense:
        draw_band(axes["voltage"], timeline, edges)
    else:
        draw_line(axes["voltage"], timeline, changes)
    draw_thresholds(axes["voltage"], limits, timeline.v_store_v.min(), timeline.v_store_v.max())
    draw_states(axes["states"], timeline, edges, changes, dense)
    draw_power(axes["power"], timeline, edges, end, dense)
    if window:
        draw_closer(axes["closer"], timeline, window, limits)
    draw_energy(axes["energy"], summary["energy_j"])
    for name in set(axes) - {"states"}:
        style(axes[name])
    for name in ("voltage", "states", "power"):
        time_axis(axes[name], start, end)
    for name in ("voltage", "states"):
        axes[name].tick_params(labelbottom=False)
        axes[name].set_xlabel("")
    title, subtitle = figure.texts
    name = (resolved.get("name") if isinstance(resolved, dict) else None) or folder.resolve().name
    title.set_text(textwrap.shorten(str(name), 85, placeholder=" ..."))
    subtitle.set_text(headline(summary))
    if is_thinned(folder):
        figure.text(0.115, 0.09 / figure.get_figheight(), "timeline.csv is thinned, so that short states look longer than they "
                    "were; ebb run --record all keeps every point", fontsize=8.5, color=FAINT)
    if part_only:
        subtitle.set_text(f"Whole run: {subtitle.get_text()}")
        axes["energy"].set_title(axes["energy"].get_title(loc="left") + " in the whole run", loc="left", fontsize=10.5)
    return figure


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, metavar="DIR", help="output folder of ebb run")
    parser.add_argument("--out", type=pathlib.Path, help="picture to write: .png, .svg or .pdf (default: DIR/run.png)")
    parser.add_argument("--from", dest="start", type=float, metavar="SECONDS", help="begin here")
    parser.add_argument("--to", dest="end", type=float, metavar="SECONDS", help="end here")
    options = parser.parse_args()
    figure = figure_of(options.folder, options.start, options.end)
    out = options.out or options.folder / "run.png"
    figure.savefig(out, dpi=150)
    print(f"wrote {out}")


if __name__ == "__main__":
    main()
