// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/scalar_reader.hpp"

#include <fmt/format.h>

#include <limits>

#include "models/core/nearest.hpp"

namespace ebb {

namespace {

ScalarResult wrong(std::string message, std::string hint = {}, std::string note = {}) {
    return {std::nullopt, std::move(message), std::move(hint), std::move(note)};
}

/// "outside 0 V .. 5 V", "but must be above 0 s"
std::string describe_range(const Row& row) {
    const std::string text = row.range.text(row.dimension);
    return (text.find(" .. ") == std::string::npos ? "but must be " : "outside ") + text;
}

ScalarResult in_range(const Row& row, double x, Value value) {
    if (row.range.contains(x)) {
        return {std::move(value), {}, {}, {}};
    }
    return wrong(fmt::format("is {}, {}", value_text(row, value), describe_range(row)));
}

ScalarResult quantity(const Row& row, const std::string& text) {
    if (row.unlimited && text == "unlimited") {
        return {Value(std::numeric_limits<double>::infinity()), {}, {}, {}};
    }
    const ParsedQuantity parsed = parse_quantity(text, row.dimension, row.dbm);
    if (!parsed.value) {
        return wrong(parsed.message, parsed.hint);
    }
    return in_range(row, *parsed.value, Value(*parsed.value));
}

ScalarResult integer(const Row& row, const std::string& text) {
    const ParsedInteger parsed = parse_integer(text);
    if (!parsed.value) {
        return wrong("must be a whole number, but " + parsed.message);
    }
    return in_range(row, static_cast<double>(*parsed.value),
                    Value(static_cast<std::int64_t>(*parsed.value)));
}

ScalarResult boolean(const std::string& text) {
    if (text == "true" || text == "false") {
        return {Value(text == "true"), {}, {}, {}};
    }
    // YAML 1.1 and 1.2 disagree on the other words; one spelling means the same to every tool.
    for (const char* yes : {"yes", "Yes", "YES", "on", "On", "ON", "True", "TRUE", "y", "1"}) {
        if (text == yes) {
            return wrong(fmt::format("is '{}', but truth values are true and false", text),
                         "write true");
        }
    }
    for (const char* no : {"no", "No", "NO", "off", "Off", "OFF", "False", "FALSE", "n", "0"}) {
        if (text == no) {
            return wrong(fmt::format("is '{}', but truth values are true and false", text),
                         "write false");
        }
    }
    return wrong(fmt::format("is '{}', but truth values are true and false", text));
}

ScalarResult name(const Row& row, const std::string& text) {
    for (const std::string& known : row.names) {
        if (known == text) {
            return {Value(text), {}, {}, {}};
        }
    }
    return wrong(fmt::format("cannot be '{}'", text), did_you_mean(text, row.names),
                 (row.names.size() == 1 ? "possible: " : "one of ") + joined(row.names) +
                     (row.table ? ", or a mapping" : ""));
}

}  // namespace

ScalarResult read_scalar_text(const Row& row, const std::string& text) {
    switch (row.kind) {
        case RowKind::quantity:
            return quantity(row, text);
        case RowKind::integer:
            return integer(row, text);
        case RowKind::boolean:
            return boolean(text);
        case RowKind::name:
            return name(row, text);
        default:
            return text.empty() ? wrong("is an empty text") : ScalarResult{Value(text), {}, {}, {}};
    }
}

}  // namespace ebb
