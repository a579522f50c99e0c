// SPDX-License-Identifier: Apache-2.0
/// Preset `midc_raw`: NREL's raw data, as its programming interface gives it.
///
///   ,Year,DOY,PST,Direct NIP [W/m^2],Global LI-200 [W/m^2],...     the first column may be missing
///   0,2018,291,0,0.1,-1.2,...
///
/// The third of the named columns is the time zone; its numbers are HHMM without separator, 0 to
/// 2359. The header of some stations is shorter than the rows: names belong to columns from the
/// left, columns beyond the header have no name and cannot be read. A shift would show, since each
/// row's year, day and clock are checked.
/// Missing samples are -7999; means that were half settled (-373.4) are below any night offset.
/// Source of the format: pvlib/pvlib-python @6382338 tests/data.
#include "sim/trace/calendar.hpp"
#include "sim/trace/field_faults.hpp"
#include "sim/trace/irradiance_columns.hpp"
#include "sim/trace/series_builder.hpp"
#include "sim/trace/text_lines.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ebb {
namespace {

/// Where the column Year is: 0, or 1 behind an index; nothing if this is no such header.
std::optional<std::size_t> year_column(const std::vector<std::string>& names) {
    for (std::size_t i = 0; i < 2; ++i)
        if (names.size() > i + 3 && names[i] == "Year" && names[i + 1] == "DOY")
            return i;
    return std::nullopt;
}

std::vector<std::string> names_of(std::string_view line) {
    std::vector<Field> fields;
    split_fields(line, ',', fields);
    std::vector<std::string> names;
    for (const Field& field : fields)
        names.emplace_back(field.text);
    return names;
}

bool looks_like_midc_raw(std::string_view text) {
    TextLines lines(text);
    return lines.next() && year_column(names_of(lines.line())).has_value();
}

class MidcRawReader {
public:
    explicit MidcRawReader(const ReadRequest& request)
        : request_(request),
          lines_(request.text),
          mistakes_(request.path),
          builder_(Quantity::irradiance_w_m2, request.interpolation, mistakes_, request.spool) {}

    Reading read() {
        check_expected(request_, Quantity::irradiance_w_m2, "a midc_raw file");
        read_header();
        while (lines_.next())
            add_row();
        Reading reading;
        reading.series = builder_.finish(reading.notes);
        reading.notes.insert(reading.notes.begin(),
                             fmt::format("column '{}', local time {}, from {} on", names_[value_],
                                         names_[year_ + 2], clock_text(builder_.first_stamp_ns())));
        if (count_ > names_.size())
            reading.notes.push_back(
                fmt::format("rows have {} columns, the header names {}: those beyond have no name",
                            count_, names_.size()));
        note_unfinished(request_, lines_.terminated(), reading.notes);
        return reading;
    }

private:
    void read_header() {
        lines_.next();
        names_ = names_of(lines_.line());
        const auto year = year_column(names_);
        if (!year) {
            mistakes_.add({lines_.number(), lines_.line(), 0, lines_.line().size()},
                          "this is not the header of a raw MIDC file",
                          "expected Year,DOY,<time zone>,<name [W/m^2]>,...");
            mistakes_.throw_if_any();
        }
        year_ = *year;
        value_ = choose_irradiance_column(request_, names_, year_ + 3);
    }

    void refuse(std::size_t column, const char* message, const char* hint) {
        const Field& field = fields_[column];
        mistakes_.add({lines_.number(), lines_.line(), field.begin,
                       std::max<std::size_t>(1, field.text.size())},
                      message, hint);
    }

    std::optional<std::int64_t> stamp() {
        const int year = whole_number(fields_[year_].text).value_or(-1);
        const int day_of_year = whole_number(fields_[year_ + 1].text).value_or(-1);
        const auto day = day_number_of_year(year, day_of_year);
        if (!day) {
            refuse(year_, "this is not a year and a day of it", "expected for example 2018,291");
            return std::nullopt;
        }
        const auto minutes = minutes_of_hhmm(fields_[year_ + 2].text, 2359);
        if (!minutes) {
            refuse(year_ + 2, "this is not a time of day", "expected HHMM, from 0 to 2359");
            return std::nullopt;
        }
        const auto ns = clock_.ns_at(*day, *minutes);
        if (!ns)
            refuse(year_, "this date is more than 70 years from the first",
                   "one file, one recording");
        return ns;
    }

    void add_row() {
        const std::string_view line = lines_.line();
        split_fields(line, ',', fields_);
        if (count_ == 0)
            count_ = std::max(names_.size(), fields_.size());
        if (fields_.size() <= value_ || fields_.size() > count_) {
            add_count_fault(mistakes_, lines_.number(), line, fields_.size(), count_,
                            !lines_.terminated());
            return;
        }
        const auto ns = stamp();
        const NumberText value = parse_number(fields_[value_].text);
        add_number_fault(mistakes_, lines_.number(), line, fields_[value_].text, value.fault,
                         "value");
        if (ns && value.fault == NumberFault::none)
            builder_.add(*ns, value.value,
                         {lines_.number(), line, fields_[year_ + 2].text, fields_[value_].text});
    }

    const ReadRequest& request_;
    TextLines lines_;
    FileMistakes mistakes_;
    SeriesBuilder builder_;
    std::vector<Field> fields_;
    std::vector<std::string> names_;
    std::size_t year_ = 0;
    std::size_t value_ = 0;
    std::size_t count_ = 0;  ///< columns of the first row, or of the header if that is longer
    DayClock clock_;
};

Reading read_midc_raw(const ReadRequest& request) { return MidcRawReader(request).read(); }

}  // namespace

TraceFormat midc_raw_format() {
    return {"midc_raw",
            "NREL MIDC raw data: Year, DOY, time zone (HHMM), named columns",
            {"column"},
            looks_like_midc_raw,
            read_midc_raw};
}

}  // namespace ebb
