// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/schema.hpp"

#include "models/core/nearest.hpp"
#include "sim/scenario/scenario_form.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace ebb {

namespace {

using Json = nlohmann::ordered_json;

void replace_all(std::string& text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

/// A unit as a regular expression, with the spellings that the reader takes as the same.
std::string unit_pattern(const std::string& unit) {
    std::string text = unit;
    if (text.size() > 1 && text.front() == 'u') {
        text.replace(0, 1, "[u\u00B5\u03BC]");
    }
    replace_all(text, "Ohm", "(Ohm|[\u03A9\u2126])");
    replace_all(text, "m2", "m(2|\\^2|\u00B2)");
    return text;
}

std::string number_pattern(bool negative) {
    return std::string("[+") + (negative ? "-" : "") +
           "]?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?";
}

bool takes_bare_number(const Row& row) {
    return row.dimension == Dimension::number || row.dimension == Dimension::ratio;
}

Json value_of(const Value& value, const Row& row) {
    if (row.kind == RowKind::quantity && !takes_bare_number(row)) {
        return value_text(row, value);
    }
    return std::visit([](const auto& v) { return Json(v); }, value);
}

void add_limits(Json& schema, const Range& range) {
    if (std::isfinite(range.low)) {
        schema[range.low_open ? "exclusiveMinimum" : "minimum"] = range.low;
    }
    if (std::isfinite(range.high)) {
        schema[range.high_open ? "exclusiveMaximum" : "maximum"] = range.high;
    }
}

class Writer {
public:
    explicit Writer(const Reference& reference)
        : reference_(reference), suggestions_(reference.suggestions()) {}

    Json write();

private:
    Json object(const Table& table, const std::string& path);
    Json row_schema(const Row& row, const std::string& path);
    Json described(const Row& row, const std::string& path);
    Json quantity(const Row& row);
    Json text(const std::string& path);
    Json word(const Row& row, const std::string& path);
    Json choice(const Row& row, const std::string& path);
    void add_part(Json& object, const Row& row, const std::string& path);

    /// What is required, apart from the shapes, so that `include:` can lift it.
    Json required_in(const Table& table);
    Json required_below(const Row& row);

    const Reference& reference_;
    Suggestions suggestions_;
};

Json Writer::quantity(const Row& row) {
    Json schema;
    if (takes_bare_number(row)) {
        schema["type"] = {"number", "string"};
        add_limits(schema, row.range);
    } else {
        schema["type"] = "string";
    }
    schema["pattern"] = quantity_pattern(row);
    schema["examples"] = {row.fallback ? value_of(*row.fallback, row)
                                       : Json(example_of(row.dimension))};
    return schema;
}

Json Writer::text(const std::string& path) {
    Json schema = {{"type", "string"}};
    if (const auto it = suggestions_.find(path); it != suggestions_.end()) {
        schema["examples"] = it->second;
    }
    return schema;
}

/// A plain text or a fixed set of words; some rows also take a mapping instead.
Json Writer::word(const Row& row, const std::string& path) {
    Json schema =
        row.kind == RowKind::name ? Json{{"type", "string"}, {"enum", row.names}} : text(path);
    if (row.table) {
        return {{"anyOf", {schema, object(*row.table, path)}}};
    }
    return schema;
}

Json Writer::choice(const Row& row, const std::string& path) {
    Json all = Json::array();
    for (const Component* c : reference_.registry->of(row.component_kind)) {
        const Json is_this = {{"const", c->info.name}, {"description", c->info.summary}};
        Json shape = object(*c->table, path);
        shape["properties"][row.tag] = is_this;
        add_part(shape, row, path);
        all.push_back(
            {{"if",
              {{"properties", {{row.tag, {{"const", c->info.name}}}}}, {"required", {row.tag}}}},
             {"then", shape}});
    }
    Json tag = {{"type", "string"},
                {"enum", reference_.registry->names_of(row.component_kind)},
                {"description", "which one; it decides the other keys"}};
    Json schema = {{"type", "object"},
                   {"properties", {{row.tag, tag}}},
                   {"required", {row.tag}},
                   {"allOf", all}};
    if (!row.part_kind.empty()) {  // a data sheet brings the tag
        add_part(schema, row, path);
        schema.erase("required");
        schema["anyOf"] = {{{"required", {row.tag}}}, {{"required", {"part"}}}};
    }
    return schema;
}

void Writer::add_part(Json& object, const Row& row, const std::string& path) {
    if (row.part_kind.empty()) {
        return;
    }
    Json part = text(join_path(path, "part"));
    part["description"] = kPartText;
    object["properties"]["part"] = part;
}

Json Writer::row_schema(const Row& row, const std::string& path) {
    switch (row.kind) {
        case RowKind::quantity:
            return quantity(row);
        case RowKind::integer: {
            // Readers of YAML 1.1 take 1e6 as a text, others as a number.
            Json schema = {{"type", {"integer", "string"}},
                           {"pattern", "^[+]?(0|[1-9][0-9]*)(\\.0+)?([eE][+]?[0-9]+)?$"}};
            add_limits(schema, row.range);
            return schema;
        }
        case RowKind::boolean:
            return {{"type", "boolean"}};
        case RowKind::text:
        case RowKind::file:
        case RowKind::name:
            return word(row, path);
        case RowKind::block: {
            Json schema = object(*row.table, path);
            add_part(schema, row, path);
            return schema;
        }
        case RowKind::list: {
            Json schema = {{"type", "array"}, {"items", object(*row.table, path)}};
            add_part(schema["items"], row, path);
            schema["minItems"] = row.least;
            if (row.most != std::numeric_limits<std::size_t>::max()) {
                schema["maxItems"] = row.most;
            }
            return schema;
        }
        case RowKind::map:
            return {{"type", "object"},
                    {"additionalProperties", {{"type", {"string", "number", "boolean"}}}}};
        case RowKind::choice:
            return choice(row, path);
    }
    return Json::object();
}

Json Writer::described(const Row& row, const std::string& path) {
    Json schema = row_schema(row, path);
    const std::string facts = row_facts(row);
    Json out = {{"description", row.text + (facts.empty() ? "" : " (" + facts + ")")}};
    for (auto& [key, value] : schema.items()) {
        out[key] = value;
    }
    if (row.fallback) {
        out["default"] = value_of(*row.fallback, row);
    } else if (!row.default_choice.empty()) {
        out["default"] = Json{{row.tag, row.default_choice}};
    }
    return out;
}

Json Writer::object(const Table& table, const std::string& path) {
    Json properties = Json::object();
    for (const Row& row : table.rows) {
        properties[row.key] = described(row, join_path(path, row.key));
    }
    return {{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
}

Json Writer::required_below(const Row& row) {
    Json out = Json::object();
    if (row.kind == RowKind::block) {
        out = required_in(*row.table);
        if (!row.part_kind.empty() && !out.empty()) {
            out = {{"if", {{"not", {{"required", {"part"}}}}}}, {"then", out}};
        }
    } else if (row.kind == RowKind::list) {
        const Json items = required_in(*row.table);
        if (!items.empty()) {
            out["items"] = row.part_kind.empty()
                               ? items
                               : Json{{"if", {{"not", {{"required", {"part"}}}}}}, {"then", items}};
        }
    } else if (row.kind == RowKind::choice) {
        Json all = Json::array();
        for (const Component* c : reference_.registry->of(row.component_kind)) {
            const Json needed = required_in(*c->table);
            if (!needed.empty()) {
                Json picked = {{"properties", {{row.tag, {{"const", c->info.name}}}}}};
                if (!row.part_kind.empty()) {
                    picked["required"] = {row.tag};
                    picked["not"] = {{"required", {"part"}}};
                }
                all.push_back({{"if", picked}, {"then", needed}});
            }
        }
        if (!all.empty()) {
            out["allOf"] = all;
        }
    }
    return out;
}

Json Writer::required_in(const Table& table) {
    Json keys = Json::array();
    Json below = Json::object();
    for (const Row& row : table.rows) {
        if (row.presence == Presence::must) {
            keys.push_back(row.key);
        }
        const Json deeper = required_below(row);
        if (!deeper.empty()) {
            below[row.key] = deeper;
        }
    }
    Json out = Json::object();
    if (!keys.empty()) {
        out["required"] = keys;
    }
    if (!below.empty()) {
        out["properties"] = below;
    }
    return out;
}

Json Writer::write() {
    Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                   {"title", "ebb scenario"},
                   {"description",
                    "A batteryless device, its energy source, its work and its "
                    "policies. Every physical value carries its unit."}};
    const Json shape = object(*reference_.scenario, "");
    for (auto& [key, value] : shape.items()) {
        schema[key] = value;
    }
    const Json path = {{"type", "string"}};
    schema["properties"]["include"] = {
        {"description", kIncludeText},
        {"anyOf", {path, {{"type", "array"}, {"items", path}, {"minItems", 1}}}}};
    schema["if"] = {{"not", {{"required", {"include"}}}}};
    schema["then"] = required_in(*reference_.scenario);
    return schema;
}

}  // namespace

std::string quantity_pattern(const Row& row) {
    const bool negative = !(row.range.low >= 0.0);
    std::vector<std::string> units;
    for (const auto& unit : unit_texts(row.dimension)) {
        units.push_back(unit_pattern(unit));
    }
    std::string pattern = number_pattern(negative);
    if (!units.empty()) {
        pattern += "[ \\t]*(" + joined(units, "|") + ")";
        pattern += takes_bare_number(row) ? "?" : "";
    }
    if (row.dbm) {
        pattern = "(" + pattern + "|" + number_pattern(true) + "[ \\t]*dBm)";
    }
    if (row.unlimited) {
        pattern = "(" + pattern + "|unlimited)";
    }
    return "^" + pattern + "$";
}

std::string scenario_schema(const Reference& reference) {
    return Writer(reference).write().dump(2) + "\n";
}

}  // namespace ebb
