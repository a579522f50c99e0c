// SPDX-License-Identifier: Apache-2.0
/// What a run did to the non-volatile memory: bytes read and written, and wear per buffer.
///
/// Wear is exact by run-length: writing [lo, lo + len) `times` times changes a difference array at
/// two places, whatever the length; the worst cell is a prefix sum at the end of the run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ebb {

class NvmAccount {
public:
    /// A buffer of so many bytes; returns its number.
    std::size_t add_buffer(std::string name, std::int64_t bytes);
    /// So many bits are moved for each bit of payload (an error-correcting code).
    void expand(double factor) noexcept { expansion_ = factor; }
    void read(double bytes) noexcept { read_bytes_ += bytes; }
    /// Payload written without a place (its wear is booked by `wear`).
    void written(double bytes) noexcept { written_bytes_ += bytes; }
    void wear(std::size_t buffer, std::int64_t lo, std::int64_t len, std::int64_t times);

    [[nodiscard]] double read_bytes() const noexcept { return expansion_ * read_bytes_; }
    [[nodiscard]] double written_bytes() const noexcept { return expansion_ * written_bytes_; }
    [[nodiscard]] std::int64_t max_writes_per_cell() const;

private:
    struct Cells {
        std::string name;
        std::vector<std::int64_t> change;  ///< difference array, one entry per byte and one behind
    };
    std::vector<Cells> buffers_;
    double expansion_ = 1.0;
    double read_bytes_ = 0.0;
    double written_bytes_ = 0.0;
};

}  // namespace ebb
