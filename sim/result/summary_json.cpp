// SPDX-License-Identifier: Apache-2.0
#include "sim/result/summary_json.hpp"

#include "sim/result/result_table.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <vector>

namespace ebb {

namespace {

using Json = nlohmann::ordered_json;

std::string json_line(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Replaces every NaN and infinity below `json` by null and notes its path.
void remove_non_finite(Json& json, const std::string& path, std::vector<std::string>& removed) {
    if (json.is_number_float() && !std::isfinite(json.get<double>())) {
        json = nullptr;
        removed.push_back(path);
    } else if (json.is_object()) {
        for (auto& [key, value] : json.items()) {
            remove_non_finite(value, path.empty() ? key : path + "." + key, removed);
        }
    } else if (json.is_array()) {
        for (std::size_t i = 0; i < json.size(); ++i) {
            remove_non_finite(json[i], path + "[" + std::to_string(i) + "]", removed);
        }
    }
}

Json not_finite_finding(const std::vector<std::string>& paths, double time_s) {
    std::string text = "These results are not finite numbers and are written as null: ";
    for (std::size_t i = 0; i < paths.size(); ++i) {
        text += (i == 0 ? "" : ", ") + paths[i];
    }
    Json finding = {{"code", "not_finite"}, {"time_s", nullptr}, {"text", text + "."}};
    if (std::isfinite(time_s)) {
        finding["time_s"] = time_s;
    }
    finding["numbers"] = Json::object();
    return finding;
}

void flatten(const Json& json, const std::string& path,
             std::vector<std::pair<std::string, Json>>& flat) {
    if (json.is_object()) {
        for (const auto& [key, value] : json.items()) {
            flatten(value, path.empty() ? key : path + "." + key, flat);
        }
    } else if (json.is_array()) {
        std::string text;
        for (const Json& item : json) {
            text += (text.empty() ? "" : ", ") +
                    (item.is_string() ? item.get<std::string>() : json_line(item));
        }
        flat.emplace_back(path, text);
    } else {
        flat.emplace_back(path, json);
    }
}

}  // namespace

nlohmann::ordered_json summary_json(const Result& result) {
    Json summary = Json::object();
    for (const ResultEntry& entry : result_table()) {
        const std::size_t dot = entry.path.find('.');
        const std::string group(entry.path.substr(0, dot));
        if (dot == std::string_view::npos) {
            summary[group] = entry.get(result);
        } else {
            summary[group][std::string(entry.path.substr(dot + 1))] = entry.get(result);
        }
    }
    std::vector<std::string> removed;
    remove_non_finite(summary, "", removed);
    if (!removed.empty()) {
        summary["findings"].push_back(not_finite_finding(removed, result.time.simulated_s));
    }
    return summary;
}

std::vector<std::pair<std::string, Json>> flat_summary(const Json& summary) {
    std::vector<std::pair<std::string, Json>> flat;
    for (const auto& [group, value] : summary.items()) {
        if (group != "findings" || !value.is_array()) {
            flatten(value, group, flat);
            continue;
        }
        Json counts = Json::object();
        for (const Json& finding : value) {
            const std::string code = finding.is_object() ? finding.value("code", "?") : "?";
            counts[code] = counts.value(code, 0) + 1;
        }
        flatten(counts, group, flat);
    }
    return flat;
}

std::string json_text(const nlohmann::ordered_json& json) {
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ebb
