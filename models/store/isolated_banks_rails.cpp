// SPDX-License-Identifier: Apache-2.0
/// The federated store's own: terminals of the banks, and charging by packets.
#include "models/store/isolated_banks_body.hpp"

#include <algorithm>
#include <limits>

namespace ebb {

IsolatedBanksBody::IsolatedBanksBody(const IsolatedBanksParams& params,
                                     const std::vector<BankTerminal>& terminals, bool witness)
    : IsolatedBanksBody(params, witness) {
    federated_ = true;
    for (std::size_t k = 0; k < banks_.size(); ++k) {
        banks_[k].terminal = terminals.at(k);
    }
}

void IsolatedBanksBody::draw_from(const std::vector<RailDraw>& rails) {
    for (Bank& bank : banks_) {
        bank.load_a = 0.0;
        bank.in_use = false;
    }
    for (const RailDraw& draw : rails) {
        Bank& bank = banks_.at(draw.rail);
        bank.load_a += draw.current_a;
        bank.in_use = bank.in_use || draw.in_use;
    }
}

bool IsolatedBanksBody::rail_charged(std::size_t rail) const {
    const Bank& bank = banks_.at(rail);
    return bank.v >= bank.terminal->charged_v * (1.0 - kDiodeTouches);
}

bool IsolatedBanksBody::rail_stops(const Watches& watches) {
    awaited_ = watches.rail;
    return (awaited_ && rail_charged(*awaited_)) ||
           std::any_of(banks_.begin(), banks_.end(), [](const Bank& bank) {
               return bank.in_use && bank.v <= bank.terminal->empty_v * (1.0 + kDiodeTouches);
           });
}

/// Who may be charged: in the federated order only while all before are charged as well.
void IsolatedBanksBody::allow() {
    bool before = true;
    for (Bank& bank : banks_) {
        bank.allowed = bank.closed && before;
        before = !federated_ || bank.allowed;
    }
}

double IsolatedBanksBody::share() { return federated_ ? share_packet() : share_charge(); }

/// Charge runs to the bank that stands lowest (several at one voltage rise together) until the node
/// is down to where its switch opens, or a drop above them, or a bank gets to where the next one's
/// switch closes. Returns what is lost [J]: what passes falls from the node's voltage to the
/// bank's.
double IsolatedBanksBody::share_packet() {
    double lost = 0.0;
    const double lowest_v = banks_.front().stop_v;
    if (y_ <= lowest_v) {
        return lost;
    }
    const auto takes = [this](const Bank& bank) { return bank.allowed && bank.v < y_ - drop_v_; };
    while (true) {
        double level = std::numeric_limits<double>::infinity();
        for (const Bank& bank : banks_) {
            level = takes(bank) ? std::min(level, bank.v) : level;
        }
        if (level >= y_ - drop_v_) {
            return lost;
        }
        double sum_f = 0.0;
        double next = std::numeric_limits<double>::infinity();    // where others join in
        double closes = std::numeric_limits<double>::infinity();  // where a switch does
        for (std::size_t k = 0; k < banks_.size(); ++k) {
            if (takes(banks_[k]) && banks_[k].v > level) {
                next = std::min(next, banks_[k].v);
            } else if (takes(banks_[k])) {
                sum_f += banks_[k].capacitance_f;
                if (k + 1 < banks_.size() && !banks_[k + 1].closed) {
                    closes = std::min(closes, banks_[k + 1].charge_v);
                }
            }
        }
        const double ratio = sum_f / capacitance_f_;
        const double even = (y_ - drop_v_ + ratio * level) / (1.0 + ratio);
        const double packet = level + (y_ - lowest_v) / ratio;
        const double reached = std::min({next, closes, even, packet});
        const double y = reached == packet ? lowest_v
                         : reached == even ? even + drop_v_
                                           : y_ - ratio * (reached - level);
        lost += sum_f * (reached - level) * 0.5 * (y_ + y - level - reached);
        for (Bank& bank : banks_) {
            bank.v = takes(bank) && bank.v <= level ? reached : bank.v;
        }
        y_ = y;
        if (reached != next) {
            return lost;
        }
    }
}

/// What a bank has given at its terminal; and, where it stands alone, leaked.
void IsolatedBanksBody::book_drained(const Bank& from, double t, PieceEnd& out) const {
    if (from.diode != Diode::blocks) {
        out.rails_j += from.load_a * (out.flows[kFlowY] + sign(from.diode) * drop_v_ * t);
        return;
    }
    if (from.v <= 0.0) {
        return;
    }
    const StoreLaw law = from.draining();
    const double gone_s = law.time_to(from.v, 0.0).value_or(t);
    const PathIntegrals sum = law.integrals(from.v, from.decayed(t), std::min(t, gone_s));
    out.rails_j += from.load_a * sum.v_dt;
    out.flows[kFlowLeak] += from.leak_s * sum.v2_dt;
}

}  // namespace ebb
