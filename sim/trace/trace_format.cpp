// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/trace_format.hpp"

#include "sim/trace/file_mistakes.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ebb {

const std::vector<TraceFormat>& trace_formats() {
    // csv comes last: its looks are the least particular.
    static const std::vector<TraceFormat> formats = {
        {"mementos", "two columns without header: packed clock (minutes, seconds, ms) and volts",
         looks_like_mementos, read_mementos},
        {"midc", "NREL MIDC and SRRL downloads: DATE (MM/DD/YYYY), time zone, named columns",
         looks_like_midc, read_midc},
        {"csv", "header with units, such as time_s,power_w; comment lines begin with #",
         looks_like_csv, read_csv},
    };
    return formats;
}

const TraceFormat* find_trace_format(std::string_view preset) {
    const auto& formats = trace_formats();
    const auto found = std::find_if(formats.begin(), formats.end(),
                                    [preset](const TraceFormat& f) { return f.preset == preset; });
    return found == formats.end() ? nullptr : &*found;
}

std::string trace_format_names() {
    std::vector<std::string> names;
    for (const TraceFormat& format : trace_formats())
        names.emplace_back(format.preset);
    std::sort(names.begin(), names.end());
    return fmt::format("{}", fmt::join(names, ", "));
}

Place request_place(const ReadRequest& request) {
    if (!request.where.file.empty())
        return request.where;
    Place place;
    place.file = request.path;
    return place;
}

void note_unfinished(const ReadRequest& request, bool terminated, std::vector<std::string>& notes) {
    if (!terminated && !request.verified)
        notes.emplace_back(
            "the last line has no line break: if the file was cut, its last number may be short");
}

void check_expected(const ReadRequest& request, Quantity have, const std::string& what) {
    if (request.expected == Quantity::none || request.expected == have)
        return;
    throw_mistake(request_place(request),
                  fmt::format("{} holds {}, but the source model reads {}", what, name_of(have),
                              name_of(request.expected)),
                  "choose another model or another trace",
                  fmt::format("read from {}", request.path));
}

}  // namespace ebb
