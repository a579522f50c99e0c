// SPDX-License-Identifier: Apache-2.0
#include "models/workload/wear_log.hpp"

#include <algorithm>

namespace ebb {

namespace {

/// Sorted by place, one entry each, none of zero.
void fold(std::vector<std::pair<std::int64_t, std::int64_t>>& log) {
    std::sort(log.begin(), log.end());
    std::size_t kept = 0;
    for (std::size_t i = 0; i < log.size();) {
        std::pair<std::int64_t, std::int64_t> sum = log[i];
        for (++i; i < log.size() && log[i].first == sum.first; ++i) {
            sum.second += log[i].second;
        }
        if (sum.second != 0) {
            log[kept++] = sum;
        }
    }
    log.resize(kept);
}

}  // namespace

void WearLog::add(std::int64_t k0, std::int64_t k1) {
    if (k0 >= k1) {
        return;
    }
    if (k0 == to_ && to_ > from_) {
        to_ = k1;
    } else {
        if (to_ > from_) {
            log_.emplace_back(from_, 1);
            log_.emplace_back(to_, -1);
        }
        from_ = k0;
        to_ = k1;
    }
    if (from_ == 0 && to_ == executions_) {
        ++whole_;
        from_ = to_ = 0;
    }
    constexpr std::size_t kFoldAt = 4096;
    if (log_.size() > std::max(kFoldAt, 2 * folded_)) {
        fold(log_);
        folded_ = log_.size();
    }
}

std::vector<WearLog::Change> WearLog::changes() const {
    std::vector<Change> all = log_;
    if (to_ > from_) {
        all.emplace_back(from_, 1);
        all.emplace_back(to_, -1);
    }
    fold(all);
    return all;
}

}  // namespace ebb
