// SPDX-License-Identifier: Apache-2.0
/// Evolution in a box, by Pagmo: a genetic algorithm for one objective, NSGA-II for several; whole
/// numbers and real ones mixed. Only where Pagmo was found while building (libpagmo-dev).
#pragma once

#include <functional>
#include <vector>

namespace ebb {

/// Real dimensions first, then the whole numbers.
struct Box {
    std::vector<double> low, high;
    std::size_t whole = 0;
};

struct Evolution {
    std::size_t objectives = 1;
    std::size_t population = 24;  ///< NSGA-II wants a multiple of 4
    std::size_t generations = 20;
    unsigned seed = 1;
};

[[nodiscard]] bool can_evolve() noexcept;

/// Calls `fitness` (all objectives, to be made small, finite) at population · (generations + 1)
/// places; what it saw is the caller's to keep. Throws InputError where Pagmo is not built in.
void evolve(const Box& box, const Evolution& how,
            const std::function<std::vector<double>(const std::vector<double>&)>& fitness);

}  // namespace ebb
