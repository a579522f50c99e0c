// SPDX-License-Identifier: Apache-2.0
#include "models/nvm/ecc.hpp"

#include <boost/math/special_functions/binomial.hpp>
#include <cmath>

#include "models/nvm/nvm_params.hpp"

namespace ebb {

EccVerdict judge(const EccParams& ecc, std::int64_t wrong_bits) noexcept {
    if (wrong_bits <= 0) {
        return EccVerdict::right;
    }
    if (wrong_bits <= ecc.corrects) {
        return EccVerdict::corrected;
    }
    return wrong_bits <= ecc.detects ? EccVerdict::detected : EccVerdict::unnoticed;
}

std::int64_t least_check_bits(std::int64_t data_bits, std::int64_t corrects, std::int64_t detects) {
    const std::int64_t distance = corrects + detects + 1;
    const std::int64_t shorter = distance % 2 == 0 ? 1 : 0;
    const std::int64_t radius = (distance - 1) / 2;
    for (std::int64_t r = 0;; ++r) {
        const std::int64_t n = data_bits + r - shorter;
        double sphere = 0.0;
        for (std::int64_t i = 0; i <= radius && i <= n; ++i) {
            sphere += boost::math::binomial_coefficient<double>(static_cast<unsigned>(n),
                                                                static_cast<unsigned>(i));
        }
        if (r >= shorter && std::log2(sphere) <= static_cast<double>(r - shorter)) {
            return r;
        }
    }
}

EccCost ecc_cost(const NvmParams& nvm) noexcept {
    if (!nvm.ecc) {
        return {};
    }
    const EccParams& ecc = *nvm.ecc;
    const double more = ecc.expansion() - 1.0;
    const auto bytes = static_cast<double>(ecc.data_bytes());
    return {more * nvm.read_time_s_per_b + ecc.decode_time_s / bytes,
            more * nvm.read_energy_j_per_b + ecc.decode_energy_j / bytes,
            more * nvm.write_time_s_per_b + ecc.encode_time_s / bytes,
            more * nvm.write_energy_j_per_b + ecc.encode_energy_j / bytes};
}

NvmParams behind_ecc(NvmParams nvm) {
    const EccCost more = ecc_cost(nvm);
    nvm.read_time_s_per_b += more.read_time_s;
    nvm.read_energy_j_per_b += more.read_energy_j;
    nvm.write_time_s_per_b += more.write_time_s;
    nvm.write_energy_j_per_b += more.write_energy_j;
    return nvm;
}

}  // namespace ebb
