// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/column_rows.hpp"

#include "sim/trace/field_faults.hpp"
#include "sim/trace/number_text.hpp"
#include "sim/trace/series_builder.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ebb {
namespace {

class RowReader {
public:
    RowReader(const ReadRequest& request, const TextLines& lines, FileMistakes& mistakes,
              const ColumnLayout& layout)
        : lines_(lines),
          mistakes_(mistakes),
          layout_(layout),
          builder_(layout.quantity, request.interpolation, mistakes, request.spool) {
        builder_.reserve(request.text.line_breaks());
        if (layout.lowest_offset < 0.0)
            builder_.accept_offset(layout.lowest_offset);
    }

    void add_row() {
        const std::string_view line = lines_.line();
        if (layout_.comments && comment_line(line))
            return;
        split_row(line, layout_.separator, fields_);
        const std::size_t least =
            layout_.all_fields ? layout_.count : std::max(layout_.time, layout_.value) + 1;
        if (fields_.size() > layout_.count || fields_.size() < least) {
            add_count_fault(mistakes_, lines_.number(), line, fields_.size(), layout_.count,
                            !lines_.terminated());
            return;
        }
        const std::string_view stamp_text = fields_[layout_.time].text;
        const std::string_view value_text = fields_[layout_.value].text;
        const StampText stamp = parse_stamp(stamp_text, layout_.time_exponent);
        const NumberText value = parse_number(value_text);
        if (stamp.fault != NumberFault::none || value.fault != NumberFault::none) {
            add_number_fault(mistakes_, lines_.number(), line, stamp_text, stamp.fault, "time");
            add_number_fault(mistakes_, lines_.number(), line, value_text, value.fault, "value");
            return;
        }
        if (add_missing_fault(mistakes_, lines_.number(), line, value_text, value.value))
            return;
        if (builder_.rows() == 0)
            first_stamp_ns_ = stamp.ns;
        builder_.add(stamp.ns, value.value * layout_.factor,
                     {lines_.number(), line, stamp_text, value_text});
    }

    Reading finish(const ReadRequest& request) {
        Reading reading;
        reading.series = builder_.finish(reading.notes);
        if (first_stamp_ns_ != 0)
            reading.notes.push_back(
                fmt::format("time counts from the first row, which is at {:.10g} s",
                            static_cast<double>(first_stamp_ns_) / 1e9));
        note_unfinished(request, lines_.terminated(), reading.notes);
        return reading;
    }

private:
    const TextLines& lines_;
    FileMistakes& mistakes_;
    const ColumnLayout& layout_;
    SeriesBuilder builder_;
    std::vector<Field> fields_;
    std::int64_t first_stamp_ns_ = 0;
};

}  // namespace

bool comment_line(std::string_view line) {
    const std::size_t first = line.find_first_not_of(" \t");
    return first != std::string_view::npos && line[first] == '#';
}

bool all_numbers(const std::vector<Field>& fields) {
    return !fields.empty() && std::all_of(fields.begin(), fields.end(), [](const Field& f) {
        return parse_number(f.text).fault == NumberFault::none;
    });
}

void split_row(std::string_view line, char separator, std::vector<Field>& fields) {
    if (separator == ' ')
        split_blanks(line, fields);
    else
        split_fields(line, separator, fields);
}

Reading read_column_rows(const ReadRequest& request, TextLines& lines, FileMistakes& mistakes,
                         const ColumnLayout& layout, bool again) {
    RowReader reader(request, lines, mistakes, layout);
    if (again && !lines.line().empty())
        reader.add_row();
    while (lines.next())
        reader.add_row();
    return reader.finish(request);
}

}  // namespace ebb
