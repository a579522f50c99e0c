// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "models/core/quantity.hpp"
#include "models/nvm/ecc.hpp"
#include "sim/scenario/cross_checks.hpp"

namespace ebb {

namespace {

/// What is stated of memory traffic needs a memory, and work that uses it.
void check_memory_failures(const CheckSubject& s) {
    const auto given = [&s](const char* key) {
        return s.facts.given(std::string("failures.") + key);
    };
    if (given("first_word") && !given("every_words")) {
        s.mistakes.add(s.facts.place("failures.first_word"),
                       "failures.first_word is given, but failures.every_words is not",
                       "give every_words");
    }
    if (given("bit_errors") && !given("bit_errors.write") && !given("bit_errors.retention")) {
        s.mistakes.add(s.facts.place("failures.bit_errors"),
                       "failures.bit_errors does not say which bits go wrong",
                       "give write, retention, or both", "see: ebb describe failures.bit_errors");
    }
    // A platform may bring its own memory; tasks have none but the scenario's.
    for (const char* key : {"every_words", "recovery", "bit_errors"}) {
        if (given(key) && !s.facts.given("nvm") && s.facts.given("workload.tasks")) {
            s.mistakes.add(s.facts.place(std::string("failures.") + key),
                           fmt::format("failures.{} is about non-volatile memory, and there is "
                                       "none",
                                       key),
                           "give nvm: {part: ...} or its values");
        }
    }
}

void check_ecc(const CheckSubject& s) {
    if (!s.form.nvm || !s.form.nvm->ecc) {
        return;
    }
    constexpr std::array kKeys = {"data_bits", "check_bits", "corrects", "detects"};
    if (!std::all_of(kKeys.begin(), kKeys.end(), [&s](const char* key) {
            return s.facts.known(std::string("nvm.ecc.") + key);
        })) {
        return;
    }
    const EccParams& ecc = *s.form.nvm->ecc;
    if (ecc.data_bits % 8 != 0) {
        s.mistakes.add(
            s.facts.place("nvm.ecc.data_bits"),
            fmt::format("nvm.ecc.data_bits is {}, not a whole number of bytes", ecc.data_bits),
            "a multiple of 8");
    }
    if (ecc.corrects > ecc.detects) {
        s.mistakes.add(s.facts.place("nvm.ecc.corrects"),
                       fmt::format("nvm.ecc.corrects is {}, more than it detects ({})",
                                   ecc.corrects, ecc.detects),
                       fmt::format("at most {}", ecc.detects));
        return;
    }
    const std::int64_t least = least_check_bits(ecc.data_bits, ecc.corrects, ecc.detects);
    if (ecc.check_bits < least) {
        s.mistakes.add(
            s.facts.place("nvm.ecc.check_bits"),
            fmt::format("{} check bits are too few for {} data bits: no code corrects {} and "
                        "detects {} wrong bits with them (sphere-packing bound)",
                        ecc.check_bits, ecc.data_bits, ecc.corrects, ecc.detects),
            fmt::format("at least {}", least));
    }
}

}  // namespace

void check_failures(const CheckSubject& s) {
    check_ecc(s);
    if (!s.form.failures) {
        return;
    }
    const FailureParams& failures = *s.form.failures;
    const auto given = [&s](const char* key) {
        return s.facts.given(std::string("failures.") + key);
    };
    constexpr std::array kKinds = {"times",       "every",    "mean",      "boundaries",
                                   "every_words", "recovery", "bit_errors"};
    if (std::none_of(kKinds.begin(), kKinds.end(), given)) {
        s.mistakes.add(s.facts.place("failures"), "failures does not say what fails",
                       "give times, every, mean, boundaries, every_words, recovery or bit_errors",
                       "see: ebb describe failures");
    }
    check_memory_failures(s);
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
