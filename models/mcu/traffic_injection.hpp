// SPDX-License-Identifier: Apache-2.0
/// Power failures and bit errors that come with what the whole device moves to and from its
/// non-volatile memory: work, commits, logs, snapshots, notes, recoveries.
///
///   every_words  the words first, first + N, first + 2 N, ... that are written (a word is what a
///                failure does not split, nvm.atomic) meet a failure in the middle of the time that
///                they take: the words before are there, of the word itself is left what `nvm.cut`
///                says. It counts as written; one that another failure cuts does not.
///   recovery     the word number `word` that a recovery reads or writes meets a failure, in the
///                middle of its time; with `step` > 0 each further one that is failed meets it so
///                many words later, and behind one that moves fewer words, and therefore is not
///                failed, it begins at `word` again. What a redo log still has to carry out belongs
///                to the recovery. The recovery behind a failure of this kind is left alone, so
///                that every other failure costs one more boot at most.
///   bit errors   the bit in hand is written wrong (models/nvm/bit_errors.hpp)
///
/// Words and bits of a phase follow each other at equal distances in its time. A phase that takes
/// no time cannot be met (models/workload/load_items.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/mcu/injected_failures.hpp"
#include "models/nvm/bit_errors.hpp"
#include "models/workload/load_items.hpp"

namespace ebb {

class TrafficInjection {
public:
    enum class Kind : unsigned char { failure, recovery_failure, bit_error };
    struct Next {
        Kind kind = Kind::failure;
        double in_s = 0.0;
    };

    /// `stored_per_bit`: bits stored per bit of payload (1 without a code).
    TrafficInjection(const FailureParams& params, double atomic_b, double stored_per_bit,
                     std::uint64_t seed);

    /// The load that is walked next and what its phases move. `recovering_words`: so many words are
    /// left of the recovery that it belongs to; 0: of none.
    void begin(const Load& load, const std::vector<PhaseTraffic>* traffic,
               std::int64_t recovering_words);
    /// It has been walked up to there.
    void moved(const LoadPosition& until);
    /// The first thing that happens in the load that has begun, and after how long.
    [[nodiscard]] std::optional<Next> next() const;
    /// It has happened.
    void happened(Kind kind);
    /// A recovery begins, or is over without having been failed.
    void recovery_begun() noexcept;
    void recovery_done() noexcept;
    /// The power has failed, for whatever reason but a failure of a recovery.
    void power_failed() noexcept { spare_recovery_ = false; }

private:
    /// Items that are counted, and the one that is met next.
    struct Counter {
        std::int64_t counted = 0, target = BitErrorDraws::kNever;
        [[nodiscard]] std::int64_t left() const noexcept {
            return target > counted ? target - counted : 1;
        }
    };

    FailureParams params_;
    BitErrorDraws draws_;
    LoadItems words_, recovery_words_, bits_;
    Counter word_, recovery_, bit_;
    bool recovering_ = false;      ///< the load in hand belongs to a recovery that is to be failed
    bool spare_recovery_ = false;  ///< the one before was failed
    std::int64_t recovery_left_ = 0;
    std::int64_t recovery_word_ = 0;
};

}  // namespace ebb
