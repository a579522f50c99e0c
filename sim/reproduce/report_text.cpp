// SPDX-License-Identifier: Apache-2.0
#include "sim/reproduce/report.hpp"

#include "models/core/nearest.hpp"
#include "sim/result/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace ebb {

namespace {

using Cells = std::array<std::string, 7>;

std::string padded(const std::string& text, std::size_t width, bool left) {
    const std::string blanks(width - std::min(width, width_of(text)), ' ');
    return left ? text + blanks : blanks + text;
}

std::string table_text(const std::vector<Cells>& table) {
    std::array<std::size_t, 7> widths{};
    for (const Cells& cells : table) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            widths[i] = std::max(widths[i], width_of(cells[i]));
        }
    }
    std::string text;
    for (const Cells& cells : table) {
        std::string line = " ";
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const bool left = i == 0 || i >= 3;
            line += " " + padded(cells[i], widths[i], left && i != 4) + (i == 2 ? "" : " ");
        }
        text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return text;
}

std::string wrapped(const std::string& text, const std::string& indent) {
    constexpr std::size_t kWidth = 96;
    std::string out;
    std::string line = indent;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find_first_of(" \n", begin), text.size());
        const std::string word = text.substr(begin, end - begin);
        begin = end + 1;
        if (line.size() > indent.size() && line.size() + 1 + word.size() > kWidth) {
            out += line + "\n";
            line = indent;
        }
        line += (line.size() > indent.size() ? " " : "") + word;
    }
    return out + line + "\n";
}

}  // namespace

std::string value_text(const ExpectedRow& row, double si) {
    return std::isfinite(si) ? fmt::format("{:.5g}", si / row.scale) : "n/a";
}

std::string error_text(const ComparedRow& row) {
    const double error = row.error();
    if (!std::isfinite(error)) {
        return "";
    }
    if (std::fabs(error) < 1e-12) {
        return "0 %";
    }
    return std::fabs(error) < 1e-4 ? fmt::format("{:+.1e}", error)
                                   : fmt::format("{:+.2f} %", 100.0 * error);
}

const char* verdict_of(const ComparedRow& row) {
    if (!row.run) {
        return "not run";
    }
    if (!row.agrees) {
        return "FAIL";
    }
    if (row.expected.kind == AgreementKind::identity) {
        return "identity";
    }
    return row.expected.tolerance == Tolerance::shown ? "-" : "PASS";
}

std::string tally_text(const Reproduction& r) {
    if (!r.was_run()) {
        return fmt::format("not run: trace missing, `ebb trace fetch {}`",
                           joined(r.missing_traces, " "));
    }
    const int failed = r.failed();
    std::string text = failed == 0 ? fmt::format("PASS, all {} within tolerance", r.passed())
                                   : fmt::format("FAIL, {} of {} outside their tolerance", failed,
                                                 r.passed() + failed);
    if (failed == 0 && r.passed() == 0) {
        text = "identities only: what was put in comes out";
    }
    if (r.not_run() > 0) {
        text += fmt::format("; {} not run: trace missing, `ebb trace fetch {}`", r.not_run(),
                            joined(r.missing_traces, " "));
    }
    return text;
}

std::string report_text(const Reproduction& r) {
    const Experiment& e = r.experiment;
    std::string text = e.title + "\n" + wrapped(e.source, "  ") + "\n";
    if (!r.was_run()) {
        return text + "  " + tally_text(r) + "\n";
    }
    std::vector<Cells> table = {{"", "published", "ours", "unit", "error", "tolerance", "verdict"}};
    int shown = 0;
    for (const ComparedRow& row : r.rows) {
        const ExpectedRow& x = row.expected;
        shown += std::string(verdict_of(row)) == "-" ? 1 : 0;
        table.push_back({x.id, value_text(x, x.value), value_text(x, row.ours),
                         x.unit == "1" ? "" : x.unit, error_text(row), x.tolerance_text,
                         verdict_of(row)});
    }
    text += table_text(table) + "\n  " + tally_text(r);
    if (shown > 0) {
        text += fmt::format("; {} shown without a verdict of their own", shown);
    }
    text += fmt::format(" ({} runs, {:.2g} s)\n", r.cases.size(), r.elapsed_s);
    return text + "\n" + wrapped("What agreement shows: " + e.claim, "  ");
}

std::string overview_text(const std::vector<Reproduction>& all) {
    std::string text;
    std::size_t width = 0;
    for (const Reproduction& r : all) {
        width = std::max(width, r.experiment.slug.size());
    }
    for (const Reproduction& r : all) {
        text += fmt::format("{}  {:>6.2f} s  {}\n", padded(r.experiment.slug, width, true),
                            r.elapsed_s, tally_text(r));
    }
    return text;
}

}  // namespace ebb
