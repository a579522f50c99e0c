// SPDX-License-Identifier: Apache-2.0
/// The Mcu as a SystemC module: off, boot, run, save, restore, sleep, and what each draws.
///
///   off --turn_on, rising--> boot --> [recover] --> run <--> sleep (no work, or after a snapshot)
///   any powered state --turn_off, falling--> off; everything volatile is lost
///   run --the trigger shuts down--> off, as after a brown-out, which it is not
///
/// A clock that follows the voltage (McuParams::clocking) arms a watch for the next point below and
/// above while the device works.
///
/// What the trigger answers is done at once (act): a snapshot, a conversion of the voltage, a
/// sleep, a word in non-volatile memory. Its timer is an entry of the agenda; it comes while the
/// device works, or when it works again, and is lost with the power.
///
/// A task whose peripherals draw from capacitors of their own (store.federated) begins when these
/// are charged: until then the device sleeps as it does without work, or leaves the task out
/// (workload.tasks[].uncharged). One that runs empty cuts that task, and not the MCU.
///
/// A falling watch of the trigger interrupts work: at once, or at the end of a phase that must not
/// be interrupted. The trigger is built at boot and destroyed at each power failure.
#pragma once

#include <memory>
#include <optional>
#include <systemc>

#include "models/checkpoint/checkpoint_policy.hpp"
#include "models/core/agenda.hpp"
#include "models/core/decision_observer.hpp"
#include "models/mcu/injected_failures.hpp"
#include "models/mcu/mcu_params.hpp"
#include "models/mcu/traffic_injection.hpp"
#include "models/store/store_module.hpp"
#include "models/workload/plan.hpp"
#include "models/workload/weight_memory.hpp"
#include "models/workload/workload_module.hpp"

namespace ebb {

/// Durations of complete intervals, and what the powered device drew.
struct PowerStats {
    std::int64_t boots = 0, brown_outs = 0, sleeps = 0;
    std::int64_t injected = 0;  ///< failures that the scenario asked for
    std::int64_t waits = 0;     ///< sleeps until a voltage
    std::int64_t wakes = 0;     ///< those of them that the voltage ended
    Sum on_s, off_s;
    std::int64_t complete_on = 0, complete_off = 0;
    Sum complete_on_s, complete_off_s;
    double longest_off_s = 0.0;
    Sum drawn_on_j;                            ///< all load energy while powered
    double best_cycle_drawn_j = 0.0;           ///< largest energy drawn in one complete power cycle
    std::int64_t cycles_without_progress = 0;  ///< at the end of the run
    /// Boots at which the store could not charge the regulator's output capacitor.
    std::int64_t starved_boots = 0;
};

class StoredErrors;

class McuModule final : public sc_core::sc_module, public LoadPort, public WakePort {
public:
    sc_core::sc_port<StorePort> store;
    sc_core::sc_port<WorkPort> work;

    struct Config {
        McuParams mcu;
        std::optional<NvmParams> nvm;
        std::shared_ptr<const CheckpointPolicy> policy;
        PolicyFacts facts;
        bool harvest_while_on = true;
        std::optional<WeightUse> weights;  ///< in an accelerator's volatile memory
        std::string rest_in;  ///< sleep state in which it waits for work; empty: the default
        std::optional<FailureParams> failures;
        std::uint64_t seed = 1;
        StoredErrors* errors = nullptr;  ///< where bits go wrong; null: none do
    };
    McuModule(sc_core::sc_module_name name, Config config, Agenda& agenda);

    // LoadPort
    [[nodiscard]] const Load& load() override;
    [[nodiscard]] Watches watches() const override;
    [[nodiscard]] bool falling_is_brown_out() const override;
    void walked(const WalkResult& result) override;
    // WakePort
    void work_arrived() override;
    [[nodiscard]] double terminal_v() const override;

    void observe(DecisionObserver* observer) noexcept { observer_ = observer; }
    /// Closes the books at the end of the run.
    void close();
    [[nodiscard]] const PowerStats& stats() const noexcept { return stats_; }
    [[nodiscard]] const Ledger& ledger() const noexcept { return ledger_; }
    [[nodiscard]] bool powered() const noexcept { return state_ != State::off; }
    /// Asleep until a voltage at the end of the run, since when.
    [[nodiscard]] std::optional<Time> waits_since() const noexcept {
        return state_ == State::wait ? std::optional(waits_since_) : std::nullopt;
    }
    /// Asleep until a peripheral's capacitor is charged: which one, and since when.
    struct Charging {
        std::size_t rail = 0;
        Time since;
    };
    [[nodiscard]] std::optional<Charging> charging() const noexcept {
        return state_ == State::charge ? std::optional(Charging{*awaited_, waits_since_})
                                       : std::nullopt;
    }
    /// The voltage that the device waited for last; 0 before it waited.
    [[nodiscard]] double wake_at_v() const noexcept { return wake_at_v_; }

private:
    enum class State : unsigned char {
        off,
        boot,
        restore,
        run,
        rest,
        save,
        wait,
        wake,
        poll,
        note,
        charge
    };

    void start_of_simulation() override;
    void name_lasting_loads();
    void enter(State state);
    [[nodiscard]] LoadPhase loading_weights() const;
    [[nodiscard]] Load one_phase(const LoadPhase& phase) const;
    void draw(Load& load) noexcept;
    void book(const WalkResult& result);

    void power_on();
    void charge_output(double off_s);
    void lose_output();
    void book_switch(Sink sink, double joules);
    void booted();
    void arm(const Action& action);
    void act(const Action& action);
    void act_behind_recovery(const Action& action);
    void recovered();
    void begin_poll();
    void note_word(double word);
    void timer_came();
    void hear_timer();
    void save_soon();
    void forget();
    void begin_recovery();
    void run_or_rest();
    void falling();
    void operate_at(std::size_t point);
    void refuse_chatter(std::size_t next);
    [[nodiscard]] double slower_below_v() const;
    [[nodiscard]] double faster_from_v() const;
    [[nodiscard]] double trigger_v() const;
    [[nodiscard]] double lowest_v() const;
    void rising();
    void load_done(const WalkResult& result);
    void begin_snapshot();
    void snapshot_done();
    void wake_up();
    void brown_out(const LoadPosition& position);
    void power_lost(const LoadPosition& position);
    void pull_plug();
    void arrange_failure();
    void prepare_failures();
    void arm_injection();
    void injection_due();
    [[nodiscard]] std::int64_t bit_in_hand(const std::vector<PhaseTraffic>& traffic,
                                           std::size_t phase, double share) const;
    void write_bit_wrong();
    void decay(double unpowered_s);
    void tell_news();
    [[nodiscard]] bool memory_gave_up();
    void restart();
    void begin_replay();
    [[nodiscard]] std::int64_t recovering_words();
    [[nodiscard]] LoadPosition own_position() const;
    void shut_down();
    void unpowered();
    void note_end_of_cycle(bool worked);
    void at_boundary();
    [[nodiscard]] bool put_off();
    [[nodiscard]] double looked_at_v() const;
    [[nodiscard]] bool may_work();
    [[nodiscard]] std::optional<std::size_t> missing_rail();
    void rail_stopped();
    void keep_position(const LoadPosition& position);
    [[nodiscard]] bool seen_now();
    void look();
    void pickup_step();
    void sleep_in(State state);
    void say(std::string_view event, std::string_view detail = {});

    Config config_;
    RailLoads rail_;
    Agenda& agenda_;
    State state_ = State::off;
    /// A sleep state, made ready.
    struct Asleep {
        bool loses_ram = false;
        Load sleep;
        std::vector<Load> wake;  ///< per operating point; with the boot, if memory is lost
    };
    [[nodiscard]] std::optional<Asleep> asleep_in(const std::string& name) const;
    void reborn();

    Load off_, boot_;
    std::vector<Load> poll_;             ///< per operating point, if the policy polls
    std::vector<Load> idle_;             ///< per operating point
    std::optional<Asleep> rest_, wait_;  ///< without work; until a voltage
    bool woken_ = false;                 ///< the boot in hand follows a sleep
    std::size_t point_ = 0;              ///< operating point in hand
    struct Left {
        std::size_t point = 0;
        Time at;
        double v = 0.0;  ///< of the terminal, at that point
    };
    std::optional<Left> left_;  ///< operating point last left for the one below
    Load* own_ = nullptr;       ///< of the present state, unless the work draws
    const Load* load_ = nullptr;
    std::unique_ptr<Trigger> trigger_;
    std::optional<double> watch_v_;  ///< armed by the trigger while running
    double wake_at_v_ = 0.0;
    Time waits_since_;
    bool apart_ = false;                  ///< some peripheral has a capacitor of its own
    std::optional<std::size_t> awaited_;  ///< whose, that the device waits for
    std::optional<std::size_t> charged_;  ///< the one that it has waited for: not asked again
    bool cleared_ = false;                ///< the region ahead may begin: its guard has been asked
    bool snapshot_pending_ = false;       ///< waits for the end of the phase in progress
    bool powered_by_boot_ = false;
    std::optional<InjectedFailures> failures_;
    Agenda::SlotId failure_slot_ = 0;
    std::unique_ptr<TrafficInjection> injection_;  ///< failures that come with memory traffic
    Agenda::SlotId injection_slot_ = 0;
    TrafficInjection::Kind injects_ = TrafficInjection::Kind::failure;
    std::optional<WorkPosition> replay_;  ///< what a recovery still has to finish
    const Operations* restoring_ = nullptr;
    std::optional<BitErrorDraws> decay_;
    std::optional<Action> deferred_;  ///< the trigger's, until what is durable is restored
    Agenda::SlotId timer_slot_ = 0;   ///< of a trigger that sets a timer
    bool timer_due_ = false;          ///< it has come, and the trigger has not heard it
    std::optional<double> word_;      ///< the policy's, in non-volatile memory
    double noting_ = 0.0;             ///< the word that is being written
    bool source_off_ = false;         ///< disconnected by the trigger
    Agenda::SlotId look_slot_ = 0;    ///< of a supervisor that looks now and then
    bool look_due_ = false;           ///< a threshold has been crossed, and not yet seen
    std::optional<Time> last_look_;
    Agenda::SlotId pickup_slot_ = 0;  ///< of a pick-up's next step
    std::int64_t pickup_steps_ = 0;   ///< begun
    double picked_up_v_ = 0.0;        ///< what the comparators see beside the terminal
    Time last_walk_;
    Time since_;                 ///< of the present on or off interval
    double output_cut_v_ = 0.0;  ///< on the regulator's output capacitor when power failed last
    double cycle_drawn_j_ = 0.0;
    std::int64_t marks_at_boot_ = 0;
    PowerStats stats_;
    Ledger ledger_;
    DecisionObserver* observer_ = nullptr;
};

}  // namespace ebb
