// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/generate/packets.hpp"

#include "models/core/component.hpp"
#include "models/core/error.hpp"
#include "models/core/quantity.hpp"
#include "models/core/random_stream.hpp"
#include "models/harvester/generate/sample_limit.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ebb {
namespace {

constexpr std::int64_t kNsPerUs = 1000;
constexpr std::uint32_t kSizes = 1;  // the stream of a seed

const ParamTable<PacketsParams>& table() {
    static const ParamTable<PacketsParams> rows = {
        param("seed", &PacketsParams::seed, 1, at_least(0), "another seed, other sizes"),
        param("duration", &PacketsParams::duration_s, unit::second, 60.0, above_up_to(0, 3.2e7),
              "length of the trace"),
        param("every", &PacketsParams::every_s, unit::second, 0.1, above(0),
              "from one packet's begin to the next"),
        param("width", &PacketsParams::width_s, unit::second, 1e-6, above(0),
              "time in which a packet comes"),
        param("energy", &PacketsParams::energy_j, unit::joule, 10e-6, range(0, 1e3),
              "mean of a packet"),
        param("spread", &PacketsParams::spread, unit::ratio, 0.2, range(0, 1),
              "packets lie evenly between (1 - spread) and (1 + spread) of the mean"),
    };
    return rows;
}

}  // namespace

Series generate_packets(const PacketsParams& p) {
    const std::int64_t every = whole_microseconds(p.every_s);
    const std::int64_t width = whole_microseconds(p.width_s);
    const std::int64_t end = whole_microseconds(p.duration_s);
    if (width >= every) {
        throw InputError(fmt::format("a packet comes every {}, and takes {}: there is no pause",
                                     format_quantity(p.every_s, Dimension::time),
                                     format_quantity(p.width_s, Dimension::time)));
    }
    require_few_samples(p.duration_s, 0.5 * p.every_s);
    RandomStream sizes(static_cast<std::uint64_t>(p.seed), kSizes);
    Series series;
    series.quantity = Quantity::power_w;
    const auto add = [&](std::int64_t us, double power_w) {
        if (us < end) {
            series.bound_ns.push_back(us * kNsPerUs);
            series.value.push_back(power_w);
        }
    };
    for (std::int64_t t = 0; t < end; t += every) {
        const double energy_j = p.energy_j * (1.0 + p.spread * (1.0 - 2.0 * sizes.uniform()));
        add(t, round_significant(energy_j / (static_cast<double>(width) * 1e-6)));
        add(t + width, 0.0);
    }
    series.bound_ns.push_back(end * kNsPerUs);
    return series;
}

std::vector<std::pair<std::string, std::string>> PacketsGenerator::stated() const {
    const auto time = [](double s) { return format_quantity(s, Dimension::time); };
    return {{"seed", std::to_string(params_.seed)},
            {"duration", time(params_.duration_s)},
            {"every", time(params_.every_s)},
            {"width", time(params_.width_s)},
            {"energy", format_quantity(params_.energy_j, Dimension::energy)},
            {"spread", format_quantity(params_.spread, Dimension::ratio)}};
}

void register_harvester_generate_packets(Registry& registry) {
    registry.add<Generator>(
        {"generator", "packets", "one packet of energy per period, of random size",
         "Energies spread evenly around their mean; an idealisation for comparisons with closed "
         "forms of progress per active period. Gives power_w."},
        table(), [](const PacketsParams& p) { return std::make_shared<PacketsGenerator>(p); });
}

}  // namespace ebb
