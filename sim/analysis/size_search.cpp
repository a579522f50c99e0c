// SPDX-License-Identifier: Apache-2.0
#include "sim/analysis/size_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

namespace ebb {

namespace {

/// Works on places counted from the wanted end: place 0 is the best that could be.
class Search {
public:
    Search(const std::vector<double>& values, const std::function<Trial(double)>& judge,
           bool largest)
        : values_(values), judge_(judge), largest_(largest) {}

    SearchResult run(const SearchOptions& options) {
        const std::size_t last = values_.size() - 1;
        std::optional<std::size_t> first;
        for (std::size_t probes = options.probes;; probes = 2 * probes - 1) {
            for (const std::size_t place : spread(probes)) {
                if (meets(place) && !first) {
                    first = place;
                }
            }
            if (first || probes > last || 2 * probes - 1 > options.most_probes) {
                break;
            }
        }
        SearchResult out;
        if (first) {
            const std::size_t place = bisect(*first);
            out.found = known_.at(place);
            if (place > 0) {
                out.beyond = known_.at(place - 1);
            }
            for (const auto& [at, trial] : known_) {
                out.monotone &= at < place ? !trial.meets : trial.meets;
            }
        }
        for (const auto& [at, trial] : known_) {
            out.trials.push_back(trial);
        }
        std::sort(out.trials.begin(), out.trials.end(),
                  [](const Trial& a, const Trial& b) { return a.value < b.value; });
        return out;
    }

private:
    [[nodiscard]] std::vector<std::size_t> spread(std::size_t probes) const {
        const std::size_t last = values_.size() - 1;
        const std::size_t steps = std::max<std::size_t>(1, std::min(probes - 1, last));
        std::vector<std::size_t> places;
        for (std::size_t i = 0; i <= steps; ++i) {
            const std::size_t place = i * last / steps;
            if (places.empty() || places.back() != place) {
                places.push_back(place);
            }
        }
        return places;
    }

    bool meets(std::size_t place) {
        const auto at = known_.find(place);
        if (at != known_.end()) {
            return at->second.meets;
        }
        const double value = values_[largest_ ? values_.size() - 1 - place : place];
        return known_.emplace(place, judge_(value)).first->second.meets;
    }

    /// The nearest known place before `first` does not meet the goal.
    std::size_t bisect(std::size_t first) {
        const auto at = known_.find(first);
        if (at == known_.begin()) {
            return first;
        }
        std::size_t fails = std::prev(at)->first;
        while (first - fails > 1) {
            const std::size_t middle = fails + (first - fails) / 2;
            (meets(middle) ? first : fails) = middle;
        }
        return first;
    }

    const std::vector<double>& values_;
    const std::function<Trial(double)>& judge_;
    bool largest_;
    std::map<std::size_t, Trial> known_;
};

double rounded(double value, int digits) {
    return std::strtod(fmt::format("{:.{}e}", value, digits - 1).c_str(), nullptr);
}

}  // namespace

SearchResult search_size(const std::vector<double>& values,
                         const std::function<Trial(double)>& judge, const SearchOptions& options) {
    return values.empty() ? SearchResult{} : Search(values, judge, options.largest).run(options);
}

std::vector<double> ladder(double low, double high, double resolution) {
    const bool ratios = low > 0.0;
    // Rounding may widen a step a little: a tenth less leaves room for it.
    const double room = 0.9 * resolution;
    const double wanted = ratios ? std::log(high / low) / std::log1p(room) : 1.0 / room;
    const auto steps = static_cast<std::size_t>(std::max(1.0, std::ceil(wanted)));
    const int digits = static_cast<int>(std::ceil(-std::log10(resolution))) + 3;
    std::vector<double> values = {low};
    for (std::size_t i = 1; i < steps; ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(steps);
        const double value = rounded(
            ratios ? low * std::pow(high / low, share) : low + share * (high - low), digits);
        if (value > values.back() && value < high) {
            values.push_back(value);
        }
    }
    if (high > low) {
        values.push_back(high);
    }
    return values;
}

}  // namespace ebb
