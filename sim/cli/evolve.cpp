// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/evolve.hpp"

#include "models/core/error.hpp"

#ifdef EBB_PAGMO
#include <pagmo/algorithm.hpp>
#include <pagmo/algorithms/nsga2.hpp>
#include <pagmo/algorithms/sga.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>
#endif

namespace ebb {

#ifdef EBB_PAGMO

namespace {

/// What Pagmo asks of a problem. Copies share the function.
struct BoxProblem {
    Box box;
    std::size_t objectives = 1;
    const std::function<std::vector<double>(const std::vector<double>&)>* function = nullptr;

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

bool can_evolve() noexcept { return true; }

void evolve(const Box& box, const Evolution& how,
            const std::function<std::vector<double>(const std::vector<double>&)>& fitness) {
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

#else

bool can_evolve() noexcept { return false; }

void evolve(const Box&, const Evolution&,
            const std::function<std::vector<double>(const std::vector<double>&)>&) {
    throw InputError(
        "this ebb was built without Pagmo, which searches: install libpagmo-dev and build again; "
        "or "
        "look over a grid with ebb sweep and ebb best");
}

#endif

}  // namespace ebb
