// SPDX-License-Identifier: Apache-2.0
/// The two columns of a series while its rows come: in memory as long as they are few, then in
/// files without a name, so that a recording of any length takes a window's memory. What has become
/// of them is a Series whose columns are owned or mapped; its numbers are the same.
#pragma once

#include "models/core/series.hpp"
#include "sim/trace/open_file.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ebb {

/// Where rows may wait outside of memory.
struct SpoolPlace {
    std::string folder;             ///< empty: nowhere
    std::size_t bytes = 4U << 20U;  ///< of one column that are held in memory
    [[nodiscard]] std::size_t numbers() const noexcept;
};

/// Numbers of 8 bytes that are appended, in memory up to a window, then in a file. A file system
/// that fails costs memory and nothing else.
template <class Number>
class NumberSpool {
public:
    explicit NumberSpool(const SpoolPlace& place) : folder_(place.folder), most_(place.numbers()) {}

    void push_back(Number number) {
        if (held_.size() >= most_)
            write_out();
        held_.push_back(number);
    }
    void reserve(std::size_t count) { held_.reserve(count < most_ ? count : most_); }
    [[nodiscard]] std::size_t size() const noexcept { return written_ + held_.size(); }
    [[nodiscard]] std::size_t held() const noexcept { return held_.size(); }
    /// The pages of all numbers; null if they are in memory, see own().
    [[nodiscard]] std::unique_ptr<MappedPages> map();
    [[nodiscard]] std::vector<Number>& own() noexcept { return held_; }

private:
    void write_out();
    void take_back();

    std::string folder_;
    std::size_t most_;
    std::unique_ptr<Descriptor> file_;
    std::size_t written_ = 0;
    std::vector<Number> held_;
};

class RowSpool {
public:
    explicit RowSpool(SpoolPlace place);

    void reserve(std::size_t rows);
    void add(std::int64_t bound_ns, double value) {
        add_bound(bound_ns);
        values_.push_back(value);
    }
    void add_bound(std::int64_t bound_ns);
    [[nodiscard]] std::size_t rows() const noexcept { return values_.size(); }
    /// Numbers that are in memory now.
    [[nodiscard]] std::size_t held() const noexcept;
    /// Moves the columns into a series.
    void release(Series& series);

private:
    SpoolPlace place_;
    NumberSpool<double> values_;
    Bounds bounds_;  // all of them, or none
    std::optional<NumberSpool<std::int64_t>> long_bounds_;
};

/// Calls f(i) for each sample in order. What lies behind leaves the memory if it is mapped.
template <class F>
void each_sample(const Series& series, F&& f) {
    constexpr std::size_t kWindow = 1U << 16U;
    const SampleKeeper* const keeper = series.value.keeper();
    const std::size_t n = series.value.size();
    for (std::size_t begin = 0; begin < n;) {
        const std::size_t end = n - begin < kWindow ? n : begin + kWindow;
        for (std::size_t i = begin; i < end; ++i)
            f(i);
        if (keeper != nullptr)
            keeper->passed(end);
        begin = end;
    }
}

}  // namespace ebb
