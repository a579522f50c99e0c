// SPDX-License-Identifier: Apache-2.0
#include "sim/result/summary_text.hpp"

#include "sim/result/finding_advice.hpp"
#include "sim/result/result_table.hpp"
#include "sim/result/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

namespace ebb {

namespace {

constexpr std::size_t kColumns = 80;
constexpr std::size_t kLabelColumns = 13;
constexpr std::string_view kEnergyGroup = "energy_j.";

/// Collects lines: a label once, what belongs to it below, wrapped at kColumns.
class Page {
public:
    explicit Page(bool colour) : colour_(colour) {}

    void plain(std::string_view text) { text_.append(text).append("\n"); }
    void gap() { text_ += "\n"; }
    void heading(std::string_view text) { plain(painted(text, "\x1b[1m")); }
    void row(std::string_view label, std::string_view text) {
        const std::string name = fmt::format("  {:<{}}", label, kLabelColumns);
        wrapped(painted(name, "\x1b[2m"), name.size(), text);
    }
    /// `first` takes `indent` columns; further lines are indented by as much.
    void wrapped(const std::string& first, std::size_t indent, std::string_view text);
    [[nodiscard]] std::string painted(std::string_view text, const char* colour) const {
        return colour_ ? fmt::format("{}{}\x1b[0m", colour, text) : std::string(text);
    }
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    bool colour_;
    std::string text_;
};

/// Takes the next word off `text`; a number keeps the unit after it.
std::string_view next_word(std::string_view& text) {
    constexpr std::size_t kLongestUnit = 4;
    std::size_t end = std::min(text.find(' '), text.size());
    const bool number = !text.empty() && text.front() >= '0' && text.front() <= '9';
    if (number && end < text.size()) {
        const std::size_t unit_end = std::min(text.find(' ', end + 1), text.size());
        end = unit_end - end - 1 <= kLongestUnit ? unit_end : end;
    }
    const std::string_view word = text.substr(0, end);
    text = text.substr(std::min(end + 1, text.size()));
    return word;
}

void Page::wrapped(const std::string& first, std::size_t indent, std::string_view text) {
    std::string line = first;
    std::size_t used = indent;
    bool empty = true;
    while (!text.empty()) {
        const std::string_view word = next_word(text);
        const std::size_t width = width_of(word);
        if (!empty && used + 1 + width > kColumns) {
            plain(line);
            line = std::string(indent, ' ');
            used = indent;
            empty = true;
        }
        line += empty ? "" : " ";
        line += word;
        used += width + (empty ? 0 : 1);
        empty = false;
    }
    plain(line);
}

/// "1 boot", "2 boots", "no boots".
std::string counted(std::int64_t count, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", count == 0 ? "no" : count_text(count), count == 1 ? one : many);
}

/// Bytes in decimal multiples: "1.2 MB", "512 B".
std::string bytes_text(double bytes) { return engineering(bytes, "B"); }

bool nothing_completed(const Result& r) {
    const bool any_task = std::any_of(r.work.tasks.begin(), r.work.tasks.end(),
                                      [](const TaskResult& task) { return task.done > 0; });
    return r.work.jobs_done == 0 && !any_task;
}

void add_title(Page& page, const Result& r) {
    if (!r.name.empty()) {
        page.heading(r.name);
    }
    static constexpr std::array<std::string_view, 3> kEnds = {"", " until its condition was met",
                                                              " to the end of the trace"};
    page.wrapped(
        "", 0,
        fmt::format("{} simulated{} in {} ({})", duration_text(r.time.simulated_s),
                    kEnds[static_cast<std::size_t>(r.time.end)], duration_text(r.time.wall_s),
                    speed_text(r.time.simulated_s, r.time.wall_s)));
}

void add_jobs(Page& page, const Result& r) {
    if (r.work.jobs_released == 0 && r.work.jobs_done == 0) {
        return;
    }
    std::string text = fmt::format("{} done of {} released", count_text(r.work.jobs_done),
                                   count_text(r.work.jobs_released));
    if (r.work.first_done_s) {
        text += fmt::format(", the first after {}", duration_text(*r.work.first_done_s));
    }
    page.row("Jobs", text);
    if (r.work.jobs_late > 0 || r.work.jobs_dropped > 0) {
        page.row("", fmt::format("{} late, {} dropped", count_text(r.work.jobs_late),
                                 count_text(r.work.jobs_dropped)));
    }
    if (!r.work.latency_mean_s) {
        return;
    }
    const std::array<std::pair<std::optional<double>, std::string_view>, 3> spread = {
        {{r.work.latency_p50_s, "median"},
         {r.work.latency_p95_s, "95 % in"},
         {r.work.latency_max_s, "longest"}}};
    std::string others;
    for (const auto& [value, name] : spread) {
        if (value) {
            others +=
                fmt::format("{}{} {}", others.empty() ? "" : ", ", name, duration_text(*value));
        }
    }
    page.row("", fmt::format("latency {}{}", duration_text(*r.work.latency_mean_s),
                             others.empty() ? "" : " (" + others + ")"));
}

void add_tasks(Page& page, const Result& r) {
    constexpr std::size_t kMostShown = 12;
    std::size_t width = 0;
    for (const TaskResult& task : r.work.tasks) {
        width = std::max(width, width_of(task.name));
    }
    for (std::size_t i = 0; i < std::min(kMostShown, r.work.tasks.size()); ++i) {
        const TaskResult& task = r.work.tasks[i];
        const std::string padding(width - width_of(task.name), ' ');
        std::string text = fmt::format("{}{}  {} done", task.name, padding, count_text(task.done));
        if (task.cut > 0) {
            text += fmt::format(", {} cut by power failures", count_text(task.cut));
        }
        page.row(i == 0 ? "Tasks" : "", text);
    }
    if (r.work.tasks.size() > kMostShown) {
        page.row("", fmt::format("and {} more (summary.json, work.tasks)",
                                 r.work.tasks.size() - kMostShown));
    }
}

void add_power(Page& page, const Result& r) {
    std::string text = counted(r.power.boots, "boot", "boots") + ", " +
                       counted(r.power.brown_outs, "brown-out", "brown-outs");
    if (r.power.sleeps > 0) {
        text += ", " + counted(r.power.sleeps, "sleep", "sleeps");
    }
    page.row("Power", text);
    const double total_s = r.power.on_s + r.power.off_s;
    if (r.power.on_s == 0.0 || r.power.off_s == 0.0) {
        page.row("", r.power.on_s > 0.0 ? "on all the time" : "off all the time");
    } else if (total_s > 0.0) {
        page.row("", fmt::format("on {} ({}), off {} ({})", duration_text(r.power.on_s),
                                 percent_text(r.power.on_s / total_s), duration_text(r.power.off_s),
                                 percent_text(r.power.off_s / total_s)));
    }
    std::string periods;
    if (r.power.mean_on_s) {
        periods += fmt::format("on {} at a time", duration_text(*r.power.mean_on_s));
    }
    if (r.power.mean_off_s) {
        periods += fmt::format("{}off {} (means)", periods.empty() ? "" : ", ",
                               duration_text(*r.power.mean_off_s));
    }
    if (r.power.longest_off_s) {
        periods += fmt::format("{}longest off {}", periods.empty() ? "" : ", ",
                               duration_text(*r.power.longest_off_s));
    }
    if (!periods.empty()) {
        page.row("", periods);
    }
}

void add_progress(Page& page, const Result& r) {
    if (r.work.forward_progress) {
        page.row("Work kept", fmt::format("{} of the energy drawn while on",
                                          percent_text(*r.work.forward_progress)));
    }
    if (r.work.units_repeated > 0) {
        page.row(r.work.forward_progress ? "" : "Work kept",
                 fmt::format("{} of {} done again", counted(r.work.units_repeated, "unit", "units"),
                             count_text(r.work.units_done)));
    }
    const auto& c = r.checkpoint;
    if (c.attempted > 0 || c.restored > 0) {
        page.row("Checkpoints",
                 fmt::format("{} begun, {} completed, {} torn; {} restored, {} "
                             "never used",
                             count_text(c.attempted), count_text(c.completed), count_text(c.torn),
                             count_text(c.restored), count_text(c.unused)));
    }
    if (r.nvm.read_bytes > 0.0 || r.nvm.written_bytes > 0.0) {
        std::string text =
            fmt::format("{} read, {} written; {} to the busiest cell", bytes_text(r.nvm.read_bytes),
                        bytes_text(r.nvm.written_bytes),
                        counted(std::llround(r.nvm.max_writes_per_cell), "write", "writes"));
        if (r.nvm.endurance_used) {
            text += fmt::format(" ({} of its endurance)", percent_text(*r.nvm.endurance_used));
        }
        page.row("Memory", text);
    }
}

void add_consistency(Page& page, const Result& r) {
    if (r.consistency.checked) {
        page.row("Data", r.consistency.violations == 0
                             ? std::string("checked: every read met the right data")
                             : counted(r.consistency.violations, "wrong read", "wrong reads") +
                                   " (consistency.violations)");
    }
    if (!r.consistency.not_modelled.empty()) {
        page.row(r.consistency.checked ? "" : "Data",
                 fmt::format("not checked: {}", fmt::join(r.consistency.not_modelled, ", ")));
    }
}

struct Slice {
    std::string name;
    double joules;
};

/// Every destination of energy, greatest first: losses before the store, sinks, what stays stored.
std::vector<Slice> energy_slices(const Result& r) {
    static constexpr std::array<std::string_view, 4> kNoDestination = {"offered", "harvested",
                                                                       "stored_change", "residual"};
    std::vector<Slice> slices;
    for (const ResultEntry& entry : result_table()) {
        if (entry.path.substr(0, kEnergyGroup.size()) != kEnergyGroup) {
            continue;
        }
        std::string name(entry.path.substr(kEnergyGroup.size()));
        const double joules = entry.get(r).get<double>();
        if (joules == 0.0 ||
            std::find(kNoDestination.begin(), kNoDestination.end(), name) != kNoDestination.end()) {
            continue;
        }
        std::replace(name.begin(), name.end(), '_', ' ');
        slices.push_back({name, joules});
    }
    if (r.energy_j.stored_change > 0.0) {
        slices.push_back({"left in the store", r.energy_j.stored_change});
    }
    std::stable_sort(slices.begin(), slices.end(),
                     [](const Slice& a, const Slice& b) { return a.joules > b.joules; });
    return slices;
}

void add_energy(Page& page, const Result& r, bool bars) {
    const double from_store = std::max(0.0, -r.energy_j.stored_change);
    const double total = r.energy_j.offered + from_store;
    page.gap();
    if (!(total > 0.0)) {
        page.plain("No energy was offered, and none was in the store.");
        return;
    }
    const std::string store =
        from_store > 0.0 ? fmt::format(" and {} from the store", engineering(from_store, "J"))
                         : std::string();
    page.heading(fmt::format("Where the energy went: {} offered by the source{}",
                             engineering(r.energy_j.offered, "J"), store));
    constexpr int kBarColumns = 38;
    const std::vector<Slice> slices = energy_slices(r);
    const double greatest = slices.empty() ? 1.0 : slices.front().joules;
    for (const Slice& slice : slices) {
        std::string line =
            fmt::format("  {:<18}{:>9}  {:>7}", slice.name, engineering(slice.joules, "J"),
                        percent_text(slice.joules / total));
        if (bars) {
            // Scaled to the greatest slice: a share of 3 % must still be seen next to one of 30 %.
            line += "  " + page.painted(bar_text(slice.joules / greatest, kBarColumns), "\x1b[36m");
        }
        page.plain(line);
    }
    page.plain(fmt::format("  The account closes to {}.",
                           engineering(std::abs(r.energy_j.residual), "J")));
}

/// Findings are written without capital and full stop, for logs; here they stand as sentences.
std::string as_sentence(std::string text) {
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') {
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    }
    if (!text.empty() && text.back() != '.') {
        text += '.';
    }
    return text;
}

void add_findings(Page& page, const Result& r) {
    constexpr std::size_t kIndent = 4;
    const std::string indent(kIndent, ' ');
    for (const Finding& finding : r.findings) {
        page.gap();
        const std::string when =
            finding.time_s > 0.0 ? " at " + duration_text(finding.time_s) : std::string();
        page.plain(page.painted(fmt::format("  ! {}{}", finding.code, when), "\x1b[33m"));
        page.wrapped(indent, kIndent, as_sentence(finding.text));
        std::string numbers;
        for (const auto& [name, value] : finding.numbers) {
            numbers += fmt::format("{}{} = {}", numbers.empty() ? "" : ", ", name,
                                   value_by_name(name, value));
        }
        if (!numbers.empty()) {
            page.wrapped(indent, kIndent, numbers);
        }
        const std::string_view advice = finding_advice(finding.code);
        if (!advice.empty()) {
            page.wrapped(indent, kIndent, fmt::format("What may help: {}", advice));
        }
    }
}

}  // namespace

std::string value_by_name(const std::string& name, double value) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kUnits = {
        {{"j", "J"},
         {"v", "V"},
         {"w", "W"},
         {"a", "A"},
         {"f", "F"},
         {"c", "C"},
         {"b", "B"},
         {"ohm", "Ohm"},
         {"hz", "Hz"},
         {"bytes", "B"}}};
    const std::size_t underscore = name.rfind('_');
    const std::string_view last = underscore == std::string::npos
                                      ? std::string_view(name)
                                      : std::string_view(name).substr(underscore + 1);
    if (underscore != std::string::npos && last == "s") {
        return duration_text(value);
    }
    for (const auto& [suffix, unit] : kUnits) {
        if (underscore != std::string::npos && last == suffix) {
            return engineering(value, unit);
        }
    }
    const bool whole = std::abs(value) < 1e15 && std::floor(value) == value;
    return whole ? count_text(static_cast<std::int64_t>(value)) : fmt::format("{:.4g}", value);
}

std::string summary_text(const Result& result, const SummaryStyle& style) {
    Page page(style.colour);
    add_title(page, result);
    const bool reasons_first = nothing_completed(result) && !result.findings.empty();
    if (reasons_first) {
        page.gap();
        page.heading("Nothing was completed. Why:");
        add_findings(page, result);
    }
    page.gap();
    add_jobs(page, result);
    add_tasks(page, result);
    add_power(page, result);
    add_progress(page, result);
    add_consistency(page, result);
    add_energy(page, result, style.bars);
    if (!reasons_first && !result.findings.empty()) {
        page.gap();
        page.heading("Worth knowing");
        add_findings(page, result);
    }
    if (!style.folder.empty()) {
        page.gap();
        page.plain(fmt::format("Files are in {}", style.folder));
    }
    return page.text();
}

}  // namespace ebb
