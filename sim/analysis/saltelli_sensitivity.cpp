// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "models/core/random_stream.hpp"
#include "sim/analysis/sensitivity_designs.hpp"

namespace ebb {

namespace {

constexpr std::size_t kFewestBlocks = 4;
constexpr std::size_t kResamples = 1000;
constexpr std::uint32_t kStream = 0x5A17;  // of the bootstrap, so that it repeats

/// Where the runs of block j stand among the points.
struct Layout {
    const char* name;
    std::function<std::size_t(std::size_t j)> a, b;
    std::function<std::size_t(std::size_t j, std::size_t i)> ab;
};

std::vector<Layout> layouts(std::size_t blocks, std::size_t k) {
    const std::size_t size = k + 2;
    const auto in_block = [size](std::size_t place) {
        return [size, place](std::size_t j) { return j * size + place; };
    };
    const auto stacked = [blocks](std::size_t place) {
        return [blocks, place](std::size_t j) { return place * blocks + j; };
    };
    const auto step_in_block = [size](std::size_t from) {
        return [size, from](std::size_t j, std::size_t i) { return j * size + from + i; };
    };
    const auto step_stacked = [blocks](std::size_t from) {
        return [blocks, from](std::size_t j, std::size_t i) { return (from + i) * blocks + j; };
    };
    return {
        {"blocks A, AB_1 ..., B", in_block(0), in_block(k + 1), step_in_block(1)},
        {"blocks A, B, AB_1 ...", in_block(0), in_block(1), step_in_block(2)},
        {"matrices A, B, AB_1 ...", stacked(0), stacked(1), step_stacked(2)},
        {"matrices A, AB_1 ..., B", stacked(0), stacked(k + 1), step_stacked(1)},
    };
}

bool fits(const Layout& layout, const Design& design, std::size_t blocks) {
    const std::size_t k = design.axes.size();
    bool differ = false;
    for (std::size_t j = 0; j < blocks; ++j) {
        for (std::size_t i = 0; i < k; ++i) {
            for (std::size_t axis = 0; axis < k; ++axis) {
                const auto& cells = design.cells[axis];
                const double expected = cells[axis == i ? layout.b(j) : layout.a(j)];
                if (cells[layout.ab(j, i)] != expected) {
                    return false;
                }
            }
            differ |= design.cells[i][layout.a(j)] != design.cells[i][layout.b(j)];
        }
    }
    return differ;
}

/// f(A), f(B), f(AB_i) of the complete blocks.
struct Runs {
    std::vector<double> a, b;
    std::vector<std::vector<double>> ab;  ///< [input][block]
};

struct Indices {
    double mean = 0.0, variance = 0.0;
    std::vector<double> first, total;
};

Indices estimate(const Runs& runs, const std::vector<std::size_t>& blocks) {
    Indices out;
    const auto n = static_cast<double>(blocks.size());
    for (const std::size_t j : blocks) {
        out.mean += (runs.a[j] + runs.b[j]) / (2.0 * n);
    }
    for (const std::size_t j : blocks) {
        const double a = runs.a[j] - out.mean, b = runs.b[j] - out.mean;
        out.variance += (a * a + b * b) / (2.0 * n);
    }
    for (const auto& ab : runs.ab) {
        double first = 0.0, total = 0.0;
        for (const std::size_t j : blocks) {
            const double change = ab[j] - runs.a[j];
            first += (runs.b[j] - out.mean) * change / n;
            total += change * change / (2.0 * n);
        }
        out.first.push_back(out.variance > 0.0 ? first / out.variance : 0.0);
        out.total.push_back(out.variance > 0.0 ? total / out.variance : 0.0);
    }
    return out;
}

Interval percentile(std::vector<double> values, double confidence) {
    std::sort(values.begin(), values.end());
    const auto at = [&](double share) {
        const double place = share * static_cast<double>(values.size() - 1);
        const auto low = static_cast<std::size_t>(place);
        const std::size_t high = std::min(low + 1, values.size() - 1);
        return values[low] + (place - std::floor(place)) * (values[high] - values[low]);
    };
    return {at((1.0 - confidence) / 2.0), at((1.0 + confidence) / 2.0)};
}

void add_intervals(const Runs& runs, double confidence, SobolIndices& out) {
    RandomStream random(1, kStream);
    const std::size_t n = runs.a.size(), k = out.inputs.size();
    std::vector<std::vector<double>> first(k), total(k);
    std::vector<std::size_t> drawn(n);
    for (std::size_t r = 0; r < kResamples; ++r) {
        for (std::size_t& j : drawn) {
            const auto place =
                static_cast<std::size_t>((1.0 - random.uniform()) * static_cast<double>(n));
            j = std::min(place, n - 1);
        }
        const Indices again = estimate(runs, drawn);
        for (std::size_t i = 0; i < k; ++i) {
            first[i].push_back(again.first[i]);
            total[i].push_back(again.total[i]);
        }
    }
    for (std::size_t i = 0; i < k; ++i) {
        out.inputs[i].first_interval = percentile(first[i], confidence);
        out.inputs[i].total_interval = percentile(total[i], confidence);
    }
}

}  // namespace

std::optional<SobolIndices> saltelli_sensitivity(const Design& design, double confidence) {
    const std::size_t k = design.axes.size();
    if (design.y.size() % (k + 2) != 0 || design.y.size() / (k + 2) < kFewestBlocks) {
        return std::nullopt;
    }
    const std::size_t blocks = design.y.size() / (k + 2);
    for (const Layout& layout : layouts(blocks, k)) {
        if (!fits(layout, design, blocks)) {
            continue;
        }
        Runs runs;
        runs.ab.resize(k);
        for (std::size_t j = 0; j < blocks; ++j) {
            bool complete = !std::isnan(design.y[layout.a(j)] + design.y[layout.b(j)]);
            for (std::size_t i = 0; i < k; ++i) {
                complete &= !std::isnan(design.y[layout.ab(j, i)]);
            }
            if (!complete) {
                continue;
            }
            runs.a.push_back(design.y[layout.a(j)]);
            runs.b.push_back(design.y[layout.b(j)]);
            for (std::size_t i = 0; i < k; ++i) {
                runs.ab[i].push_back(design.y[layout.ab(j, i)]);
            }
        }
        SobolIndices out;
        out.method = SobolIndices::Method::saltelli;
        out.blocks = runs.a.size();
        out.dropped = blocks - out.blocks;
        out.points = out.blocks * (k + 2);
        out.layout = fmt::format("{} of {} points each, in {}", blocks, k + 2, layout.name);
        std::vector<std::size_t> each(out.blocks);
        for (std::size_t j = 0; j < each.size(); ++j) {
            each[j] = j;
        }
        const Indices indices = estimate(runs, each);
        out.mean = indices.mean;
        out.variance = indices.variance;
        for (std::size_t i = 0; i < k; ++i) {
            out.inputs.push_back({design.axes[i], indices.first[i], indices.total[i], {}, {}});
        }
        if (out.blocks > 1) {
            add_intervals(runs, confidence, out);
        }
        return out;
    }
    return std::nullopt;
}

}  // namespace ebb
