// SPDX-License-Identifier: Apache-2.0
#include "sim/analysis/optimum.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "models/core/error.hpp"
#include "sim/analysis/pareto.hpp"
#include "sim/device/run.hpp"

namespace ebb {

namespace {

constexpr double kBehindAll = 1e30;

[[noreturn]] void refuse(const std::string& text, std::string message) {
    throw InputError(
        {{{"--over", 1, 1, text, static_cast<int>(std::max<std::size_t>(text.size(), 1))},
          std::move(message),
          "as in store.capacitance=10uF..1mF or checkpoint.policy=jit|none",
          ""}});
}

std::string trimmed(std::string text) {
    text.erase(0, text.find_first_not_of(' '));
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> parts;
    std::size_t from = 0;
    for (std::size_t to = text.find(at);; to = text.find(at, from)) {
        parts.push_back(trimmed(text.substr(from, to - from)));
        if (to == std::string::npos) {
            return parts;
        }
        from = to + 1;
    }
}

double four_digits(double x) { return std::strtod(fmt::format("{:.3e}", x).c_str(), nullptr); }

}  // namespace

OpenKey open_key(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
        refuse(text, "names no key");
    }
    OpenKey key;
    key.path = trimmed(text.substr(0, equals));
    const std::string values = text.substr(equals + 1);
    const std::size_t dots = values.find("..");
    if (dots == std::string::npos) {
        key.words = split(values, '|');
        if (key.words.size() < 2 || std::any_of(key.words.begin(), key.words.end(),
                                                [](const auto& w) { return w.empty(); })) {
            refuse(text, "has neither a range nor a choice");
        }
        return key;
    }
    const std::string low = trimmed(values.substr(0, dots)),
                      high = trimmed(values.substr(dots + 2));
    for (int d = 0; d <= static_cast<int>(Dimension::capacitance_per_volt); ++d) {
        const auto dimension = static_cast<Dimension>(d);
        const auto a = parse_quantity(low, dimension).value,
                   b = parse_quantity(high, dimension).value;
        if (a && b && *a < *b) {
            key.low = *a;
            key.high = *b;
            key.dimension = dimension;
            return key;
        }
    }
    refuse(text, "has no two ascending quantities of one kind");
}

Optimum::Optimum(Read read, std::vector<OpenKey> keys, const std::vector<Aim>& aims,
                 const std::string& condition, double share, std::size_t starts)
    : read_(std::move(read)),
      keys_(std::move(keys)),
      aims_(aims),
      own_(read_({})),
      where_(own_, Starts::Kind::spread),
      share_(share),
      starts_(where_.single() ? 1 : starts) {
    std::vector<Mistake> mistakes;
    for (const Aim& aim : aims_) {
        try {
            formulas_.emplace_back(aim.text, own_, aim.maximise ? "--maximize" : "--minimize");
        } catch (const InputError& error) {
            mistakes.insert(mistakes.end(), error.mistakes().begin(), error.mistakes().end());
        }
    }
    if (!condition.empty()) {
        try {
            condition_.emplace(condition, own_, false);
        } catch (const InputError& error) {
            mistakes.insert(mistakes.end(), error.mistakes().begin(), error.mistakes().end());
        }
    }
    if (!mistakes.empty()) {
        throw InputError(mistakes);
    }
}

std::vector<std::string> Optimum::settings_of(const std::vector<double>& x) const {
    std::vector<std::string> settings;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
        const OpenKey& key = keys_[i];
        if (key.listed()) {
            const auto place = static_cast<std::size_t>(std::lround(x[i]));
            settings.push_back(key.path + "=" + key.words[std::min(place, key.words.size() - 1)]);
            continue;
        }
        const double value = key.logarithmic() ? std::exp(x[i]) : x[i];
        settings.push_back(
            key.path + "=" +
            format_quantity(std::clamp(four_digits(value), key.low, key.high), key.dimension));
    }
    return settings;
}

TriedDevice Optimum::judged(std::vector<std::string> settings, std::size_t from) const {
    TriedDevice device;
    device.settings = std::move(settings);
    std::vector<std::vector<double>> values(aims_.size());
    bool complete = true;
    try {
        const Scenario scenario = read_(device.settings);
        for (std::size_t k = 0; k < starts_; ++k) {
            const Result result = run(where_.placed(scenario, from + k), {}, nullptr);
            ++device.runs;
            const bool right =
                condition_ ? condition_->met(result) : result.consistency.violations == 0;
            device.misses += right ? 0 : 1;
            for (std::size_t a = 0; a < aims_.size(); ++a) {
                values[a].push_back(formulas_[a].value(result));
                complete &= !std::isnan(values[a].back());
            }
        }
    } catch (const InputError& error) {
        device.why_not = error.mistakes().front().message;
        return device;
    }
    for (const auto& of_aim : values) {
        device.values.push_back(mean_interval(of_aim));
    }
    const auto runs = static_cast<double>(device.runs);
    device.allowed = complete && static_cast<double>(device.misses) <= (1.0 - share_) * runs;
    return device;
}

std::vector<double> Optimum::to_make_small(const TriedDevice& device) const {
    std::vector<double> out;
    for (std::size_t a = 0; a < aims_.size(); ++a) {
        if (!device.allowed) {
            // Fewer misses are nearer: evolution is led out of what is not allowed.
            const double misses = device.why_not.empty() ? static_cast<double>(device.misses)
                                                         : static_cast<double>(starts_) + 1.0;
            out.push_back(kBehindAll * (1.0 + misses));
        } else {
            out.push_back(aims_[a].maximise ? -device.values[a].mean : device.values[a].mean);
        }
    }
    return out;
}

std::vector<double> Optimum::fitness(const std::vector<double>& x) {
    std::vector<std::string> settings = settings_of(x);
    const auto [at, fresh] = known_.emplace(settings, tried_.size());
    if (fresh) {
        tried_.push_back(judged(std::move(settings), 0));
    }
    return to_make_small(tried_[at->second]);
}

TriedDevice Optimum::fresh(const TriedDevice& device) const {
    return judged(device.settings, where_.single() ? 0 : starts_);
}

std::vector<TriedDevice> Optimum::best() const {
    std::vector<TriedDevice> allowed;
    std::vector<std::vector<double>> rows;
    for (const TriedDevice& device : tried_) {
        if (device.allowed) {
            allowed.push_back(device);
            rows.push_back(to_make_small(device));
        }
    }
    std::vector<TriedDevice> out;
    for (const std::size_t i : non_dominated(rows)) {
        out.push_back(allowed[i]);
        if (aims_.size() == 1) {
            break;  // equal ones follow; the first found will do
        }
    }
    return out;
}

}  // namespace ebb
