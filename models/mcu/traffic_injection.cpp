// SPDX-License-Identifier: Apache-2.0
#include "models/mcu/traffic_injection.hpp"

#include <algorithm>

namespace ebb {

TrafficInjection::TrafficInjection(const FailureParams& params, double atomic_b,
                                   double stored_per_bit, std::uint64_t seed)
    : params_(params),
      draws_(params.bit_errors.value_or(BitErrorParams{}), seed),
      words_(atomic_b, {false, true}),
      recovery_words_(atomic_b, {true, true}),
      bits_(1.0 / (8.0 * stored_per_bit), {false, true}) {
    if (params_.every_words) {
        word_.target = params_.first_word.value_or(*params_.every_words);
    }
    if (params_.recovery) {
        recovery_word_ = params_.recovery->word;
    }
    bit_.target = draws_.bits_to_next_write_error();
}

void TrafficInjection::begin(const Load& load, const std::vector<PhaseTraffic>* traffic,
                             std::int64_t recovering_words) {
    recovering_ = params_.recovery && recovering_words > 0 && !spare_recovery_;
    recovery_left_ = recovering_words;
    const auto start = [&](LoadItems& items, bool wanted) {
        if (wanted && traffic != nullptr) {
            items.begin(load, *traffic);
        } else {
            items.begin_nothing();
        }
    };
    start(words_, params_.every_words.has_value());
    start(recovery_words_, recovering_);
    start(bits_, params_.bit_errors && params_.bit_errors->write);
}

void TrafficInjection::moved(const LoadPosition& until) {
    word_.counted += words_.moved(until);
    recovery_.counted += recovering_ ? recovery_words_.moved(until) : 0;
    bit_.counted += bits_.moved(until);
    words_.begin_nothing();  // counted once, until a load begins
    recovery_words_.begin_nothing();
    bits_.begin_nothing();
}

std::optional<TrafficInjection::Next> TrafficInjection::next() const {
    std::optional<Next> first;
    const auto consider = [&first](Kind kind, const LoadItems& items, const Counter& counter) {
        const auto in_s = items.seconds_to(counter.left());
        if (in_s && (!first || *in_s < first->in_s)) {
            first = Next{kind, *in_s};
        }
    };
    consider(Kind::bit_error, bits_, bit_);  // at one instant before the power goes
    if (recovering_ && recovery_.left() <= recovery_left_) {
        consider(Kind::recovery_failure, recovery_words_, recovery_);
    }
    consider(Kind::failure, words_, word_);
    return first;
}

void TrafficInjection::happened(Kind kind) {
    switch (kind) {
        case Kind::failure:
            word_.counted = std::max(word_.counted, word_.target);
            word_.target +=
                *params_.every_words * ((word_.counted - word_.target) / *params_.every_words + 1);
            break;
        case Kind::recovery_failure:
            recovery_word_ += params_.recovery->step;
            spare_recovery_ = true;
            break;
        case Kind::bit_error:
            // The bit in hand is counted when it has been written.
            bit_.target =
                std::max(bit_.counted + 1, bit_.target) + draws_.bits_to_next_write_error();
            break;
    }
}

void TrafficInjection::recovery_begun() noexcept {
    recovery_.counted = 0;
    recovery_.target = recovery_word_;
}

void TrafficInjection::recovery_done() noexcept {
    if (params_.recovery && !spare_recovery_) {
        recovery_word_ = params_.recovery->word;  // it was too short
    }
}

}  // namespace ebb
