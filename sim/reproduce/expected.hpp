// SPDX-License-Identifier: Apache-2.0
/// What an experiment is compared with: expected.csv, one row per number.
///
///   id         a quantity of the experiment: CASE.QUANTITY, or the name of a derived value or
///   error value      as published or measured, in `unit` unit       any unit of a scenario ("ms",
///   "uF", "%"); 1 or empty for plain numbers kind       what agreement would mean (below)
///   tolerance  "exact", "5 %" or "1e-9 relative" (of the value), "+- 2" (in `unit`);
///              "at most", "at least", "above", "below": the value is a bound;
///              "shown": no verdict of its own (it counts in the errors over rows)
///   source     where the number is from
///
/// Tolerances are stated before anything runs; a number that only tests that a table was loaded is
/// an identity and counts for nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/core/error.hpp"
#include "models/core/quantity.hpp"

namespace ebb {

enum class AgreementKind : unsigned char {
    exact,       ///< equations or a deterministic program
    measured,    ///< hardware
    ratio,       ///< a published ratio
    ordering,    ///< which is larger
    comparison,  ///< another simulator
    identity     ///< the number put in comes out again
};

enum class Tolerance : unsigned char {
    exact,
    relative,
    absolute,
    at_most,
    at_least,
    above,
    below,
    shown
};

struct ExpectedRow {
    std::string id;
    double value = 0.0;  ///< SI
    std::string unit;    ///< as written
    double scale = 1.0;  ///< SI of one `unit`
    AgreementKind kind = AgreementKind::exact;
    Tolerance tolerance = Tolerance::shown;
    double width = 0.0;  ///< relative, or absolute in SI
    std::string tolerance_text;
    std::string source;
    Place place;  ///< of the id
};

[[nodiscard]] const char* name_of(AgreementKind kind);

/// A number with the SI value of its unit; "1", "" and "%" are plain. Empty if the unit is unknown.
struct UnitValue {
    double value = 0.0;
    double scale = 1.0;
};
[[nodiscard]] std::optional<UnitValue> with_unit(std::string_view number, std::string_view unit);

class MistakeList;
[[nodiscard]] std::vector<ExpectedRow> read_expected(std::string_view text, const std::string& file,
                                                     MistakeList& mistakes);

/// Is the value within the row's tolerance? Always for `shown`; never for what is no number.
[[nodiscard]] bool agrees(const ExpectedRow& row, double ours) noexcept;

}  // namespace ebb
