// SPDX-License-Identifier: Apache-2.0
// Do the runtimes store what their libraries store, and lose no more than they promise?
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "models/runtime/sonic_loops.hpp"
#include "models/runtime/tile_loops.hpp"
#include "models/runtime/vector_loops.hpp"
#include "sim/scenario/network_reader.hpp"
#include "sim/scenario/platform_reader.hpp"
#include "tests/support/scenarios.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

const std::string kHead =
    "id,name,op,from,in_h,in_w,in_c,out_h,out_w,out_c,kernel_h,kernel_w,stride,stride_w,"
    "macs,params,weight_bytes,input_bytes,output_bytes,nonzero_weights,dense_weights\n";

std::shared_ptr<const Platform> estimate() {
    return read_platform("msp430fr5994_lea_intfram_estimate", "",
                         std::string(EBB_SOURCE_DIR) + "/models/workload/platforms", {});
}

std::shared_ptr<const Network> shipped(const std::string& name) {
    return read_network(name, "", std::string(EBB_SOURCE_DIR) + "/models/workload/networks", {});
}

/// Bytes that one pass of a program stores by writes and index words.
double stored_bytes(const Program& program) {
    const std::function<double(const Block&, const Nest&)> of = [&](const Block& block,
                                                                    const Nest& nest) -> double {
        double sum = 0.0;
        if (block.leaf()) {
            for (const Phase& phase : nest.units[block.unit].phases) {
                sum += phase.kind == PhaseKind::fetch ? 0.0 : phase.bytes;
            }
        }
        for (const Block& inner : block.body) {
            sum += of(inner, nest);
        }
        return sum * static_cast<double>(block.n);
    };
    double sum = 0.0;
    for (const Nest& nest : program.nests) {
        sum += of(nest.root, nest);
    }
    return sum;
}

Program lowered(const Network& network, const SonicLoops& loops) {
    static const auto kPlatform = estimate();
    static const std::optional<NvmParams> kNvm = nvm_of(*kPlatform->operations);
    return lower_sonic({network, *kPlatform, "", kNvm, {}, 0.0}, loops);
}

/// Words of the library's counts: a log word costs 5 + 2, an operation ends with 16 + 7 words and
/// one logged.
constexpr double kLog = 7.0, kEnd = 16.0 + 7.0 + kLog;

std::string lenet_scenario(const std::string& checkpoint, const std::string& more = "") {
    return "name: LeNet\nduration: 400 s\nuntil: {jobs: 2}\n"
           "source: {model: {type: constant_power, power: 1 mW}}\n"
           "store: {type: capacitor, capacitance: 47 uF, initial: 3 V, max: 3.6 V}\n"
           "mcu: {turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered, off_current: 0 A,\n"
           "  boot: {time: 1 ms, energy: 0.3 uJ}}\n"
           "workload: {network: camaroptera_lenet, platform: msp430fr5994_lea_intfram_estimate}\n"
           "checkpoint: " +
           checkpoint + "\n" + more;
}

}  // namespace

TEST_CASE("SONIC stores the words of a dense convolution as its library does, by hand count") {
    // 3 x 3 filter over one channel, 4 filters, 5 x 6 outputs: 9 elements, an odd number of passes.
    const Network odd = parse_network(
        kHead + "0,conv,CONV,input,7,8,1,5,6,4,3,3,1,1,1080,36,72,112,240,,\n", "odd", "odd.csv");
    const double macs = 1080.0;
    const double rows = 4.0 * 9.0 * 5.0;
    const double logged = 4.0 * (8.0 * 5.0 + 4.0);
    CHECK(stored_bytes(lowered(odd, {})) == 2.0 * (2.0 * macs + 2.0 * rows + kLog * logged + kEnd));

    // 2 x 1 filter: an even number of passes ends with a copy of the plane.
    const Network even = parse_network(
        kHead + "0,conv,CONV,input,6,6,1,5,6,4,2,1,1,1,240,8,16,72,240,,\n", "even", "even.csv");
    const double copies = 4.0 * (2.0 * 30.0 + 2.0 * 5.0);
    const double passes = 2.0 * 240.0 + 2.0 * 4.0 * 2.0 * 5.0 + kLog * 4.0 * (5.0 + 4.0);
    CHECK(stored_bytes(lowered(even, {})) == 2.0 * (passes + copies + kEnd));
}

TEST_CASE("SONIC stores four words per non-zero of a sparse fully connected layer, three per row") {
    const Network net = parse_network(
        kHead + "0,fc,SPFC,input,1,1,50,1,1,8,1,1,1,1,43,43,86,100,16,43,400\n", "sp", "sp.csv");
    CHECK(stored_bytes(lowered(net, {})) == 2.0 * (4.0 * 43.0 + 3.0 * 8.0 + kEnd));
}

TEST_CASE("a SONIC inference of the shipped LeNet stores the published order of words") {
    // Two words per product and four in the fully connected layers make 4.5e5; rows, logs and
    // copies of planes come on top.
    const double words = stored_bytes(lowered(*shipped("sonic_lenet_mnist"), {})) / 2.0;
    CHECK(words > 4.5e5);
    CHECK(words < 6.5e5);
}

TEST_CASE("TAILS calibrates its vectors to what a charge pays for") {
    const auto platform = estimate();
    const OperationTable& table = *platform->operations;
    const double boot = 3e-6;
    CHECK(calibrate_tile(table, 128, 0.0, boot).words == 128);
    CHECK(calibrate_tile(table, 128, 1.0, boot).failed == 0);
    // The device's own boot, not the reboot of the cost model that the table also has.
    CHECK(calibrate_tile(table, 128, 0.5 * table.reboot->energy_j, boot).words == 128);
    const CalibratedTile tight = calibrate_tile(table, 128, boot + 0.45e-6, boot);
    CHECK(tight.words < 128);
    CHECK(tight.words >= 1);
    CHECK(tight.words << tight.failed == 128);
    CHECK(calibrate_tile(table, 128, 0.5 * boot, boot).words == 1);
}

TEST_CASE("each runtime of loops does a network under failures, and repeats only what it may") {
    const std::string checkpoint =
        GENERATE("{policy: sonic}", "{policy: tails}", "{policy: hawaii}",
                 "{policy: alpaca, task: 8}", "{policy: alpaca, task: 3}");
    CAPTURE(checkpoint);
    const Result r = result_of(lenet_scenario(checkpoint));
    CHECK(r.work.jobs_done == 2);
    CHECK(r.power.brown_outs > 2);
    // A unit that is cut has not been done: nothing is ever done twice.
    CHECK(r.work.units_repeated == 0);
    CHECK(r.checkpoint.restored == r.power.brown_outs);
    CHECK(r.work.forward_progress > 0.5);
}

TEST_CASE("the slow witness counts the same units, bytes and wear under each runtime") {
    const std::string checkpoint = GENERATE("{policy: sonic}", "{policy: tails}",
                                            "{policy: hawaii}", "{policy: alpaca, task: 8}");
    CAPTURE(checkpoint);
    const std::string text = lenet_scenario(checkpoint);
    const Result exact = result_of(text, {"until.jobs=1"});
    const Result slow = result_of(text, {"until.jobs=1"}, true);
    CHECK(exact.work.units_done == slow.work.units_done);
    CHECK(exact.work.units_repeated == slow.work.units_repeated);
    CHECK(exact.power.boots == slow.power.boots);
    CHECK(exact.nvm.read_bytes == Approx(slow.nvm.read_bytes).epsilon(1e-12));
    CHECK(exact.nvm.written_bytes == Approx(slow.nvm.written_bytes).epsilon(1e-12));
    CHECK(exact.nvm.max_writes_per_cell == slow.nvm.max_writes_per_cell);
    CHECK(*exact.work.first_done_s == Approx(*slow.work.first_done_s).epsilon(1e-9));
}

TEST_CASE("JAPARI pays for indicators with products and bytes, and for a search with progress") {
    const std::string tail = "workload: {network: " EBB_SOURCE_DIR
                             "/scenarios/examples/small_tiles.csv, platform: "
                             "msp430fr5994_extfram_tinas}\n";
    const std::string head =
        "name: JAPARI\nduration: 100 s\nuntil: {jobs: 1}\n"
        "source: {model: {type: constant_power, power: 2 mW}}\n"
        "store: {type: capacitor, capacitance: 470 uF, initial: 3.6 V, max: 5 V}\n"
        "mcu: {turn_on: 3.6 V, turn_off: 2.0 V, initial: unpowered, off_current: 0 A,\n"
        "  boot: {time: 55 ms, energy: 77.88 uJ}}\n" +
        tail;
    const Result linear = result_of(head + "checkpoint: {policy: japari}\n");
    const Result binary = result_of(head + "checkpoint: {policy: japari, search: binary}\n");
    REQUIRE(linear.work.jobs_done == 1);
    REQUIRE(linear.power.brown_outs > 0);
    CHECK(linear.energy_j.sinks[Sink::restore] > binary.energy_j.sinks[Sink::restore]);
    // Three channels of indicators instead of one beside eight.
    const Result more = result_of(head + "checkpoint: {policy: japari, every: 3}\n");
    CHECK(more.energy_j.sinks[Sink::compute] > linear.energy_j.sinks[Sink::compute]);
    CHECK(more.nvm.written_bytes > linear.nvm.written_bytes);
}

TEST_CASE(
    "runtimes say what they miss: operations, counts, the width of an element, a kind of layer") {
    const auto why = [](const std::string& network, const std::string& platform,
                        const std::string& checkpoint) {
        try {
            (void)result_of(lenet_scenario(checkpoint),
                            {"workload.network=" + network, "workload.platform=" + platform});
        } catch (const InputError& error) {
            return std::string(error.what());
        }
        return std::string("nothing");
    };
    const std::string msp = "msp430fr5994_lea_intfram_estimate";
    CHECK_THAT(why("camaroptera_lenet", "cortex_m33_stm32u385", "{policy: sonic}"),
               Catch::Contains("operations"));
    CHECK_THAT(why("camaroptera_lenet", "msp430fr5994_extfram_tinas", "{policy: sonic}"),
               Catch::Contains("operations.commits"));
    CHECK_THAT(why("mlperf_tiny_kws", msp, "{policy: sonic}"), Catch::Contains("2 B"));
    CHECK_THAT(why("nodpa_har", msp, "{policy: sonic}"), Catch::Contains("HEAD"));
    CHECK_THAT(why("dynbal_cifar10_cnn", msp, "{policy: sonic}"), Catch::Contains("262144 B"));
    CHECK_THAT(why("camaroptera_lenet", msp, "{policy: inas}"), Catch::Contains("tile"));
}

TEST_CASE("the layers' books add up to the account of the run") {
    const std::string checkpoint =
        GENERATE("{policy: sonic}", "{policy: hawaii}", "{policy: alpaca, task: 8}");
    const Result r = result_of(lenet_scenario(checkpoint));
    double compute = 0.0, read = 0.0, write = 0.0, upkeep = 0.0, reboot = 0.0, reload = 0.0;
    double off = 0.0, on = 0.0;
    std::int64_t done = 0;
    for (const LayerResult& layer : r.layers) {
        compute += layer.compute_j;
        read += layer.fetch_j;
        write += layer.write_j + layer.index_j;
        upkeep += layer.upkeep_j;
        reboot += layer.reboot_j;
        reload += layer.reload_j;
        off += layer.recharge_s;
        on += layer.fetch_s + layer.compute_s + layer.write_s + layer.index_s + layer.upkeep_s +
              layer.reboot_s + layer.reload_s;
        done += layer.units_done;
    }
    const auto sink = [&r](Sink s) { return Approx(r.energy_j.sinks[s]).epsilon(1e-9); };
    CHECK(done == r.work.units_done);
    CHECK(compute == sink(Sink::compute));
    CHECK(read == sink(Sink::nvm_read));
    CHECK(write == sink(Sink::nvm_write));
    CHECK(upkeep == sink(Sink::checkpoint));
    CHECK(reboot == sink(Sink::boot));
    CHECK(reload == sink(Sink::restore));
    CHECK(off == Approx(r.power.off_s).epsilon(1e-9));
    CHECK(on == Approx(r.power.on_s).epsilon(1e-6));  // a cut commit keeps no time of its own
}

TEST_CASE("without failures a layer costs what a clean pass costs") {
    const Result r = result_of(
        "name: steady\nduration: 100 s\nuntil: {jobs: 1}\n"
        "source: {model: {type: constant_power, power: 100 mW}}\n"
        "store: {type: capacitor, capacitance: 100 mF, initial: 3 V, max: 3.6 V}\n"
        "mcu: {turn_on: 3.0 V, turn_off: 1.8 V, initial: powered, off_current: 0 A,\n"
        "  boot: {time: 1 ms, energy: 0.3 uJ}}\n"
        "workload: {network: camaroptera_lenet, platform: msp430fr5994_lea_intfram_estimate}\n"
        "checkpoint: {policy: tails}\n");
    REQUIRE(r.work.jobs_done == 1);
    for (const LayerResult& layer : r.layers) {
        INFO(layer.name);
        CHECK(layer.fetch_j + layer.compute_j + layer.write_j + layer.index_j + layer.upkeep_j ==
              Approx(layer.nominal_j).epsilon(1e-9));
        CHECK(layer.fetch_s + layer.compute_s + layer.write_s + layer.index_s + layer.upkeep_s ==
              Approx(layer.nominal_s).epsilon(1e-12));
    }
}

TEST_CASE("tiles are chosen for a store, with the reason, so that none is cut") {
    const auto with = [](const std::string& more) {
        return "name: chosen\nduration: 400 s\nuntil: {jobs: 1}\n"
               "source: {model: {type: thevenin, voltage: 5.9 V, resistance: 2.8 kOhm}}\n"
               "store: {type: capacitor, capacitance: 470 uF, initial: 4.5 V, max: 6 V}\n"
               "mcu: {turn_on: 4.5 V, turn_off: 3.3 V, initial: unpowered, off_current: 0 A,\n"
               "  boot: {time: 55 ms, energy: 77.88 uJ}}\n"
               "checkpoint: {policy: inas}\n"
               "workload: {network: dynbal_har_cnn, platform: msp430fr5994_extfram_tinas" +
               more + "}\n";
    };
    const std::string tiles =
        ", tiles: {for: latency, source_voltage: 5.9 V, source_resistance: 2.8 kOhm}";
    const Result large = result_of(with(tiles));
    REQUIRE(large.work.jobs_done == 1);
    REQUIRE(large.notes.size() == large.layers.size());
    CHECK_THAT(large.notes.front(), Catch::Contains("tiles of "));
    CHECK(large.power.brown_outs == 0);
    // 94 uJ a charge, of which a boot takes 78: many small batches, none of which is cut.
    const Result small = result_of(with(tiles), {"store.capacitance=20 uF", "duration=4000 s"});
    REQUIRE(small.work.jobs_done == 1);
    CHECK(small.power.boots > 5 * large.power.boots);
    CHECK(small.power.brown_outs == 0);
    // Less than a boot needs: no tile of any layer fits.
    CHECK_THROWS_WITH(result_of(with(tiles), {"store.capacitance=10 uF"}),
                      Catch::Contains("layer"));
    CHECK_THROWS_WITH(result_of(with("")), Catch::Contains("no tile sizes"));
}

TEST_CASE("on continuous power the effective metrics are the nominal ones, under failures less") {
    const std::string steady =
        "name: steady\nduration: 100 s\nuntil: {jobs: 1}\n"
        "source: {model: {type: constant_power, power: 100 mW}}\n"
        "store: {type: capacitor, capacitance: 100 mF, initial: 3 V, max: 3.6 V}\n"
        "mcu: {turn_on: 3.0 V, turn_off: 1.8 V, initial: powered, off_current: 0 A,\n"
        "  boot: {time: 1 ms, energy: 0.3 uJ}}\n"
        "workload: {network: camaroptera_lenet, platform: msp430fr5994_lea_intfram_estimate,\n"
        "  accuracy: 0.9}\ncheckpoint: {policy: tails}\n";
    const EfficiencyComparison clean = result_of(steady).efficiency.value();
    CHECK(*clean.effective.accuracy_per_j == Approx(*clean.nominal.accuracy_per_j).epsilon(1e-9));
    CHECK(*clean.effective.per_mop == *clean.nominal.per_mop);
    CHECK(*clean.effective.core_utilisation ==
          Approx(*clean.nominal.core_utilisation).epsilon(1e-9));
    CHECK(*clean.effective.per_mb_nvm == Approx(*clean.nominal.per_mb_nvm).epsilon(1e-9));
    // 135,768 MACs and 25,166 parameters.
    CHECK(*clean.nominal.per_mop == Approx(90.0 / 0.135768).epsilon(1e-12));
    CHECK(*clean.nominal.per_mparam == Approx(90.0 / 0.025166).epsilon(1e-12));

    const Result failing = result_of(lenet_scenario("{policy: tails}"), {"workload.accuracy=0.9"});
    const EfficiencyComparison e = failing.efficiency.value();
    CHECK(*e.effective.accuracy_per_j < *e.nominal.accuracy_per_j);
    CHECK(*e.wasted_share > 0.0);
    CHECK_FALSE(result_of(lenet_scenario("{policy: tails}")).efficiency.has_value());
}

TEST_CASE("work that is committed layer by layer is leapt over, not walked unit by unit") {
    const std::string granularity = GENERATE("layer", "tile", "unit");
    CAPTURE(granularity);
    const Result r = result_of(
        "name: leaps\nduration: 300 s\n"
        "source: {model: {type: constant_power, power: 2 mW}}\n"
        "store: {type: capacitor, capacitance: 470 uF, initial: 3 V, max: 3.6 V}\n"
        "mcu: {part: stm32u385, turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered}\n"
        "nvm: {part: mb85rs256ty}\n"
        "workload: {network: mlperf_tiny_ad, platform: cortex_m33_stm32u385}\n"
        "checkpoint: {policy: commit, granularity: " +
        granularity + "}\n");
    REQUIRE(r.work.units_done > 100000);
    CHECK(static_cast<std::int64_t>(r.kernel.segments) < r.work.units_done / 4);
}
