// SPDX-License-Identifier: Apache-2.0
/// A few independent questions on all cores. SystemC has one kernel per process, so that what runs
/// at once are processes: this one and forked ones; each takes the next question when it is done
/// with one. (A sweep, which survives what a run does
/// to a process, has sim/sweep/worker_pool.hpp.)
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace ebb {

/// Processors that this process may use: a batch system hands out fewer than there are.
[[nodiscard]] std::size_t usable_processors();

using Question = std::function<std::string(std::size_t)>;

/// Answers of f(0) .. f(n - 1), in that order, from so many processes; with one, and for a single
/// question, from this one. Throws std::runtime_error with the message of what an f threw (of one
/// process, what it threw), or with what ended another process; std::system_error where no process
/// can be made.
[[nodiscard]] std::vector<std::string> forked_map(std::size_t n, std::size_t processes,
                                                  const Question& f);

/// The same of what `begin` gives, which each process calls once, and this one first: the others
/// wait until it has, and are not begun if it throws. What it makes is then nobody's but the
/// process's own. (To share it costs more where it is small and in use: each page of memory is
/// copied when one of two processes that share it writes to it.)
[[nodiscard]] std::vector<std::string> forked_map(std::size_t n, std::size_t processes,
                                                  const std::function<Question()>& begin);

}  // namespace ebb
