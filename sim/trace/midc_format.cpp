// SPDX-License-Identifier: Apache-2.0
/// Preset `midc`: solar measurements as NREL's MIDC and SRRL pages give them.
///
///   DATE (MM/DD/YYYY),MST,Global CM3 (cor) [W/m^2],...
///   9/1/2018,00:00,-0.435376
///
/// The name of the second column is the time zone, which never changes within a file (no daylight
/// saving). Irradiance columns have the unit [W/m^2]; sums over the day ([kWhr/m^2], "Accumulated")
/// are energies and are refused, as are temperatures. Each row holds until the next.
/// Source of the format: downloads of NREL MIDC; LENS-TUGraz/simba @0b48c4e (MIT).
#include "models/core/nearest.hpp"
#include "sim/trace/field_faults.hpp"
#include "sim/trace/number_text.hpp"
#include "sim/trace/series_builder.hpp"
#include "sim/trace/text_lines.hpp"
#include "sim/trace/trace_format.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <fmt/format.h>
#include <boost/date_time/gregorian/gregorian_types.hpp>

namespace ebb {
namespace {

using Calendar = boost::gregorian::gregorian_calendar;

constexpr std::string_view kDateColumn = "DATE (MM/DD/YYYY)";
constexpr std::string_view kIrradianceUnit = "[W/m^2]";
constexpr std::int64_t kNsPerMinute = 60'000'000'000;
constexpr std::int64_t kMostDays = 70 * 366;  // nanoseconds of 64 bits must hold them

/// Reads `count` numbers of digits between separators; false if the text is anything else.
template <std::size_t count>
bool read_digits(std::string_view text, char separator, std::array<int, count>& numbers) {
    std::size_t n = 0;
    int digits = 0;
    numbers.fill(0);
    for (const char c : text) {
        if (c == separator) {
            if (digits == 0 || ++n == count)
                return false;
            digits = 0;
        } else if (c < '0' || c > '9' || ++digits > 4) {
            return false;
        } else {
            numbers[n] = numbers[n] * 10 + (c - '0');
        }
    }
    return n + 1 == count && digits > 0;
}

/// Days by the calendar; the same date stands in 1440 rows, so it is worked out once.
class Dates {
public:
    bool day_of(std::string_view text, std::int64_t& day) {
        if (text == known_) {
            day = day_;
            return true;
        }
        std::array<int, 3> mdy{};
        if (!read_digits(text, '/', mdy) || mdy[0] < 1 || mdy[0] > 12 || mdy[1] < 1 ||
            mdy[2] < 1900 || mdy[2] > 9999 ||
            mdy[1] > Calendar::end_of_month_day(static_cast<unsigned short>(mdy[2]),
                                                static_cast<unsigned short>(mdy[0])))
            return false;
        day_ = Calendar::day_number(Calendar::ymd_type(static_cast<unsigned short>(mdy[2]),
                                                       static_cast<unsigned short>(mdy[0]),
                                                       static_cast<unsigned short>(mdy[1])));
        known_ = text;
        day = day_;
        return true;
    }

private:
    std::string_view known_;
    std::int64_t day_ = 0;
};

bool irradiance(std::string_view name) {
    return name.find(kIrradianceUnit) != std::string_view::npos;
}

std::string_view without_unit(std::string_view name) {
    return trimmed(name.substr(0, std::min(name.find(" ["), name.size())));
}

class MidcReader {
public:
    explicit MidcReader(const ReadRequest& request)
        : request_(request), lines_(request.text), mistakes_(request.path) {}

    Reading read() {
        check_expected(request_, Quantity::irradiance_w_m2, "a midc file");
        read_header();
        SeriesBuilder builder(Quantity::irradiance_w_m2, request_.interpolation, mistakes_);
        while (lines_.next())
            add_row(builder);
        Reading reading;
        reading.series = builder.finish(reading.notes);
        reading.notes.insert(reading.notes.begin(),
                             fmt::format("column '{}', local time {}", names_[column_], names_[1]));
        note_unfinished(request_, lines_.terminated(), reading.notes);
        return reading;
    }

private:
    void read_header() {
        lines_.next();
        split_fields(lines_.line(), ',', fields_);
        for (const Field& field : fields_)
            names_.emplace_back(field.text);
        if (names_.size() < 3 || names_[0] != kDateColumn) {
            mistakes_.add({lines_.number(), lines_.line(), 0, lines_.line().size()},
                          "this is not the header of a MIDC file",
                          "expected DATE (MM/DD/YYYY),<time zone>,<name [W/m^2]>,...");
            mistakes_.throw_if_any();
        }
        column_ = request_.column.empty() ? only_irradiance() : named_column();
    }

    [[nodiscard]] std::vector<std::string> data_columns() const {
        return {names_.begin() + 2, names_.end()};
    }

    [[nodiscard]] std::size_t only_irradiance() const {
        std::vector<std::size_t> found;
        for (std::size_t i = 2; i < names_.size(); ++i)
            if (irradiance(names_[i]))
                found.push_back(i);
        if (found.size() == 1)
            return found.front();
        throw_mistake(request_place(request_),
                      fmt::format("{} has {} irradiance columns", request_.path,
                                  found.empty() ? std::string("no") : std::to_string(found.size())),
                      found.empty() ? "" : "say which by `column`",
                      fmt::format("columns: {}", joined(data_columns())));
    }

    [[nodiscard]] std::size_t named_column() const {
        for (std::size_t i = 2; i < names_.size(); ++i)
            if (names_[i] == request_.column || without_unit(names_[i]) == request_.column) {
                check_irradiance(names_[i]);
                return i;
            }
        std::vector<std::string> short_names;
        for (const std::string& name : data_columns())
            short_names.emplace_back(without_unit(name));
        throw_mistake(request_place(request_),
                      fmt::format("there is no column '{}' in {}", request_.column, request_.path),
                      did_you_mean(request_.column, short_names),
                      fmt::format("columns: {}", joined(data_columns())));
    }

    void check_irradiance(const std::string& name) const {
        const bool sum =
            name.find("ccumulated") != std::string::npos || name.find("Wh") != std::string::npos;
        if (irradiance(name) && !sum)
            return;
        throw_mistake(request_place(request_),
                      sum ? fmt::format("column '{}' is an accumulated energy, not a power", name)
                          : fmt::format("column '{}' is not an irradiance", name),
                      "choose a column in W/m^2",
                      fmt::format("columns: {}", joined(data_columns())));
    }

    void add_row(SeriesBuilder& builder) {
        const std::string_view line = lines_.line();
        split_fields(line, ',', fields_);
        if (fields_.size() > names_.size() || fields_.size() <= column_) {
            add_count_fault(mistakes_, lines_.number(), line, fields_.size(), names_.size(),
                            !lines_.terminated());
            return;
        }
        std::int64_t day = 0;
        std::array<int, 2> clock{};
        if (!dates_.day_of(fields_[0].text, day)) {
            mistakes_.add({lines_.number(), line, fields_[0].begin, fields_[0].text.size()},
                          "this is not a date", "expected month/day/year, such as 9/30/2018");
            return;
        }
        if (std::abs(day - first_day(day)) > kMostDays) {
            mistakes_.add({lines_.number(), line, fields_[0].begin, fields_[0].text.size()},
                          "this date is more than 70 years from the first",
                          "one file, one recording");
            return;
        }
        if (!read_digits(fields_[1].text, ':', clock) || clock[0] > 23 || clock[1] > 59) {
            mistakes_.add({lines_.number(), line, fields_[1].begin, fields_[1].text.size()},
                          "this is not a time of day", "expected hours:minutes, such as 07:45");
            return;
        }
        const NumberText value = parse_number(fields_[column_].text);
        if (value.fault != NumberFault::none) {
            add_number_fault(mistakes_, lines_.number(), line, fields_[column_].text, value.fault,
                             "value");
            return;
        }
        builder.add(((day - first_day(day)) * 1440 + clock[0] * 60 + clock[1]) * kNsPerMinute,
                    value.value, {lines_.number(), line, fields_[1].text, fields_[column_].text});
    }

    /// Days count from the file's first, so that nanoseconds have room.
    std::int64_t first_day(std::int64_t day) {
        if (first_day_ == 0)
            first_day_ = day;
        return first_day_;
    }

    const ReadRequest& request_;
    TextLines lines_;
    FileMistakes mistakes_;
    std::vector<Field> fields_;
    std::vector<std::string> names_;
    std::size_t column_ = 0;
    Dates dates_;
    std::int64_t first_day_ = 0;
};

}  // namespace

bool looks_like_midc(std::string_view text) {
    return text.substr(0, kDateColumn.size()) == kDateColumn;
}

Reading read_midc(const ReadRequest& request) { return MidcReader(request).read(); }

}  // namespace ebb
