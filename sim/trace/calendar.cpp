// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/calendar.hpp"

#include <cstdlib>

#include <fmt/format.h>

#include <boost/date_time/gregorian/gregorian_types.hpp>

namespace ebb {
namespace {

using Calendar = boost::gregorian::gregorian_calendar;

constexpr std::int64_t kNsPerMinute = 60'000'000'000;
constexpr std::int64_t kMostDays = 70 * 366;

}  // namespace

std::optional<int> whole_number(std::string_view text, int most_digits) {
    if (text.empty() || text.size() > static_cast<std::size_t>(most_digits))
        return std::nullopt;
    int number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return std::nullopt;
        number = number * 10 + (c - '0');
    }
    return number;
}

std::optional<std::int64_t> day_number(int year, int month, int day) {
    if (year < 1900 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > Calendar::end_of_month_day(static_cast<unsigned short>(year),
                                         static_cast<unsigned short>(month)))
        return std::nullopt;
    return Calendar::day_number(Calendar::ymd_type(static_cast<unsigned short>(year),
                                                   static_cast<unsigned short>(month),
                                                   static_cast<unsigned short>(day)));
}

std::optional<std::int64_t> day_number_of_year(int year, int day_of_year) {
    const auto first = day_number(year, 1, 1);
    const int days = first && Calendar::is_leap_year(static_cast<unsigned short>(year)) ? 366 : 365;
    if (!first || day_of_year < 1 || day_of_year > days)
        return std::nullopt;
    return *first + day_of_year - 1;
}

std::optional<int> minutes_of_hhmm(std::string_view text, int last) {
    const auto clock = whole_number(text);
    if (!clock || *clock > last || *clock % 100 > 59)
        return std::nullopt;
    return *clock / 100 * 60 + *clock % 100;
}

std::string clock_text(std::int64_t ns) {
    const std::int64_t minute = ns / 60'000'000'000 % (24 * 60);
    return fmt::format("{:02}:{:02}", minute / 60, minute % 60);
}

std::optional<std::int64_t> DayClock::ns_at(std::int64_t day, int minute) {
    if (!first_day_)
        first_day_ = day;
    if (std::abs(day - *first_day_) > kMostDays)
        return std::nullopt;
    return ((day - *first_day_) * 1440 + minute) * kNsPerMinute;
}

}  // namespace ebb
