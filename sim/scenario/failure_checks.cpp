// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "models/core/quantity.hpp"
#include "sim/scenario/cross_checks.hpp"

namespace ebb {

void check_failures(const CheckSubject& s) {
    if (!s.form.failures) {
        return;
    }
    const FailureParams& failures = *s.form.failures;
    const auto given = [&s](const char* key) {
        return s.facts.given(std::string("failures.") + key);
    };
    if (!given("times") && !given("every") && !given("mean") && !given("boundaries")) {
        s.mistakes.add(s.facts.place("failures"), "failures does not say when the power fails",
                       "give times, every, mean or boundaries", "see: ebb describe failures");
    }
    if (given("first") && !given("every")) {
        s.mistakes.add(s.facts.place("failures.first"),
                       "failures.first is given, but failures.every is not",
                       "give every, or times: [{at: ...}]");
    }
    // A device that is cut before it has booted never does anything.
    const auto boot_s = s.facts.number("mcu.boot.time");
    if (failures.every_s && boot_s && *failures.every_s <= *boot_s) {
        s.mistakes.add(s.facts.place("failures.every"),
                       fmt::format("failures.every is {}, and a boot takes {}: no work would "
                                   "ever be done",
                                   format_quantity(*failures.every_s, unit::second),
                                   format_quantity(*boot_s, unit::second)),
                       fmt::format("more than {}", format_quantity(*boot_s, unit::second)));
    }
}

}  // namespace ebb
