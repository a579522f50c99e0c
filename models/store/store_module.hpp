// SPDX-License-Identifier: Apache-2.0
/// The Store as a SystemC module: walks the supply under the MCU's load up to the agenda's next
/// entry and registers one entry there, the nearest decision. Samples and segments stay inside.
#pragma once

#include <memory>
#include <systemc>

#include "models/converter/converter_module.hpp"
#include "models/core/agenda.hpp"
#include "models/store/energy_store.hpp"

namespace ebb {

/// What the consumer at the store node says to the store.
class LoadPort : public virtual sc_core::sc_interface {
public:
    [[nodiscard]] virtual const Load& load() = 0;
    [[nodiscard]] virtual Watches watches() const = 0;
    /// True if the falling watch is the turn-off threshold (it ranks before checkpoints).
    [[nodiscard]] virtual bool falling_is_brown_out() const = 0;
    /// A walk has ended; the agenda's time is its end.
    virtual void walked(const WalkResult& result) = 0;
};

/// What others may ask of the store.
class StorePort : public virtual sc_core::sc_interface {
public:
    [[nodiscard]] virtual const EnergyStore& store() const = 0;
    /// As EnergyStore::take, join, part, at a decision.
    virtual Withdrawn take(const Withdrawal& wanted) = 0;
    /// Opens or closes the switch between supply and store, at a decision.
    virtual void connect(bool closed) = 0;
    virtual double join() = 0;
    virtual double part() = 0;
};

class StoreModule final : public sc_core::sc_module, public StorePort {
public:
    sc_core::sc_port<SupplyPort> supply;
    sc_core::sc_port<LoadPort> consumer;

    StoreModule(sc_core::sc_module_name name, std::unique_ptr<EnergyStore> store, Agenda& agenda);

    [[nodiscard]] const EnergyStore& store() const override { return *store_; }
    [[nodiscard]] EnergyStore& store() { return *store_; }
    Withdrawn take(const Withdrawal& wanted) override { return store_->take(wanted); }
    void connect(bool closed) override { store_->feed_from(closed ? supply->supply() : nothing_); }
    double join() override { return store_->join(); }
    double part() override { return store_->part(); }
    /// Forecasts up to the agenda's next entry.
    void plan();

private:
    void start_of_simulation() override;
    std::unique_ptr<EnergyStore> store_;
    const Supply nothing_ = Supply::constant({}, 0.0);
    Agenda& agenda_;
    Agenda::SlotId slot_;
    const WalkResult* result_ = nullptr;  ///< of the last walk
};

}  // namespace ebb
