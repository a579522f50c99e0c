// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/axis_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "models/core/nearest.hpp"
#include "sim/sweep/e_series.hpp"

namespace ebb {

const std::vector<DocEntry>& NodeReader::map(const DocNode& node, const std::string& path) {
    if (node.kind != DocNode::Kind::map) {
        mistakes_.add(node.spot.place(),
                      fmt::format("{} must be a mapping, not {}", path, node.kind_text()));
        return none_;
    }
    return node.entries;
}

void NodeReader::keys(const DocNode& map, const std::string& path,
                      const std::vector<std::string>& known) {
    for (const DocEntry& entry : map.entries) {
        if (std::find(known.begin(), known.end(), entry.key) == known.end()) {
            mistakes_.add(entry.spot.place(),
                          fmt::format("unknown key '{}' in {}", entry.key, path),
                          did_you_mean(entry.key, known),
                          fmt::format("{} takes: {} (see docs/sweeps.md)", path, joined(known)));
        }
    }
}

std::optional<std::string> NodeReader::text(const DocEntry& entry, const std::string& path) {
    if (entry.value.kind != DocNode::Kind::scalar) {
        mistakes_.add(
            entry.value.spot.source ? entry.value.spot.place() : entry.spot.place(),
            fmt::format("{} must be a single value, not {}", path, entry.value.kind_text()));
        return std::nullopt;
    }
    return entry.value.text;
}

std::optional<std::string> NodeReader::word(const DocNode& map, const std::string& path,
                                            const std::string& key,
                                            const std::vector<std::string>& words) {
    const DocEntry* entry = map.find(key);
    if (entry == nullptr) {
        if (map.kind == DocNode::Kind::map) {
            mistakes_.add(map.spot.place(), fmt::format("{} needs '{}'", path, key),
                          fmt::format("{}: {}", key, joined(words, " | ")));
        }
        return std::nullopt;
    }
    const auto given = text(*entry, path + "." + key);
    if (given && std::find(words.begin(), words.end(), *given) == words.end()) {
        mistakes_.add(
            entry->value.spot.place(), fmt::format("{}.{} cannot be '{}'", path, key, *given),
            did_you_mean(*given, words), fmt::format("{}: {}", key, joined(words, " | ")));
        return std::nullopt;
    }
    return given;
}

std::optional<long long> NodeReader::whole(const DocNode& map, const std::string& path,
                                           const std::string& key, double least, double most) {
    const DocEntry* entry = map.find(key);
    if (entry == nullptr) {
        if (map.kind == DocNode::Kind::map) {
            mistakes_.add(map.spot.place(),
                          fmt::format("{} needs '{}', a whole number", path, key));
        }
        return std::nullopt;
    }
    const auto given = text(*entry, path + "." + key);
    if (!given) {
        return std::nullopt;
    }
    const ParsedInteger number = parse_integer(*given);
    if (!number.value) {
        mistakes_.add(entry->value.spot.place(),
                      fmt::format("{}.{} {}", path, key, number.message));
        return std::nullopt;
    }
    const auto x = static_cast<double>(*number.value);
    if (x < least || x > most) {
        mistakes_.add(entry->value.spot.place(),
                      fmt::format("{}.{} is {}, outside {:.0f} .. {:.15g}", path, key,
                                  *number.value, least, most));
        return std::nullopt;
    }
    return number.value;
}

std::optional<double> NodeReader::quantity(const DocEntry& entry, const std::string& path,
                                           Dimension d, double least, double most) {
    const auto given = text(entry, path);
    if (!given) {
        return std::nullopt;
    }
    const ParsedQuantity number = parse_quantity(*given, d);
    if (!number.value) {
        mistakes_.add(entry.value.spot.place(), fmt::format("{} {}", path, number.message),
                      number.hint);
        return std::nullopt;
    }
    if (*number.value < least || *number.value > most) {
        mistakes_.add(
            entry.value.spot.place(),
            fmt::format("{} is {}, outside {} .. {}", path, format_quantity(*number.value, d),
                        format_quantity(least, d), format_quantity(most, d)));
        return std::nullopt;
    }
    return number.value;
}

bool NodeReader::ends(const DocNode& node, const std::string& path, AxisSpec& axis) {
    bool good = true;
    for (const char* key : {"from", "to"}) {
        const DocEntry* entry = node.find(key);
        if (entry == nullptr) {
            mistakes_.add(node.spot.place(), fmt::format("{} needs '{}'", path, key),
                          "from: 10 uF, to: 1 mF");
            good = false;
        } else if (!text(*entry, path + "." + key)) {
            good = false;
        } else {
            (key[0] == 'f' ? axis.from : axis.to) = entry->value;
        }
    }
    return good;
}

void NodeReader::range(const DocNode& node, AxisSpec& axis, bool sampled) {
    axis.kind = AxisSpec::Kind::range;
    const std::string path = axis.path + ": range";
    static_cast<void>(map(node, path));
    keys(node, path,
         sampled ? std::vector<std::string>{"from", "to", "scale"}
                 : std::vector<std::string>{"from", "to", "count", "scale"});
    if (node.kind != DocNode::Kind::map) {
        axis.sound = false;
        return;
    }
    axis.sound = ends(node, path, axis);
    if (!sampled) {
        // Without a count it is its two ends: of them more can be told.
        axis.count = whole(node, path, "count", 1, 1e9).value_or(2);
    }
    if (node.find("scale") != nullptr) {
        axis.log = word(node, path, "scale", {"linear", "log"}).value_or("") == "log";
    }
}

void NodeReader::series(const DocNode& node, AxisSpec& axis) {
    axis.kind = AxisSpec::Kind::series;
    const std::string path = axis.path + ": series";
    keys(node, path, {"series", "from", "to"});
    axis.sound = ends(node, path, axis);
    const DocEntry& entry = *node.find("series");
    const auto name = text(entry, path);
    if (!name) {
        axis.sound = false;
        return;
    }
    int n = 0;
    const char* const begin = name->data() + 1;
    const char* const end = name->data() + name->size();
    if (name->size() < 2 || (*name)[0] != 'E' || std::from_chars(begin, end, n).ptr != end ||
        !is_e_series(n)) {
        const std::vector<std::string> names = {"E3", "E6", "E12", "E24", "E48", "E96", "E192"};
        mistakes_.add(entry.value.spot.place(), fmt::format("{} cannot be '{}'", path, *name),
                      did_you_mean(*name, names), "series: " + joined(names, " | "));
        n = 192;  // the densest: no second mistake for a lack of values
    }
    axis.series = n;
}

AxisSpec NodeReader::axis(const DocEntry& entry, bool sampled) {
    AxisSpec axis;
    axis.path = entry.key;
    axis.spot = entry.spot;
    const DocNode& node = entry.value;
    if (node.kind == DocNode::Kind::list) {
        axis.values = node.items;
    } else if (node.kind == DocNode::Kind::scalar) {
        axis.values = {node};
    } else if (node.kind == DocNode::Kind::map && node.find("range") != nullptr) {
        keys(node, axis.path, {"range"});
        range(node.find("range")->value, axis, sampled);
    } else if (node.kind == DocNode::Kind::map && node.find("series") != nullptr) {
        series(node, axis);
    } else {
        mistakes_.add(entry.spot.place(), fmt::format("axis '{}' has no values", axis.path),
                      "a list, {range: {from, to, count, scale}} or {series: E12, from, to}");
        axis.sound = false;
        return axis;
    }
    if (axis.kind == AxisSpec::Kind::values && axis.values.empty()) {
        mistakes_.add(entry.spot.place(), fmt::format("axis '{}' has no values", axis.path));
        axis.sound = false;
    }
    for (const DocNode& value : axis.values) {
        if (value.kind == DocNode::Kind::null) {
            mistakes_.add(value.spot.source ? value.spot.place() : entry.spot.place(),
                          fmt::format("axis '{}' has an empty value", axis.path));
            axis.sound = false;
        }
    }
    return axis;
}

std::string flow_text(const DocNode& node) {
    std::string out;
    switch (node.kind) {
        case DocNode::Kind::null:
            return out;
        case DocNode::Kind::scalar:
            return node.text;
        case DocNode::Kind::list:
            for (const DocNode& item : node.items) {
                const bool map = item.kind == DocNode::Kind::map;
                out += (out.empty() ? "" : ", ") +
                       (map ? "{" + flow_text(item) + "}" : flow_text(item));
            }
            return "[" + out + "]";
        case DocNode::Kind::map:
            for (const DocEntry& entry : node.entries) {
                const bool map = entry.value.kind == DocNode::Kind::map;
                const std::string text = flow_text(entry.value);
                out +=
                    (out.empty() ? "" : ", ") + entry.key + ": " + (map ? "{" + text + "}" : text);
            }
            return out;
    }
    return out;
}

}  // namespace ebb
