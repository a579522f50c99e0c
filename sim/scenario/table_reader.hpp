// SPDX-License-Identifier: Apache-2.0
/// Fills a Params struct from a mapping by its parameter table: types, units, ranges, names,
/// missing and unknown keys. Every mistake is noted and reading goes on; what was right becomes a
/// fact.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/core/component.hpp"
#include "sim/scenario/facts.hpp"
#include "sim/scenario/mistake_list.hpp"
#include "sim/scenario/resolved.hpp"

namespace ebb {

/// Adds the keys of the data sheet that a block names by `part:`; false if it cannot be had.
using PartMerger = std::function<bool(DocNode& block, const Row& row)>;
/// Where a value came from, in words for the resolved scenario ("line 12").
using OriginText = std::function<std::string(const Spot& spot, const std::string& path)>;

class TableReader {
public:
    TableReader(const Registry& registry, MistakeList& mistakes, Facts& facts, PartMerger parts,
                OriginText origin);

    /// Reads the keys of a mapping into `params`. `path` is empty at the top level. Returns whether
    /// everything in it was right.
    bool read_top(const DocNode& map, const Table& table, void* params, ResolvedNode& resolved);

    /// The components' own checks, once everything has been read.
    void run_checks(std::vector<std::string>& notes);

    /// A value that was read or defaulted: what is needed to set it again.
    struct Slot {
        const Row* row = nullptr;
        void* params = nullptr;            ///< the struct that row->set() fills
        std::size_t owner = kNoComponent;  ///< the component made of it
        bool in_list = false;              ///< `params` may have moved since
    };
    static constexpr std::size_t kNoComponent = static_cast<std::size_t>(-1);
    /// Null if no value row was read there.
    [[nodiscard]] const Slot* slot(const std::string& path) const;
    /// Every path with a slot.
    [[nodiscard]] std::vector<std::string> paths() const;
    /// Makes a component again, and those that hold it, after set() on its parameters.
    /// InputErrors of factories pass through.
    void remake(std::size_t component);

private:
    struct Block {
        const Table& table;
        void* params;
        std::string path;
        std::string title;     ///< "store (type: capacitor)"
        std::string describe;  ///< "store.capacitor"
        std::string tag;       ///< choice: key that picked it, known besides the table's
        std::string own_key;   ///< `include` or `part`: taken before, named in hints
        const Component* component = nullptr;
        std::size_t owner = kNoComponent;
        bool in_list = false;
    };
    struct Made {
        const Component* component;
        std::shared_ptr<void> params;
        const Row* row;  ///< puts it
        void* into;
        std::size_t owner;
    };
    struct Check {
        const Component* component;
        std::shared_ptr<void> params;
        std::string path;
    };

    bool read_block(const DocNode& map, const Block& block, ResolvedNode& resolved);
    static bool mistyped(const DocNode& map, const Block& block, const std::string& key);
    bool read_part(const Row& row, DocNode& map, const std::string& path, ResolvedNode& node);
    void report_unknown(const DocEntry& entry, const Block& block);
    bool read_row(const Row& row, const DocEntry& entry, const Block& block,
                  ResolvedNode& resolved);
    bool read_missing(const Row& row, const DocNode& map, const Block& block,
                      ResolvedNode& resolved);
    bool read_scalar(const Row& row, const DocEntry& entry, const Block& block,
                     ResolvedNode& resolved);
    bool read_nested(const Row& row, const DocEntry& entry, const Block& block,
                     ResolvedNode& resolved);
    bool read_list(const Row& row, const DocEntry& entry, const Block& block,
                   ResolvedNode& resolved);
    bool read_map(const Row& row, const DocEntry& entry, const Block& block,
                  ResolvedNode& resolved);
    bool read_choice(const Row& row, const DocEntry& entry, const Block& block,
                     ResolvedNode& resolved);
    bool make_component(const Row& row, const Component& component, const DocNode& map,
                        const Block& outer, const Place& where, ResolvedNode node,
                        ResolvedNode& resolved);
    [[nodiscard]] const Component* pick(const Row& row, const DocNode& map, const std::string& path,
                                        const Place& where);
    void wrong_kind(const DocEntry& entry, const std::string& path, const std::string& expected);

    const Registry& registry_;
    MistakeList& mistakes_;
    Facts& facts_;
    PartMerger parts_;
    OriginText origin_;
    std::vector<Check> checks_;
    std::vector<Made> made_;
    std::map<std::string, Slot> slots_;
};

}  // namespace ebb
