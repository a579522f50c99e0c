// SPDX-License-Identifier: Apache-2.0
/// A recording that is read by blocks, because it need not fit into memory.
#pragma once

#include "models/core/series.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace ebb {

class BlockRecording {
public:
    BlockRecording() = default;
    virtual ~BlockRecording() = default;
    BlockRecording(const BlockRecording&) = delete;
    BlockRecording& operator=(const BlockRecording&) = delete;

    [[nodiscard]] virtual Quantity quantity() const = 0;
    [[nodiscard]] virtual const Bounds& bounds() const = 0;
    /// Hands over all samples in order, block by block. Throws InputError on one that cannot be.
    virtual void stream(const std::function<void(const double*, std::size_t)>& add) = 0;
    /// The rules that were applied, after stream().
    [[nodiscard]] virtual const std::vector<std::string>& notes() const = 0;
};

}  // namespace ebb
