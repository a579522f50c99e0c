// SPDX-License-Identifier: Apache-2.0
#include "models/store/store_module.hpp"

namespace ebb {

StoreModule::StoreModule(sc_core::sc_module_name name, std::unique_ptr<EnergyStore> store,
                         Agenda& agenda)
    : sc_module(name),
      supply("supply"),
      consumer("consumer"),
      store_(std::move(store)),
      agenda_(agenda),
      slot_(agenda.add_slot("store", Rank::supply, [this] { consumer->walked(*result_); })) {
    agenda_.set_planner([this] { plan(); });
}

void StoreModule::start_of_simulation() { store_->reset(supply->supply()); }

void StoreModule::plan() {
    const Watches watches = consumer->watches();
    const Load& load = consumer->load();  // first: what it does may bring an entry of its own
    const WalkResult& result = store_->walk(load, watches, agenda_.earliest_but(slot_));
    result_ = &result;
    if (result.stop == Stop::until && result.at == agenda_.now()) {
        return;  // another entry of this instant is next; nothing has moved
    }
    Rank rank = Rank::supply;
    switch (result.stop) {
        case Stop::until:
            break;
        case Stop::falling:
            rank = consumer->falling_is_brown_out() ? Rank::brown_out : Rank::checkpoint;
            break;
        case Stop::rising:
        case Stop::rail:
            rank = Rank::checkpoint;
            break;
        case Stop::load_done:
            rank = Rank::work_end;
            break;
    }
    agenda_.set(slot_, result.at, rank);
}

}  // namespace ebb
