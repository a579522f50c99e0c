// SPDX-License-Identifier: Apache-2.0
/// Reads the small pieces of a sweep file: words, numbers, quantities, axes. Each mistake is noted
/// with its place, and reading goes on.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/core/quantity.hpp"
#include "sim/scenario/document.hpp"
#include "sim/scenario/mistake_list.hpp"
#include "sim/sweep/sweep_spec.hpp"

namespace ebb {

class NodeReader {
public:
    explicit NodeReader(MistakeList& mistakes) : mistakes_(mistakes) {}

    /// The entries of a mapping; none, with a mistake, if it is something else.
    const std::vector<DocEntry>& map(const DocNode& node, const std::string& path);
    /// Complains of keys that are not among these.
    void keys(const DocNode& map, const std::string& path, const std::vector<std::string>& known);
    std::optional<std::string> text(const DocEntry& entry, const std::string& path);
    /// One of several words, at a key that must be there.
    std::optional<std::string> word(const DocNode& map, const std::string& path,
                                    const std::string& key, const std::vector<std::string>& words);
    /// A whole number, at a key that must be there.
    std::optional<long long> whole(const DocNode& map, const std::string& path,
                                   const std::string& key, double least, double most);
    std::optional<double> quantity(const DocEntry& entry, const std::string& path, Dimension d,
                                   double least, double most);
    /// A list of values, {range: ...} or {series: ...}. In samples a range has no count.
    AxisSpec axis(const DocEntry& entry, bool sampled);

private:
    void range(const DocNode& node, AxisSpec& axis, bool sampled);
    void series(const DocNode& node, AxisSpec& axis);
    /// False, with a mistake, if one is missing.
    bool ends(const DocNode& node, const std::string& path, AxisSpec& axis);
    MistakeList& mistakes_;
    std::vector<DocEntry> none_;
};

}  // namespace ebb
