// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/evolve.hpp"

#include <fmt/format.h>

#define BOOST_DLL_USE_STD_FS
#include <boost/dll/runtime_symbol_info.hpp>
#include <boost/dll/shared_library.hpp>
#include <filesystem>
#include <system_error>

#include "models/core/error.hpp"

namespace ebb {

namespace {

std::filesystem::path module() {
    return boost::dll::program_location().parent_path() / EBB_MODULES / "ebb_evolve.so";
}

}  // namespace

bool can_evolve() {
    std::error_code error;
    return std::filesystem::exists(module(), error);
}

void evolve(const Box& box, const Evolution& how, const Fitness& fitness) {
    if (!can_evolve()) {
        throw InputError(
            "this ebb was built without Pagmo, which searches: install libpagmo-dev and build "
            "again; or look over a grid with ebb sweep and ebb best");
    }
    boost::dll::shared_library loaded;
    std::error_code error;
    loaded.load(module(), error);
    if (error) {
        throw InputError(fmt::format("{} cannot be loaded: is libpagmo still installed? ({})",
                                     module().string(), error.message()));
    }
    loaded.get<void(const Box&, const Evolution&, const Fitness&)>("ebb_evolve")(box, how, fitness);
}

}  // namespace ebb
