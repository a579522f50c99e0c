// SPDX-License-Identifier: Apache-2.0
/// The file formats of recordings: one reader per file, all of them in one table.
///
/// A format's file defines `TraceFormat <preset>_format()`, and trace_format.cpp lists it.
/// A reader gets the text of a file (without byte order mark) and gives a series; it throws
/// InputError with every mistake of the file, or with the mistake of the request. It walks the text
/// by TextLines and keeps nothing of a line that has passed: a file may be larger than the memory.
#pragma once

#include "models/core/error.hpp"
#include "models/core/series.hpp"
#include "sim/trace/row_spool.hpp"
#include "sim/trace/trace_text.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ebb {

/// What a reader is asked to do; see TraceRequest for the options.
struct ReadRequest {
    std::string path;  ///< for messages
    TraceText text;
    SpoolPlace spool;  ///< where rows may wait outside of memory
    std::string column;
    std::string time;
    std::string unit;
    std::optional<double> dt_s;
    std::optional<double> rate_hz;
    std::optional<double> length_s;
    Quantity expected = Quantity::none;
    Interpolation interpolation = Interpolation::hold;
    bool interpolation_stated = false;
    Place where;            ///< who asked; heads mistakes of the request
    bool verified = false;  ///< the checksum is known to be right: the file is complete
};

struct Reading {
    Series series;
    std::vector<std::string> notes;
};

struct TraceFormat {
    const char* preset;
    const char* reads;                 ///< one line for lists and messages
    std::vector<const char*> options;  ///< keys of the request that mean something here
    /// Does the beginning of a text look like this format? Null: only who names it gets it.
    bool (*sniff)(std::string_view text);
    Reading (*read)(const ReadRequest& request);
};

/// All formats, in the order in which they are tried on a file whose format is not named.
[[nodiscard]] const std::vector<TraceFormat>& trace_formats();

/// The format with this preset name, or null.
[[nodiscard]] const TraceFormat* find_trace_format(std::string_view preset);

/// "csv, mementos, midc"
[[nodiscard]] std::string trace_format_names();

/// A file whose last line has no line break may have been cut; said only where nobody vouches for
/// it.
void note_unfinished(const ReadRequest& request, bool terminated, std::vector<std::string>& notes);

/// The place of a mistake of the request: the asking place, else the file.
[[nodiscard]] Place request_place(const ReadRequest& request);

/// Mistake if an option is missing without which the format cannot be read; `example` is shown.
[[noreturn]] void throw_option_needed(const ReadRequest& request, const char* preset,
                                      const char* option, const char* why, const char* example);

/// "voltage_v (V)" - mistake if `have` is not what the source model reads.
void check_expected(const ReadRequest& request, Quantity have, const std::string& what);

}  // namespace ebb
