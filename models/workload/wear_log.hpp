// SPDX-License-Identifier: Apache-2.0
/// How often each execution of a leaf has happened, by run-lengths: what the wear of its cells is
/// reckoned from at the end of a run.
///
/// A stretch of work executes a leaf for consecutive k, so that it costs two numbers, however long
/// it is; whole passes of a job are counted. Cells are only looked at when somebody asks.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace ebb {

class WearLog {
public:
    /// A leaf of so many executions per job.
    explicit WearLog(std::int64_t executions) : executions_(executions) {}
    /// Executions [k0, k1) have happened once more.
    void add(std::int64_t k0, std::int64_t k1);
    /// Calls f(k0, k1, times) for consecutive ranges, in order, where times > 0.
    template <class F>
    void for_each(F&& f) const {
        std::int64_t times = whole_;
        std::int64_t from = 0;
        for (const auto& [k, change] : changes()) {
            if (times > 0 && k > from) {
                f(from, k, times);
            }
            times += change;
            from = k;
        }
        if (times > 0 && from < executions_) {
            f(from, executions_, times);
        }
    }

private:
    using Change = std::pair<std::int64_t, std::int64_t>;  ///< at k, by so many
    [[nodiscard]] std::vector<Change> changes() const;

    std::int64_t executions_;
    std::int64_t whole_ = 0;          ///< passes over all executions
    std::int64_t from_ = 0, to_ = 0;  ///< range in hand, still growing
    std::vector<Change> log_;         ///< folded when it has grown
    std::size_t folded_ = 0;
};

}  // namespace ebb
