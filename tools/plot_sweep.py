#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws a sweep of ebb from its database: a result over an input, or one result over another with the Pareto front.

    tools/plot_sweep.py DIR --x store.capacitance_f --y work.jobs_done [--by checkpoint.policy]
    tools/plot_sweep.py DIR --x store.capacitance_f:min --y work.jobs_done:max     the front of both

Names as in results.sqlite; the last part is enough where it is unambiguous (jobs_done). Points are means over the
repeats of a point. Bars are the 95 % interval (Student's t) of the difference to the best point within a repeat, as ebb best
has it: a bar that reaches the dashed line is a tie. --least if less is best, --runs adds the single runs, --out takes .png, .svg, .pdf.
As a module:  from plot_sweep import load;  runs, columns = load("DIR")  gives two pandas tables.
Needs Debian's python3-pandas and python3-matplotlib.
"""
import argparse
import pathlib
import sqlite3
import sys

try:
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np
    import pandas as pd
    from matplotlib.ticker import EngFormatter, FuncFormatter, LogLocator, NullFormatter
except ImportError as error:
    sys.exit(f"plot_sweep.py needs {error.name}: apt-get install python3-pandas python3-matplotlib "
             "(and run it with /usr/bin/python3)")

# Colour-blind safe (Okabe and Ito 2008); each series has its own mark as well.
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"]
MARKS = ["o", "s", "^", "D", "v", "P", "X"]
INK, FAINT = "#222222", "#8a8a8a"
# Student's t, 97.5 %, for 1 to 30 degrees of freedom (NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2).
T = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
     2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042]


def load(folder):
    """The runs of a sweep and what their columns are: two tables. Failed runs are rows too (column `status`)."""
    path = pathlib.Path(folder)
    path = path / "results.sqlite" if path.is_dir() else path
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing; it is written by: ebb sweep FILE --out {folder}")
    with sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True) as database:
        runs = pd.read_sql_query("SELECT * FROM runs ORDER BY point, repeat", database)
        columns = pd.read_sql_query("SELECT * FROM columns", database).set_index("name")
    return runs, columns


def find(name, columns):
    """The column that is called so, or whose last parts are."""
    if name in columns.index:
        return name
    fitting = [c for c in columns.index if c.endswith("." + name)]
    if len(fitting) == 1:
        return fitting[0]
    what = "may be any of " + ", ".join(fitting) if fitting else "is no column of this sweep"
    sys.exit(f"plot_sweep.py: '{name}' {what}; columns are: {', '.join(columns.index)}")


def t95(n):
    return T[n - 2] if 2 <= n <= len(T) + 1 else (1.96 if n > 1 else np.nan)


def means_of(runs, keys, value):
    """Mean, half the 95 % interval and number of runs per group."""
    grouped = runs.groupby(keys, sort=True)[value]
    table = grouped.agg(["mean", "std", "count"]).reset_index()
    table["half"] = [t95(int(n)) * s / np.sqrt(n) if n > 1 else 0.0 for n, s in zip(table["count"], table["std"])]
    return table


def writer(name, columns):
    """Numbers of a column with their unit, as people write them."""
    unit = columns.unit.get(name) or ""
    unit = "" if unit == "1" else unit
    if unit == "m2":  # a prefix would belong to the metre
        return FuncFormatter(lambda v, _: f"{v * 1e4:.4g} cm²")
    if not unit.isalpha():
        return FuncFormatter(lambda v, _: f"{v:.4g} {unit}".rstrip())
    return EngFormatter(unit=unit, sep=" ")


def axis(axes, which, name, values, columns):
    getattr(axes, f"set_{which}label")(name)
    the_axis = getattr(axes, f"{which}axis")
    spread = values[values > 0]
    if len(spread) == len(values) and spread.max() > 30 * spread.min():
        getattr(axes, f"set_{which}scale")("log")
        the_axis.set_major_locator(LogLocator(subs=(1, 2, 5) if spread.max() < 1e3 * spread.min() else (1,)))
        the_axis.set_minor_formatter(NullFormatter())
    elif which == "y" and (values >= 0).all():
        axes.set_ylim(bottom=0)
    the_axis.set_major_formatter(writer(name, columns))


def paired_margins(runs, y, least):
    """Per point half the interval of its mean difference to the best point within repeats, and the best mean; None
    where the points have no two repeats in common."""
    table = runs.pivot(index="repeat", columns="point", values=y).dropna()
    if table.shape[0] < 2:
        return None, None
    means = runs.groupby("point")[y].mean()
    best = means.idxmin() if least else means.idxmax()
    spread = table.sub(table[best], axis=0).std()
    return t95(len(table)) * spread / np.sqrt(len(table)), means[best]


def label_of(value, by, columns):
    return str(value) if isinstance(value, str) else writer(by, columns)(value)


def draw_lines(axes, runs, x, y, by, columns, dots, margins):
    groups = list(runs.groupby(by)) if by else [(None, runs)]
    # Series that coincide are set beside each other by a fraction of the distance between two values.
    at = np.unique(runs[x])
    log = len(at) > 1 and at[0] > 0 and at[-1] > 30 * at[0]
    gap = np.min(np.diff(np.log(at) if log else at)) if len(at) > 1 else 0.0
    for i, (label, mine) in enumerate(groups):
        colour, mark = COLOURS[i % len(COLOURS)], MARKS[i % len(MARKS)]
        shift = 0.1 * gap * (i - (len(groups) - 1) / 2)
        place = (lambda v, d=shift: v * np.exp(d)) if log else (lambda v, d=shift: v + d)
        table = means_of(mine, x, y)
        if margins is not None:
            table["half"] = table[x].map(mine.drop_duplicates(x).set_index(x).point).map(margins)
        if dots:
            axes.plot(place(mine[x]), mine[y], ".", color=colour, alpha=0.4, markersize=4, zorder=1)
        axes.errorbar(place(table[x]), table["mean"], yerr=table["half"], color=colour, marker=mark, markersize=5,
                      linewidth=1.4, elinewidth=0.8, capsize=2, zorder=2,
                      label=None if label is None else label_of(label, by, columns))


def front_of(table, x, y, x_max, y_max):
    """Points that no other is as good as in both and better than in one."""
    a, b = table[x] * (-1 if x_max else 1), table[y] * (-1 if y_max else 1)
    beaten = [((a <= p) & (b <= q) & ((a < p) | (b < q))).any() for p, q in zip(a, b)]
    return table[~np.array(beaten)].sort_values([x, y])


def draw_front(axes, runs, x, y, by, directions, columns):
    keys = ["point"] + ([by] if by else [])
    table = runs.groupby(keys, as_index=False)[[x, y]].mean()
    for i, (label, mine) in enumerate(table.groupby(by) if by else [("points", table)]):
        axes.plot(mine[x], mine[y], MARKS[i % len(MARKS)], color=COLOURS[i % len(COLOURS)], markersize=5, alpha=0.75,
                  linestyle="none", label=label_of(label, by, columns))
    front = front_of(table, x, y, *(d == "max" for d in directions))
    # Between two points of the front lies what the worse of both achieves: a staircase.
    axes.plot(front[x], front[y], color=INK, linewidth=1.2, zorder=1,
              drawstyle="steps-post" if directions[0] != directions[1] else "steps-pre", label="Pareto front")
    axes.plot(front[x], front[y], "o", markersize=11, markerfacecolor="none", markeredgecolor=INK, linestyle="none")


def figure_of(folder, x, y, by, dots, least):
    runs, columns = load(folder)
    (x, _, x_way), (y, _, y_way) = x.partition(":"), y.partition(":")
    if {x_way, y_way} - {"", "min", "max"} or bool(x_way) != bool(y_way):
        sys.exit("plot_sweep.py: a front needs NAME:min or NAME:max on both axes")
    x, y = find(x, columns), find(y, columns)
    by = find(by, columns) if by else None
    done = runs[runs.status == "done"]
    usable = done.dropna(subset=[x, y])
    if usable.empty:
        sys.exit(f"plot_sweep.py: no run that is done has values of both {x} and {y}")
    for name in (x, y):
        if not pd.api.types.is_numeric_dtype(usable[name]):
            sys.exit(f"plot_sweep.py: {name} holds texts; use it with --by")
    figure, axes = plt.subplots(figsize=(9.5 if by or x_way else 8, 5))
    if x_way:
        draw_front(axes, usable, x, y, by, (x_way, y_way), columns)
    else:
        alone = usable.groupby([x] + ([by] if by else [])).point.nunique().max() == 1
        margins, best = paired_margins(usable, y, least) if alone else (None, None)
        draw_lines(axes, usable, x, y, by, columns, dots, margins)
        if best is not None:
            axes.axhline(best, color=FAINT, linewidth=1, linestyle="--", zorder=0)
    axis(axes, "x", x, usable[x], columns)
    axis(axes, "y", y, usable[y], columns)
    axes.grid(True, color="#e5e5e5", linewidth=0.7)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    if by or x_way:
        axes.legend(frameon=False, title=by, loc="upper left", bbox_to_anchor=(1.0, 1.0), alignment="left")
    repeats = usable.groupby("point").size()
    each = f"{repeats.min()}" if repeats.min() == repeats.max() else f"{repeats.min()} to {repeats.max()}"
    notes = [f"{len(repeats)} points, {each} {'run' if each == '1' else 'runs'} each"]
    together = usable.groupby([x] + ([by] if by else [])).point.nunique().max()
    if not x_way and together > 1:
        notes.append(f"up to {together} points in one mean: other inputs vary as well")
    if len(done) < len(runs):
        notes.append(f"{len(runs) - len(done)} of {len(runs)} runs failed")
    if len(usable) < len(done):
        notes.append(f"{len(done) - len(usable)} without a value are not drawn")
    axes.set_title("; ".join(notes), loc="left", fontsize=9, color=FAINT)
    if not x_way and repeats.max() > 1:
        figure.text(0.01, 0.01, "Bars: 95 % interval of the mean over repeats" if margins is None else "Bars: 95 % interval of the "
                    "difference to the best point within a repeat; one that reaches the dashed line is a tie with it", fontsize=8, color=FAINT)
    figure.tight_layout(rect=(0, 0.025, 1, 1))
    return figure


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, metavar="DIR", help="folder of a sweep, or its results.sqlite")
    parser.add_argument("--x", required=True, help="column of the horizontal axis; NAME:min or NAME:max for a front")
    parser.add_argument("--y", required=True, help="column of the vertical axis; likewise")
    parser.add_argument("--by", help="one series per value of this column")
    parser.add_argument("--least", action="store_true", help="less is best: bars are against the least point")
    parser.add_argument("--runs", action="store_true", help="draw the single runs as dots")
    parser.add_argument("--out", type=pathlib.Path, help="picture to write (default: DIR/sweep.png)")
    options = parser.parse_args()
    try:
        figure = figure_of(options.folder, options.x, options.y, options.by, options.runs, options.least)
    except (FileNotFoundError, sqlite3.Error, pd.io.sql.DatabaseError) as error:
        sys.exit(f"plot_sweep.py: {error}")
    out = options.out or (options.folder if options.folder.is_dir() else options.folder.parent) / "sweep.png"
    figure.savefig(out, dpi=150)
    print(f"wrote {out}")


if __name__ == "__main__":
    main()
