// SPDX-License-Identifier: Apache-2.0
/// The result of a run as a person reads it in a terminal: the answers first, then their reasons,
/// on 80 columns. Rows about things that a run did not have (no NVM, no checkpoints) are left out.
/// A run in which nothing was completed shows its findings before everything else.
#pragma once

#include "sim/result/result.hpp"

#include <string>

namespace ebb {

struct SummaryStyle {
    bool colour = false;  ///< escape sequences: only for a terminal
    bool bars = true;     ///< the bar chart of the energy (UTF-8 block elements)
    std::string folder;   ///< where the files are; empty if none were written
};

[[nodiscard]] std::string summary_text(const Result& result, const SummaryStyle& style = {});

/// "needed_j", 3.2e-5 -> "32 uJ": the unit is the name's last part, as everywhere in the output.
[[nodiscard]] std::string value_by_name(const std::string& name, double value);

}  // namespace ebb
