// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/trace_format.hpp"

#include "sim/trace/file_mistakes.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ebb {

TraceFormat accel_csv_format();
TraceFormat bonito_hdf5_format();
TraceFormat csv_format();
TraceFormat csv_two_column_format();
TraceFormat diode_rows_format();
TraceFormat ekho_surface_format();
TraceFormat enhants_format();
TraceFormat joulescope_format();
TraceFormat mementos_format();
TraceFormat midc_format();
TraceFormat midc_raw_format();
TraceFormat otii_format();
TraceFormat ppk2_format();
TraceFormat react_format();
TraceFormat shepherd_format();
TraceFormat simba_iv_format();
TraceFormat simba_json_format();
TraceFormat single_column_format();
TraceFormat srml_format();
TraceFormat surfrad_format();

const std::vector<TraceFormat>& trace_formats() {
    // csv comes last of those that are recognised: its looks are the least particular.
    static const std::vector<TraceFormat> formats = {
        mementos_format(),      midc_format(),           midc_raw_format(), surfrad_format(),
        simba_json_format(),    enhants_format(),        react_format(),    srml_format(),
        ppk2_format(),          joulescope_format(),     otii_format(),     ekho_surface_format(),
        simba_iv_format(),      diode_rows_format(),     csv_format(),      accel_csv_format(),
        single_column_format(), csv_two_column_format(), shepherd_format(), bonito_hdf5_format(),
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

void throw_option_needed(const ReadRequest& request, const char* preset, const char* option,
                         const char* why, const char* example) {
    throw_mistake(request_place(request),
                  fmt::format("format {} needs '{}': {}", preset, option, why),
                  fmt::format("for example {}", example), fmt::format("to read {}", request.path));
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
