// SPDX-License-Identifier: Apache-2.0
/// Preset `simba_iv`: the curve of a cell at one light, as Simba keeps it.
///
///   {"0": {"0.1": -0.0000603, "0.2": -0.0000599, ...}}
///
/// Keys are voltages in ascending order, values currents, negative where they leave the cell.
/// Source of the format: LENS-TUGraz/simba @0b48c4e (MIT).
#include "sim/trace/curve_series.hpp"
#include "sim/trace/number_text.hpp"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace ebb {
namespace {

using Json = nlohmann::ordered_json;

bool looks_like_a_curve(std::string_view text) {
    std::string head;
    for (const char c : text.substr(0, 64))
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
            head += c;
    return head.rfind("{\"0\":{\"", 0) == 0;
}

LinePlace whole_file(std::string_view text) { return {1, text.substr(0, text.find('\n')), 0, 1}; }

Reading read_curve(const ReadRequest& request) {
    check_expected(request, Quantity::iv_curve, "a simba_iv curve");
    FileMistakes mistakes(request.path);
    CurveSeries curves(mistakes);
    const std::string text = request.text.whole();
    const LinePlace at = whole_file(text);
    const Json file = Json::parse(text, nullptr, false);
    if (file.is_discarded())
        mistakes.add(at, "this is not JSON", "is the file cut short?");
    else if (!file.is_object() || file.size() != 1 || !file.contains("0") ||
             !file["0"].is_object() || file["0"].empty())
        mistakes.add(at, "this is no curve of Simba",
                     "expected {\"0\": {\"<voltage>\": <current>, ...}}");
    mistakes.throw_if_any();
    curves.begin_row(0, at);
    std::size_t positive = 0;
    for (const auto& [key, value] : file["0"].items()) {
        const NumberText v = parse_number(key);
        if (v.fault != NumberFault::none || !value.is_number() ||
            !std::isfinite(value.get<double>())) {
            mistakes.add(at,
                         fmt::format("\"{}\": {} is no voltage with a current", key, value.dump()));
            continue;
        }
        const double i = value.get<double>();
        positive += i > 0.0 ? 1 : 0;
        curves.add_point(v.value, i == 0.0 ? 0.0 : -i, at);
    }
    curves.end_row();
    if (positive > 0 && positive == file["0"].size())
        mistakes.add(at, "all currents are positive",
                     "expected negative currents, as they leave the cell");
    Reading reading;
    reading.series = curves.finish(Interpolation::hold, reading.notes);
    return reading;
}

}  // namespace

TraceFormat simba_iv_format() {
    return {"simba_iv",
            "a cell's curve at one light as Simba keeps it: JSON",
            {},
            looks_like_a_curve,
            read_curve};
}

}  // namespace ebb
