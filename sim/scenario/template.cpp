// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/template.hpp"

#include "models/core/error.hpp"
#include "models/core/nearest.hpp"
#include "sim/scenario/scenario_form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>

namespace ebb {

namespace {

/// The example: keyword spotting on 1 mW, committing each layer. 47 uF between 3.0 V and 1.8 V give
/// 135 uJ and one inference takes 245 uJ, so that it spans power failures.
const std::map<std::string, std::string>& example() {
    static const std::map<std::string, std::string> values = {
        {"name", "My first device"},
        {"duration", "60 s"},
        {"source.model.type", "constant_power"},
        {"source.model.power", "1 mW"},
        {"store.type", "capacitor"},
        {"store.capacitance", "47 uF"},
        {"store.initial", "0 V"},
        {"store.max", "5 V"},
        {"store.leakage.resistance", "5 MOhm"},
        {"mcu.part", "stm32u385"},
        {"mcu.turn_on", "3.0 V"},
        {"mcu.turn_off", "1.8 V"},
        {"mcu.initial", "unpowered"},
        {"nvm.part", "mb85rs256ty"},
        {"workload.network", "mlperf_tiny_kws"},
        {"workload.platform", "cortex_m33_stm32u385"},
        {"checkpoint.policy", "commit"},
        {"checkpoint.granularity", "layer"},
    };
    return values;
}

/// Values for keys that are only shown as comments and whose table gives neither default nor word.
const std::map<std::string, std::string>& shown() {
    static const std::map<std::string, std::string> values = {
        {"source.trace", "rf/mementos-2"},
        {"source.format", "csv"},
        {"source.column", "power_w"},
        {"source.time", "packed_mmssms"},
        {"source.unit", "W/m^2"},
        {"source.dt", "1 s"},
        {"source.rate", "26 Hz"},
        {"source.length", "30 d"},
        {"workload.tasks[].name", "sense"},
        {"workload.tasks[].profile", "my_recording.csv"},
        {"workload.variant", "X-CUBE-AI 10.2"},
    };
    return values;
}

bool has_below(const std::map<std::string, std::string>& values, const std::string& path) {
    const auto it = values.lower_bound(path + ".");
    return it != values.end() && it->first.rfind(path + ".", 0) == 0;
}

/// Plain YAML text is enough for our own values, but a comment sign or colon needs quotes.
std::string scalar(const std::string& text) {
    const bool plain = text.find(": ") == std::string::npos && text.find('#') == std::string::npos;
    return plain ? text : "\"" + text + "\"";
}

/// Where in the scenario a row stands, and how it is written.
struct Position {
    std::string path;
    std::size_t indent = 0;
    bool commented = false;
    const PartSheet* part = nullptr;  ///< fills what the example does not give
    std::string part_path;            ///< path of the block that names the part

    [[nodiscard]] Position below(const std::string& key, bool as_comment) const {
        return {join_path(path, key), indent + 2, commented || as_comment, part, part_path};
    }
    /// The value that the part gives at this path, or null.
    [[nodiscard]] const PartValue* part_value() const {
        if (part == nullptr) {
            return nullptr;
        }
        const auto& values = part->values;
        const auto it = std::find_if(values.begin(), values.end(), [&](const PartValue& v) {
            return join_path(part_path, v.key) == path;
        });
        return it == values.end() ? nullptr : &*it;
    }
};

/// Range and presence; the value itself shows its unit.
std::string facts_of(const Row& row) {
    const bool ranged = row.kind == RowKind::quantity || row.kind == RowKind::integer;
    const auto dimension = row.kind == RowKind::quantity ? row.dimension : Dimension::number;
    const std::string range = ranged ? row.range.text(dimension) : "";
    const std::string names = row.kind == RowKind::name ? joined(row.names, " | ") : "";
    std::string facts = range + names;
    return facts + (facts.empty() ? "" : "; ") + presence_text(row);
}

/// A value to show in a comment: default, else a word of the table, else an example of the unit.
std::string shown_value(const Row& row, const std::string& path) {
    if (const auto it = shown().find(path); it != shown().end()) {
        return it->second;
    }
    std::string fallback = default_text(row);
    if (!fallback.empty()) {
        return fallback;
    }
    switch (row.kind) {
        case RowKind::quantity: {
            const auto parsed = parse_quantity(example_of(row.dimension), row.dimension);
            return row.range.contains(parsed.value.value_or(row.range.low))
                       ? example_of(row.dimension)
                       : format_quantity(row.range.low, row.dimension);
        }
        case RowKind::integer:
            return fmt::format("{:.0f}", std::max(1.0, row.range.low));
        case RowKind::boolean:
            return "true";
        case RowKind::name:
            return row.names.front();
        default:
            return "...";
    }
}

class Writer {
public:
    explicit Writer(const Reference& reference) : reference_(reference) {}

    std::string write(const std::string& schema) {
        if (!schema.empty()) {
            out_ += "# yaml-language-server: $schema=" + schema + "\n";
        }
        out_ +=
            "# A scenario for ebb. ebb check FILE checks it, ebb run FILE runs it.\n"
            "# Every value carries its unit. Behind each key: what it is (range; whether it is "
            "needed).\n"
            "# Keys that this example does not need stand as comments: take away '# ' to use "
            "them.\n\n";
        line(0, true, "include: common.yaml", kIncludeText, "optional");
        for (const Row& r : reference_.scenario->rows) {
            if (r.kind == RowKind::block || r.kind == RowKind::choice) {
                out_ += "\n";
            }
            row(r, {r.key, 0, false, nullptr, ""});
        }
        return out_;
    }

private:
    void line(std::size_t indent, bool commented, const std::string& text, const std::string& about,
              const std::string& facts) {
        constexpr std::size_t kCommentColumn = 40;
        constexpr std::size_t kWidth = 110;
        std::string out = std::string(indent, ' ') + (commented ? "# " : "") + text;
        out.resize(std::max(out.size() + 2, kCommentColumn), ' ');
        out += "#";
        std::istringstream words(about + (facts.empty() ? "" : " (" + facts + ")"));
        for (std::string word; words >> word;) {
            if (out.size() + 1 + word.size() > kWidth) {
                out_ += out + "\n";
                out = std::string(kCommentColumn, ' ') + "#  ";
            }
            out += " " + word;
        }
        out_ += out + "\n";
    }
    void rows(const Table& table, const Position& spot, bool as_comment) {
        for (const Row& r : table.rows) {
            row(r, spot.below(r.key, as_comment));
        }
    }
    void row(const Row& row, const Position& spot);
    void value(const Row& row, const Position& spot);
    void block(const Row& row, Position spot);
    void list(const Row& row, const Position& spot);
    void choice(const Row& row, const Position& spot);

    const Reference& reference_;
    std::string out_;
};

/// A required key must have a value in the example or come from its part.
void require(bool given, const Row& row, const Position& spot) {
    if (!given && row.presence == Presence::must && !spot.commented && spot.part == nullptr) {
        throw Defect("ebb new: there is no example value for the required key " + spot.path);
    }
}

void Writer::value(const Row& row, const Position& spot) {
    const auto it = example().find(spot.path);
    const bool given = it != example().end() && !spot.commented;
    require(given, row, spot);
    if (given) {
        line(spot.indent, false, row.key + ": " + scalar(it->second), row.text, facts_of(row));
        return;
    }
    if (const PartValue* v = spot.part_value()) {
        line(spot.indent, true, row.key + ": " + scalar(v->value), row.text,
             fmt::format("from the part: {}", v->kind));
        return;
    }
    line(spot.indent, true, row.key + ": " + scalar(shown_value(row, spot.path)), row.text,
         facts_of(row));
    if (row.table) {
        line(spot.indent, true, row.key + ":", "or a mapping instead", "");
        rows(*row.table, spot, true);
    }
}

void Writer::block(const Row& row, Position spot) {
    const bool used = !spot.commented && has_below(example(), spot.path);
    require(used, row, spot);
    line(spot.indent, !used, row.key + ":", row.text, presence_text(row));
    PartSheet sheet;
    if (!row.part_kind.empty()) {
        const auto named = example().find(join_path(spot.path, "part"));
        const bool from_part = used && named != example().end();
        line(spot.indent + 2, !from_part,
             "part: " + (from_part ? named->second : std::string("my_part.yaml")), kPartText,
             "see: ebb describe " + row.part_kind);
        if (from_part) {
            sheet = reference_.part(row, named->second);
            spot.part = &sheet;
            spot.part_path = spot.path;
        }
    }
    rows(*row.table, spot, !used);
}

void Writer::list(const Row& row, const Position& spot) {
    if ((row.presence == Presence::must && !spot.commented) || has_below(example(), spot.path)) {
        throw Defect("ebb new: lists are only shown as comments, but needed is " + spot.path);
    }
    line(spot.indent, true, row.key + ":", row.text, presence_text(row));
    const char* lead = "  - ";
    if (!row.part_kind.empty()) {
        line(spot.indent, true, std::string(lead) + "part: my_part.yaml", kPartText,
             "see: ebb describe " + row.part_kind);
        lead = "    ";
    }
    for (const Row& entry : row.table->rows) {
        if (entry.kind == RowKind::block || entry.kind == RowKind::list) {
            continue;  // deeper than an example of one line goes: ebb describe shows it
        }
        const std::string path = spot.path + "[]." + entry.key;
        line(spot.indent, true, lead + entry.key + ": " + scalar(shown_value(entry, path)),
             entry.text, facts_of(entry));
        lead = "    ";
    }
}

void Writer::choice(const Row& row, const Position& spot) {
    const auto it = example().find(join_path(spot.path, row.tag));
    const bool used = !spot.commented && it != example().end();
    require(used, row, spot);
    const auto names = reference_.registry->names_of(row.component_kind);
    if (names.empty()) {
        return;  // a program without components of this kind: there is nothing to show
    }
    const std::string name = used                          ? it->second
                             : !row.default_choice.empty() ? row.default_choice
                                                           : names.front();
    const Component* component = reference_.registry->find(row.component_kind, name);
    if (component == nullptr) {
        throw Defect(fmt::format("ebb new: there is no {} '{}'", row.component_kind, name));
    }
    line(spot.indent, !used, row.key + ":", row.text, presence_text(row));
    line(spot.indent + 2, !used, row.tag + ": " + name, joined(names, " | "),
         "see: ebb describe " + row.component_kind + ".NAME");
    rows(*component->table, spot, !used);
}

void Writer::row(const Row& row, const Position& spot) {
    switch (row.kind) {
        case RowKind::block:
            return block(row, spot);
        case RowKind::list:
            return list(row, spot);
        case RowKind::choice:
            return choice(row, spot);
        case RowKind::map:
            return line(spot.indent, true, row.key + ": {work.jobs_done: \">= 10\"}", row.text,
                        presence_text(row));
        default:
            return value(row, spot);
    }
}

}  // namespace

std::string scenario_template(const Reference& reference, const std::string& schema) {
    return Writer(reference).write(schema);
}

}  // namespace ebb
