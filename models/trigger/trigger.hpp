// SPDX-License-Identifier: Apache-2.0
/// Decides when to snapshot, sleep and wake, and sees only what the device could observe.
///
/// A trigger is a pure decision maker: it is built at boot, destroyed at each power failure, and
/// its answers depend on its parameters, the events since boot, and words that it keeps in
/// non-volatile memory (PolicyFacts::kept). Volts are the only
/// quantity it can arm; it never sees the stored energy, the harvest, or whether a snapshot was
/// torn.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

namespace ebb {

enum class BootCause : unsigned char { reset, wake };

/// What the device does next.
struct Action {
    enum class Kind : unsigned char {
        proceed,   ///< run (after recovery, if power was lost)
        snapshot,  ///< save the volatile state now (or as soon as the phase allows)
        sleep,     ///< sleep until the terminal is at wake_at_v, rising
        shut_down  ///< cut the power; the next boot comes when the terminal is at turn-on
    };
    Kind kind = Kind::proceed;
    std::optional<double> wake_at_v;
    /// Falling watch armed while running; empty = none.
    std::optional<double> watch_v;
};

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
};

}  // namespace ebb
