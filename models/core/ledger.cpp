// SPDX-License-Identifier: Apache-2.0
#include "models/core/ledger.hpp"

namespace ebb {

const char* name_of(Sink sink) {
    static constexpr std::array<const char*, kSinkCount> kNames = {
        "leakage",       "esr_loss",   "switch_loss", "quiescent",  "regulator_loss", "boot",
        "sleep",         "idle",       "compute",     "nvm_read",   "nvm_write",      "nvm_index",
        "repeated_work", "checkpoint", "restore",     "peripherals"};
    return kNames[static_cast<std::size_t>(sink)];
}

double Ledger::sinks_total() const noexcept {
    Sum total;
    for (const Sum& sink : sinks_) {
        total.add(sink.value());
    }
    return total.value();
}

}  // namespace ebb
