// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/describe.hpp"

#include "models/core/error.hpp"
#include "models/core/nearest.hpp"
#include "sim/scenario/network_reader.hpp"
#include "sim/scenario/platform_reader.hpp"
#include "sim/scenario/scenario_form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

namespace ebb {

namespace {

const std::vector<std::string> kRowHeader = {"key", "value", "range", "presence", "text"};

std::string range_text(const Row& row) {
    if (row.kind == RowKind::quantity) {
        return row.range.text(row.dimension);
    }
    if (row.kind == RowKind::integer) {
        return row.range.text(Dimension::number);
    }
    return "";
}

std::string row_text(const Row& row, const Reference& reference) {
    if (row.kind != RowKind::choice) {
        return row.text;
    }
    return fmt::format("{}; {}: {} (see: ebb describe {}.NAME)", row.text, row.tag,
                       joined(reference.registry->names_of(row.component_kind), " | "),
                       row.component_kind);
}

void add_rows(PageTable& out, const Table& table, const std::string& prefix,
              const Reference& reference);

void add_row(PageTable& out, const Row& row, const std::string& key, const Reference& reference) {
    out.rows.push_back(
        {key, value_kind_text(row), range_text(row), presence_text(row), row_text(row, reference)});
    if (!row.part_kind.empty()) {
        out.rows.push_back({key + (row.kind == RowKind::list ? "[].part" : ".part"), "text", "",
                            "optional", kPartText});
    }
    if (row.table) {
        add_rows(out, *row.table, key + (row.kind == RowKind::list ? "[]." : "."), reference);
    }
}

/// How many blocks side by side must have the same keys for only the first to list them.
constexpr std::ptrdiff_t kAlike = 8;

/// The first of many blocks of a table that have the same keys as this one; null if they are few.
const Row* first_alike(const Table& table, const Row& row) {
    const auto alike = [&](const Row& other) { return row.table && other.table == row.table; };
    const bool many = std::count_if(table.rows.begin(), table.rows.end(), alike) >= kAlike;
    return many ? &*std::find_if(table.rows.begin(), table.rows.end(), alike) : nullptr;
}

/// Rows with everything below them, keys as paths.
void add_rows(PageTable& out, const Table& table, const std::string& prefix,
              const Reference& reference) {
    for (const Row& row : table.rows) {
        const Row* first = first_alike(table, row);
        if (first == nullptr || first == &row) {
            add_row(out, row, prefix + row.key, reference);
        } else {
            out.rows.push_back({prefix + row.key, value_kind_text(row), range_text(row),
                                presence_text(row),
                                fmt::format("{}; keys as {}", row.text, prefix + first->key)});
        }
    }
}

PageTable rows_of(const Table& table, const std::string& heading, const Reference& reference) {
    PageTable out{heading, kRowHeader, {}, true};
    add_rows(out, table, "", reference);
    return out;
}

Page describe_component(const Reference& reference, const Component& component) {
    Page page{component.info.kind + "." + component.info.name, {component.info.summary}, {}};
    if (!component.info.notes.empty()) {
        page.paragraphs.push_back(component.info.notes);
    }
    if (component.table->rows.empty()) {
        page.paragraphs.emplace_back("It has no parameters.");
    } else {
        page.tables.push_back(rows_of(*component.table, "Parameters", reference));
    }
    return page;
}

PageTable component_list(const Reference& reference, const std::string& kind) {
    PageTable table{"", {"name", "what it is"}, {}, false};
    for (const Component* c : reference.registry->of(kind)) {
        table.rows.push_back({kind + "." + c->info.name, c->info.summary});
    }
    return table;
}

Page describe_kind(const Reference& reference, const std::string& kind) {
    return {kind, {"See: ebb describe " + kind + ".NAME"}, {component_list(reference, kind)}};
}

Page describe_row(const Reference& reference, const Row& row, const std::string& path) {
    if (row.kind == RowKind::choice) {
        Page page = describe_kind(reference, row.component_kind);
        page.title = path;
        page.paragraphs.insert(page.paragraphs.begin(),
                               fmt::format("{} ({}).", row.text, presence_text(row)));
        if (!reference.part_names(row.part_kind).empty()) {
            page.tables.push_back(part_list(reference, row));
        }
        return page;
    }
    PageTable table{"", kRowHeader, {}, true};
    add_row(table, row, path, reference);
    Page page{path, {}, {table}};
    if (!row.part_kind.empty()) {
        page.tables.push_back(part_list(reference, row));
    }
    return page;
}

Page describe_scenario(const Reference& reference) {
    PageTable table = rows_of(*reference.scenario, "", reference);
    table.rows.insert(table.rows.begin(),
                      {"include", "text or list of texts", "", "optional", kIncludeText});
    return {
        "scenario",
        {"Every key of a scenario. A physical value is text with its unit: 47 uF, 1.8 V, 10 min."},
        {table}};
}

std::string count_of(std::size_t n, const char* noun) {
    return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

Page overview(const Reference& reference) {
    Page page{"What ebb knows",
              {"ebb describe scenario lists every key of a scenario; ebb describe NAME shows one "
               "line below in full; ebb trace list shows the traces; ebb new FILE writes a "
               "commented scenario."},
              {}};
    PageTable components{"Components", {"name", "what it is"}, {}, false};
    for (const auto& kind : reference.registry->kinds()) {
        const auto list = component_list(reference, kind);
        components.rows.insert(components.rows.end(), list.rows.begin(), list.rows.end());
    }
    PageTable data{"Shipped data", {"name", "what it is"}, {}, false};
    for (const auto& kind : reference.part_kinds()) {
        data.rows.push_back({kind, count_of(reference.part_names(kind).size(), "part")});
    }
    data.rows.push_back(
        {"network", count_of(network_names(reference.folders.networks()).size(), "network")});
    data.rows.push_back(
        {"platform", count_of(platform_names(reference.folders.platforms()).size(), "platform")});
    page.tables = {components, data};
    return page;
}

/// Everything that can be described, by name. Built per call: a few hundred short entries.
class Catalogue {
public:
    explicit Catalogue(const Reference& reference) : reference_(reference) {
        add("scenario", [this] { return describe_scenario(reference_); });
        add_kinds();
        add_data();
        add_paths(*reference.scenario, "");
    }

    [[nodiscard]] Page page(const std::string& what) const {
        const auto it = pages_.find(what);
        if (it == pages_.end()) {
            std::vector<std::string> names;
            for (const auto& entry : pages_) {
                names.push_back(entry.first);
            }
            const int column = 10;  // behind "describe "
            throw InputError({Mistake{
                {"command line", 0, column, "describe " + what, static_cast<int>(what.size())},
                fmt::format("nothing is called '{}'", what),
                did_you_mean(what, names),
                "ebb describe lists everything"}});
        }
        return it->second();
    }

private:
    void add(const std::string& name, std::function<Page()> page) {
        pages_.emplace(name, std::move(page));
    }
    void add_kinds() {
        for (const auto& kind : reference_.registry->kinds()) {
            for (const Component* c : reference_.registry->of(kind)) {
                add(kind + "." + c->info.name,
                    [this, c] { return describe_component(reference_, *c); });
            }
            add(kind, [this, kind] { return describe_kind(reference_, kind); });
        }
    }
    void add_data() {
        add("network", [this] { return describe_networks(reference_); });
        for (const auto& name : network_names(reference_.folders.networks())) {
            add("network." + name, [this, name] { return describe_network(reference_, name); });
        }
        add("platform", [this] { return describe_platforms(reference_); });
        for (const auto& name : platform_names(reference_.folders.platforms())) {
            add("platform." + name, [this, name] { return describe_platform(reference_, name); });
        }
    }
    void add_paths(const Table& table, const std::string& path) {
        for (const Row& row : table.rows) {
            const std::string here = join_path(path, row.key);
            add(here, [this, &row, here] { return describe_row(reference_, row, here); });
            if (!row.part_kind.empty()) {
                for (const auto& name : reference_.part_names(row.part_kind)) {
                    add(row.part_kind + "." + name,
                        [this, &row, name] { return describe_part(reference_, row, name); });
                }
                // Parts of a list are not called as their block: peripherals, peripheral.
                add(row.part_kind,
                    [this, &row, here] { return describe_row(reference_, row, here); });
            }
            if (row.table) {
                add_paths(*row.table, here);
            }
        }
    }

    const Reference& reference_;
    std::map<std::string, std::function<Page()>> pages_;
};

}  // namespace

PageTable platform_keys(const Reference& reference) {
    return rows_of(*platform_file_table(), "Keys of a platform file", reference);
}

Page describe(const Reference& reference, const std::string& what) {
    return what.empty() ? overview(reference) : Catalogue(reference).page(what);
}

std::string describe_all_as_markdown(const Reference& reference) {
    std::string out =
        "<!-- Written by `ebb describe --markdown`; change the parameter tables instead. -->\n";
    Page scenario = describe_scenario(reference);
    scenario.title = "Scenario reference";
    scenario.paragraphs.emplace_back(
        "Keys are paths: `mcu.boot.time` is the key `time` in the block `boot` of the block `mcu`; "
        "`[]` marks the entries of a list. A choice is a block whose `type` or `policy` decides "
        "its other keys; its components follow below.");
    out += page_as_markdown(scenario, 1);
    for (const auto& kind : reference.registry->kinds()) {
        out += "## " + kind + "\n\n";
        for (const Component* c : reference.registry->of(kind)) {
            out += page_as_markdown(describe_component(reference, *c), 3);
        }
    }
    out += "## Platform files\n\nWhat networks cost on a processor (`workload.platform`).\n\n";
    PageTable keys = platform_keys(reference);
    keys.heading.clear();
    out += page_as_markdown({"Keys", {}, {keys}}, 3);
    while (out.size() > 1 && out[out.size() - 2] == '\n') {
        out.pop_back();
    }
    return out;
}

}  // namespace ebb
