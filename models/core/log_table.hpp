// SPDX-License-Identifier: Apache-2.0
/// A measured curve over a quantity that spans decades: y straight in ln x between the points, the
/// nearest point's y outside. Data sheets plot efficiencies over such axes.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace ebb {

class LogTable {
public:
    LogTable() = default;
    /// At least one point, x above 0 and increasing: checked by whoever reads them.
    LogTable(const std::vector<double>& x, std::vector<double> y) : y_(std::move(y)) {
        log_x_.reserve(x.size());
        for (const double value : x) {
            log_x_.push_back(std::log(value));
        }
    }

    [[nodiscard]] bool empty() const noexcept { return y_.empty(); }
    [[nodiscard]] double at(double x) const noexcept {
        const double log_x = std::log(x);
        if (!(log_x > log_x_.front())) {
            return y_.front();
        }
        if (log_x >= log_x_.back()) {
            return y_.back();
        }
        const auto after = std::upper_bound(log_x_.begin() + 1, log_x_.end() - 1, log_x);
        const auto k = static_cast<std::size_t>(after - log_x_.begin());
        const double share = (log_x - log_x_[k - 1]) / (log_x_[k] - log_x_[k - 1]);
        return y_[k - 1] + share * (y_[k] - y_[k - 1]);
    }

private:
    std::vector<double> log_x_, y_;
};

}  // namespace ebb
