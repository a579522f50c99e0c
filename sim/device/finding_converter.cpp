// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <string>

#include "models/store/store_model.hpp"
#include "sim/device/finding_parts.hpp"
#include "sim/result/text_format.hpp"

namespace ebb {

namespace {

std::string need_text(double v, double w) {
    return w > 0.0 ? fmt::format("{} and {}", engineering(v, "V"), engineering(w, "W"))
                   : engineering(v, "V");
}

}  // namespace

void find_idle_converter(const Scenario& scenario, const Device& device, Result& result) {
    const std::optional<Shortfall>& s = device.shortfall();
    if (!s) {
        return;
    }
    const bool never = s->largest_v < s->needed_v || s->largest_w < s->needed_w;
    // A store that begins above the border may live without a cold start.
    if (!never && scenario.store->initial_v() >= s->cold_below_v) {
        return;
    }
    const double v = never ? s->needed_v : s->cold_needed_v;
    const double w = never ? s->needed_w : s->cold_needed_w;
    const std::string when =
        never ? std::string("the converter never runs")
              : fmt::format("the converter can never begin with a store below {}",
                            engineering(s->cold_below_v, "V"));
    result.findings.push_back(
        {"converter_never_runs",
         0.0,
         fmt::format("{}: it needs {} at its input, and the source gives at most {} and {}", when,
                     need_text(v, w), engineering(s->largest_v, "V"),
                     engineering(s->largest_w, "W")),
         {{"needed_v", v},
          {"needed_w", w},
          {"largest_v", s->largest_v},
          {"largest_w", s->largest_w}}});
}

}  // namespace ebb
