// SPDX-License-Identifier: Apache-2.0
/// How many words a software runtime stores to non-volatile memory per kind of operation: counted
/// from the task bodies of released libraries; the platform file states which, with the commit.
///
///   direct words = per_mac * MACs + per_output * outputs + per_row * rows + ...
///   logged words = log_once + log_per_mac * MACs + ... + log_per_group * (groups - 1)
///                  + log_last_group
///   A logged word costs log_word_while_logging words when it is noted and log_word_at_commit when
///   the list is committed.
///
/// Words are of 16 bits. A count that is not listed is zero because it was counted so.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ebb {

struct CommitCount {
    std::string runtime;    ///< "sonic"
    std::string operation;  ///< "sparse_fc"; MACs of a sparse operation are its non-zeros
    std::int64_t per_mac = 0, per_output = 0, per_row = 0, per_empty_row = 0, per_channel = 0,
                 per_tile = 0;
    std::int64_t log_once = 0, log_per_mac = 0, log_per_output = 0, log_per_tile = 0,
                 log_per_pass = 0, log_per_group = 0, log_last_group = 0;
    std::string group;         ///< what log_per_group counts: "filter element"
    std::string passes;        ///< what log_per_pass counts: "inputs"
    std::string order;         ///< order of the words of one MAC, where the runtime relies on it
    std::string when;          ///< condition under which the operation runs at all
    std::string restart_loss;  ///< "at most one MAC"
};

struct CommitCounts {
    std::string source;
    std::int64_t log_word_while_logging = 0, log_word_at_commit = 0;
    std::int64_t task_transition_words = 0;
    std::int64_t operation_end_words = 0, operation_end_log_words = 0;
    std::int64_t first_tile_words = 0;  ///< length with which a calibrating runtime starts
    std::int64_t plane_buffer_words = 0, layer_buffer_words = 0;
    std::vector<CommitCount> counts;
};

}  // namespace ebb
