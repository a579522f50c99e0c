// SPDX-License-Identifier: Apache-2.0
/// Preset `surfrad`: days of NOAA's SURFRAD network, UTC.
///
///   Alamosa                                              station
///      37.70  105.92 2317 m version 1                    latitude, longitude, elevation
///    2016   1  1  1  0  0  0.000  91.65  -1.8 0 ...      48 columns separated by blanks
///
/// year, day of the year, month, day, hour, minute, decimal hour, zenith; then pairs of value and
/// quality code (0 = good). Column 9 is the downwelling global solar irradiance, which is read. A
/// row whose code is not 0, and -9999.9, are missing samples and refused.
/// Source of the format: pvlib/pvlib-python @6382338 tests/data (data: US Government).
#include "sim/trace/calendar.hpp"
#include "sim/trace/field_faults.hpp"
#include "sim/trace/series_builder.hpp"
#include "sim/trace/text_lines.hpp"
#include "sim/trace/trace_format.hpp"

#include <fmt/format.h>

namespace ebb {
namespace {

constexpr std::size_t kColumns = 48;
enum Column : std::size_t { kYear = 0, kMonth = 2, kDay = 3, kHour = 4, kMinute = 5 };
constexpr std::size_t kGlobal = 8;
constexpr std::size_t kQuality = 9;

bool looks_like_surfrad(std::string_view text) {
    TextLines lines(text);
    return lines.next() && lines.next() && lines.number() == 2 &&
           lines.line().find(" m version ") != std::string_view::npos;
}

class SurfradReader {
public:
    explicit SurfradReader(const ReadRequest& request)
        : request_(request),
          lines_(request.text),
          mistakes_(request.path),
          builder_(Quantity::irradiance_w_m2, request.interpolation, mistakes_, request.spool) {}

    Reading read() {
        check_expected(request_, Quantity::irradiance_w_m2, "a surfrad file");
        lines_.next();
        const std::string station(trimmed(lines_.line()));
        if (!looks_like_surfrad(request_.text.head())) {
            mistakes_.add({2, {}, 0, 1}, "this is not the header of a SURFRAD file",
                          "expected a line with the station, and a line such as 37.70 105.92 2317 "
                          "m version 1");
            mistakes_.throw_if_any();
        }
        lines_.next();
        while (lines_.next())
            add_row();
        Reading reading;
        reading.series = builder_.finish(reading.notes);
        reading.notes.insert(
            reading.notes.begin(),
            fmt::format("downwelling global solar (column 9) at {}, UTC, from {} on", station,
                        clock_text(builder_.first_stamp_ns())));
        note_unfinished(request_, lines_.terminated(), reading.notes);
        return reading;
    }

private:
    void refuse(std::size_t column, const std::string& message, const char* hint) {
        const Field& field = fields_[column];
        mistakes_.add({lines_.number(), lines_.line(), field.begin, field.text.size()}, message,
                      hint);
    }

    /// Nothing after the mistake was added.
    std::optional<std::int64_t> stamp() {
        const auto number = [this](Column c) { return whole_number(fields_[c].text).value_or(-1); };
        const auto day = day_number(number(kYear), number(kMonth), number(kDay));
        if (!day) {
            refuse(kYear, "this is not a date", "expected year, day of the year, month, day");
            return std::nullopt;
        }
        const int hour = number(kHour);
        const int minute = number(kMinute);
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59) {
            refuse(kHour, "this is not a time of day", "expected hour and minute");
            return std::nullopt;
        }
        const auto ns = clock_.ns_at(*day, hour * 60 + minute);
        if (!ns)
            refuse(kYear, "this date is more than 70 years from the first",
                   "one file, one recording");
        return ns;
    }

    void add_row() {
        const std::string_view line = lines_.line();
        split_blanks(line, fields_);
        if (fields_.size() != kColumns) {
            add_count_fault(mistakes_, lines_.number(), line, fields_.size(), kColumns,
                            !lines_.terminated());
            return;
        }
        const auto ns = stamp();
        if (!ns)
            return;
        if (fields_[kQuality].text != "0") {
            refuse(kGlobal,
                   fmt::format("the value {} has quality code {}, which is not good",
                               fields_[kGlobal].text, fields_[kQuality].text),
                   "remove the row or fill it");
            return;
        }
        const NumberText value = parse_number(fields_[kGlobal].text);
        add_number_fault(mistakes_, lines_.number(), line, fields_[kGlobal].text, value.fault,
                         "value");
        if (value.fault == NumberFault::none)
            builder_.add(*ns, value.value,
                         {lines_.number(), line, fields_[kHour].text, fields_[kGlobal].text});
    }

    const ReadRequest& request_;
    TextLines lines_;
    FileMistakes mistakes_;
    SeriesBuilder builder_;
    std::vector<Field> fields_;
    DayClock clock_;
};

Reading read_surfrad(const ReadRequest& request) { return SurfradReader(request).read(); }

}  // namespace

TraceFormat surfrad_format() {
    return {"surfrad",
            "NOAA SURFRAD days: two header lines, 48 columns with quality codes",
            {},
            looks_like_surfrad,
            read_surfrad};
}

}  // namespace ebb
