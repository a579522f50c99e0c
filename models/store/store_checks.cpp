// SPDX-License-Identifier: Apache-2.0
#include "models/store/store_checks.hpp"

#include <fmt/format.h>

namespace ebb {

void check_not_above_max(const std::string& key, double v, double max_v, CheckContext& context) {
    if (v > max_v) {
        const std::string most = format_quantity(max_v, unit::volt);
        context.mistake(key,
                        fmt::format("store.{} is {}, above store.max ({})", key,
                                    format_quantity(v, unit::volt), most),
                        fmt::format("at most {}, or a higher max", most));
    }
}

}  // namespace ebb
