// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/platform_commits_reader.hpp"

namespace ebb {

namespace {

constexpr double kMostWords = 1e9;

RowOf<CommitCount> words(const char* key, std::int64_t CommitCount::*member, const char* text) {
    return param(key, member, 0, range(0, kMostWords), text);
}

const ParamTable<CommitCount>& count_table() {
    using C = CommitCount;
    static const ParamTable<C> kTable = {
        param("runtime", &C::runtime, required, "the runtime, such as sonic"),
        param("operation", &C::operation, required, "the kind of operation, such as sparse_fc"),
        words("per_mac", &C::per_mac, "stored for each multiply-accumulate"),
        words("per_output", &C::per_output, "stored for each output"),
        words("per_row", &C::per_row, "stored for each row"),
        words("per_empty_row", &C::per_empty_row, "stored for each row without a non-zero weight"),
        words("per_channel", &C::per_channel, "stored for each channel"),
        words("per_tile", &C::per_tile, "stored for each tile"),
        words("log_once", &C::log_once, "logged once for the operation"),
        words("log_per_mac", &C::log_per_mac, "logged for each multiply-accumulate"),
        words("log_per_output", &C::log_per_output, "logged for each output of a tile"),
        words("log_per_tile", &C::log_per_tile, "logged for each tile"),
        words("log_per_pass", &C::log_per_pass, "logged for each pass"),
        words("log_per_group", &C::log_per_group, "logged for each group but the last"),
        words("log_last_group", &C::log_last_group, "logged for the last group"),
        param("group", &C::group, optional, "what a group is"),
        param("passes", &C::passes, optional, "how many passes there are"),
        param("order", &C::order, optional, "order of the words of one multiply-accumulate"),
        param("when", &C::when, optional, "condition under which the operation runs"),
        param("restart_loss", &C::restart_loss, optional, "work that a power failure costs"),
    };
    return kTable;
}

}  // namespace

const ParamTable<CommitCounts>& commits_table() {
    using C = CommitCounts;
    const Range count = range(0, kMostWords);
    static const ParamTable<C> kTable = {
        param("source", &C::source, required, "what was counted"),
        param("log_word_while_logging", &C::log_word_while_logging, required, count,
              "words stored when one word is logged"),
        param("log_word_at_commit", &C::log_word_at_commit, required, count,
              "words stored when a logged word is committed"),
        param("task_transition", &C::task_transition_words, required, count,
              "words stored when the next task begins"),
        param("operation_end", &C::operation_end_words, 0, count,
              "words zeroed when an operation ends"),
        param("operation_end_log", &C::operation_end_log_words, 0, count,
              "words logged when an operation ends"),
        param("first_tile", &C::first_tile_words, 0, count,
              "length with which a runtime that calibrates its tile starts"),
        param("plane_buffer", &C::plane_buffer_words, 0, count, "buffer of one plane"),
        param("layer_buffer", &C::layer_buffer_words, 0, count, "buffer of one layer"),
        list("counts", &C::counts, count_table(), required, 1, 1000, "words per kind of operation"),
    };
    return kTable;
}

}  // namespace ebb
