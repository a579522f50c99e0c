// SPDX-License-Identifier: Apache-2.0
#include "sim/reproduce/validation_page.hpp"

#include "models/core/nearest.hpp"
#include "sim/reproduce/report.hpp"

#include <fmt/format.h>

#include <sstream>

namespace ebb {

namespace {

constexpr const char* kBegin = "<!-- reproduced: begin (written by ebb reproduce --all) -->\n";
constexpr const char* kBeginWord = "<!-- reproduced: begin";
constexpr const char* kEnd = "<!-- reproduced: end -->\n";

std::string with_unit_text(const ExpectedRow& row, double si) {
    const bool plain = row.unit.empty() || row.unit == "1";
    return value_text(row, si) + (plain ? "" : " " + row.unit);
}

/// "packets_error 4.75 % (at most 6 %)": the rows that the experiment wants in the overview.
std::string headline(const Reproduction& r) {
    std::istringstream ids(r.experiment.headline);
    std::vector<std::string> parts;
    for (std::string id; ids >> id;) {
        if (const ComparedRow* row = r.find(id); row != nullptr && row->run) {
            const ExpectedRow& x = row->expected;
            const bool bound = x.tolerance == Tolerance::at_most ||
                               x.tolerance == Tolerance::at_least ||
                               x.tolerance == Tolerance::above || x.tolerance == Tolerance::below;
            const std::string published = with_unit_text(x, x.value);
            parts.push_back(
                fmt::format("{} {} ({})", id, with_unit_text(x, row->ours),
                            bound ? fmt::format("{} {}", x.tolerance_text, published)
                                  : fmt::format("published {}, {}", published, x.tolerance_text)));
        }
    }
    return joined(parts, "; ");
}

std::string overview(const std::vector<Reproduction>& all) {
    std::string text = "| experiment | against | verdict | headline |\n| --- | --- | --- | --- |\n";
    for (const Reproduction& r : all) {
        text += fmt::format("| [{0}](../scenarios/papers/{0}/README.md) | {1} | {2} | {3} |\n",
                            r.experiment.slug, r.experiment.kinds(), tally_text(r), headline(r));
    }
    return text;
}

std::string section(const Reproduction& r) {
    const Experiment& e = r.experiment;
    std::string text = fmt::format("### {}\n\n{}. {}. What agreement shows: {}\n\n{}.\n\n", e.slug,
                                   e.title, e.source, e.claim, tally_text(r));
    if (r.was_run()) {
        text +=
            "| quantity | published | ebb | error | tolerance | kind | verdict |\n"
            "| --- | --- | --- | --- | --- | --- | --- |\n";
        int shown = 0;
        for (const ComparedRow& row : r.rows) {
            const ExpectedRow& x = row.expected;
            if (x.tolerance == Tolerance::shown) {
                ++shown;
                continue;
            }
            text +=
                fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", x.id,
                            with_unit_text(x, x.value), with_unit_text(x, row.ours),
                            error_text(row), x.tolerance_text, name_of(x.kind), verdict_of(row));
        }
        if (shown > 0) {
            text += fmt::format(
                "\n{} more rows have no verdict of their own; `ebb reproduce {}` shows them.\n",
                shown, e.slug);
        }
    }
    text += "\nInputs:";
    for (const auto& [file, sha256] : e.inputs) {
        text += fmt::format(" {} {}", file, sha256.substr(0, 12));
    }
    return text + "\n\n";
}

}  // namespace

std::string validation_part(const std::vector<Reproduction>& all, const std::string& version) {
    std::string text =
        std::string(kBegin) +
        "## Published experiments\n\n"
        "One command for each: `ebb reproduce SLUG`. Tolerances were stated before ours ran; "
        "where they were set knowing another evaluation of the same rows, or a case or "
        "measure was chosen after a first run, the experiment's page says so. Identities count for "
        "nothing.\n\n" +
        overview(all) + "\nVersion " + version + ".\n\n";
    for (const Reproduction& r : all) {
        text += section(r);
    }
    while (text.size() > 1 && text.substr(text.size() - 2) == "\n\n") {
        text.pop_back();
    }
    return text + kEnd;
}

std::string with_validation_part(const std::string& page, const std::string& part) {
    const std::size_t begin = page.find(kBeginWord);
    const std::size_t end = page.find(kEnd);
    if (begin == std::string::npos || end == std::string::npos || end < begin) {
        return page + (page.empty() ? "" : "\n") + part;
    }
    return page.substr(0, begin) + part + page.substr(end + std::string(kEnd).size());
}

}  // namespace ebb
