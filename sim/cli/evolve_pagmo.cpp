// SPDX-License-Identifier: Apache-2.0
// The loadable half of evolve(): the only file that meets Pagmo. Not linked to the program, because
// loading Pagmo takes longer (80 ms) than most of the program's commands.
#include "sim/cli/evolve.hpp"

#include <pagmo/algorithm.hpp>
#include <pagmo/algorithms/nsga2.hpp>
#include <pagmo/algorithms/sga.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>

#include <utility>

namespace {

using namespace ebb;

/// What Pagmo asks of a problem. Copies share the function.
struct BoxProblem {
    Box box;
    std::size_t objectives = 1;
    const Fitness* function = nullptr;

    [[nodiscard]] pagmo::vector_double fitness(const pagmo::vector_double& x) const {
        return (*function)(x);
    }
    [[nodiscard]] std::pair<pagmo::vector_double, pagmo::vector_double> get_bounds() const {
        return {box.low, box.high};
    }
    [[nodiscard]] pagmo::vector_double::size_type get_nobj() const { return objectives; }
    [[nodiscard]] pagmo::vector_double::size_type get_nix() const { return box.whole; }
    /// Pagmo's type erasure wants it; nothing here leaves the process.
    template <class Archive>
    void serialize(Archive&, unsigned) {}
};

}  // namespace

extern "C" void ebb_evolve(const Box& box, const Evolution& how, const Fitness& fitness) {
    const auto generations = static_cast<unsigned>(how.generations);
    pagmo::problem problem{BoxProblem{box, how.objectives, &fitness}};
    pagmo::population population{problem, how.population, how.seed};
    pagmo::algorithm algorithm =
        how.objectives == 1
            ? pagmo::algorithm{pagmo::sga(generations, .9, 1., .1, 1., 2, "sbx", "polynomial",
                                          "tournament", how.seed)}
            : pagmo::algorithm{pagmo::nsga2(generations, .95, 10., .1, 50., how.seed)};
    static_cast<void>(algorithm.evolve(population));
}
