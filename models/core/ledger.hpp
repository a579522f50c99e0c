// SPDX-License-Identifier: Apache-2.0
/// The account of every joule. Each joule drawn from the store node is booked in exactly one sink.
///
///   offered   = harvested + converter_loss + clipped
///   harvested = sum(sinks) + stored_change + residual
///
/// The residual comes from integrals that are evaluated apart from the crossing times and from the
/// model's own durations; it is never used to close the balance.
#pragma once

#include <array>
#include <cstddef>

namespace ebb {

enum class Sink : unsigned char {
    leakage,
    esr_loss,
    switch_loss,
    quiescent,
    regulator_loss,
    boot,
    sleep,
    idle,
    compute,
    nvm_read,
    nvm_write,
    nvm_index,  ///< loop counters and footprints: part of nvm_write in results of a whole run
    repeated_work,
    checkpoint,
    restore,
    peripherals
};
inline constexpr std::size_t kSinkCount = 16;

/// "leakage", "esr_loss", ... as in summary.json.
[[nodiscard]] const char* name_of(Sink sink);

/// Neumaier's compensated sum: a year of segments loses nothing.
class Sum {
public:
    void add(double x) noexcept {
        const double t = sum_ + x;
        const double big = sum_ < 0 ? -sum_ : sum_;
        const double mag = x < 0 ? -x : x;
        lost_ += big >= mag ? (sum_ - t) + x : (x - t) + sum_;
        sum_ = t;
    }
    [[nodiscard]] double value() const noexcept { return sum_ + lost_; }

private:
    double sum_ = 0.0;
    double lost_ = 0.0;
};

/// Joules per sink over some stretch of a run. Most stretches touch two or three sinks; which ones
/// is remembered, so that a walk does not pay for all of them.
class SinkEnergies {
public:
    double& operator[](Sink s) noexcept {
        touched_ |= 1U << static_cast<unsigned>(s);
        return joules_[static_cast<std::size_t>(s)];
    }
    double operator[](Sink s) const noexcept { return joules_[static_cast<std::size_t>(s)]; }
    void clear() noexcept {
        for_each([this](Sink s, double) { joules_[static_cast<std::size_t>(s)] = 0.0; });
        touched_ = 0;
    }
    /// f(sink, joules) for every sink that was touched, in the order of the sinks.
    template <class F>
    void for_each(const F& f) const {
        for (unsigned left = touched_; left != 0; left &= left - 1) {
            const auto i = static_cast<std::size_t>(__builtin_ctz(left));
            f(static_cast<Sink>(i), joules_[i]);
        }
    }

    friend bool operator==(const SinkEnergies& a, const SinkEnergies& b) noexcept {
        return a.joules_ == b.joules_;
    }

private:
    std::array<double, kSinkCount> joules_{};
    unsigned touched_ = 0;
};

class Ledger {
public:
    void add(Sink s, double joules) noexcept { sinks_[static_cast<std::size_t>(s)].add(joules); }
    void add_offered(double j) noexcept { offered_.add(j); }
    void add_harvested(double j) noexcept { harvested_.add(j); }
    void add_converter_loss(double j) noexcept { converter_loss_.add(j); }
    void add_clipped(double j) noexcept { clipped_.add(j); }

    [[nodiscard]] double sink(Sink s) const noexcept {
        return sinks_[static_cast<std::size_t>(s)].value();
    }
    [[nodiscard]] double sinks_total() const noexcept;
    [[nodiscard]] double offered() const noexcept { return offered_.value(); }
    [[nodiscard]] double harvested() const noexcept { return harvested_.value(); }
    [[nodiscard]] double converter_loss() const noexcept { return converter_loss_.value(); }
    [[nodiscard]] double clipped() const noexcept { return clipped_.value(); }

private:
    std::array<Sum, kSinkCount> sinks_{};
    Sum offered_, harvested_, converter_loss_, clipped_;
};

}  // namespace ebb
