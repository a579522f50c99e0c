// SPDX-License-Identifier: Apache-2.0
/// Preset `csv`: our own format.
///
///   # comments begin with a hash and stand anywhere
///   time_s,power_w
///   0,0.00015
///
/// Any steps of time; columns that are not asked for are passed over. See docs/formats.md.
#include "sim/trace/csv_columns.hpp"
#include "sim/trace/field_faults.hpp"
#include "sim/trace/number_text.hpp"
#include "sim/trace/series_builder.hpp"
#include "sim/trace/text_lines.hpp"
#include "sim/trace/trace_format.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ebb {
namespace {

bool comment(std::string_view line) {
    const std::size_t first = line.find_first_not_of(" \t");
    return first != std::string_view::npos && line[first] == '#';
}

class CsvReader {
public:
    explicit CsvReader(const ReadRequest& request)
        : request_(request), lines_(request.text), mistakes_(request.path) {}

    Reading read() {
        while (lines_.next() && comment(lines_.line())) {
        }
        if (lines_.line().empty() || comment(lines_.line())) {
            mistakes_.add({}, "there is no header and no row",
                          "expected a header with units, such as time_s,power_w");
            mistakes_.throw_if_any();
        }
        split_fields(lines_.line(), ',', fields_);
        columns_ = choose_csv_columns(request_, lines_.number(), lines_.line(), fields_);
        SeriesBuilder builder(columns_.quantity, request_.interpolation, mistakes_);
        builder.reserve(
            static_cast<std::size_t>(std::count(request_.text.begin(), request_.text.end(), '\n')));
        while (lines_.next())
            if (!comment(lines_.line()))
                add_row(builder);
        Reading reading;
        reading.series = builder.finish(reading.notes);
        if (first_stamp_ns_ != 0)
            reading.notes.push_back(
                fmt::format("time counts from the first row, which is at {:.10g} s",
                            static_cast<double>(first_stamp_ns_) / 1e9));
        note_unfinished(request_, lines_.terminated(), reading.notes);
        return reading;
    }

private:
    void add_row(SeriesBuilder& builder) {
        const std::string_view line = lines_.line();
        split_fields(line, ',', fields_);
        if (fields_.size() > columns_.count ||
            fields_.size() <= std::max(columns_.time, columns_.value)) {
            add_count_fault(mistakes_, lines_.number(), line, fields_.size(), columns_.count,
                            !lines_.terminated());
            return;
        }
        const std::string_view stamp_text = fields_[columns_.time].text;
        const std::string_view value_text = fields_[columns_.value].text;
        const StampText stamp = parse_stamp(stamp_text, columns_.time_exponent);
        const NumberText value = parse_number(value_text);
        if (stamp.fault != NumberFault::none || value.fault != NumberFault::none) {
            add_number_fault(mistakes_, lines_.number(), line, stamp_text, stamp.fault, "time");
            add_number_fault(mistakes_, lines_.number(), line, value_text, value.fault, "value");
            return;
        }
        if (builder.rows() == 0)
            first_stamp_ns_ = stamp.ns;
        builder.add(stamp.ns, value.value * columns_.factor,
                    {lines_.number(), line, stamp_text, value_text});
    }

    const ReadRequest& request_;
    TextLines lines_;
    FileMistakes mistakes_;
    std::vector<Field> fields_;
    CsvColumns columns_;
    std::int64_t first_stamp_ns_ = 0;
};

}  // namespace

bool looks_like_csv(std::string_view) { return true; }

Reading read_csv(const ReadRequest& request) { return CsvReader(request).read(); }

}  // namespace ebb
