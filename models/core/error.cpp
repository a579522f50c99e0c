// SPDX-License-Identifier: Apache-2.0
#include "models/core/error.hpp"

#include <utility>

namespace ebb {

namespace {

std::string what_of(const std::vector<Mistake>& mistakes) {
    std::string text;
    for (const Mistake& m : mistakes) {
        if (!text.empty()) {
            text += "; ";
        }
        if (!m.place.file.empty()) {
            text += m.place.file;
            if (m.place.line > 0) {
                text += ":" + std::to_string(m.place.line);
            }
            text += ": ";
        }
        text += m.message;
        if (!m.hint.empty()) {
            text += " (" + m.hint + ")";
        }
    }
    return text;
}

}  // namespace

InputError::InputError(std::vector<Mistake> mistakes, std::optional<RunStop> stop)
    : std::runtime_error(what_of(mistakes)), mistakes_(std::move(mistakes)), stop_(stop) {}

InputError::InputError(const std::string& message)
    : std::runtime_error(message), mistakes_{Mistake{{}, message, {}, {}}} {}

}  // namespace ebb
