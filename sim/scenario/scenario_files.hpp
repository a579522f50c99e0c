// SPDX-License-Identifier: Apache-2.0
/// Everything a scenario draws in from other files: includes, parts, traces, profiles, networks and
/// platforms. Each file is read once, noted with its SHA-256, and its mistakes join the list.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/scenario/document.hpp"
#include "sim/scenario/facts.hpp"
#include "sim/scenario/loaded_files.hpp"
#include "sim/scenario/mistake_list.hpp"
#include "sim/scenario/read_scenario.hpp"
#include "sim/scenario/scenario_form.hpp"

namespace ebb {

class ScenarioFiles {
public:
    ScenarioFiles(const ReadOptions& options, MistakeList& mistakes)
        : options_(options),
          mistakes_(mistakes),
          loaded_(options.loaded ? options.loaded : std::make_shared<LoadedFiles>()) {}

    /// The document of a scenario's text.
    [[nodiscard]] std::optional<DocNode> scenario(const std::string& name, const std::string& text);

    /// Merges the files named by `include:` below the scenario and removes the key.
    void merge_includes(DocNode& root, const Table& table);
    /// Fills a block from the data sheet that its `part:` names. False if that cannot be had.
    bool merge_part(DocNode& block, const Row& row);
    /// "line 12", "common.yaml:3", "--set", "part stm32u385 (estimate: ...)".
    [[nodiscard]] std::string origin(const Spot& spot, const std::string& path) const;

    /// The series of the source at `path`, checked against model and duration; null if there is
    /// none.
    [[nodiscard]] std::shared_ptr<const Series> load_source(const SourceForm& source,
                                                            const std::string& path,
                                                            const Facts& facts, AtEnd& at_end);
    /// Measured current of one task.
    [[nodiscard]] std::shared_ptr<const Series> load_profile(const std::string& ref,
                                                             const std::string& path,
                                                             const Facts& facts);
    /// Network, platform and variant; false if something is missing or wrong.
    bool load_network(const WorkloadForm& form, const Facts& facts, NetworkParams& out);

    /// What load_source() checks besides the file itself, for a series that is there already.
    void check_series(const Series& series, const SourceForm& source, const std::string& path,
                      const Facts& facts, AtEnd& at_end);

    void note_input(const std::string& role, const std::string& path, const std::string& text);
    [[nodiscard]] std::vector<InputFile>& inputs() { return inputs_; }
    [[nodiscard]] std::vector<std::string>& notes() { return notes_; }
    /// Paths of the scenario whose text the resolved scenario gives as an absolute file path.
    [[nodiscard]] const std::map<std::string, std::string>& absolute() const { return absolute_; }

private:
    std::optional<DocNode> read_include(const std::string& path, const Place& where,
                                        const Table& table);
    const NamedFile& named(const std::string& name, const std::string& path, const Facts& facts,
                           const std::string& shipped, const NamedFileKind& kind);

    const ReadOptions& options_;
    MistakeList& mistakes_;
    const std::shared_ptr<LoadedFiles> loaded_;
    std::vector<std::string> open_includes_;
    std::map<const SourceText*, std::map<std::string, std::string>> part_origins_;
    std::map<std::string, std::string> absolute_;
    std::vector<InputFile> inputs_;
    std::vector<std::string> notes_;
};

/// The folder in which relative paths of a value start.
[[nodiscard]] std::string folder_of(const Facts& facts, const std::string& path);

/// The path as written in a folder; absolute so that the resolved scenario can live anywhere.
[[nodiscard]] std::string absolute_path(const std::string& folder, const std::string& path);

}  // namespace ebb
