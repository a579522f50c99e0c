// SPDX-License-Identifier: Apache-2.0
/// One wording for every field that is not the number it should be.
#pragma once

#include "sim/trace/file_mistakes.hpp"
#include "sim/trace/number_text.hpp"

#include <string_view>

namespace ebb {

/// Adds the mistake that belongs to `fault`; `what` is "time" or "value".
void add_number_fault(FileMistakes& mistakes, int line, std::string_view text,
                      std::string_view field, NumberFault fault, const char* what);

/// Adds the mistake of a number that stands for a missing sample; false if it does not.
bool add_missing_fault(FileMistakes& mistakes, int line, std::string_view text,
                       std::string_view field, double as_written);

/// Adds the mistake of a row that has not as many fields as it should.
void add_count_fault(FileMistakes& mistakes, int line, std::string_view text, std::size_t fields,
                     std::size_t expected, bool last_line_cut);

}  // namespace ebb
