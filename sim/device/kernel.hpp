// SPDX-License-Identifier: Apache-2.0
/// The SystemC kernel, renewed for every run of a process.
///
/// SystemC keeps one simulation context per process. A new one is made for each run, at 1 ns
/// resolution, after every module of the run before has been destroyed; the process's first context
/// is kept, because kernel globals point into it. This leans on SystemC 2.3.4, is checked at
/// compile time, and lives in this one class.
#pragma once

#include <exception>
#include <functional>
#include <systemc>

#include "models/core/agenda.hpp"

namespace ebb {

class Kernel {
public:
    /// A fresh context. No module of an earlier run may be alive.
    static void renew();
    /// Runs until the agenda is finished or has no entry left.
    static void start();
};

/// Owns the device's one sc_event: wakes at the ceiling of the agenda's first entry and works off
/// what is due. Then it runs ahead of the kernel's clock (temporal decoupling, as in TLM-2.0's
/// loosely timed style): as long as no other process has anything pending before the next entry,
/// going through the kernel would only cost time. The agenda's time is the device's time; the
/// kernel's follows it, at the latest after 64 entries and at the end of the run. Built after all
/// modules of the device.
class AgendaDriver final : public sc_core::sc_module {
public:
    AgendaDriver(sc_core::sc_module_name name, Agenda& agenda, std::function<void()> on_wake);

    /// Rethrows, with its type, what stopped the run.
    void rethrow() const;
    [[nodiscard]] std::uint64_t events() const noexcept { return events_; }

private:
    static constexpr int kMostAhead = 64;  ///< progress is told and the kernel's clock set so often

    void wake();
    /// Works off what is due at `now`, and entries beyond it that nobody else could see.
    Time run_ahead(std::int64_t now);
    Agenda& agenda_;
    std::function<void()> on_wake_;  ///< after each activation: progress lines
    sc_core::sc_event due_;
    std::exception_ptr error_;
    std::uint64_t events_ = 0;
    bool started_ = false;
};

}  // namespace ebb
