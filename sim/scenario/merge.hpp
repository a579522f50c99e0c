// SPDX-License-Identifier: Apache-2.0
/// How documents compose before they are read: what a scenario gives wins over includes and parts,
/// and
/// --set wins over everything.
#pragma once

#include <string>

#include "models/core/param_table.hpp"
#include "sim/scenario/document.hpp"
#include "sim/scenario/mistake_list.hpp"

namespace ebb {

/// Adds to a mapping what it does not give, key by key. Mappings merge; lists and values do not. A
/// block of alternatives (Row::whole), or one of another type than below, stays as it is. `table`
/// says which blocks these are; null = none.
void merge_under(DocNode& over, const DocNode& under, const Table* table);

/// Applies one --set argument "path=value" to the scenario. Keys that are missing are created;
/// whether they mean anything is seen when the tables are read.
void apply_set(DocNode& root, const std::string& argument, const Table& table,
               MistakeList& mistakes);

/// A value for a path, as a document gives it.
struct Setting {
    std::string path;  ///< "workload.tasks[0].time"
    Spot spot;         ///< of the path
    DocNode value;
};
/// As apply_set(); mistakes stand where path and value stand.
void apply_setting(DocNode& root, const Setting& setting, const Table& table,
                   MistakeList& mistakes);

}  // namespace ebb
