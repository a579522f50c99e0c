// SPDX-License-Identifier: Apache-2.0
#include "models/store/banks_store.hpp"

#include "models/core/store_law.hpp"

#include <cmath>

namespace ebb {

namespace {

Terms leak_of(const Leakage& leak) {
    return {0.0, -leak.current_a.value_or(0.0),
            leak.resistance_ohm ? -1.0 / *leak.resistance_ohm : 0.0};
}

}  // namespace

BanksStore::BanksStore(const BanksParams& params, bool witness)
    : SwitchedStore(joined(params, std::vector<Bank>(params.banks.size())), witness),
      params_(params),
      banks_(params.banks.size()) {
    std::string unknown;  // the scenario's check has refused it
    for (const BankMode& mode : params.modes) {
        modes_.push_back(banks_of(params, mode, unknown));
    }
    initially_j_ = 0.5 * params.capacitance_f * params.initial_v * params.initial_v;
    for (const BankParams& bank : params.banks) {
        const double v = bank.initial_v.value_or(params.initial_v);
        initially_j_ += 0.5 * bank.capacitance_f * v * v;
    }
}

/// What is connected, as one capacitor.
MlccParams BanksStore::joined(const BanksParams& params, const std::vector<Bank>& banks) {
    MlccParams all;
    all.capacitance_f = params.capacitance_f;
    all.initial_v = params.initial_v;
    all.max_v = params.max_v;
    Terms leak = leak_of(params.leakage);
    for (std::size_t k = 0; k < banks.size(); ++k) {
        if (banks[k].connected) {
            all.capacitance_f += params.banks[k].capacitance_f;
            leak = leak + leak_of(params.banks[k].leakage);
        }
    }
    if (leak.b_a != 0.0) {
        all.leakage.current_a = -leak.b_a;
    }
    if (leak.c_s != 0.0) {
        all.leakage.resistance_ohm = -1.0 / leak.c_s;
    }
    return all;
}

void BanksStore::reset(const Supply& supply) {
    own_ = Ledger();
    for (std::size_t k = 0; k < banks_.size(); ++k) {
        banks_[k] = {false, params_.banks[k].initial_v.value_or(params_.initial_v), Time()};
    }
    body_->become(joined(params_, banks_));
    restart(supply);
    for (std::size_t k = 0; k < banks_.size(); ++k) {
        if (params_.banks[k].connected) {
            connect(k);
        }
    }
}

/// Where a bank that is off has come to by its own leak.
BanksStore::Decay BanksStore::decay(std::size_t bank) const {
    const Bank& b = banks_[bank];
    const StoreLaw law(leak_of(params_.banks[bank].leakage), params_.banks[bank].capacitance_f);
    double t = node_.now().since(b.since);
    if (law.terms().zero() || b.v <= 0.0 || t <= 0.0) {
        return {b.v, 0.0};
    }
    const auto empty = law.time_to(b.v, 0.0);
    const bool gone = empty && *empty <= t;
    t = gone ? *empty : t;
    const double v = gone ? 0.0 : law.advance(b.v, t);
    const PathIntegrals sum = law.integrals(b.v, v, t);
    return {v, -(law.terms().b_a * sum.v_dt + law.terms().c_s * sum.v2_dt)};
}

bool BanksStore::connected(std::size_t bank) const { return banks_.at(bank).connected; }

double BanksStore::bank_v(std::size_t bank) const {
    return connected(bank) ? node_.inner_v() : decay(bank).v;
}

void BanksStore::connect(std::size_t bank) {
    Bank& b = banks_.at(bank);
    if (b.connected) {
        return;
    }
    const Decay before = decay(bank);
    const double at_node_f = joined(params_, banks_).capacitance_f + body_->joined_f();
    const double own_f = params_.banks[bank].capacitance_f;
    const double apart = node_.inner_v() - before.v;
    own_.add(Sink::leakage, before.leaked_j);
    own_.add(Sink::switch_loss, 0.5 * at_node_f * own_f / (at_node_f + own_f) * apart * apart);
    b.connected = true;
    MlccParams all = joined(params_, banks_);
    all.initial_v = before.v + apart * (at_node_f / (at_node_f + own_f));
    body_->become(all);
}

void BanksStore::disconnect(std::size_t bank) {
    Bank& b = banks_.at(bank);
    if (!b.connected) {
        return;
    }
    b = {false, node_.inner_v(), node_.now()};
    MlccParams rest = joined(params_, banks_);
    rest.initial_v = b.v;
    body_->become(rest);
}

void BanksStore::connect_only(const std::vector<std::size_t>& modes) {
    std::vector<bool> wanted(banks_.size(), false);
    for (const std::size_t mode : modes) {
        for (const std::size_t bank : modes_.at(mode)) {
            wanted[bank] = true;
        }
    }
    for (std::size_t k = 0; k < banks_.size(); ++k) {
        if (params_.banks[k].connect_v || banks_[k].connected == wanted[k]) {
            continue;
        }
        own_.add(Sink::switch_loss, take({0.0, params_.latch_energy_j, 0.0}).energy_j);
        if (wanted[k]) {
            connect(k);
        } else {
            disconnect(k);
        }
    }
}

double BanksStore::stored_j() const noexcept {
    double joules = node_.stored_j();
    for (std::size_t k = 0; k < banks_.size(); ++k) {
        if (!banks_[k].connected) {
            const double v = decay(k).v;
            joules += 0.5 * params_.banks[k].capacitance_f * v * v;
        }
    }
    return joules;
}

const Ledger& BanksStore::ledger() const noexcept {
    ledger_ = node_.ledger();
    for (const Sink sink : {Sink::leakage, Sink::switch_loss}) {
        ledger_.add(sink, own_.sink(sink));
    }
    for (std::size_t k = 0; k < banks_.size(); ++k) {
        if (!banks_[k].connected) {
            ledger_.add(Sink::leakage, decay(k).leaked_j);
        }
    }
    return ledger_;
}

/// The consumer's watches and the nearest rules.
Watches BanksStore::narrowed(const Watches& watches) const {
    Watches both = watches;
    for (std::size_t k = 0; k < banks_.size(); ++k) {
        const BankParams& bank = params_.banks[k];
        if (banks_[k].connected && bank.disconnect_v) {
            both.falling_v = std::fmax(both.falling_v, *bank.disconnect_v);
        } else if (!banks_[k].connected && bank.connect_v) {
            both.rising_v = std::fmin(both.rising_v, *bank.connect_v);
        }
    }
    return both;
}

/// Banks whose threshold the terminal has met.
void BanksStore::follow_rules(Stop stop) {
    const double v = node_.inner_v();
    for (std::size_t k = 0; k < banks_.size(); ++k) {
        const BankParams& bank = params_.banks[k];
        if (stop == Stop::falling && banks_[k].connected && bank.disconnect_v &&
            v <= *bank.disconnect_v) {
            disconnect(k);
        } else if (stop == Stop::rising && !banks_[k].connected && bank.connect_v &&
                   v >= *bank.connect_v) {
            connect(k);
            return;  // the voltage is another one now
        }
    }
}

}  // namespace ebb
