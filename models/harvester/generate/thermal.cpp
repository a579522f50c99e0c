// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/generate/thermal.hpp"

#include "models/core/component.hpp"
#include "models/core/quantity.hpp"
#include "models/core/random_stream.hpp"
#include "models/harvester/generate/sample_limit.hpp"

#include <cmath>

namespace ebb {
namespace {

constexpr std::int64_t kNsPerUs = 1000;
constexpr std::uint32_t kStream = 31;

const ParamTable<ThermalParams>& table() {
    static const ParamTable<ThermalParams> rows = {
        param("seed", &ThermalParams::seed, 1, at_least(0), "another seed, another draw"),
        param("duration", &ThermalParams::duration_s, unit::second, 3600.0, above_up_to(0, 3.2e7),
              "length of the trace"),
        param("mean", &ThermalParams::mean_k, unit::number, 5.0, range(-1000, 1000),
              "mean difference in K"),
        param("spread", &ThermalParams::spread_k, unit::number, 1.5, range(0, 1000),
              "standard deviation in K"),
        param("time", &ThermalParams::time_s, unit::second, 600.0, above(0), "correlation time"),
        param("step", &ThermalParams::step_s, unit::second, 10.0, range(1e-3, 3600),
              "length of a sample"),
    };
    return rows;
}

}  // namespace

Series generate_thermal(const ThermalParams& p) {
    require_few_samples(p.duration_s, p.step_s);
    const std::int64_t step = whole_microseconds(p.step_s);
    const std::int64_t end = whole_microseconds(p.duration_s);
    const double step_s = static_cast<double>(step) / 1e6;  // as it is used
    const double keeps = std::exp(-step_s / p.time_s);
    const double renews = std::sqrt(1.0 - keeps * keeps);
    RandomStream random(static_cast<std::uint64_t>(p.seed), kStream);
    double u = random.normal();
    Series series;
    series.quantity = Quantity::temperature_difference_k;
    for (std::int64_t t = 0; t < end; t += step) {
        series.bound_ns.push_back(t * kNsPerUs);
        series.value.push_back(round_significant(p.mean_k + p.spread_k * u));
        u = keeps * u + renews * random.normal();
    }
    series.bound_ns.push_back(end * kNsPerUs);
    return series;
}

std::vector<std::pair<std::string, std::string>> ThermalGenerator::stated() const {
    const auto show = [](double x, Dimension d) { return format_quantity(x, d); };
    return {{"seed", std::to_string(params_.seed)},
            {"duration", show(params_.duration_s, Dimension::time)},
            {"mean", show(params_.mean_k, Dimension::number)},
            {"spread", show(params_.spread_k, Dimension::number)},
            {"time", show(params_.time_s, Dimension::time)},
            {"step", show(params_.step_s, Dimension::time)}};
}

void register_harvester_generate_thermal(Registry& registry) {
    registry.add<Generator>(
        {"generator", "thermal", "a temperature difference that wanders about a mean",
         "An Ornstein-Uhlenbeck process, drawn exactly at each step. Gives "
         "temperature_difference_k. Unconfirmed: no recording was fitted."},
        table(), [](const ThermalParams& p) { return std::make_shared<ThermalGenerator>(p); });
}

}  // namespace ebb
