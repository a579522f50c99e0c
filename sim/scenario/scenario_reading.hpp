// SPDX-License-Identifier: Apache-2.0
/// One reading of a scenario, step by step: document, tables, rules between keys, files, the typed
/// Scenario. `read_scenario` goes through it once; a ScenarioTemplate keeps it, and sets numbers
/// again without the steps that numbers do not touch.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/scenario/document.hpp"
#include "sim/scenario/merge.hpp"
#include "sim/scenario/read_scenario.hpp"
#include "sim/scenario/scenario_files.hpp"
#include "sim/scenario/scenario_form.hpp"
#include "sim/scenario/table_reader.hpp"

namespace ebb {

class ScenarioReading {
public:
    /// Both must outlive the reading.
    ScenarioReading(const Registry& registry, const ReadOptions& options);
    ScenarioReading(const ScenarioReading&) = delete;
    ScenarioReading& operator=(const ScenarioReading&) = delete;

    /// Notes the text as the scenario's; nothing if it is no YAML.
    [[nodiscard]] std::optional<DocNode> parse(std::string_view text, const std::string& name);
    /// Throws InputError with every mistake, those of parse() included.
    void read(std::optional<DocNode> root, const std::vector<Setting>& settings);
    [[nodiscard]] Scenario take() { return std::move(scenario_); }

private:
    friend class ScenarioTemplate;

    bool compose(DocNode& root, const std::vector<Setting>& settings);
    void read_tables(const DocNode& root);
    void check_between();  ///< the rules between keys
    void load_workload();
    void load_boot_profile();
    void read_expectations();
    void couple();
    void drop_unused();
    void fill();      ///< Scenario from the form; may be repeated
    void describe();  ///< its resolved text, inputs and notes

    const Registry& registry_;
    const ReadOptions& options_;
    MistakeList mistakes_;
    ScenarioFiles files_;
    Facts facts_;
    ScenarioForm form_;
    ResolvedNode resolved_;
    Scenario scenario_;
    TableReader reader_;
};

}  // namespace ebb
