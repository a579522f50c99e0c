// SPDX-License-Identifier: Apache-2.0
/// The picture of a reproduction as SVG: published values as rings, ours as dots joined by lines,
/// one colour per curve. An experiment without `figure` gets published against ours.
#pragma once

#include "sim/reproduce/reproduction.hpp"

#include <string>

namespace ebb {

[[nodiscard]] std::string figure_svg(const Reproduction& r);

}  // namespace ebb
