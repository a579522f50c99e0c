// SPDX-License-Identifier: Apache-2.0
/// The walk of a store whose parts are switched: what is connected is one capacitor at the
/// node (mlcc_store.hpp without bias), the rest waits; the rules' thresholds are watches of that
/// walk, the consumer's come first. A unit of work that spans a switching is counted and booked
/// once. What acts by a clock (a controller that polls) says when it is due.
#pragma once

#include "models/store/energy_store.hpp"
#include "models/store/mlcc_store.hpp"
#include "models/store/piecewise_store.hpp"

#include <memory>

namespace ebb {

class SwitchedStore : public EnergyStore {
public:
    const WalkResult& walk(const Load& load, const Watches& watches, Time until) final;

    [[nodiscard]] Time now() const noexcept final { return node_.now(); }
    [[nodiscard]] double terminal_v(const Draw& draw) const final { return node_.terminal_v(draw); }
    [[nodiscard]] double inner_v() const noexcept final { return node_.inner_v(); }
    [[nodiscard]] std::uint64_t segments() const noexcept override { return node_.segments(); }
    void observe(PathObserver* observer) noexcept final { node_.observe(observer); }
    void feed_from(const Supply& supply) override { node_.feed_from(supply); }
    Withdrawn take(const Withdrawal& wanted) override { return node_.take(wanted); }
    void hang(const SwitchedCapacitor& capacitor) final {
        hung_ = capacitor;
        node_.hang(capacitor);
    }
    double join() override { return node_.join(); }
    double part() final { return node_.part(); }

protected:
    SwitchedStore(const MlccParams& connected, bool witness)
        : body_(new MlccBody(connected, witness)), node_(std::unique_ptr<StoreBody>(body_)) {}
    void restart(const Supply& supply) {
        result_ = WalkResult{};
        node_.reset(supply);
    }
    /// What the device's own capacitor holds at the start of the run [J].
    [[nodiscard]] double hung_at_start_j(double v) const noexcept {
        return hung_.joined ? 0.5 * hung_.capacitance_f * v * v : 0.0;
    }
    /// The consumer's watches and the nearest rules that act now.
    [[nodiscard]] virtual Watches narrowed(const Watches& watches) const = 0;
    /// Until when the rules wait; in the past if they do not.
    [[nodiscard]] virtual Time rules_wait() const { return Time(); }
    /// Switches what the terminal has reached, seen from `stop` (falling or rising).
    virtual void follow_rules(Stop stop) = 0;
    /// A walk begins. A device that is off arms no falling watch, one that is on always does.
    virtual void begins(bool /*device_on*/) {}
    /// When it acts by itself; never if it does not.
    [[nodiscard]] virtual Time due() const { return Time::never(); }
    virtual void act() {}
    /// Moves all that moves to the next stop of the node, and not beyond `until`.
    virtual const WalkResult& step(const Load& load, const Watches& watches, Time until) {
        return node_.walk(load, watches, until);
    }

    MlccBody* body_;  ///< what is connected; node_ owns it
    PiecewiseStore node_;

private:
    SwitchedCapacitor hung_;
    WalkResult result_;
};

}  // namespace ebb
