// SPDX-License-Identifier: Apache-2.0
/// The block `array` of a platform's variant: a systolic array with the energies of its memories.
/// A file gives the energy of a row, as memories are specified; an element costs its share of it.
#pragma once

#include "models/core/param_table.hpp"
#include "models/workload/systolic_array.hpp"

#include <cstdint>
#include <optional>

namespace ebb {

/// Energy of one access to a whole row.
struct RowEnergyForm {
    double row_b = 0.0, read_j = 0.0, write_j = 0.0;
};
struct ScratchpadsForm {
    RowEnergyForm input, weight, partial;
};
struct ArrayEnergyForm {
    double mac_j = 0.0, static_w = 0.0;
    RowEnergyForm memory, buffer;
    ScratchpadsForm scratchpads;
};
struct ArrayElementForm {
    double input_b = 0.0, weight_b = 0.0, partial_b = 0.0;
};
struct ArrayForm {
    std::int64_t rows = 0, columns = 0;
    Dataflow dataflow = Dataflow::weight_stationary;
    TilingGoal goal = TilingGoal::energy_delay;
    double buffer_b = 0.0;
    bool weights_bypass_buffer = false;
    std::int64_t weight_words = 0, partial_words = 0;
    ArrayElementForm element;
    std::optional<ArrayEnergyForm> energy;
};

[[nodiscard]] const ParamTable<ArrayForm>& array_table();
[[nodiscard]] SystolicArrayParams array_of(const ArrayForm& form, double clock_hz);

}  // namespace ebb
