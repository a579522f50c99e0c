// SPDX-License-Identifier: Apache-2.0
/// Power failures beside those of the physics: as if somebody pulled the plug of the device, not of
/// its store. The device loses everything volatile and boots again when the store is at turn-on,
/// which it may be at once.
///
///   times       at these times
///   every       at `first`, first + every, ...
///   mean        at random, exponential gaps with this mean, from the scenario's seed
///   boundaries  behind every n-th durable unit
///   every_words in the midst of every n-th word that the device writes (traffic_injection.hpp)
///   recovery    while a recovery runs (there, too)
///
/// A failure that falls into an unpowered time does nothing. Bits that go wrong in the memory:
/// models/nvm/bit_errors.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/core/random_stream.hpp"
#include "models/core/time.hpp"
#include "models/nvm/bit_errors.hpp"

namespace ebb {

struct FailureTime {
    double at_s = 0.0;
};

/// In the midst of a word that a recovery moves.
struct RecoveryFailure {
    std::int64_t word = 1;
    std::int64_t step = 0;
};

struct FailureParams {
    std::vector<FailureTime> times;
    std::optional<double> first_s;  ///< left out: as `every`
    std::optional<double> every_s;
    std::optional<double> mean_s;
    std::optional<std::int64_t> boundaries;
    std::optional<std::int64_t> every_words, first_word;  ///< left out: as `every_words`
    std::optional<RecoveryFailure> recovery;
    std::optional<BitErrorParams> bit_errors;
    [[nodiscard]] bool by_time() const noexcept { return !times.empty() || every_s || mean_s; }
    [[nodiscard]] bool in_memory() const noexcept { return every_words || recovery || bit_errors; }
    /// Do they come with what is moved to and from memory?
    [[nodiscard]] bool by_traffic() const noexcept {
        return every_words || recovery || (bit_errors && bit_errors->write);
    }
};

/// When the next one comes.
class InjectedFailures {
public:
    InjectedFailures(FailureParams params, std::uint64_t seed);
    /// The first failure after the ones that were asked for before.
    [[nodiscard]] std::optional<Time> next();
    /// True if the plug is to be pulled behind this durable unit.
    [[nodiscard]] bool behind_durable_unit() noexcept {
        return params_.boundaries && ++durable_ % *params_.boundaries == 0;
    }

private:
    FailureParams params_;
    RandomStream random_;
    std::size_t listed_ = 0;
    std::int64_t periods_ = 0;
    std::int64_t durable_ = 0;
    double random_s_ = 0.0;
};

}  // namespace ebb
