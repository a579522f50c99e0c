// SPDX-License-Identifier: Apache-2.0
/// Preset `srml`: files of the University of Oregon's Solar Radiation Monitoring Laboratory.
///
///   94255  2018  1000  0  2010  0 ...      station, year, then element codes, a 0 after each
///   1      1     0     12 0     12 ...     day of the year, HHMM, then value and flag
///
/// Columns are separated by tabs. HHMM is the end of the interval (1 to 2400): each value holds for
/// the interval that ends at its stamp, which gives the same series. Codes 100x are global, 201x
/// direct, 300x diffuse irradiance; `column` names a code, left out it is the only 100x. Flag 99 is
/// missing (unconfirmed); other flags are accepted and counted if they are not 11 or 12.
/// Source of the format: the reader's description in pvlib (pvlib/iotools/srml.py, BSD-3-Clause).
#include "models/core/nearest.hpp"
#include "sim/trace/calendar.hpp"
#include "sim/trace/field_faults.hpp"
#include "sim/trace/series_builder.hpp"
#include "sim/trace/text_lines.hpp"
#include "sim/trace/trace_format.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace ebb {
namespace {

constexpr std::size_t kFirstValue = 2;
constexpr std::string_view kGlobal = "100";
constexpr std::string_view kIrradiances[] = {"100", "201", "300"};

bool irradiance(std::string_view code) {
    return code.size() == 4 && std::any_of(std::begin(kIrradiances), std::end(kIrradiances),
                                           [code](std::string_view kind) {
                                               return code.substr(0, kind.size()) == kind;
                                           });
}

/// Station, year, then pairs of a four-digit code and a 0.
bool header(const std::vector<Field>& fields) {
    if (fields.size() < kFirstValue + 2 || fields.size() % 2 != 0 ||
        !whole_number(fields[0].text, 6) || !whole_number(fields[1].text))
        return false;
    for (std::size_t i = kFirstValue; i < fields.size(); i += 2)
        if (fields[i].text.size() != 4 || !whole_number(fields[i].text) ||
            fields[i + 1].text != "0")
            return false;
    return day_number(*whole_number(fields[1].text), 1, 1).has_value();
}

bool looks_like_srml(std::string_view text) {
    TextLines lines(text);
    std::vector<Field> fields;
    if (!lines.next())
        return false;
    split_fields(lines.line(), '\t', fields);
    return header(fields);
}

class SrmlReader {
public:
    explicit SrmlReader(const ReadRequest& request)
        : request_(request),
          lines_(request.text),
          mistakes_(request.path),
          builder_(Quantity::irradiance_w_m2, request.interpolation, mistakes_, request.spool) {}

    Reading read() {
        check_expected(request_, Quantity::irradiance_w_m2, "an srml file");
        read_header();
        while (lines_.next())
            add_row();
        Reading reading;
        reading.series = builder_.finish(reading.notes);
        reading.notes.insert(reading.notes.begin(),
                             fmt::format("element {} of {}", codes_[value_], year_));
        if (unusual_ > 0)
            reading.notes.push_back(fmt::format(
                "{} row{} with a quality flag that is neither 11 nor 12 (and not 99) taken as good",
                unusual_, unusual_ == 1 ? "" : "s"));
        note_unfinished(request_, lines_.terminated(), reading.notes);
        return reading;
    }

private:
    void read_header() {
        lines_.next();
        split_fields(lines_.line(), '\t', fields_);
        if (!header(fields_)) {
            mistakes_.add({lines_.number(), lines_.line(), 0, lines_.line().size()},
                          "this is not the header of an SRML file",
                          "expected station, year, and element codes with a 0 after each, in tabs");
            mistakes_.throw_if_any();
        }
        for (const Field& field : fields_)
            codes_.emplace_back(field.text);
        year_ = *whole_number(fields_[1].text);
        value_ = choose_column();
    }

    [[nodiscard]] std::size_t choose_column() const {
        std::vector<std::size_t> found;
        std::vector<std::string> readable;
        for (std::size_t i = kFirstValue; i < codes_.size(); i += 2) {
            if (!irradiance(codes_[i]))
                continue;
            readable.push_back(codes_[i]);
            if (request_.column.empty() ? codes_[i].substr(0, 3) == kGlobal
                                        : codes_[i] == request_.column)
                found.push_back(i);
        }
        if (found.size() == 1)
            return found.front();
        throw_mistake(
            request_place(request_),
            request_.column.empty()
                ? fmt::format("{} has {} global irradiances (100x)", request_.path, found.size())
                : fmt::format("there is no irradiance '{}' in {}", request_.column, request_.path),
            request_.column.empty() ? "say which by `column`"
                                    : did_you_mean(request_.column, readable),
            fmt::format("irradiances: {}", joined(readable)));
    }

    void refuse(std::size_t column, const std::string& message, const char* hint) {
        const Field& field = fields_[column];
        mistakes_.add({lines_.number(), lines_.line(), field.begin,
                       std::max<std::size_t>(1, field.text.size())},
                      message, hint);
    }

    void add_row() {
        const std::string_view line = lines_.line();
        split_fields(line, '\t', fields_);
        if (fields_.size() != codes_.size()) {
            add_count_fault(mistakes_, lines_.number(), line, fields_.size(), codes_.size(),
                            !lines_.terminated());
            return;
        }
        const auto day = day_number_of_year(year_, whole_number(fields_[0].text).value_or(-1));
        if (!day)
            return refuse(0, "this is not a day of the year", "expected 1 to 365 or 366");
        const auto minutes = minutes_of_hhmm(fields_[1].text, 2400);
        if (!minutes)
            return refuse(1, "this is not a time of day", "expected HHMM, up to 2400");
        if (fields_[value_ + 1].text == "99")
            return refuse(value_,
                          fmt::format("the value {} has flag 99: missing", fields_[value_].text),
                          "remove the row or fill it");
        const auto flag = whole_number(fields_[value_ + 1].text, 2);
        if (!flag)
            return refuse(value_ + 1, "this is not a quality flag", "expected two digits");
        unusual_ += *flag != 11 && *flag != 12 ? 1 : 0;
        const NumberText value = parse_number(fields_[value_].text);
        add_number_fault(mistakes_, lines_.number(), line, fields_[value_].text, value.fault,
                         "value");
        if (value.fault == NumberFault::none)
            builder_.add(*clock_.ns_at(*day, *minutes), value.value,
                         {lines_.number(), line, fields_[1].text, fields_[value_].text});
    }

    const ReadRequest& request_;
    TextLines lines_;
    FileMistakes mistakes_;
    SeriesBuilder builder_;
    std::vector<Field> fields_;
    std::vector<std::string> codes_;
    int year_ = 0;
    std::size_t value_ = 0;
    std::size_t unusual_ = 0;
    DayClock clock_;
};

Reading read_srml(const ReadRequest& request) { return SrmlReader(request).read(); }

}  // namespace

TraceFormat srml_format() {
    return {"srml",
            "University of Oregon SRML: station, year, element codes; tabs, quality flags",
            {"column"},
            looks_like_srml,
            read_srml};
}

}  // namespace ebb
