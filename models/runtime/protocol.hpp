// SPDX-License-Identifier: Apache-2.0
/// What a runtime does to non-volatile memory around the work: ordered primitive operations, and
/// nothing else. Each costs time and energy from the NVM part; a power failure cuts the list at a
/// word: words before it are new, words after it old.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ebb {

enum class NvOpKind : unsigned char { write, read, copy };
/// How an operation of recover() grows with k, the units of the layer in hand that are durable: a
/// search through the outputs done so far reads k times `len`, or log2(k + 1) rounded up. Or
/// whether it is there at all: only where the unit that goes on keeps an undo log, to ask whether
/// it was cut behind it; only where it was, to put back what the log holds.
enum class Growth : unsigned char { none, linear, logarithmic, ask_undo, put_back };

/// What an operation costs by the platform's own measurement, in place of the NVM part's; all that
/// the processor draws meanwhile is in it.
struct OpPrice {
    double time_s = 0.0, energy_j = 0.0;
};

struct NvOp {
    NvOpKind kind = NvOpKind::write;
    std::string what;  ///< "progress record", "registers", ...
    int slot = 0;      ///< of the protocol's own buffer; -1 = alternates with every use
    std::int64_t lo = 0;
    std::int64_t len = 0;   ///< bytes
    bool if_found = false;  ///< recover(): only if the reads before it found something durable
    std::optional<OpPrice> price = {};
    Growth growth = Growth::none;
    /// Of a snapshot: its slot counts as whole by what this writes. Without any such operation a
    /// slot is whole once all of it is there.
    bool header = false;
};

/// The ordered operations of one runtime for one program.
struct Protocol {
    std::vector<NvOp> commit;         ///< makes the work up to the border durable
    std::vector<NvOp> snapshot;       ///< saves the volatile state
    std::vector<NvOp> recover;        ///< after a boot: finds and restores what is durable
    std::int64_t record_bytes = 0;    ///< one slot of the commit record
    std::int64_t snapshot_bytes = 0;  ///< one slot of the snapshot
    [[nodiscard]] std::int64_t nvm_bytes() const noexcept {
        return 2 * (record_bytes + snapshot_bytes);
    }
};

}  // namespace ebb
