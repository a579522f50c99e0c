// SPDX-License-Identifier: Apache-2.0
/// A systolic array walked element by element, as the witness of the closed forms: every PE, every
/// step, every word on a bus. Slow, and written from the mapping in systolic_array.hpp alone: it
/// shares no arithmetic with systolic_array.cpp.
#pragma once

#include "models/workload/systolic_array.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace ebb::test {

class ArrayWalk {
public:
    ArrayWalk(const ConvShape& shape, const ArrayTiling& tiling, const SystolicArrayParams& array)
        : s_(shape), t_(tiling), a_(array) {}

    ArrayCounts run() {
        for (group_ = 0; group_ < s_.groups; ++group_) {
            if (t_.filters_outermost) {
                for (std::int64_t m = 0; m < s_.filters; m += t_.tile_m) {
                    for (std::int64_t p = 0; p < s_.out_h; p += t_.tile_p) {
                        block(m, p);
                    }
                }
            } else {
                for (std::int64_t p = 0; p < s_.out_h; p += t_.tile_p) {
                    for (std::int64_t m = 0; m < s_.filters; m += t_.tile_m) {
                        block(m, p);
                    }
                }
            }
        }
        return n_;
    }

private:
    using Element = std::tuple<std::int64_t, std::int64_t, std::int64_t>;  // channel, row, column

    /// The input element of output (p, q) at window place k = (c, r, s), or nothing: padding.
    std::pair<bool, Element> input(std::int64_t p, std::int64_t q, std::int64_t k) const {
        const std::int64_t c = k / (s_.kernel_h * s_.kernel_w);
        const std::int64_t r = k / s_.kernel_w % s_.kernel_h;
        const std::int64_t column = k % s_.kernel_w;
        const std::int64_t y = p * s_.stride_h + r - s_.pad_top;
        const std::int64_t x = q * s_.stride_w + column - s_.pad_left;
        return {y >= 0 && y < s_.in_h && x >= 0 && x < s_.in_w, Element(c, y, x)};
    }

    void block(std::int64_t m, std::int64_t p) {
        const std::int64_t m_end = std::min(s_.filters, m + t_.tile_m);
        const std::int64_t p_end = std::min(s_.out_h, p + t_.tile_p);
        // What the buffer does not hold yet comes from the memory.
        if (const auto inputs = std::make_pair(group_, p); inputs != held_inputs_) {
            held_inputs_ = inputs;
            std::set<Element> seen;
            for (std::int64_t y = p; y < p_end; ++y) {
                for (std::int64_t q = 0; q < s_.out_w; ++q) {
                    for (std::int64_t k = 0; k < s_.depth(); ++k) {
                        if (const auto [on_map, element] = input(y, q, k); on_map) {
                            seen.insert(element);
                        }
                    }
                }
            }
            n_.input.memory.reads += static_cast<std::int64_t>(seen.size());
            n_.input.buffer.writes += static_cast<std::int64_t>(seen.size());
        }
        if (const auto weights = std::make_pair(group_, m);
            weights != held_weights_ && !a_.weights_bypass_buffer) {
            held_weights_ = weights;
            for (std::int64_t f = m; f < m_end; ++f) {
                n_.weight.memory.reads += s_.depth();
                n_.weight.buffer.writes += s_.depth();
            }
        }
        switch (a_.dataflow) {
            case Dataflow::output_stationary:
                output_stationary(m, m_end, p, p_end);
                break;
            case Dataflow::weight_stationary:
                weight_stationary(m, m_end, p, p_end);
                break;
            case Dataflow::row_stationary:
                row_stationary(m, m_end, p, p_end);
                break;
        }
        for (std::int64_t f = m; f < m_end; ++f) {  // finished outputs leave
            for (std::int64_t y = p; y < p_end; ++y) {
                n_.partial.buffer.reads += s_.out_w;
                n_.partial.memory.writes += s_.out_w;
            }
        }
    }

    void take_weight() { ++(a_.weights_bypass_buffer ? n_.weight.memory : n_.weight.buffer).reads; }

    void output_stationary(std::int64_t m, std::int64_t m_end, std::int64_t p, std::int64_t p_end) {
        std::vector<std::pair<std::int64_t, std::int64_t>> positions;
        for (std::int64_t y = p; y < p_end; ++y) {
            for (std::int64_t q = 0; q < s_.out_w; ++q) {
                positions.emplace_back(y, q);
            }
        }
        for (std::int64_t f = m; f < m_end; f += a_.columns) {
            const std::int64_t columns = std::min(a_.columns, m_end - f);
            for (std::size_t n = 0; n < positions.size(); n += static_cast<std::size_t>(a_.rows)) {
                const auto rows = static_cast<std::int64_t>(
                    std::min<std::size_t>(positions.size() - n, static_cast<std::size_t>(a_.rows)));
                ++n_.folds;
                std::int64_t last = 0;
                for (std::int64_t k = 0; k < s_.depth(); ++k) {
                    for (std::int64_t i = 0; i < rows; ++i) {  // enters at the left edge
                        const auto& [y, q] = positions[n + static_cast<std::size_t>(i)];
                        n_.input.buffer.reads += input(y, q, k).first ? 1 : 0;
                    }
                    for (std::int64_t j = 0; j < columns; ++j) {  // enters at the top
                        take_weight();
                    }
                    for (std::int64_t i = 0; i < rows; ++i) {
                        for (std::int64_t j = 0; j < columns; ++j) {
                            arrive_and_multiply();
                            n_.partial.scratchpad.reads += k > 0 ? 1 : 0;
                            ++n_.partial.scratchpad.writes;
                            last = std::max(last, i + j + k);
                        }
                    }
                }
                for (std::int64_t out = 0; out < rows * columns; ++out) {
                    ++n_.partial.scratchpad.reads;
                    ++n_.partial.buffer.writes;
                }
                n_.step_cycles += s_.depth();
                n_.fill_cycles += last + 1 - s_.depth() + rows;  // the sums leave row by row
            }
        }
    }

    void weight_stationary(std::int64_t m, std::int64_t m_end, std::int64_t p, std::int64_t p_end) {
        for (std::int64_t f = m; f < m_end; f += a_.columns) {
            const std::int64_t columns = std::min(a_.columns, m_end - f);
            for (std::int64_t k = 0; k < s_.depth(); k += a_.rows) {
                const std::int64_t rows = std::min(a_.rows, s_.depth() - k);
                ++n_.folds;
                for (std::int64_t pe = 0; pe < rows * columns; ++pe) {
                    take_weight();
                    ++n_.weight.scratchpad.writes;
                }
                std::int64_t step = 0;
                std::int64_t last = 0;
                for (std::int64_t y = p; y < p_end; ++y) {
                    for (std::int64_t q = 0; q < s_.out_w; ++q, ++step) {
                        for (std::int64_t i = 0; i < rows; ++i) {
                            n_.input.buffer.reads += input(y, q, k + i).first ? 1 : 0;
                            for (std::int64_t j = 0; j < columns; ++j) {
                                ++n_.macs;
                                ++n_.input.scratchpad.writes;
                                ++n_.input.scratchpad.reads;
                                ++n_.weight.scratchpad.reads;
                                ++n_.partial.scratchpad.writes;  // the own sum, and below it is
                                ++n_.partial.scratchpad.reads;   // read, or by the buffer
                                last = std::max(last, i + j + step);
                            }
                        }
                        for (std::int64_t j = 0; j < columns; ++j) {
                            n_.partial.buffer.reads += k > 0 ? 1 : 0;
                            ++n_.partial.buffer.writes;
                        }
                    }
                }
                n_.step_cycles += step;
                n_.fill_cycles += rows + last + 1 - step;
            }
        }
    }

    void row_stationary(std::int64_t m, std::int64_t m_end, std::int64_t p, std::int64_t p_end) {
        const std::int64_t together = std::min(a_.weight_words / s_.kernel_w, a_.partial_words);
        for (std::int64_t f = m; f < m_end; f += together) {
            const std::int64_t filters = std::min(together, m_end - f);
            for (std::int64_t k = 0; k < s_.channels * s_.kernel_h; k += a_.rows) {
                const std::int64_t rows = std::min(a_.rows, s_.channels * s_.kernel_h - k);
                for (std::int64_t i = 0; i < rows; ++i) {
                    for (std::int64_t w = 0; w < filters * s_.kernel_w; ++w) {
                        take_weight();  // on the bus once, heard by the columns that will work
                        n_.weight.scratchpad.writes += std::min(a_.columns, p_end - p);
                    }
                }
                n_.fill_cycles += filters * s_.kernel_w;
                for (std::int64_t y = p; y < p_end; y += a_.columns) {
                    row_stationary_fold(k, rows, y, std::min(a_.columns, p_end - y), filters);
                }
            }
        }
    }

    void row_stationary_fold(std::int64_t k, std::int64_t rows, std::int64_t y,
                             std::int64_t columns, std::int64_t filters) {
        ++n_.folds;
        std::set<Element> heard;
        for (std::int64_t i = 0; i < rows; ++i) {
            for (std::int64_t j = 0; j < columns; ++j) {
                std::set<std::int64_t> row;  // places along the input row, padding too
                for (std::int64_t q = 0; q < s_.out_w; ++q) {
                    for (std::int64_t w = 0; w < s_.kernel_w; ++w) {
                        row.insert(q * s_.stride_w + w);
                        const auto [on_map, e] = input(y + j, q, (k + i) * s_.kernel_w + w);
                        if (on_map) {
                            heard.insert(e);
                        }
                        for (std::int64_t f = 0; f < filters; ++f) {
                            ++n_.macs;
                            ++n_.input.scratchpad.reads;
                            ++n_.weight.scratchpad.reads;
                            n_.partial.scratchpad.reads += w > 0 ? 1 : 0;
                            ++n_.partial.scratchpad.writes;
                        }
                    }
                    n_.partial.scratchpad.reads += filters;  // to be added up along the column
                }
                // A row slides through as a whole, also over what a long stride skips.
                n_.input.scratchpad.writes += *row.rbegin() + 1;
            }
        }
        n_.input.buffer.reads += static_cast<std::int64_t>(heard.size());
        for (std::int64_t j = 0; j < columns; ++j) {
            for (std::int64_t out = 0; out < filters * s_.out_w; ++out) {
                n_.partial.buffer.reads += k > 0 ? 1 : 0;
                ++n_.partial.buffer.writes;
            }
        }
        n_.step_cycles += filters * s_.out_w * s_.kernel_w;
        n_.fill_cycles += (s_.kernel_w - 1) + (rows - 1);
    }

    void arrive_and_multiply() {
        ++n_.macs;
        ++n_.input.scratchpad.writes;
        ++n_.input.scratchpad.reads;
        ++n_.weight.scratchpad.writes;
        ++n_.weight.scratchpad.reads;
    }

    const ConvShape s_;
    const ArrayTiling t_;
    const SystolicArrayParams a_;
    ArrayCounts n_;
    std::int64_t group_ = 0;
    std::pair<std::int64_t, std::int64_t> held_inputs_{-1, -1};
    std::pair<std::int64_t, std::int64_t> held_weights_{-1, -1};
};

}  // namespace ebb::test
