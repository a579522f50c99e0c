// SPDX-License-Identifier: Apache-2.0
/// Random numbers of a sweep as functions: of (seed, purpose, index, lane), never of a worker, an
/// order, or what was drawn before. Philox 4x32-10 (J. K. Salmon et al., SC 2011), by Random123.
#pragma once

#include <cstdint>
#include <memory>

namespace ebb {

/// What a number is drawn for: no two purposes share a stream.
enum class DrawFor : std::uint32_t { sample = 1, stratum, jitter, start, seed, tolerance };

/// Uniform in (0, 1].
[[nodiscard]] double draw(std::uint64_t seed, DrawFor purpose, std::uint64_t index,
                          std::uint32_t lane) noexcept;

/// Standard normal.
[[nodiscard]] double draw_normal(std::uint64_t seed, DrawFor purpose, std::uint64_t index,
                                 std::uint32_t lane) noexcept;

/// Where `index` goes in a random order of 0 .. count - 1, without holding the order: a Feistel
/// network over the next power of four, walked until it falls inside (cycle walking).
[[nodiscard]] std::uint64_t shuffled(std::uint64_t index, std::uint64_t count, std::uint64_t seed,
                                     std::uint32_t lane) noexcept;

/// Coordinate of a Latin hypercube of `count` points: each of the `count` equal strata of each lane
/// holds one point. In (0, 1].
[[nodiscard]] double latin(std::uint64_t index, std::uint64_t count, std::uint64_t seed,
                           std::uint32_t lane) noexcept;

/// The Sobol sequence (direction numbers of Joe and Kuo, by Boost), without its first point, which
/// is all zeros: 0.5, 0.5, ... comes first.
class Sobol {
public:
    static constexpr std::size_t kMostLanes = 3667;
    explicit Sobol(std::size_t lanes);
    ~Sobol();
    Sobol(Sobol&&) noexcept;
    Sobol& operator=(Sobol&&) noexcept;

    /// In [0, 1). Quick for the next lane or point, a few hundred steps for any other.
    [[nodiscard]] double at(std::uint64_t index, std::size_t lane) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace ebb
