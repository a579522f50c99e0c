// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/draws.hpp"

#include <Random123/philox.h>

#include <Random123/boxmuller.hpp>
#include <Random123/uniform.hpp>
#include <boost/random/sobol.hpp>
#include <cmath>
#include <vector>

namespace ebb {

namespace {

std::uint32_t low(std::uint64_t x) { return static_cast<std::uint32_t>(x & 0xffffffffU); }
std::uint32_t high(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32U); }

struct Words {
    std::uint64_t first, second;
};

Words words(std::uint64_t seed, DrawFor purpose, std::uint64_t index, std::uint32_t lane) noexcept {
    // The last word is never 0: RandomStream keeps that for the streams of a run.
    const r123::Philox4x32::ctr_type counter = {
        {low(index), high(index), lane, static_cast<std::uint32_t>(purpose)}};
    const r123::Philox4x32::key_type key = {{low(seed), high(seed)}};
    const auto out = r123::Philox4x32()(counter, key);
    return {static_cast<std::uint64_t>(out[0]) << 32U | out[1],
            static_cast<std::uint64_t>(out[2]) << 32U | out[3]};
}

}  // namespace

double draw(std::uint64_t seed, DrawFor purpose, std::uint64_t index, std::uint32_t lane) noexcept {
    return r123::u01<double>(words(seed, purpose, index, lane).first);
}

double draw_normal(std::uint64_t seed, DrawFor purpose, std::uint64_t index,
                   std::uint32_t lane) noexcept {
    const Words two = words(seed, purpose, index, lane);
    return r123::boxmuller(two.first, two.second).x;
}

std::uint64_t shuffled(std::uint64_t index, std::uint64_t count, std::uint64_t seed,
                       std::uint32_t lane) noexcept {
    unsigned half = 1;
    while (half < 31 && (1ULL << (2 * half)) < count) {
        ++half;
    }
    const std::uint64_t mask = (1ULL << half) - 1;
    constexpr std::uint64_t kRounds = 6;
    std::uint64_t x = index;
    do {
        std::uint64_t left = x >> half;
        std::uint64_t right = x & mask;
        for (std::uint64_t round = 0; round < kRounds; ++round) {
            const std::uint64_t mixed =
                words(seed, DrawFor::stratum, right << 3U | round, lane).first & mask;
            const std::uint64_t next = left ^ mixed;
            left = right;
            right = next;
        }
        x = left << half | right;
    } while (x >= count);
    return x;
}

double latin(std::uint64_t index, std::uint64_t count, std::uint64_t seed,
             std::uint32_t lane) noexcept {
    const auto stratum = static_cast<double>(shuffled(index, count, seed, lane));
    return (stratum + draw(seed, DrawFor::jitter, index, lane)) / static_cast<double>(count);
}

struct Sobol::State {
    explicit State(std::size_t lanes) : engine(lanes), point(lanes) {}
    boost::random::sobol engine;
    std::vector<double> point;
    std::uint64_t index = 0;
    bool any = false;

    void read() {
        for (double& u : point) {
            u = static_cast<double>(engine() >> 11U) * 0x1p-53;
        }
    }
    void seek(std::uint64_t wanted) {
        if (any && wanted == index) {
            return;
        }
        if (!any || wanted != index + 1) {
            engine.seed(wanted);
        }
        index = wanted;
        any = true;
        read();
    }
};

Sobol::Sobol(std::size_t lanes) : state_(std::make_unique<State>(lanes)) {}
Sobol::~Sobol() = default;
Sobol::Sobol(Sobol&&) noexcept = default;
Sobol& Sobol::operator=(Sobol&&) noexcept = default;

double Sobol::at(std::uint64_t index, std::size_t lane) const {
    state_->seek(index);
    return state_->point.at(lane);
}

}  // namespace ebb
