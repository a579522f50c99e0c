// SPDX-License-Identifier: Apache-2.0
#include "sim/device/kernel.hpp"

static_assert(SC_VERSION_MAJOR == 2 && SC_VERSION_MINOR == 3 && SC_VERSION_PATCH == 4,
              "renewing the kernel context is verified for SystemC 2.3.4 only");

// The SystemC library needs this symbol; the program has a main of its own. It must stand in an
// object that is linked for another reason.
int sc_main(int, char**) { return 0; }

namespace ebb {

void Kernel::renew() {
    using namespace sc_core;
    // The first context must outlive the process: sc_event::none and others keep pointing into it.
    static const sc_simcontext* const first = [] {
        sc_report_handler::set_actions(SC_INFO, SC_DO_NOTHING);
        sc_report_handler::set_actions(SC_WARNING, SC_THROW);
        sc_report_handler::set_actions(SC_ERROR, SC_THROW);
        sc_report_handler::set_actions(SC_FATAL, SC_THROW);
        return sc_get_curr_simcontext();
    }();
    if (sc_curr_simcontext != first) {
        delete sc_curr_simcontext;  // while it is still the current one
    }
    sc_curr_simcontext = new sc_simcontext;
    sc_default_global_context = sc_curr_simcontext;
    sc_set_time_resolution(1, SC_NS);  // before any sc_time
}

void Kernel::start() { sc_core::sc_start(); }

AgendaDriver::AgendaDriver(sc_core::sc_module_name name, Agenda& agenda,
                           std::function<void()> on_wake)
    : sc_module(name), agenda_(agenda), on_wake_(std::move(on_wake)), due_("due") {
    SC_HAS_PROCESS(AgendaDriver);
    SC_METHOD(wake);
    sensitive << due_;
}

void AgendaDriver::wake() {
    try {
        if (!started_) {
            started_ = true;
            agenda_.start();
        }
        ++events_;
        const auto now = static_cast<std::int64_t>(sc_core::sc_time_stamp().value());
        const Time next = run_ahead(now);
        if (on_wake_) {
            on_wake_();
        }
        // Once the agenda is finished, one more activation brings the kernel's clock to the end.
        const std::int64_t due = agenda_.finished() ? agenda_.now().ceil_ns() : next.ceil_ns();
        if (next == Time::never() && (!agenda_.finished() || due <= now)) {
            return;  // no event is left: the kernel returns
        }
        due_.notify(sc_core::sc_time::from_value(static_cast<sc_dt::uint64>(due - now)));
    } catch (...) {
        // The kernel would lose the type; keep it and let the kernel run dry.
        error_ = std::current_exception();
    }
}

Time AgendaDriver::run_ahead(std::int64_t now) {
    Time next = agenda_.run_until(now);
    for (int i = 0; i < kMostAhead && next != Time::never(); ++i) {
        const std::int64_t due = next.ceil_ns();
        const sc_core::sc_time ahead =
            sc_core::sc_time::from_value(static_cast<sc_dt::uint64>(due - now));
        if (sc_core::sc_time_to_pending_activity() <= ahead) {
            break;  // somebody else is first, and may want to see this device as it is then
        }
        next = agenda_.run_until(due);
    }
    return next;
}

void AgendaDriver::rethrow() const {
    if (error_) {
        std::rethrow_exception(error_);
    }
}

}  // namespace ebb
