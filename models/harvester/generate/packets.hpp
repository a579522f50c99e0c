// SPDX-License-Identifier: Apache-2.0
/// One packet of energy per period, of random size: what the active periods of a device get, each
/// by itself.
///
///   every `every`, from 0 on: power E/width for `width`, then nothing
///   E = mean (1 + spread u), u uniform in [-1, 1)
///
/// A device that uses up each packet before the next one (on just above off, no leak, no draw while
/// off) has exactly E in each of its active periods: the process of the EH model's comparisons.
/// Times are whole microseconds and powers have 9 digits before they are used. An idealisation, no
/// recorded source. Gives power_w.
#pragma once

#include "models/harvester/generate/generator.hpp"

#include <cstdint>

namespace ebb {

struct PacketsParams {
    std::int64_t seed = 1;
    double duration_s = 60.0;
    double every_s = 0.1;
    double width_s = 1e-6;
    double energy_j = 10e-6;  ///< mean of a packet
    double spread = 0.2;      ///< of the mean, to both sides
};

[[nodiscard]] Series generate_packets(const PacketsParams& params);

class PacketsGenerator : public Generator {
public:
    explicit PacketsGenerator(const PacketsParams& params) : params_(params) {}
    [[nodiscard]] Series generate() const override { return generate_packets(params_); }
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> stated() const override;

private:
    PacketsParams params_;
};

}  // namespace ebb
