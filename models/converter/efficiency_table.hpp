// SPDX-License-Identifier: Apache-2.0
/// Efficiency of a boost converter as a table of points over store voltage, input voltage and input
/// current.
///
///   eta(V_store, V_in, I_in): linear in V_store, linear in V_in, linear in log I_in
///
/// A point says where it was taken: a node, not a bin (of a binned table: the middle of the bin in
/// V_in, its geometric middle in I_in). Each pair (V_store, V_in) has its own currents; a pair may
/// lack points that others have. Outside the nodes the nearest one counts: nothing is extrapolated.
/// A table without V_store holds for every store voltage.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace ebb {

struct EfficiencyPoint {
    std::optional<double> store_v;
    double input_v = 0.0;
    double input_a = 0.0;
    double efficiency = 0.0;
};

class EfficiencyTable {
public:
    /// Throws InputError if points repeat, or only some of them name a store voltage.
    explicit EfficiencyTable(const std::vector<EfficiencyPoint>& points);

    /// Store voltages of the nodes, ascending; one (0 V) if the table has none.
    [[nodiscard]] const std::vector<double>& store_v() const noexcept { return store_v_; }
    /// Efficiency at a node of the store voltage.
    [[nodiscard]] double at_node(std::size_t node, double input_v, double input_a) const noexcept;
    /// Do the points lie around this input, at every node of the store voltage? Else the nearest
    /// one counts for one of them at least.
    [[nodiscard]] bool covers(double input_v, double input_a) const noexcept;
    /// Efficiency anywhere.
    [[nodiscard]] double at(double store_v, double input_v, double input_a) const noexcept;

private:
    struct Curve {  ///< over the logarithm of the input current, at one input voltage
        double input_v = 0.0;
        std::vector<double> log_a, efficiency;
        [[nodiscard]] double at(double log_input_a) const noexcept;
        [[nodiscard]] bool covers(double log_input_a) const noexcept;
    };
    std::vector<double> store_v_;
    std::vector<std::vector<Curve>> curves_;  ///< per store voltage, by input voltage
};

}  // namespace ebb
