// SPDX-License-Identifier: Apache-2.0
#include "sim/network/network_report.hpp"
#include "sim/result/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>

namespace ebb {

namespace {

constexpr std::size_t kWidth = 100;

/// Columns that are as wide as their widest cell; those whose name begins with '>' stand right.
class TextTable {
public:
    explicit TextTable(std::vector<std::string> header) {
        for (std::string& name : header) {
            const bool right = !name.empty() && name.front() == '>';
            right_.push_back(right);
            name = right ? name.substr(1) : name;
        }
        rows_.push_back(std::move(header));
    }
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

    /// Columns that are empty throughout are left out.
    [[nodiscard]] std::string text() const {
        std::vector<std::size_t> width(right_.size(), 0);
        for (std::size_t r = 1; r < rows_.size(); ++r) {
            for (std::size_t c = 0; c < right_.size(); ++c) {
                width[c] = std::max(width[c], width_of(rows_[r][c]));
            }
        }
        std::string out;
        for (const auto& row : rows_) {
            std::string line;
            for (std::size_t c = 0; c < right_.size(); ++c) {
                if (width[c] == 0) {
                    continue;
                }
                const std::size_t wide = std::max(width[c], width_of(rows_[0][c]));
                const std::string gap(wide - width_of(row[c]), ' ');
                line += "  " + (right_[c] ? gap + row[c] : row[c] + gap);
            }
            out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
        }
        return out;
    }

private:
    std::vector<bool> right_;
    std::vector<std::vector<std::string>> rows_;
};

std::string wrapped(const std::string& text, std::size_t indent) {
    std::string out;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string row;
        for (std::string word; words >> word;) {
            if (!row.empty() && indent + width_of(row) + 1 + width_of(word) > kWidth) {
                out += std::string(indent, ' ') + row + "\n";
                row.clear();
            }
            row += (row.empty() ? "" : " ") + word;
        }
        out += std::string(indent, ' ') + row + "\n";
    }
    return out;
}

std::string bytes_text(std::int64_t bytes) { return count_text(bytes) + " B"; }

std::string map_text(const MapShape& s) { return fmt::format("{}x{}x{}", s.h, s.w, s.c); }

std::string plural(std::size_t count, const char* one, const char* many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string name_at(const NetworkReport& r, const std::optional<std::size_t>& layer) {
    return layer ? r.graph.layer(*layer).name : std::string("the input");
}

// ---- errors -------------------------------------------------------------------------------------

std::string signed_percent(double error) {
    const double percent = 100.0 * error;
    constexpr double kShown = 0.05;
    if (std::abs(percent) < kShown) {
        return "0";
    }
    return std::abs(percent) < 1.0 ? fmt::format("{:+.1f}", percent)
                                   : fmt::format("{:+.0f}", percent);
}

std::string range_text(const std::optional<ErrorRange>& range, const char* of) {
    if (!range) {
        return "";
    }
    const std::string low = signed_percent(range->low);
    const std::string high = signed_percent(range->high);
    return low == high ? fmt::format("{} % {}", low, of)
                       : fmt::format("{} to {} % {}", low, high, of);
}

std::string errors_text(const EstimateErrors& errors) {
    const std::string time = range_text(errors.latency, "in time");
    const std::string energy = range_text(errors.energy, "in energy");
    return time + (time.empty() || energy.empty() ? "" : ", ") + energy;
}

/// What is known of a quote's error, as half sentences.
std::vector<std::string> known_errors(const NetworkQuote& q) {
    const bool measured = q.total == "measured";
    std::vector<std::string> parts;
    const auto add = [&](const char* from, const EstimateErrors& errors) {
        if (const auto text = errors_text(errors); !text.empty()) {
            parts.push_back(fmt::format("from {}: {}", from, text));
        }
    };
    add("other networks", q.left_out);
    add("other variants", q.other_point);
    add("the bounds of estimated costs", q.uncertain);
    if (!parts.empty()) {
        parts.front() = (measured ? "were it an estimate, error " : "known error ") + parts.front();
    } else if (!measured) {
        parts.emplace_back("no error is known");
    }
    return parts;
}

// ---- parts of the page --------------------------------------------------------------------------

std::string shape_lines(const NetworkReport& r) {
    std::string text;
    if (r.forks.empty()) {
        text = "one chain of layers";
    } else {
        text = plural(r.forks.size(), "fork", "forks");
        std::size_t open = 0;
        for (const Fork& fork : r.forks) {
            open += fork.join ? 0 : 1;
        }
        text += open > 0 ? fmt::format(" ({} open to the end)", open) : "";
        text += r.skips.empty()
                    ? ", no skip connection"
                    : ", " + plural(r.skips.size(), "skip connection", "skip connections");
    }
    std::string out = fmt::format("  Shape    {}\n", text);
    constexpr std::size_t kMostSkips = 8;
    for (std::size_t k = 0; k < std::min(r.skips.size(), kMostSkips); ++k) {
        const Skip& skip = r.skips[k];
        out += fmt::format("           {} to {}, around {}\n", name_at(r, skip.from),
                           r.graph.layer(skip.to).name, plural(skip.over, "layer", "layers"));
    }
    for (const Exit& exit : r.exits) {
        if (!exit.accuracy) {
            continue;
        }
        std::int64_t macs = 0;
        for (const std::size_t layer : exit.layers) {
            macs += r.graph.layer(layer).macs;
        }
        out += fmt::format("  Exit     {}: accuracy {}, {}, {} MACs\n",
                           r.graph.layer(exit.end).name, percent_text(*exit.accuracy),
                           plural(exit.layers.size(), "layer", "layers"), count_text(macs));
    }
    return out;
}

std::string facts_text(const NetworkReport& r) {
    const NetworkSummary& s = r.summary;
    const auto at = [&](const MemoryPeak& peak) { return r.graph.layer(peak.layer).name; };
    std::string out = fmt::format("  Work     {} MACs in {}\n", count_text(s.macs),
                                  plural(s.layers, "layer", "layers"));
    out += fmt::format("  Weights  {} parameters in {}\n", count_text(s.params),
                       bytes_text(s.weight_bytes));
    out += fmt::format("  Maps     {} per element\n", bytes_text(s.element_bytes));
    out += fmt::format("           {} for input and output of one layer at most ({})\n",
                       bytes_text(r.in_out.bytes), at(r.in_out));
    out += fmt::format("           {} alive at once at most ({}); {} in one arena, first fit\n",
                       bytes_text(r.live.bytes), at(r.live), bytes_text(r.arena_bytes));
    return out + shape_lines(r);
}

std::string from_text(const Layer& layer) {
    std::string text;
    for (const int id : layer.from) {
        text += (text.empty() ? "" : ";") + (id < 0 ? std::string("input") : std::to_string(id));
    }
    return text;
}

std::string plan_text(const Layer& layer) {
    if (!layer.plan) {
        return "";
    }
    const TilePlan& p = *layer.plan;
    return fmt::format("{}x{}x{}x{} {} {}", p.r, p.c, p.m, p.n,
                       p.reuse == Reuse::input    ? "I"
                       : p.reuse == Reuse::weight ? "W"
                                                  : "O",
                       p.batch);
}

std::string layers_text(const NetworkReport& r) {
    std::set<std::string> accelerators;
    for (const Layer& layer : r.graph.network().layers) {
        for (const auto& [name, cycles] : layer.cycles) {
            accelerators.insert(name);
        }
    }
    std::vector<std::string> header = {">id",         "name",          "op",          ">from",
                                       ">in",         ">out",          ">kernel",     ">MACs",
                                       ">weights B",  ">non-zero",     ">in + out B", ">alive B",
                                       "tile, batch", "runs once per", "variant"};
    for (const std::string& name : accelerators) {
        header.push_back(">cycles " + name);
    }
    TextTable table(header);
    for (const StepMemory& step : r.steps) {
        const Layer& l = r.graph.layer(step.layer);
        const bool windowed = l.kernel_h * l.kernel_w > 1 || l.macs > 0;
        std::vector<std::string> row = {
            std::to_string(l.id),
            l.name,
            l.op_text,
            from_text(l),
            map_text(l.in),
            map_text(l.out),
            windowed ? fmt::format("{}x{}", l.kernel_h, l.kernel_w) : "",
            l.macs > 0 ? count_text(l.macs) : "",
            l.weight_bytes > 0 ? count_text(l.weight_bytes) : "",
            l.nonzero_weights ? count_text(*l.nonzero_weights) : "",
            count_text(step.in_bytes + step.out_bytes),
            count_text(step.live_bytes),
            plan_text(l),
            l.repeat == Repeat::element ? "element"
            : l.repeat == Repeat::level ? "level"
                                        : "",
            l.variant};
        for (const std::string& name : accelerators) {
            const auto it = l.cycles.find(name);
            row.push_back(it == l.cycles.end() ? "" : count_text(it->second));
        }
        table.add(std::move(row));
    }
    return "\nLayers, in the order in which they run\n" + table.text();
}

std::string costs_text(const NetworkReport& r) {
    std::string out = "\nOne inference under continuous power\n";
    TextTable table(
        {"platform", "variant or method", ">clock", ">time", ">energy", ">power", "total"});
    std::vector<std::string> remarks;
    for (const NetworkQuote& q : r.quotes.quotes) {
        table.add({q.platform, q.variant.empty() ? q.method : q.variant,
                   q.clock_hz > 0.0 ? engineering(q.clock_hz, "Hz") : "",
                   engineering(q.latency_s, "s"),
                   q.energy_j ? engineering(*q.energy_j, "J") : "not known",
                   q.energy_j ? engineering(*q.energy_j / q.latency_s, "W") : "", q.total});
    }
    std::istringstream lines(table.text());
    std::string line;
    if (!r.quotes.quotes.empty()) {
        std::getline(lines, line);
        out += line + "\n";
    }
    // What is known of a figure's error stands below its line.
    for (const NetworkQuote& q : r.quotes.quotes) {
        std::getline(lines, line);
        out += line + "\n";
        std::string said;
        for (const std::string& part : known_errors(q)) {
            said += (said.empty() ? "" : "; ") + part;
        }
        for (const std::string& note : q.notes) {
            said += (said.empty() ? "" : "; ") + note;
        }
        out += said.empty() ? "" : wrapped(said, 6);
    }
    for (const NetworkRefusal& refusal : r.quotes.refusals) {
        out += wrapped(fmt::format("not on {}: {}", refusal.platform, refusal.why), 2);
    }
    if (!r.quotes.quotes.empty()) {
        out += "\n" + wrapped(
                          "total: 'measured' is a measurement; its split over the layers is an "
                          "estimate. 'estimate' is made from what other networks took. 'model' "
                          "is what a model or an estimator of the hardware says.",
                          2);
    }
    return out;
}

std::string layer_costs_text(const NetworkReport& r, const NetworkQuote& q) {
    const bool by_energy = q.energy_j.has_value();
    TextTable table({">id", "name", "op", ">MACs", ">time", ">energy",
                     by_energy ? "of the energy" : "of the time", "",
                     "known error of an estimate"});
    const EstimateErrors& errors = q.uncertain.latency ? q.uncertain : q.left_out;
    for (std::size_t i = 0; i < q.layers.size(); ++i) {
        const Layer& l = r.graph.layer(i);
        const LayerQuote& cost = q.layers[i];
        if (!(cost.latency_s > 0.0)) {
            continue;  // folds into its producer
        }
        const double share =
            by_energy ? *cost.energy_j / *q.energy_j : cost.latency_s / q.latency_s;
        constexpr int kBar = 20;
        table.add({std::to_string(l.id), l.name, l.op_text, l.macs > 0 ? count_text(l.macs) : "",
                   engineering(cost.latency_s, "s"),
                   cost.energy_j ? engineering(*cost.energy_j, "J") : "", percent_text(share),
                   bar_text(share, kBar), errors_text(errors)});
    }
    const std::string method =
        q.total == "measured" ? "; the total is measured, its split by " + q.method + " an estimate"
                              : "; " + q.total + ", " + q.method;
    return fmt::format("\nLayer by layer on {}{}{}\n", q.platform,
                       q.variant.empty() ? "" : ", " + q.variant, method) +
           table.text();
}

}  // namespace

std::string network_list_text(const std::vector<NetworkSummary>& networks) {
    TextTable table({"name", ">layers", ">MACs", ">parameters", ">weights B", ">in + out B",
                     ">element", "from"});
    for (const NetworkSummary& s : networks) {
        table.add({s.name, std::to_string(s.layers), count_text(s.macs), count_text(s.params),
                   count_text(s.weight_bytes), count_text(s.in_out_bytes),
                   bytes_text(s.element_bytes), s.origin});
    }
    return table.text() + "\n  See: ebb network describe NAME\n";
}

std::string network_report_text(const NetworkReport& report) {
    std::string out = report.summary.name + "\n" + wrapped(report.summary.source, 2);
    out += "\n" + facts_text(report) + layers_text(report) + costs_text(report);
    for (const std::size_t quote : report.by_layer) {
        out += layer_costs_text(report, report.quotes.quotes[quote]);
    }
    return out;
}

}  // namespace ebb
