// SPDX-License-Identifier: Apache-2.0
/// What reading found, by path ("mcu.turn_on", "workload.tasks[0].time"): values in SI with the
/// place they stand, and the mappings. Values that were wrong are not there; defaults are.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "models/core/param_table.hpp"
#include "sim/scenario/document.hpp"

namespace ebb {

class Facts {
public:
    void set(const std::string& path, Value value, const Spot& spot) {
        values_.insert_or_assign(path, Fact{std::move(value), spot});
    }
    void set_default(const std::string& path, Value value) {
        values_.insert_or_assign(path, Fact{std::move(value), {}});
    }
    /// The key of a value or block that was given, right or wrong.
    void set_given(const std::string& path, const Spot& key) { keys_.insert_or_assign(path, key); }

    [[nodiscard]] bool given(std::string_view path) const {
        return keys_.find(path) != keys_.end();
    }
    /// A block that was there and is a mapping.
    void set_block(const std::string& path) { set_default(path, Value(true)); }
    /// Was it right, or is it a default?
    [[nodiscard]] bool known(std::string_view path) const {
        return values_.find(path) != values_.end();
    }
    [[nodiscard]] std::optional<double> number(std::string_view path) const {
        const auto it = values_.find(path);
        if (it == values_.end()) {
            return std::nullopt;
        }
        if (const auto* x = std::get_if<double>(&it->second.value)) {
            return *x;
        }
        if (const auto* n = std::get_if<std::int64_t>(&it->second.value)) {
            return static_cast<double>(*n);
        }
        return std::nullopt;
    }
    [[nodiscard]] std::string text(std::string_view path) const {
        const auto it = values_.find(path);
        const auto* t = it == values_.end() ? nullptr : std::get_if<std::string>(&it->second.value);
        return t == nullptr ? std::string() : *t;
    }
    /// Where the value stands; else its key; else the nearest block around it that was given.
    [[nodiscard]] Place place(std::string path) const {
        const auto value = values_.find(path);
        if (value != values_.end() && value->second.spot.source) {
            return value->second.spot.place();
        }
        for (;;) {
            const auto key = keys_.find(path);
            if (key != keys_.end()) {
                return key->second.place();
            }
            const std::size_t cut = path.find_last_of(".[");
            if (cut == std::string::npos) {
                return {top.source ? top.source->name : std::string(), 0, 0, {}, 1};
            }
            path.resize(cut);
        }
    }
    /// Where the key stands, rather than its value.
    [[nodiscard]] Place key_place(const std::string& path) const {
        const auto key = keys_.find(path);
        return key == keys_.end() ? place(path) : key->second.place();
    }
    /// The text in which a value or key stands; null for defaults.
    [[nodiscard]] SourceRef source_of(std::string_view path) const {
        const auto value = values_.find(path);
        if (value != values_.end() && value->second.spot.source) {
            return value->second.spot.source;
        }
        const auto key = keys_.find(path);
        return key == keys_.end() ? nullptr : key->second.source;
    }
    Spot top;  ///< start of the scenario

private:
    struct Fact {
        Value value;
        Spot spot;
    };
    std::map<std::string, Fact, std::less<>> values_;
    std::map<std::string, Spot, std::less<>> keys_;
};

}  // namespace ebb
