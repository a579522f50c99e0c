// SPDX-License-Identifier: Apache-2.0
#include "models/core/series_index.hpp"

#include <algorithm>

namespace ebb {

namespace {

using Weights = std::array<std::array<double, SeriesNode::kSamples>, SeriesNode::kMoments>;

/// What sample k gives to m_j: the integral of (1 - u)^j / j! over its share of a node. The power
/// of the difference is written out, so that nothing cancels.
Weights make_weights() {
    Weights w{};
    const auto n = static_cast<double>(SeriesNode::kSamples);
    for (std::size_t k = 0; k < SeriesNode::kSamples; ++k) {
        const double a = 1.0 - static_cast<double>(k) / n;
        const double b = 1.0 - static_cast<double>(k + 1) / n;
        double factorial = 1.0;
        for (std::size_t j = 0; j < SeriesNode::kMoments; ++j) {
            factorial *= static_cast<double>(j + 1);
            double sum = 0.0;  // (a^(j+1) - b^(j+1))/(a - b)
            for (std::size_t i = 0; i <= j; ++i) {
                double term = 1.0;
                for (std::size_t p = 0; p < j; ++p) {
                    term *= p < i ? a : b;
                }
                sum += term;
            }
            w[j][k] = sum / (n * factorial);
        }
    }
    return w;
}

}  // namespace

void SeriesIndexBuilder::close(const double* samples, std::vector<SeriesNode>& nodes) const {
    static const Weights kWeights = make_weights();
    SeriesNode node;
    std::array<double, SeriesNode::kSamples> x{};
    for (std::size_t k = 0; k < SeriesNode::kSamples; ++k) {
        x[k] = exponent_ == 2 ? samples[k] * samples[k] : samples[k];
    }
    for (std::size_t j = 0; j < SeriesNode::kMoments; ++j) {
        const auto& w = kWeights[j];
        double a = 0.0;
        double b = 0.0;
        double c = 0.0;
        double d = 0.0;
        for (std::size_t k = 0; k < SeriesNode::kSamples; k += 4) {
            a += w[k] * x[k];
            b += w[k + 1] * x[k + 1];
            c += w[k + 2] * x[k + 2];
            d += w[k + 3] * x[k + 3];
        }
        node.moment[j] = (a + b) + (c + d);
    }
    nodes.push_back(node);
}

void SeriesIndexBuilder::add(const double* samples, std::size_t count,
                             std::vector<SeriesNode>& nodes) {
    if (count > 0 && seen_ == 0) {
        range_ = {samples[0], samples[0], 0, 0};
    }
    for (std::size_t i = 0; i < count; ++i) {
        if (samples[i] < range_.smallest) {
            range_.smallest = samples[i];
            range_.smallest_at = seen_ + i;
        }
        if (samples[i] > range_.largest) {
            range_.largest = samples[i];
            range_.largest_at = seen_ + i;
        }
    }
    seen_ += count;
    while (count > 0) {
        if (waiting_ == 0 && count >= SeriesNode::kSamples) {
            close(samples, nodes);
            samples += SeriesNode::kSamples;
            count -= SeriesNode::kSamples;
            continue;
        }
        const std::size_t take = std::min(count, SeriesNode::kSamples - waiting_);
        std::copy_n(samples, take, wait_.begin() + static_cast<std::ptrdiff_t>(waiting_));
        waiting_ += take;
        samples += take;
        count -= take;
        if (waiting_ == SeriesNode::kSamples) {
            close(wait_.data(), nodes);
            waiting_ = 0;
        }
    }
}

std::shared_ptr<const SeriesIndex> index_of(const double* samples, std::size_t count,
                                            int exponent) {
    auto index = std::make_shared<SeriesIndex>();
    SeriesIndexBuilder builder(exponent);
    index->own.reserve(count / SeriesNode::kSamples);
    builder.add(samples, count, index->own);
    index->exponent = exponent;
    index->range = builder.range();
    index->nodes = index->own.data();
    index->count = index->own.size();
    return index;
}

}  // namespace ebb
