// SPDX-License-Identifier: Apache-2.0
#include "sim/device/device.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "models/consistency/stored_errors.hpp"
#include "models/core/error.hpp"
#include "models/store/store_model.hpp"
#include "models/workload/start_voltage.hpp"
#include "sim/device/consistency.hpp"
#include "sim/device/findings.hpp"
#include "sim/device/job_results.hpp"
#include "sim/device/layer_results.hpp"
#include "sim/device/snapshot_check.hpp"
#include "sim/device/task_energy.hpp"

namespace ebb {

namespace {

/// Larger residuals than this share of what went through the store mean a wrong number somewhere.
constexpr double kLedgerTolerance = 1e-9;

PolicyFacts facts_of(const Scenario& scenario, const LoweredWork& work) {
    PolicyFacts facts;
    facts.volatile_bytes = work.program.volatile_bytes;
    facts.refetch_bytes = work.program.refetch_bytes;
    facts.dirty_bytes = work.dirty_bytes;
    facts.register_bytes = static_cast<std::int64_t>(scenario.mcu.register_bytes);
    if (scenario.mcu.ram_bytes) {
        facts.ram_bytes = static_cast<std::int64_t>(*scenario.mcu.ram_bytes);
    }
    facts.turn_on_v = scenario.mcu.turn_on_v;
    facts.turn_off_v = scenario.mcu.turn_off_v;
    facts.capacitance_f = scenario.store->capacitance_f();
    if (scenario.workload.network && scenario.workload.network->platform->operations) {
        facts.operations = &*scenario.workload.network->platform->operations;
    }
    return facts;
}

Source source_of(const SourceParams& params) {
    Source source;
    source.model = params.model;
    source.series = params.series;
    source.at_end = params.at_end;
    source.start_ns = Time::from_seconds(params.start_s).ns();
    source.scale = params.scale;
    return source;
}

/// The scenario's store, with what the device switches to its terminal.
std::unique_ptr<EnergyStore> store_of(const Scenario& scenario, const RunOptions& options) {
    auto store = options.reference ? scenario.store->make_reference() : scenario.store->make();
    const double beside_f = scenario.mcu.regulator->output_capacitor().beside_store_f();
    if (beside_f > 0.0) {
        store->hang({beside_f, scenario.mcu.initially_powered});
    }
    return store;
}

std::vector<Feed> feeds_of(const Scenario& scenario) {
    std::vector<Feed> feeds;
    for (const SourceParams& source : scenario.more_sources) {
        feeds.push_back({source_of(source), source.converter});
    }
    return feeds;
}

/// The same error with the moment at which it ended the run: models know no clock.
InputError at_time(const InputError& error, Time now, Time end) {
    std::vector<Mistake> mistakes = error.mistakes();
    for (Mistake& mistake : mistakes) {
        mistake.message = fmt::format("at {} s: {}", now.text(), mistake.message);
    }
    return InputError(std::move(mistakes), RunStop{now.seconds(), end.seconds()});
}

// ---- what a finished device tells
// ---------------------------------------------------------------------------

decltype(Result::power) power_of(const PowerStats& power) {
    decltype(Result::power) r;
    r.boots = power.boots;
    r.brown_outs = power.brown_outs;
    r.injected_failures = power.injected;
    r.sleeps = power.sleeps;
    r.on_s = power.on_s.value();
    r.off_s = power.off_s.value();
    if (power.complete_on > 0) {
        r.mean_on_s = power.complete_on_s.value() / static_cast<double>(power.complete_on);
    }
    if (power.complete_off > 0) {
        r.mean_off_s = power.complete_off_s.value() / static_cast<double>(power.complete_off);
        r.longest_off_s = power.longest_off_s;
    }
    return r;
}

decltype(Result::nvm) memory_of(const NvmAccount& account, const std::optional<NvmParams>& nvm) {
    decltype(Result::nvm) r;
    r.read_bytes = account.read_bytes();
    r.written_bytes = account.written_bytes();
    r.max_writes_per_cell = static_cast<double>(account.max_writes_per_cell());
    if (nvm && std::isfinite(nvm->endurance_cycles) && nvm->endurance_cycles > 0.0) {
        r.endurance_used = r.max_writes_per_cell / nvm->endurance_cycles;
    }
    return r;
}

decltype(Result::energy_j) energy_of(const EnergyStore& store, const Ledger& from_load) {
    decltype(Result::energy_j) r;
    const Ledger& from_store = store.ledger();
    r.offered = from_store.offered();
    r.harvested = from_store.harvested();
    r.converter_loss = from_store.converter_loss();
    r.clipped = from_store.clipped();
    Sum balance;
    balance.add(r.harvested);
    for (std::size_t i = 0; i < kSinkCount; ++i) {
        const auto sink = static_cast<Sink>(i);
        r.sinks[sink] = from_store.sink(sink) + from_load.sink(sink);
        balance.add(-r.sinks[sink]);
    }
    r.sinks[Sink::nvm_write] += r.sinks[Sink::nvm_index];
    r.sinks[Sink::nvm_index] = 0.0;
    r.initially_stored = store.initially_stored_j();
    r.stored_change = store.stored_j() - store.initially_stored_j();
    balance.add(-r.stored_change);
    r.residual = balance.value();
    return r;
}

}  // namespace

Device::Device(const Scenario& scenario, const RunOptions& options, Recorder* recorder)
    : scenario_(scenario),
      recorder_(recorder),
      work_(lower_work(scenario)),
      nvm_params_(work_.nvm),
      program_(work_.program),
      facts_(facts_of(scenario, work_)),
      oracle_(make_oracle(scenario, program_, nvm_params_)),
      errors_(make_stored_errors(scenario, program_, facts_, nvm_params_, oracle_.get())),
      harvester_("harvester", source_of(scenario.source)),
      converter_("converter", scenario.converter, Time::from_seconds(scenario.duration_s).ns(),
                 feeds_of(scenario)),
      store_("store", store_of(scenario, options), agenda_),
      nvm_("nvm"),
      workload_("workload", workload_config(), agenda_),
      mcu_("mcu", mcu_config(), agenda_),
      end_slot_(agenda_.add_slot("end", Rank::run_end, [this] { agenda_.finish(); })),
      end_(Time::from_seconds(scenario.duration_s)),
      driver_("agenda", agenda_, [this] {
          if (recorder_ != nullptr) {
              recorder_->progress(agenda_.now());
          }
      }) {
    converter_.source(harvester_);
    store_.supply(converter_);
    store_.consumer(mcu_);
    workload_.nvm(nvm_);
    workload_.mcu(mcu_);
    mcu_.store(store_);
    mcu_.work(workload_);
    check_memory();
    if (nvm_params_ && nvm_params_->ecc) {
        nvm_.account().expand(nvm_params_->ecc->expansion());
    }
    if (recorder_ != nullptr) {
        if (recorder_->wants_points()) {
            store_.store().observe(recorder_);
        }
        mcu_.observe(recorder_);
        workload_.observe(recorder_);
    }
    end_with(scenario.source);
    for (const SourceParams& source : scenario.more_sources) {
        end_with(source);
    }
    agenda_.set(end_slot_, end_);
    workload_.on_goal([this] {
        why_ = End::until;
        end_ = agenda_.now();
        agenda_.set(end_slot_, end_);
    });
}

Device::~Device() = default;

/// A trace that stops ends the run.
void Device::end_with(const SourceParams& source) {
    if (!source.series || source.at_end != AtEnd::stop) {
        return;
    }
    const Time stops(source.series->duration_ns() - Time::from_seconds(source.start_s).ns());
    if (stops < end_) {
        end_ = stops;
        why_ = End::trace_end;
    }
}

WorkloadModule::Config Device::workload_config() const {
    WorkloadModule::Config config;
    const auto plan = [this](std::size_t point) {
        Protocol protocol = scenario_.checkpoint->protocol(facts_);
        if (work_.weights && work_.weights->load.time_s > 0.0) {
            NvOp load{NvOpKind::read, "weights", 0, 0, 0};
            load.price = OpPrice{work_.weights->load.time_s, work_.weights->load.energy_j};
            protocol.recover.insert(protocol.recover.begin(), load);
        }
        return make_plan(program_, protocol, scenario_.mcu, nvm_params_, point);
    };
    config.plan = plan(0);
    for (std::size_t point = 1; point < operating_points(scenario_.mcu); ++point) {
        config.faster.push_back(plan(point));
    }
    config.tasks = scenario_.workload.tasks.has_value();
    if (scenario_.workload.network) {
        config.arrival = scenario_.workload.network->arrival;
    }
    config.atomic_b = nvm_params_ ? nvm_params_->atomic_b : 1.0;
    config.until_jobs = scenario_.until.jobs;
    config.oracle = oracle_.get();
    config.errors = errors_.get();
    return config;
}

/// What a policy knows of the plan: voltages that carry regions and snapshots to their ends.
void Device::complete_facts() {
    const Plan& plan = workload_.config().plan;
    const double off_v = scenario_.mcu.turn_off_v;
    const double c_f = scenario_.store->capacitance_f();
    facts_.kept = std::make_shared<std::vector<double>>();
    facts_.banks = dynamic_cast<EnergyModes*>(&store_.store());
    facts_.energy = task_energy(scenario_);
    if (scenario_.checkpoint->guards()) {
        facts_.start_v = start_voltages(plan, off_v, c_f);
    }
    if (scenario_.checkpoint->snapshots()) {
        const SaveNeed need = save_need(scenario_, facts_, nvm_params_);
        facts_.snapshot_v = snapshot_voltage(plan, need, off_v, c_f);
        check_snapshot(scenario_, plan, need, facts_);
    }
    scenario_.checkpoint->check(facts_);
}

McuModule::Config Device::mcu_config() {
    complete_facts();
    return {scenario_.mcu,
            nvm_params_,
            scenario_.checkpoint,
            facts_,
            scenario_.source.harvest_while_on,
            work_.weights,
            scenario_.workload.sleep_in,
            scenario_.failures,
            scenario_.seed,
            errors_.get()};
}

/// What the program and the policy keep must fit the NVM part; otherwise the sum is the message.
void Device::check_memory() const {
    if (!nvm_params_) {
        if (scenario_.failures && scenario_.failures->in_memory()) {
            throw InputError(
                "failures names words or bits of non-volatile memory, and this device has none: "
                "give nvm: {part: ...} or its values");
        }
        return;
    }
    const Plan& plan = workload_.config().plan;
    const std::int64_t policy = 2 * (plan.record_bytes + plan.snapshot_bytes);
    const double stored = nvm_params_->ecc ? nvm_params_->ecc->expansion() : 1.0;
    const double need = stored * static_cast<double>(plan.arena_bytes + policy);
    if (need > nvm_params_->capacity_b) {
        std::string parts;
        for (const Buffer& buffer : plan.buffers) {
            if (buffer.space == Space::nvm && buffer.bytes > 0) {
                parts += fmt::format("{} need {} B, ", buffer.name, buffer.bytes * buffer.slots);
            }
        }
        throw InputError(fmt::format(
            "the non-volatile memory holds {:.0f} B, but {}the checkpoint policy {} B (together "
            "{:.0f} B{})",
            nvm_params_->capacity_b, parts, policy, need,
            nvm_params_->ecc ? " with check bits" : ""));
    }
}

void Device::run() {
    if (recorder_ != nullptr && recorder_->wants_points()) {
        recorder_->point(Time(), scenario_.store->initial_v(), 0.0, 0.0);
    }
    Kernel::start();
    try {
        driver_.rethrow();
    } catch (const InputError& error) {
        throw at_time(error, agenda_.now(), end_);
    }
    mcu_.close();
    workload_.progress().close();
    if (recorder_ != nullptr) {
        recorder_->event(agenda_.now(), "end", "", mcu_.terminal_v());
    }
}

void Device::add_efficiency(Result& r) const {
    if (!scenario_.workload.network || r.work.jobs_done == 0) {
        return;
    }
    ResourceUse use = resources_of(*scenario_.workload.network->network);
    if (scenario_.workload.network->accuracy) {
        use.accuracy = scenario_.workload.network->accuracy;
    }
    if (!use.accuracy) {
        return;
    }
    use.peak_ram_b = static_cast<double>(program_.volatile_bytes);
    use.nvm_footprint_b = static_cast<double>(workload_.config().plan.arena_bytes);
    r.efficiency = efficiency_of(r, use);
}

Result Device::collect() const {
    Result r;
    r.name = scenario_.name;
    r.notes = work_.notes;
    add_notes(scenario_, facts_, mcu_.stats().injected, r.notes);
    note_bit_errors(errors_.get(), r.notes);
    r.time.simulated_s = agenda_.now().seconds();
    r.time.end = why_;
    const PowerStats& power = mcu_.stats();
    r.power = power_of(power);
    r.work = jobs_of(workload_.stats());
    const WorkCounts& work = workload_.work_counts();
    r.work.units_done = work.units_done;
    r.work.units_repeated = work.units_repeated;
    if (power.drawn_on_j.value() > 0.0) {
        r.work.forward_progress = work.kept_j / power.drawn_on_j.value();
    }
    if (scenario_.workload.tasks) {
        const std::vector<Step>& steps = workload_.config().plan.steps;
        for (std::size_t i = 0; i < steps.size(); ++i) {
            r.work.tasks.push_back({steps[i].name, work.step_done[i], work.step_cut[i]});
        }
    }
    if (scenario_.workload.network) {
        r.layers = layer_results(workload_.config().plan, work,
                                 0.5 * (scenario_.mcu.turn_on_v + scenario_.mcu.turn_off_v));
    }
    r.checkpoint.attempted = work.commits_attempted + work.snapshots_attempted;
    r.checkpoint.completed = work.commits_completed + work.snapshots_completed;
    r.checkpoint.torn = work.commits_torn + work.snapshots_torn;
    r.checkpoint.restored = work.restored;
    r.checkpoint.unused = work.snapshots_completed - work.snapshots_restored;
    r.nvm = memory_of(nvm_.account(), nvm_params_);
    r.energy_j = energy_of(store_.store(), mcu_.ledger());
    add_efficiency(r);
    r.kernel.decisions = agenda_.decisions();
    r.kernel.events = driver_.events();
    r.kernel.segments = store_.store().segments();
    return r;
}

Result run(const Scenario& scenario, const RunOptions& options, Recorder* recorder) {
    Kernel::renew();
    const auto begun = std::chrono::steady_clock::now();
    Device device(scenario, options, recorder);
    device.run();
    Result result = device.collect();
    result.time.wall_s =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    const double through =
        std::max(std::fabs(result.energy_j.harvested), result.energy_j.initially_stored);
    if (!(std::fabs(result.energy_j.residual) <= kLedgerTolerance * through)) {
        throw Defect(
            fmt::format("the ledger does not close: residual {:.3e} J of {:.3e} J in scenario '{}'",
                        result.energy_j.residual, through, scenario.name));
    }
    add_consistency(scenario, device.oracle(), device.workload(), result);
    find_uncorrectable(device.errors(), result);
    add_findings(scenario, device, result);
    return result;
}

}  // namespace ebb
