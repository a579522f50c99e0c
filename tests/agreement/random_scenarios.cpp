// SPDX-License-Identifier: Apache-2.0
#include "tests/agreement/random_scenarios.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "models/checkpoint/commit.hpp"
#include "models/checkpoint/jit.hpp"
#include "models/checkpoint/none.hpp"
#include "models/converter/diode.hpp"
#include "models/converter/efficiency.hpp"
#include "models/converter/none.hpp"
#include "models/harvester/constant_current.hpp"
#include "models/harvester/constant_power.hpp"
#include "models/harvester/current.hpp"
#include "models/harvester/irradiance_efficiency.hpp"
#include "models/harvester/power.hpp"
#include "models/harvester/thevenin.hpp"
#include "models/harvester/voltage_across.hpp"
#include "models/mcu/regulator_ldo.hpp"
#include "models/mcu/regulator_none.hpp"
#include "models/schedule/fifo.hpp"
#include "models/store/capacitor.hpp"

namespace ebb::test {

namespace {

/// Draws one scenario, part by part; notes what it drew.
class Draws {
public:
    explicit Draws(std::uint64_t seed) : dice_(seed) {}

    RandomScenario all() {
        out_.scenario.name = "random";
        out_.scenario.duration_s = dice_.milliseconds(150.0, 900.0);
        store_and_thresholds();
        source();
        regulator();
        mcu();
        checkpoint();
        if (dice_.chance(0.4)) {
            network();
        } else {
            tasks();
        }
        out_.scenario.schedule = std::make_shared<Fifo>();
        if (dice_.chance(0.1)) {
            out_.scenario.until.jobs = dice_.integer(1, 6);
        }
        if (dice_.chance(0.2)) {
            out_.end_on_a_release();
        }
        return std::move(out_);
    }

private:
    void note(const std::string& text) { out_.text += text + "; "; }

    void store_and_thresholds() {
        McuParams& mcu = out_.scenario.mcu;
        CapacitorParams& c = out_.store;
        mcu.turn_off_v = dice_.uniform(1.5, 2.2);
        mcu.turn_on_v = mcu.turn_off_v + dice_.uniform(0.3, 1.2);
        c.capacitance_f = dice_.log_uniform(10e-6, 150e-6);
        c.max_v = dice_.chance(0.4) ? mcu.turn_on_v + dice_.uniform(0.0, 0.15) : 6.0;
        mcu.initially_powered = dice_.chance(0.25);
        c.initial_v = mcu.initially_powered ? dice_.uniform(mcu.turn_off_v + 0.1, c.max_v)
                      : dice_.chance(0.3)   ? 0.0
                                            : dice_.uniform(0.5, mcu.turn_on_v);
        c.initial_v = std::min(c.initial_v, mcu.turn_on_v + 0.2);
        c.esr_ohm = dice_.chance(0.6) ? 0.0 : dice_.log_uniform(0.05, 12.0);
        if (dice_.chance(0.6)) {
            c.leakage.resistance_ohm = dice_.log_uniform(2e3, 1e7);
        }
        if (dice_.chance(0.4)) {
            c.leakage.current_a = dice_.log_uniform(1e-8, 2e-4);
        }
        note(fmt::format(
            "C {:.3g} F from {:.3g} V max {:.3g} V, esr {:.3g}, leak {:.3g} Ohm {:.3g} A",
            c.capacitance_f, c.initial_v, c.max_v, c.esr_ohm,
            c.leakage.resistance_ohm.value_or(0.0), c.leakage.current_a.value_or(0.0)));
        note(fmt::format("on {:.4g} off {:.4g} V {}", mcu.turn_on_v, mcu.turn_off_v,
                         mcu.initially_powered ? "powered" : "unpowered"));
    }
    // ---- source and converter

    std::shared_ptr<const Series> series(Quantity quantity, double largest) {
        auto s = std::make_shared<Series>();
        s->quantity = quantity;
        s->interpolation = dice_.chance(0.35) ? Interpolation::linear : Interpolation::hold;
        const std::int64_t n = dice_.integer(2, 40);
        const bool uniform = dice_.chance(0.6);
        const std::int64_t each = dice_.integer(4, 120) * 250'000;
        s->bound_ns.push_back(0);
        for (std::int64_t i = 0; i < n; ++i) {
            s->bound_ns.push_back(s->bound_ns.back() +
                                  (uniform ? each : dice_.integer(1, 160) * 250'000));
        }
        const double zeros = dice_.uniform(0.0, 0.6);
        const std::int64_t values = n + (s->interpolation == Interpolation::linear ? 1 : 0);
        for (std::int64_t i = 0; i < values; ++i) {
            s->value.push_back(dice_.chance(zeros) ? 0.0 : largest * dice_.unit());
        }
        SourceParams& source = out_.scenario.source;
        source.at_end = dice_.chance(0.5)   ? AtEnd::loop
                        : dice_.chance(0.7) ? AtEnd::hold
                                            : AtEnd::stop;
        if (source.at_end == AtEnd::stop && s->duration_ns() < 100'000'000) {
            source.at_end = AtEnd::loop;
        }
        if (dice_.chance(0.4)) {
            source.start_s =
                std::floor(dice_.unit() * 0.5 * static_cast<double>(s->duration_ns()) / 250e3) *
                250e-6;
        }
        source.scale = dice_.chance(0.3) ? dice_.uniform(0.3, 2.0) : 1.0;
        note(fmt::format("trace of {} {} from {} s, end {}, x {:.3g}", n,
                         s->interpolation == Interpolation::linear ? "lines" : "steps",
                         source.start_s, static_cast<int>(source.at_end), source.scale));
        return s;
    }
    void source() {
        SourceParams& source = out_.scenario.source;
        const double power = dice_.log_uniform(0.5e-3, 12e-3);
        const double voltage = dice_.uniform(2.5, 6.0);
        const double ohm = dice_.log_uniform(200.0, 5e3);
        bool current = false;
        switch (dice_.integer(0, 7)) {
            case 0:
                source.model = std::make_shared<ConstantPower>(ConstantPowerParams{power});
                break;
            case 1:
                source.model =
                    std::make_shared<ConstantCurrent>(ConstantCurrentParams{power / 2.5});
                current = true;
                break;
            case 2:
                source.model = std::make_shared<RecordedPower>();
                source.series = series(Quantity::power_w, 2.0 * power);
                break;
            case 3:
                source.model = std::make_shared<RecordedCurrent>();
                source.series = series(Quantity::current_a, power);
                current = true;
                break;
            case 4:
                source.model = std::make_shared<VoltageAcross>(VoltageAcrossParams{10.0 * ohm});
                source.series = series(Quantity::voltage_v, std::sqrt(30.0 * power * ohm));
                break;
            case 5:
                source.model = std::make_shared<Thevenin>(TheveninParams{voltage, ohm});
                break;
            case 6:
                source.model = std::make_shared<Thevenin>(TheveninParams{std::nullopt, ohm});
                source.series = series(Quantity::voltage_v, 1.5 * voltage);
                break;
            default:
                source.model =
                    std::make_shared<IrradianceEfficiency>(IrradianceEfficiencyParams{1e-4, 0.2});
                source.series = series(Quantity::irradiance_w_m2, 2.0 * power / 2e-5);
                break;
        }
        note(fmt::format("source kind {} {:.3g} W {:.3g} V {:.3g} Ohm",
                         static_cast<int>(source.model->shape().kind), power, voltage, ohm));
        const double which = dice_.unit();
        if (which < 0.4 || (current && which < 0.6)) {
            out_.scenario.converter = std::make_shared<NoConverter>();
            note("no converter");
        } else if (which < 0.7 && !current) {
            out_.scenario.converter =
                std::make_shared<Efficiency>(EfficiencyParams{dice_.uniform(0.5, 1.0)});
            note("efficiency");
        } else {
            out_.scenario.converter = std::make_shared<Diode>(DiodeParams{dice_.uniform(0.0, 0.5)});
            note("diode");
        }
    }
    // ---- device

    void regulator() {
        McuParams& mcu = out_.scenario.mcu;
        if (dice_.chance(0.5)) {
            mcu.regulator = std::make_shared<NoRegulator>();
            return;
        }
        LdoParams ldo;
        ldo.output_v = dice_.uniform(1.3, 2.4);
        ldo.quiescent_a = dice_.chance(0.2) ? 0.0 : dice_.log_uniform(1e-7, 2e-5);
        ldo.quiescent_off_a = dice_.chance(0.4) ? 0.0 : dice_.log_uniform(1e-8, 1e-5);
        ldo.drop_out_v = dice_.chance(0.4) ? 0.0 : dice_.uniform(0.05, 0.4);
        mcu.regulator = std::make_shared<Ldo>(ldo);
        note(fmt::format("ldo {:.3g} V drop {:.3g} V", ldo.output_v, ldo.drop_out_v));
    }
    void mcu() {
        McuParams& mcu = out_.scenario.mcu;
        mcu.boot.time_s = dice_.chance(0.3) ? 0.0 : dice_.milliseconds(0.25, 8.0);
        mcu.boot.charge_c = mcu.boot.time_s * dice_.log_uniform(1e-4, 6e-3);
        mcu.active.emplace();
        const double current = dice_.log_uniform(2e-4, 3e-3);
        if (dice_.chance(0.3)) {
            mcu.active->power_w = 2.0 * current;
        } else {
            mcu.active->current_a = current;
            if (dice_.chance(0.4)) {
                mcu.active->current_per_volt_s = current / 3.0;
            }
        }
        if (dice_.chance(0.7)) {
            mcu.sleep.emplace();
            mcu.sleep->current_a = dice_.chance(0.1) ? 0.0 : dice_.log_uniform(1e-6, 2e-4);
            mcu.sleep->wake_s = dice_.chance(0.5) ? 0.0 : dice_.milliseconds(0.25, 2.0);
        }
        mcu.off_current_a = dice_.chance(0.5) ? 0.0 : dice_.log_uniform(1e-8, 1e-4);
        mcu.register_bytes = 64;
        if (dice_.chance(0.75)) {
            NvmParams nvm;
            nvm.capacity_b = 1e6;
            nvm.atomic_b = dice_.chance(0.5) ? 1.0 : 4.0;
            nvm.read_time_s_per_b = dice_.chance(0.1) ? 0.0 : dice_.log_uniform(2e-8, 1e-6);
            nvm.write_time_s_per_b = dice_.log_uniform(5e-8, 5e-6);
            nvm.read_energy_j_per_b = nvm.read_time_s_per_b * dice_.uniform(0.0, 5e-3);
            nvm.write_energy_j_per_b = nvm.write_time_s_per_b * dice_.uniform(0.0, 8e-3);
            nvm.standby_a = dice_.chance(0.4) ? 0.0 : dice_.log_uniform(1e-6, 1e-4);
            nvm.sleep_a = dice_.chance(0.4) ? 0.0 : dice_.log_uniform(1e-7, 1e-5);
            nvm.endurance_cycles = 1e6;
            out_.scenario.nvm = nvm;
        }
        note(fmt::format("boot {:.3g} s, {}{}, off {:.3g} A", mcu.boot.time_s,
                         mcu.sleep ? fmt::format("sleep {:.3g} A wake {:.3g} s",
                                                 mcu.sleep->current_a, mcu.sleep->wake_s)
                                   : "no sleep",
                         out_.scenario.nvm ? ", nvm" : "", mcu.off_current_a));
    }
    void checkpoint() {
        const McuParams& mcu = out_.scenario.mcu;
        const double which = dice_.unit();
        if (!out_.scenario.nvm || which < 0.3) {
            out_.scenario.checkpoint = std::make_shared<NoCheckpoint>();
        } else if (which < 0.65) {
            JitParams jit;
            const double restore =
                dice_.chance(0.5)
                    ? mcu.turn_on_v
                    : std::min(mcu.turn_on_v + dice_.uniform(-0.2, 0.3), out_.store.max_v);
            jit.save_at_v = mcu.turn_off_v + dice_.uniform(0.02, 0.7) * (restore - mcu.turn_off_v);
            if (restore != mcu.turn_on_v) {
                jit.restore_at_v = restore;
            }
            if (dice_.chance(0.6)) {
                jit.state_b = std::floor(dice_.log_uniform(40.0, 4000.0));
            }
            out_.scenario.checkpoint = std::make_shared<JustInTime>(jit);
            note(fmt::format("jit {:.4g} / {:.4g} V", jit.save_at_v.value_or(0.0), restore));
        } else {
            const auto granularity = static_cast<Granularity>(dice_.integer(1, 3));
            out_.scenario.checkpoint = std::make_shared<Commit>(CommitParams{granularity});
            note(fmt::format("commit {}", static_cast<int>(granularity)));
        }
    }
    // ---- work

    void tasks() {
        TasksParams tasks;
        const std::int64_t n = dice_.integer(1, 4);
        for (std::int64_t i = 0; i < n; ++i) {
            TaskParams task;
            task.name = fmt::format("task{}", i);
            task.once_per_boot = dice_.chance(n > 1 ? 0.25 : 0.0);
            task.atomic = dice_.chance(0.3);
            if (dice_.chance(0.2)) {
                auto profile = std::make_shared<Series>();
                profile->quantity = Quantity::current_a;
                profile->bound_ns.push_back(0);
                for (std::int64_t k = dice_.integer(2, 5); k > 0; --k) {
                    profile->bound_ns.push_back(profile->bound_ns.back() +
                                                dice_.integer(1, 20) * 100'000);
                    profile->value.push_back(dice_.log_uniform(1e-4, 5e-3));
                }
                task.profile = profile;
            } else {
                task.time_s = dice_.chance(0.8) ? dice_.milliseconds(0.5, 15.0)
                                                : dice_.log_uniform(1e-4, 2e-2);
                const double load = dice_.unit();
                if (load < 0.4) {
                    task.current_a = dice_.log_uniform(2e-4, 5e-3);
                } else if (load < 0.7) {
                    task.power_w = dice_.log_uniform(5e-4, 12e-3);
                }
            }
            tasks.tasks.push_back(task);
        }
        if (dice_.chance(0.25)) {
            TaskParams& last = tasks.tasks.back();
            last.until_power_fails = true;
            last.once_per_boot = false;
            last.time_s.reset();
            last.profile.reset();
        }
        tasks.tasks.front().once_per_boot =
            tasks.tasks.front().once_per_boot && tasks.tasks.size() > 1;
        tasks.repeat = std::any_of(tasks.tasks.begin(), tasks.tasks.end(),
                                   [](const TaskParams& t) { return !t.once_per_boot; }) &&
                       dice_.chance(0.7);
        for (const TaskParams& t : tasks.tasks) {
            note(fmt::format("{}{}{}{}{} {:.4g} s {:.3g} A {:.3g} W", t.name,
                             t.atomic ? " atomic" : "", t.once_per_boot ? " once" : "",
                             t.until_power_fails ? " endless" : "", t.profile ? " profile" : "",
                             t.time_s.value_or(0.0), t.current_a.value_or(0.0),
                             t.power_w.value_or(0.0)));
        }
        note(tasks.repeat ? "repeat" : "no repeat");
        out_.scenario.workload.tasks = tasks;
    }
    Layer layer(int id, MapShape in) {
        Layer l;
        l.id = id;
        l.name = fmt::format("layer{}", id);
        l.from = {id - 1};
        l.in = in;
        const double kind = dice_.unit();
        l.op = kind < 0.5 ? LayerOp::conv : kind < 0.75 ? LayerOp::dwconv : LayerOp::fc;
        if (l.op == LayerOp::fc) {
            l.out = {1, 1, dice_.integer(2, 24)};
            l.macs = in.elements() * l.out.c;
        } else {
            l.kernel_h = l.kernel_w =
                std::min<std::int64_t>(dice_.integer(1, 3), std::min(in.h, in.w));
            l.out = {in.h - l.kernel_h + 1, in.w - l.kernel_w + 1,
                     l.op == LayerOp::dwconv ? in.c : dice_.integer(1, 6)};
            l.macs =
                l.out.elements() * l.kernel_h * l.kernel_w * (l.op == LayerOp::dwconv ? 1 : in.c);
        }
        l.input_bytes = in.elements();
        l.output_bytes = l.out.elements();
        return l;
    }

    void network() {
        auto net = std::make_shared<Network>();
        net->name = "random";
        MapShape shape{dice_.integer(3, 9), dice_.integer(3, 9), dice_.integer(1, 3)};
        const auto layers = static_cast<int>(dice_.integer(2, 4));
        for (int id = 0; id < layers; ++id) {
            net->layers.push_back(layer(id, shape));
            shape = net->layers.back().out;
        }
        auto platform = std::make_shared<Platform>();
        PlatformVariant variant;
        variant.label = "random";
        variant.clock_hz = 1e6;
        variant.fc_cycles_per_mac = dice_.uniform(1.0, 4.0);
        variant.conv_cycles_per_mac = dice_.uniform(1.0, 4.0);
        variant.fc_energy_per_mac_j = dice_.uniform(1.0, 2.0) * 1e-9;
        variant.conv_energy_per_mac_j = dice_.uniform(1.0, 2.0) * 1e-9;
        NetworkTotal total;
        total.network = net->name;
        total.latency_s = dice_.log_uniform(3e-3, 60e-3);
        total.energy_j = total.latency_s * dice_.log_uniform(1e-3, 8e-3);
        variant.networks.push_back(total);
        platform->name = "random";
        platform->variants.push_back(variant);

        NetworkParams params;
        params.network = net;
        params.platform = platform;
        if (dice_.chance(0.5)) {
            params.arrival.back_to_back = false;
            params.arrival.every_s = dice_.milliseconds(10.0, 150.0);
            if (dice_.chance(0.6)) {
                params.arrival.deadline_s = dice_.milliseconds(5.0, 200.0);
            }
            if (dice_.chance(0.5)) {
                params.arrival.queue = dice_.integer(1, 3);
            }
        }
        note(fmt::format("network of {} layers, {:.3g} s {:.3g} J, every {} s", layers,
                         total.latency_s, *total.energy_j, params.arrival.every_s));
        out_.scenario.workload.network = params;
    }

    Dice dice_;
    RandomScenario out_;
};

}  // namespace

RandomScenario random_scenario(std::uint64_t seed) { return Draws(seed).all(); }

}  // namespace ebb::test
