// SPDX-License-Identifier: Apache-2.0
/// Evolution in a box, by Pagmo: a genetic algorithm for one objective, NSGA-II for several; whole
/// numbers and real ones mixed. Only where Pagmo was found while building (libpagmo-dev); it is
/// loaded when it is first needed, from a module beside the program (evolve_pagmo.cpp).
#pragma once

#include <cstddef>
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

/// All objectives at a place, to be made small, finite.
using Fitness = std::function<std::vector<double>(const std::vector<double>&)>;

[[nodiscard]] bool can_evolve();

/// Calls `fitness` at population · (generations + 1) places; what it saw is the caller's to keep.
/// Throws InputError where Pagmo is not built in, or can no longer be loaded.
void evolve(const Box& box, const Evolution& how, const Fitness& fitness);

}  // namespace ebb
