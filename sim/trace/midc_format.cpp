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
#include "sim/trace/calendar.hpp"
#include "sim/trace/field_faults.hpp"
#include "sim/trace/irradiance_columns.hpp"
#include "sim/trace/number_text.hpp"
#include "sim/trace/series_builder.hpp"
#include "sim/trace/text_lines.hpp"
#include "sim/trace/trace_format.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace ebb {
namespace {

constexpr std::string_view kDateColumn = "DATE (MM/DD/YYYY)";

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
        if (!read_digits(text, '/', mdy))
            return false;
        const auto found = day_number(mdy[2], mdy[0], mdy[1]);
        if (!found)
            return false;
        day_ = *found;
        known_ = text;
        day = day_;
        return true;
    }

private:
    std::string known_;  // a copy: lines go
    std::int64_t day_ = 0;
};

class MidcReader {
public:
    explicit MidcReader(const ReadRequest& request)
        : request_(request), lines_(request.text), mistakes_(request.path) {}

    Reading read() {
        check_expected(request_, Quantity::irradiance_w_m2, "a midc file");
        read_header();
        SeriesBuilder builder(Quantity::irradiance_w_m2, request_.interpolation, mistakes_,
                              request_.spool);
        while (lines_.next())
            add_row(builder);
        Reading reading;
        reading.series = builder.finish(reading.notes);
        reading.notes.insert(reading.notes.begin(),
                             fmt::format("column '{}', local time {}, from {} on", names_[column_],
                                         names_[1], clock_text(builder.first_stamp_ns())));
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
        column_ = choose_irradiance_column(request_, names_, 2);
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
        if (!clock_.ns_at(day, 0)) {
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
        builder.add(*clock_.ns_at(day, clock[0] * 60 + clock[1]), value.value,
                    {lines_.number(), line, fields_[1].text, fields_[column_].text});
    }

    const ReadRequest& request_;
    TextLines lines_;
    FileMistakes mistakes_;
    std::vector<Field> fields_;
    std::vector<std::string> names_;
    std::size_t column_ = 0;
    Dates dates_;
    DayClock clock_;
};

bool looks_like_midc(std::string_view text) {
    return text.substr(0, kDateColumn.size()) == kDateColumn;
}

Reading read_midc(const ReadRequest& request) { return MidcReader(request).read(); }

}  // namespace

TraceFormat midc_format() {
    return {"midc",
            "NREL MIDC and SRRL downloads: DATE (MM/DD/YYYY), time zone, named columns",
            {"column"},
            looks_like_midc,
            read_midc};
}

}  // namespace ebb
