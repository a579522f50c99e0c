// SPDX-License-Identifier: Apache-2.0
/// Preset `enhants`: light recordings of Columbia's EnHANTs project, in uW/cm^2.
///
///   sec  irr,microW/cm^2  year mon day hh mm ss      (this line may be missing)
///   0    21.7             2010 6   3   21 4  11
///
/// Tabs padded with blanks, a tab at the end. The seconds are used; the wall clock beside them
/// drifts ahead (12 to 51 s in an hour, M. Gorlatova et al., INFOCOM 2011, public copies) and is
/// not.
#include "sim/trace/column_rows.hpp"
#include "sim/trace/number_text.hpp"

#include <algorithm>

namespace ebb {
namespace {

constexpr std::size_t kColumns = 8;

bool header(std::string_view line) {
    const std::string_view bare = trimmed(line);
    return bare.substr(0, 3) == "sec" && bare.find("irr") != std::string_view::npos;
}

bool looks_like_enhants(std::string_view text) {
    TextLines lines(text);
    if (!lines.next())
        return false;
    std::vector<Field> fields;
    split_blanks(lines.line(), fields);
    if (header(lines.line()))
        return true;
    if (fields.size() != kColumns || !all_numbers(fields))
        return false;
    const double year = parse_number(fields[2].text).value;
    const double month = parse_number(fields[3].text).value;
    return year >= 1990.0 && year <= 2100.0 && month >= 1.0 && month <= 12.0;
}

Reading read_enhants(const ReadRequest& request) {
    check_expected(request, Quantity::irradiance_w_m2, "an enhants recording");
    TextLines lines(request.text);
    FileMistakes mistakes(request.path);
    ColumnLayout layout;
    layout.separator = ' ';
    layout.quantity = Quantity::irradiance_w_m2;
    layout.factor = 1e-2;
    layout.count = kColumns;
    layout.all_fields = true;
    const bool begins_with_row = lines.next() && !header(lines.line());
    return read_column_rows(request, lines, mistakes, layout, begins_with_row);
}

}  // namespace

TraceFormat enhants_format() {
    return {"enhants",
            "light in uW/cm^2 by seconds, wall clock beside it; header may be missing",
            {},
            looks_like_enhants,
            read_enhants};
}

}  // namespace ebb
