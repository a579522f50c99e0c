// SPDX-License-Identifier: Apache-2.0
/// The loop structures that word-storing runtimes put around their units: a plane of outputs run
/// once per element of a filter, between two buffers that change places.
///
///   element 0        writes buffer 0, adds to nothing
///   element e > 0    reads buffer (e - 1) mod 2, writes buffer e mod 2
///   the last one     writes the layer's output, if it falls to buffer 0 (an odd number of
///   elements);
///                    else the plane is copied there afterwards
///
/// A pass over the plane is idempotent, whatever cuts it: it never reads what it writes. Source:
/// loop-ordered buffering, CMUAbstract/libdnn @f366b22, restated.
#pragma once

#include <cstdint>
#include <vector>

#include "models/runtime/loop_words.hpp"

namespace ebb {

/// One layer's filter loops. Unit numbers index the nest's units.
struct PlanePass {
    std::int64_t rows = 1, trips = 1;   ///< of the plane; trips of the unit per row
    std::int64_t row_len = 1, len = 1;  ///< outputs of a row, and of one unit [elements]
    std::int64_t elements = 1;          ///< passes over the plane per filter
    std::size_t unit = 0;               ///< adds an element to `len` outputs
    std::size_t row_end = 0;
    std::size_t element_end = 0, last_end = 0;  ///< behind each pass but the last; behind the last
    std::size_t copy = 0;                       ///< copies one output
    Access input, weights;                      ///< of the unit, phase 0
    std::size_t write_phase = 0;                ///< of the unit: stores the outputs
    std::size_t copy_write_phase = 0;
    std::size_t planes = 0;  ///< buffer of two slots
    Layout::Range output;    ///< of the layer
    std::int64_t element_bytes = 2;
    std::vector<Access> counters;      ///< of the unit: words stored beside the outputs
    std::vector<Access> row_counters;  ///< of row_end
};

/// `filters` filters, each a plane of the output map laid out plane by plane, from filter `first`
/// on. To be put into a nest's root.
[[nodiscard]] Block plane_passes(const PlanePass& pass, std::int64_t filters, std::int64_t first);

/// Adds the two-slot buffer for planes of so many bytes.
std::size_t add_planes(Program& program, std::int64_t bytes, std::int64_t element_bytes);

}  // namespace ebb
