// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "sim/analysis/policy_comparison.hpp"
#include "sim/result/text_format.hpp"

namespace ebb {

namespace {

std::string thresholds_of(const PolicyTrial& trial) {
    if (trial.tuned) {
        return "tuned";
    }
    if (trial.save_at_v) {
        return "saves at " + engineering(*trial.save_at_v, "V");
    }
    return trial.start_at_v ? "begins at " + engineering(*trial.start_at_v, "V") : std::string();
}

/// "commit, granularity: tile": what stands behind "policy: ".
std::string short_name(const PolicyTrial& trial) {
    constexpr std::string_view kKey = "policy: ";
    const std::string& text = trial.policy;
    return text.compare(0, kKey.size(), kKey) == 0 ? text.substr(kKey.size()) : text;
}

std::string conditions_of(const PolicyComparison& c) {
    std::string text = c.starts_s.size() > 1
                           ? fmt::format("{} places of the trace to begin", c.starts_s.size())
                           : std::string("one place to begin");
    if (c.capacitance_factors.size() > 1) {
        text += ", the capacitance as it is and 10 % to either side";
    }
    return text;
}

}  // namespace

std::string comparison_table(const PolicyComparison& c) {
    std::size_t wide = 6;
    for (const PolicyTrial& trial : c.ranked) {
        wide = std::max(wide, short_name(trial).size());
    }
    for (const PolicyTrial& trial : c.cannot) {
        wide = std::max(wide, short_name(trial).size());
    }
    const std::size_t runs = c.starts_s.size() * c.capacitance_factors.size();
    std::string out = fmt::format("{}\nEach policy in {} run{}: {}.\n\n", c.name, runs,
                                  runs == 1 ? "" : "s", conditions_of(c));
    out += fmt::format("  {:>3}  {:<{}}  {:>10}  {:>24}  {:>6}  {:>10}\n", "", "policy", wide,
                       c.by_kept ? "" : "jobs", "against the best (95 %)", "kept", "brown-outs");
    for (const PolicyTrial& t : c.ranked) {
        const double scale = c.by_kept ? 100.0 : 1.0;
        const std::string against =
            &t == &c.ranked.front()
                ? ""
                : fmt::format("{:+.3g} ({:+.3g} .. {:+.3g}){}", scale * t.difference,
                              scale * (t.difference - t.margin), scale * (t.difference + t.margin),
                              t.rank == 1 ? " tie" : "");
        const std::string notes =
            t.violations > 0 ? fmt::format("COMPUTES ON WRONG DATA: {} reads", t.violations)
                             : thresholds_of(t);
        out += fmt::format("  {:>2}{}  {:<{}}  {:>10}  {:>24}  {:>6}  {:>10.4g}  {}\n", t.rank,
                           t.rank == 1 ? "=" : " ", short_name(t), wide,
                           c.by_kept ? std::string() : fmt::format("{:.4g}", t.mean_jobs), against,
                           percent_text(t.mean_kept), t.brown_outs, notes);
    }
    out += c.by_kept
               ? "\nNo policy completed a job: ranked by the energy kept, in per cent of what "
                 "was drawn.\n"
               : "\nJobs done per run, on average; kept: energy of work that outlived power "
                 "failures, of what was drawn.\n";
    if (std::any_of(c.ranked.begin(), c.ranked.end(),
                    [](const PolicyTrial& t) { return t.tuned; })) {
        out += "Tuned: the best of a few voltages, looked for at every other place of the trace.\n";
    }
    if (runs == 1) {
        out += "One run only: no interval, and a tie is an equal count.\n";
    }
    if (!c.cannot.empty()) {
        out += "\nNot for this scenario\n";
        for (const PolicyTrial& t : c.cannot) {
            out += fmt::format("       {:<{}}  {}\n", short_name(t), wide, t.why_not);
        }
    }
    return out;
}

}  // namespace ebb
