// SPDX-License-Identifier: Apache-2.0
/// Decides when to snapshot, sleep and wake, and sees only what the device could observe.
///
/// A trigger is a pure decision maker: it is built at boot, destroyed at each power failure, and
/// its answers depend on its parameters, the events since boot, and words that it keeps in
/// non-volatile memory (PolicyFacts::kept). Volts are the only
/// quantity it can arm; it never sees the stored energy, the harvest, or whether a snapshot was
/// torn. What is to outlive a power failure is one word in non-volatile memory (Action::note_v).
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>

namespace ebb {

enum class BootCause : unsigned char { reset, wake };

/// What the device does next.
struct Action {
    enum class Kind : unsigned char {
        proceed,    ///< run (after recovery, if power was lost)
        snapshot,   ///< save the volatile state now (or as soon as the phase allows)
        sleep,      ///< sleep until the terminal is at wake_at_v, rising
        shut_down,  ///< cut the power; the next boot comes when the terminal is at turn-on
        poll        ///< convert the store's voltage (CheckpointPolicy::adc); adc() is the answer
    };
    Kind kind = Kind::proceed;
    std::optional<double> wake_at_v;
    /// Falling watch armed while running; empty = none.
    std::optional<double> watch_v;
    /// The timer (CheckpointPolicy::sets_timer) from now on; empty: the one in hand goes on.
    std::optional<double> timer_s = std::nullopt;
    /// Word to write into non-volatile memory before the device proceeds, by Protocol::commit.
    std::optional<double> note_v = std::nullopt;
    /// Connects or disconnects the source; empty: as it is. A power failure connects it.
    std::optional<bool> source = std::nullopt;
    /// Of a sleep before a region: none if the terminal is at this voltage or above.
    std::optional<double> unless_at_v = std::nullopt;
};

/// A timer that never comes: disarms.
inline constexpr double kNoTimer = std::numeric_limits<double>::infinity();

/// The work that comes next, as the runtime knows it from its progress record.
struct Ahead {
    std::size_t step = 0;  ///< layer or task, by its place in the program
};

class Trigger {
public:
    virtual ~Trigger() = default;
    [[nodiscard]] virtual Action boot(BootCause cause) = 0;
    /// The armed falling watch has been met.
    [[nodiscard]] virtual Action voltage() = 0;
    [[nodiscard]] virtual Action snapshot_done() = 0;
    /// A unit that asks for it (Unit::boundary) has been done, and what it made durable is.
    [[nodiscard]] virtual Action boundary() { return {}; }
    /// A region is about to begin (policies that guard, CheckpointPolicy::guards); `sleep` puts it
    /// off until the voltage is there, and it begins then without being asked again.
    [[nodiscard]] virtual Action before(const Ahead&) { return {}; }
    /// The timer has come; told while the device works, or when it works again. Lost with power.
    [[nodiscard]] virtual Action timer() { return {}; }
    /// What a conversion of the store's voltage gave.
    [[nodiscard]] virtual Action adc(std::int64_t /*code*/) { return {}; }
    /// Before boot(): the policy's word in non-volatile memory; empty if none was ever written.
    virtual void found(std::optional<double> /*word*/) {}
};

}  // namespace ebb
