// SPDX-License-Identifier: Apache-2.0
/// Dates in data files, as numbers of days. A file's clock knows no daylight saving.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ebb {

/// A whole number of plain digits, no longer than `most_digits`.
[[nodiscard]] std::optional<int> whole_number(std::string_view text, int most_digits = 4);

/// The day of a date of the years 1900 to 9999; nothing if the calendar has no such day.
[[nodiscard]] std::optional<std::int64_t> day_number(int year, int month, int day);

/// The same by the day of the year, 1 to 366.
[[nodiscard]] std::optional<std::int64_t> day_number_of_year(int year, int day_of_year);

/// Minutes after midnight of a clock written as HHMM without separator (7 = 00:07, 2359);
/// `last` is 2359, or 2400 where a day ends in it.
[[nodiscard]] std::optional<int> minutes_of_hhmm(std::string_view text, int last);

/// "07:45" of a stamp that counts from a midnight.
[[nodiscard]] std::string clock_text(std::int64_t ns);

/// Turns days and minutes into nanoseconds from the first day that it is given, so that 64 bits
/// have room; nothing for a day more than 70 years away.
class DayClock {
public:
    [[nodiscard]] std::optional<std::int64_t> ns_at(std::int64_t day, int minute);

private:
    std::optional<std::int64_t> first_day_;
};

}  // namespace ebb
