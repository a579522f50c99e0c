// SPDX-License-Identifier: Apache-2.0
#include "models/store/withdrawal.hpp"

#include "models/core/error.hpp"
#include "models/store/store_body.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cstdint>

namespace ebb {

namespace {

[[noreturn]] void refuse() {
    throw InputError({Mistake{{},
                              "this store gives nothing at one instant",
                              "leave mcu.regulator.output_capacitor out, or take another store",
                              "see: ebb describe store"}});
}

/// What lies between the voltage and the lowest one; all of the wanted if that is less.
template <class Charge, class Energy, class After>
Withdrawn take_down(double& v, const Withdrawal& wanted, const Charge& charge, const Energy& energy,
                    const After& after) {
    const double low = std::max(wanted.lowest_v, 0.0);
    const bool by_charge = wanted.charge_c > 0.0;
    if (!by_charge && !(wanted.energy_j > 0.0)) {
        return {};
    }
    if (!(v > low)) {
        return {0.0, 0.0, false};
    }
    Withdrawn got;
    got.whole = by_charge ? charge(low, v) >= wanted.charge_c : energy(low, v) >= wanted.energy_j;
    const double v1 = got.whole ? std::clamp(after(), low, v) : low;
    got.charge_c = charge(v1, v);
    got.energy_j = energy(v1, v);
    v = v1;
    return got;
}

[[noreturn]] void no_rails() { throw Defect("this store has no terminals beside the node"); }

}  // namespace

Withdrawn EnergyStore::take(const Withdrawal& /*wanted*/) { refuse(); }
Withdrawn StoreBody::take(const Withdrawal& /*wanted*/) { refuse(); }

bool EnergyStore::rail_charged(std::size_t /*rail*/) const { no_rails(); }
bool StoreBody::rail_charged(std::size_t /*rail*/) const { no_rails(); }
bool StoreBody::rail_stops(const Watches& /*watches*/) { no_rails(); }
void StoreBody::draw_from(const std::vector<RailDraw>& /*rails*/) { no_rails(); }

Withdrawn take_from(const BiasCapacitance& c, double& v, const Withdrawal& wanted) {
    return take_down(
        v, wanted, [&](double from, double to) { return c.charge_between(from, to); },
        [&](double from, double to) { return c.energy_between(from, to); },
        [&, from = v] {
            return wanted.charge_c > 0.0 ? c.voltage_of_charge(c.charge(from) - wanted.charge_c)
                                         : c.voltage_of_energy(c.energy(from) - wanted.energy_j);
        });
}

Withdrawn take_from_growing(double c0_f, double per_volt_f, double& v, const Withdrawal& wanted) {
    const auto charge = [=](double from, double to) {
        return (to - from) * (c0_f + 0.5 * per_volt_f * (to + from));
    };
    const auto energy = [=](double from, double to) {
        return (to - from) *
               (0.5 * c0_f * (to + from) + per_volt_f * (to * to + to * from + from * from) / 3.0);
    };
    return take_down(v, wanted, charge, energy, [&, from = v] {
        const auto left = [&](double to) {
            return wanted.charge_c > 0.0 ? wanted.charge_c - charge(to, from)
                                         : wanted.energy_j - energy(to, from);
        };
        const double low = std::max(wanted.lowest_v, 0.0);
        const double at_low = left(low);
        if (at_low == 0.0) {
            return low;
        }
        std::uintmax_t most = 300;
        const auto v1 =
            boost::math::tools::toms748_solve(left, low, from, at_low, left(from),
                                              boost::math::tools::eps_tolerance<double>(52), most);
        return 0.5 * (v1.first + v1.second);
    });
}

}  // namespace ebb
