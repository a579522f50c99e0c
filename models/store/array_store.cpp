// SPDX-License-Identifier: Apache-2.0
#include "models/store/array_store.hpp"

#include <algorithm>
#include <cmath>

namespace ebb {

ArrayStore::ArrayStore(const ArrayParams& params, bool witness)
    : SwitchedStore(
          [&] {
              MlccParams node;
              node.capacitance_f = params.capacitance_f;
              node.initial_v = params.initial_v;
              node.max_v = params.max_v;
              return node;
          }(),
          witness),
      params_(params),
      cells_(params.cells.size()) {
    std::string unknown;  // the scenario's check has refused it
    for (const ArrayConfiguration& c : params.configurations) {
        strings_.push_back(strings_of(params, c, unknown));
    }
    initially_j_ = 0.5 * params.capacitance_f * params.initial_v * params.initial_v;
    for (const ArrayCell& cell : params.cells) {
        const double v = cell.initial_v.value_or(0.0);
        initially_j_ += 0.5 * cell.capacitance_f * v * v;
    }
}

MlccParams ArrayStore::at_node(double capacitance_f, double v) const {
    MlccParams all;
    all.capacitance_f = capacitance_f;
    all.initial_v = v;
    all.max_v = params_.max_v;
    if (params_.leak_time_s) {
        all.leakage.resistance_ohm = *params_.leak_time_s / capacitance_f;
    }
    return all;
}

/// What has decayed since the last switching: 1 - e^(-power t/tau).
double ArrayStore::decay(double power) const {
    return params_.leak_time_s
               ? -std::expm1(-power * node_.now().since(since_) / *params_.leak_time_s)
               : 0.0;
}

double ArrayStore::cell_v(std::size_t cell) const {
    const Cell& c = cells_.at(cell);
    return c.share * node_.inner_v() + c.apart_v * (1.0 - decay(1.0));
}

/// Energy of imbalance and of cells that are off, when they were switched [J]: it lies beside that
/// of the strings, since what is apart within a string adds up to nothing.
double ArrayStore::apart_j() const {
    double joules = 0.0;
    for (std::size_t k = 0; k < cells_.size(); ++k) {
        joules += 0.5 * params_.cells[k].capacitance_f * cells_[k].apart_v * cells_[k].apart_v;
    }
    return joules;
}

void ArrayStore::reset(const Supply& supply) {
    own_ = Ledger();
    body_->become(at_node(params_.capacitance_f, params_.initial_v));
    restart(supply);
    since_ = Time();
    rules_wait_ = Time();
    for (std::size_t k = 0; k < cells_.size(); ++k) {
        cells_[k] = {0.0, params_.cells[k].initial_v.value_or(0.0)};
    }
    entered_ = strings_.size();  // all cells are off
    arrange(0);
    if (params_.controller) {
        controller_ = PolledLadder(*params_.controller);
        controller_->start(Time());
    }
}

void ArrayStore::enter(std::size_t configuration) {
    if (configuration != entered_) {
        arrange(configuration);
    }
}

/// The cells of a group are side by side: they share their charge, and each is at the group's
/// voltage.
ArrayStore::Shared ArrayStore::share(const ArrayGroup& group, std::vector<double>& v) const {
    Shared all;
    double charge = 0.0;
    for (const std::size_t k : group) {
        all.capacitance_f += params_.cells[k].capacitance_f;
        charge += params_.cells[k].capacitance_f * v[k];
    }
    all.v = group.size() == 1 ? v[group.front()] : charge / all.capacitance_f;
    for (const std::size_t k : group) {
        all.lost_j += 0.5 * params_.cells[k].capacitance_f * (v[k] - all.v) * (v[k] - all.v);
        v[k] = all.v;
    }
    return all;
}

void ArrayStore::arrange(std::size_t configuration) {
    const ArrayStrings& strings = strings_.at(configuration);
    own_.add(Sink::leakage, apart_j() * decay(2.0));
    std::vector<double> v(cells_.size());
    for (std::size_t k = 0; k < v.size(); ++k) {
        v[k] = cell_v(k);
    }
    // What was at the node falls apart: its own capacitor with the device's, and the cells.
    struct String {
        double capacitance_f = 0.0, v = 0.0;
    };
    std::vector<String> parts = {{params_.capacitance_f + body_->joined_f(), node_.inner_v()}};
    std::vector<std::vector<double>> groups_f(strings.size());
    double lost = 0.0;
    for (std::size_t s = 0; s < strings.size(); ++s) {
        double inverse = 0.0;
        double sum = 0.0;
        for (const ArrayGroup& group : strings[s]) {
            const Shared at_once = share(group, v);
            lost += at_once.lost_j;
            groups_f[s].push_back(at_once.capacitance_f);
            inverse += 1.0 / at_once.capacitance_f;
            sum += at_once.v;
        }
        parts.push_back({1.0 / inverse, sum});
    }
    double capacitance = 0.0;
    double charge = 0.0;
    for (const String& part : parts) {
        capacitance += part.capacitance_f;
        charge += part.capacitance_f * part.v;
    }
    const double shared = charge / capacitance;
    const double terminal = std::clamp(shared, 0.0, params_.max_v);
    lost += 0.5 * capacitance * (shared - terminal) * (shared + terminal);
    for (const String& part : parts) {
        lost += 0.5 * part.capacitance_f * (part.v - shared) * (part.v - shared);
    }
    own_.add(Sink::switch_loss, lost);

    for (std::size_t k = 0; k < cells_.size(); ++k) {
        cells_[k] = {0.0, v[k]};
    }
    for (std::size_t s = 0; s < strings.size(); ++s) {
        const String& part = parts[s + 1];
        for (std::size_t g = 0; g < strings[s].size(); ++g) {
            const double share = part.capacitance_f / groups_f[s][g];
            for (const std::size_t k : strings[s][g]) {
                cells_[k] = {share, v[k] - share * part.v};
            }
        }
    }
    entered_ = configuration;
    since_ = node_.now();
    body_->become(at_node(capacitance - body_->joined_f(), terminal));
}

double ArrayStore::stored_j() const noexcept {
    return node_.stored_j() + apart_j() * (1.0 - decay(2.0));
}

const Ledger& ArrayStore::ledger() const noexcept {
    ledger_ = node_.ledger();
    for (const Sink sink : {Sink::leakage, Sink::switch_loss, Sink::quiescent}) {
        ledger_.add(sink, own_.sink(sink));
    }
    ledger_.add(Sink::leakage, apart_j() * decay(2.0));
    return ledger_;
}

void ArrayStore::act() {
    const PolledLadder::Step step = controller_->look(node_.inner_v());
    const Withdrawn paid = take({0.0, controller_->energy_j(), 0.0});
    own_.add(Sink::quiescent, paid.energy_j);
    if (step == PolledLadder::Step::up && entered_ + 1 < strings_.size()) {
        enter(entered_ + 1);
        controller_->stepped();
    } else if (step == PolledLadder::Step::down && entered_ > 0) {
        enter(entered_ - 1);
        controller_->stepped();
    }
}

Watches ArrayStore::narrowed(const Watches& watches) const {
    Watches both = watches;
    if (controller_ || node_.now() < rules_wait_) {
        return both;
    }
    const ArrayConfiguration& here = params_.configurations[entered_];
    if (here.up_v) {
        both.rising_v = std::fmin(both.rising_v, *here.up_v);
    }
    if (here.down_v) {
        both.falling_v = std::fmax(both.falling_v, *here.down_v);
    }
    return both;
}

void ArrayStore::follow_rules(Stop stop) {
    enter(stop == Stop::rising ? entered_ + 1 : entered_ - 1);
    rules_wait_ = node_.now().plus(params_.hold_s);
}

}  // namespace ebb
