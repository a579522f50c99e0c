// SPDX-License-Identifier: Apache-2.0
// Does a recovery pay for the words that it puts back from an undo log, and only where it does?
#include <catch2/catch.hpp>

#include "models/runtime/sonic_loops.hpp"
#include "models/workload/progress.hpp"
#include "sim/scenario/network_reader.hpp"
#include "sim/scenario/platform_reader.hpp"
#include "tests/support/scenarios.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

constexpr double kWordBytes = 2.0;

/// One sparse fully connected layer under SONIC: 4 inputs, 2 outputs, 6 non-zero weights.
struct Bench {
    Bench()
        : scenario(scenario_of(
              "name: LeNet\nduration: 1 s\n"
              "source: {model: {type: constant_power, power: 1 mW}}\n"
              "store: {type: capacitor, capacitance: 47 uF, initial: 3 V, max: 3.6 V}\n"
              "mcu: {turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered, off_current: 0 A,\n"
              "  boot: {time: 1 ms, energy: 0.3 uJ}}\n"
              "workload: {network: camaroptera_lenet, platform: "
              "msp430fr5994_lea_intfram_estimate}\n"
              "checkpoint: {policy: sonic}\n")),
          network(parse_network(
              "id,name,op,from,in_h,in_w,in_c,out_h,out_w,out_c,kernel_h,kernel_w,stride,stride_w,"
              "macs,params,weight_bytes,input_bytes,output_bytes,nonzero_weights,dense_weights\n"
              "0,fc,SPFC,input,1,1,4,1,1,2,1,1,1,1,6,6,12,8,4,6,8\n",
              "sparse", "sparse.csv")),
          platform(read_platform("msp430fr5994_lea_intfram_estimate", "",
                                 std::string(EBB_SOURCE_DIR) + "/models/workload/platforms", {})),
          memory(nvm_of(*platform->operations)),
          program(lower_sonic({network, *platform, "", memory, {}, 0.0}, {})),
          protocol(protocol_of(*platform->operations)),
          plan(make_plan(program, protocol, scenario.mcu, memory)),
          progress(plan, account, 2.0) {
        progress.start_job(0);
        progress.booted();
        progress.recovered();
    }
    Protocol protocol_of(const OperationTable& table) const {
        PolicyFacts facts;
        facts.operations = &table;
        return scenario.checkpoint->protocol(facts);
    }
    /// The power fails half-way through a phase of the product in hand, or of the one behind it.
    void fail(bool one_done, std::size_t phase) {
        constexpr std::size_t kPhases = 5;
        const Load& load = progress.next();
        const bool alone = load.phases.size() == kPhases;  // else a trip of a loop around it
        WalkResult r;
        r.stop = Stop::falling;
        r.position.unit = alone && one_done ? 1 : 0;
        r.position.phase =
            phase + (alone && one_done ? 0 : load.first_phase) + (!alone && one_done ? kPhases : 0);
        r.position.elapsed_s = 0.5 * load.phases[r.position.phase].duration_s;
        progress.absorb(r);
        progress.power_failed(true);
        progress.booted();
    }
    /// Words that the recovery reads and writes now.
    [[nodiscard]] std::pair<double, double> words() {
        double read = 0.0;
        double written = 0.0;
        for (const PhaseTraffic& t : progress.recovery().traffic) {
            read += t.read_b / kWordBytes;
            written += t.write_b / kWordBytes;
        }
        return {read, written};
    }

    Scenario scenario;
    Network network;
    std::shared_ptr<const Platform> platform;
    std::optional<NvmParams> memory;
    Program program;
    Protocol protocol;
    Plan plan;
    NvmAccount account;
    WorkProgress progress;
};

}  // namespace

TEST_CASE("a product cut before its log is complete is asked for, and nothing is put back") {
    for (const std::size_t phase : {0U, 1U, 2U}) {
        Bench b;
        const double counters = static_cast<double>(b.protocol.recover.front().len) / kWordBytes;
        b.fail(false, phase);
        CHECK(b.words() == std::pair(counters + 1.0, 0.0));
    }
}

TEST_CASE("a product cut behind its log costs a word read and one written, until it is done") {
    for (const std::size_t phase : {3U, 4U}) {
        INFO("phase " << phase);
        Bench b;
        const double counters = static_cast<double>(b.protocol.recover.front().len) / kWordBytes;
        b.fail(false, phase);
        CHECK(b.words() == std::pair(counters + 2.0, 1.0));
        double seconds = 0.0;
        for (const LoadPhase& p : b.progress.recovery().load.phases) {
            seconds += p.duration_s;
        }
        const OperationTable& table = *b.platform->operations;
        CHECK(seconds == Approx((counters + 2.0) * table.latency_s(Operation::nvm_word_read) +
                                table.latency_s(Operation::nvm_word_write)));
        // The power fails in the recovery: the next one does the same.
        b.progress.power_failed(false);
        b.progress.booted();
        CHECK(b.words() == std::pair(counters + 2.0, 1.0));
        // The log still names the product as it begins anew and is cut early.
        b.progress.recovered();
        b.fail(false, 0);
        CHECK(b.words() == std::pair(counters + 2.0, 1.0));
        // What is put back is written where the product writes, and not into the records.
        const double before = b.account.written_bytes();
        const std::int64_t worn = b.account.max_writes_per_cell();
        b.progress.book_operations(b.progress.recovery(), {1, 0, 0.0}, true);
        CHECK(b.account.written_bytes() - before == kWordBytes);
        CHECK(b.account.max_writes_per_cell() == worn + 1);
        // The product is done, and the next one cut early: the log's position is another's.
        b.progress.recovered();
        b.fail(true, 0);
        CHECK(b.words() == std::pair(counters + 1.0, 0.0));
    }
}
