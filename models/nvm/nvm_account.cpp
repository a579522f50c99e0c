// SPDX-License-Identifier: Apache-2.0
#include "models/nvm/nvm_account.hpp"

#include <algorithm>

#include "models/core/error.hpp"

namespace ebb {

std::size_t NvmAccount::add_buffer(std::string name, std::int64_t bytes) {
    buffers_.push_back(
        {std::move(name), std::vector<std::int64_t>(static_cast<std::size_t>(bytes) + 1)});
    return buffers_.size() - 1;
}

void NvmAccount::wear(std::size_t buffer, std::int64_t lo, std::int64_t len, std::int64_t times) {
    std::vector<std::int64_t>& change = buffers_.at(buffer).change;
    if (lo < 0 || len < 0 || lo + len >= static_cast<std::int64_t>(change.size())) {
        throw Defect("a write leaves the NVM buffer " + buffers_[buffer].name);
    }
    change[static_cast<std::size_t>(lo)] += times;
    change[static_cast<std::size_t>(lo + len)] -= times;
}

std::int64_t NvmAccount::max_writes_per_cell() const {
    std::int64_t worst = 0;
    for (const Cells& cells : buffers_) {
        std::int64_t writes = 0;
        for (const std::int64_t step : cells.change) {
            writes += step;
            worst = std::max(worst, writes);
        }
    }
    return worst;
}

}  // namespace ebb
