// SPDX-License-Identifier: Apache-2.0
#include "tests/agreement/nodpa.hpp"

#include "sim/scenario/network_reader.hpp"
#include "tests/support/test_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <memory>
#include <numeric>

namespace ebb::test {

namespace {

using Calibrations = std::map<std::string, NodpaCell>;

Calibrations calibrations(const std::vector<NodpaCell>& cells) {
    Calibrations out;
    for (const NodpaCell& cell : cells) {
        if (cell.calibrates()) {
            out[cell.network] = cell;
        }
    }
    return out;
}

const NodpaCell& find_coarse(const std::vector<NodpaCell>& cells, const std::string& network) {
    return *std::find_if(cells.begin(), cells.end(), [&](const NodpaCell& c) {
        return c.network == network && c.coarse() && c.latency_s;
    });
}

bool only_fine_calibration(const NodpaCell& cell) { return cell.calibrates(); }

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t n = values.size();
    return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2.0;
}

bool differ_over_10_percent(double a, double b) {
    return 1.0 - std::min(a, b) / std::max(a, b) > 0.1;
}

NodpaScore score_of(const NodpaModel& model, const std::vector<NodpaCell>& cells, bool fine_only) {
    const auto counts = [&](const NodpaCell& c) {
        return c.latency_s && !(fine_only && c.coarse());
    };
    NodpaScore s;
    std::vector<double> active;
    std::vector<double> latency;
    for (const NodpaCell& cell : cells) {
        if (!counts(cell) || model.is_given(cell)) {
            continue;
        }
        const auto times = model.predict(cell);
        active.push_back(std::abs(times.active_s / *cell.active_s - 1.0));
        latency.push_back(std::abs(times.latency_s / *cell.latency_s - 1.0));
    }
    s.cells = static_cast<int>(active.size());
    s.active_median = median(active);
    s.active_worst = *std::max_element(active.begin(), active.end());
    s.latency_median = median(latency);
    s.latency_worst = *std::max_element(latency.begin(), latency.end());
    for (std::size_t i = 0; i < cells.size(); ++i) {
        for (std::size_t j = i + 1; j < cells.size(); ++j) {
            const NodpaCell& a = cells[i];
            const NodpaCell& b = cells[j];
            if (a.network != b.network || a.supply_w != b.supply_w || !counts(a) || !counts(b) ||
                !differ_over_10_percent(*a.latency_s, *b.latency_s)) {
                continue;
            }
            const auto of = [&](const NodpaCell& c) {
                return model.is_given(c) ? *c.latency_s : model.predict(c).latency_s;
            };
            ++s.pairs;
            s.ordered += (of(a) < of(b)) == (*a.latency_s < *b.latency_s) ? 1 : 0;
        }
    }
    return s;
}

std::string signed_percent(double predicted, double measured) {
    const double percent = std::round(100.0 * (predicted / measured - 1.0));
    return percent == 0.0 ? "0 %" : fmt::format("{:+.0f} %", percent);
}

std::string row_of(const NodpaModel& model, const NodpaScore& s) {
    return fmt::format("| {} | {} | {} | {:.1f} % | {:.1f} % | {:.1f} % | {:.1f} % | {} of {} |\n",
                       model.name, model.given, s.cells, 100 * s.active_median,
                       100 * s.active_worst, 100 * s.latency_median, 100 * s.latency_worst,
                       s.ordered, s.pairs);
}

}  // namespace

std::vector<NodpaCell> nodpa_cells() {
    std::ifstream in(std::string(EBB_SOURCE_DIR) + "/tests/agreement/measured/nodpa.csv");
    std::vector<NodpaCell> cells;
    for (const CsvRow& row : rows_of(in)) {
        NodpaCell cell;
        cell.network = row.text("network");
        cell.table = row.text("table");
        cell.scheme = row.text("scheme");
        cell.supply_w = row.number("supply_w");
        cell.continuous_s = row.number("continuous_s");
        if (!row.empty("latency_s")) {
            cell.active_s = row.number("active_s");
            cell.latency_s = row.number("latency_s");
        }
        cells.push_back(cell);
    }
    return cells;
}

std::vector<double> nodpa_pieces(const NodpaCell& cell) {
    const auto network =
        read_network(cell.table, "", std::string(EBB_SOURCE_DIR) + "/models/workload/networks", {});
    const bool dynamic = cell.network.find("_dynamic") != std::string::npos;
    std::vector<double> pieces;
    for (const Layer& layer : network->layers) {
        if (layer.macs > 0 && (dynamic || layer.op_text != "HEAD")) {
            pieces.push_back(static_cast<double>(layer.macs));
        }
    }
    const double sum = std::accumulate(pieces.begin(), pieces.end(), 0.0);
    for (double& piece : pieces) {
        piece *= cell.continuous_s / sum;
    }
    return pieces;
}

NodpaModel by_ratio(const std::vector<NodpaCell>& cells) {
    return {"ratio of the FD cell", "FD at 12 mW",
            [known = calibrations(cells)](const NodpaCell& c) {
                return predict_by_ratio(known.at(c.network).run(), c.supply_w, c.continuous_s);
            },
            only_fine_calibration};
}

NodpaModel by_stored_energy(const std::vector<NodpaCell>& cells) {
    return {"equal energy per power cycle", "FD at 12 mW",
            [known = calibrations(cells)](const NodpaCell& c) {
                const IntermittentRun run = known.at(c.network).run();
                const double active_w = calibrate_fades(run).active_w;
                const double recovered = std::log(run.active_s / run.continuous_s) *
                                         (active_w - c.supply_w) / (active_w - run.supply_w);
                const double active_s = c.continuous_s * std::exp(recovered);
                return IntermittentTimes{active_s, active_s * active_w / c.supply_w};
            },
            only_fine_calibration};
}

NodpaModel by_fades(const std::vector<NodpaCell>& cells, const std::string& network) {
    const Calibrations known = calibrations(cells);
    double fades_per_s = 0.0;
    if (!network.empty()) {
        const NodpaCell& coarse = find_coarse(cells, network);
        fades_per_s = fit_fades_per_s(calibrate_fades(known.at(network).run()), coarse.run(),
                                      nodpa_pieces(coarse));
    }
    NodpaModel model;
    model.name = "fades of the supply";
    model.given = network.empty() ? "FD at 12 mW" : "and CD of " + network;
    model.predict = [known, fades_per_s](const NodpaCell& c) {
        const auto calibration = calibrate_fades(known.at(c.network).run());
        return c.coarse()
                   ? predict_coarse_grained(calibration, c.supply_w, nodpa_pieces(c), fades_per_s)
                   : predict_fine_grained(calibration, c.supply_w, c.continuous_s);
    };
    model.is_given = [network](const NodpaCell& c) {
        return c.calibrates() || (c.coarse() && c.network == network && c.latency_s);
    };
    return model;
}

NodpaScore score(const NodpaModel& model, const std::vector<NodpaCell>& cells) {
    return score_of(model, cells, false);
}

NodpaScore score_fine(const NodpaModel& model, const std::vector<NodpaCell>& cells) {
    return score_of(model, cells, true);
}

std::string nodpa_tables() {
    const auto cells = nodpa_cells();
    const std::string head =
        "| model | given | cells predicted | active, median | active, worst | latency, median | "
        "latency, worst | order of schemes |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- |\n";
    const auto ratio = by_ratio(cells);
    const auto stored = by_stored_energy(cells);
    const auto fades = by_fades(cells, "");
    std::string out = "All cells that completed:\n\n" + head + row_of(ratio, score(ratio, cells)) +
                      row_of(stored, score(stored, cells)) + row_of(fades, score(fades, cells));
    for (const char* network :
         {"resnet10_static", "resnet10_dynamic", "har_dynamic", "kws_static"}) {
        const auto model = by_fades(cells, network);
        out += row_of(model, score(model, cells));
    }
    out += "\nFine-grained schemes alone:\n\n" + head + row_of(ratio, score_fine(ratio, cells)) +
           row_of(stored, score_fine(stored, cells)) + row_of(fades, score_fine(fades, cells));
    out +=
        "\nEvery cell, by the fades of the supply with CD of resnet10_static given (measured, "
        "predicted, error):\n\n"
        "| network | mW | scheme | active [s] | | | latency [s] | | |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n";
    const auto best = by_fades(cells, "resnet10_static");
    for (const NodpaCell& c : cells) {
        if (best.is_given(c)) {
            continue;
        }
        const auto t = best.predict(c);
        out += fmt::format("| {} | {:g} | {} | ", c.network, 1e3 * c.supply_w, c.scheme);
        out += c.latency_s
                   ? fmt::format("{:.4g} | {:.4g} | {} | {:.4g} | {:.4g} | {} |\n", *c.active_s,
                                 t.active_s, signed_percent(t.active_s, *c.active_s), *c.latency_s,
                                 t.latency_s, signed_percent(t.latency_s, *c.latency_s))
                   : fmt::format("never done | {:.4g} | | never done | {:.4g} | |\n", t.active_s,
                                 t.latency_s);
    }
    return out;
}

}  // namespace ebb::test
