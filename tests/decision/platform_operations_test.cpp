// SPDX-License-Identifier: Apache-2.0
// Operation tables of platform files: units, digits, evidence, and mistakes, all at their places.
#include "models/workload/tile_cost.hpp"
#include "sim/scenario/platform_reader.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace ebb;

namespace {

const std::string kPlatforms = std::string(EBB_SOURCE_DIR) + "/models/workload/platforms";

const std::string kGood =
    "source: measured by us\n"
    "core: Some core\n"
    "element: 2 B\n"
    "operations:\n"
    "  clock: 8 MHz\n"
    "  costs:\n"
    "    dma_nvm_to_vm:\n"
    "      energy: {base: 200 nJ, per_element: 24.096781407 nJ}\n"
    "      latency: {base: 400 cycles, per_element: 8 us}\n"
    "      evidence: {energy: measured, latency: estimate}\n"
    "      preempt: finish\n"
    "    cpu_add: {energy: 4 nJ, latency: 12 cycles, evidence: measured}\n"
    "    copy_nvm_to_vm: {energy: 10.261 nJ, evidence: measured}\n"
    "  overheads:\n"
    "    fetch_weights: {add: 8, mul: 9, latency_mul: 10}\n"
    "  reboot: {energy: 77.88 uJ, latency: 55 ms, evidence: measured}\n"
    "  memory: {vm: 2048 B, nvm: 1000000 B}\n"
    "  supply:\n"
    "    points: [{capacitance: 5 mF, resistance: 300 Ohm}]\n"
    "    v_on: 2.99 V\n"
    "    v_off: 2.8 V\n"
    "    v_supply: 3 V\n"
    "    energy_margin: 55 %\n";

std::vector<Mistake> mistakes_of(const std::string& text) {
    try {
        (void)parse_platform(text, "p", "p.yaml");
    } catch (const InputError& error) {
        return error.mistakes();
    }
    return {};
}

std::string with(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

/// The only mistake of the good file with one change.
Mistake mistake_with(const std::string& from, const std::string& to) {
    const auto all = mistakes_of(with(kGood, from, to));
    INFO(from << " -> " << to << ", first: " << (all.empty() ? "none" : all[0].message));
    REQUIRE(all.size() == 1);
    return all[0];
}

}  // namespace

TEST_CASE("an operation table keeps every digit, and latencies are times or clock cycles") {
    const Platform p = parse_platform(kGood, "mine", "mine.yaml");
    CHECK(p.variants.empty());
    REQUIRE(p.operations);
    const OperationTable& t = *p.operations;
    CHECK(t.clock_hz == 8e6);
    CHECK(t.element_bytes == 2);
    CHECK(t.energy_j(Operation::dma_nvm_to_vm, 3) == 200e-9 + 24.096781407e-9 * 3);
    CHECK(t.latency_s(Operation::dma_nvm_to_vm, 3) == 400 / 8e6 + 8e-6 * 3);
    CHECK(t.latency_s(Operation::cpu_add) == 12 / 8e6);
    const OperationCost& dma = *t.ops[static_cast<std::size_t>(Operation::dma_nvm_to_vm)];
    CHECK(dma.energy_j->evidence == Evidence::measured);
    CHECK(dma.latency_s->evidence == Evidence::estimate);
    CHECK(dma.preempt == CallPreempt::finish);
    CHECK(t.counts(Overhead::fetch_weights).energy.mul == 9);
    CHECK(t.counts(Overhead::fetch_weights).latency.mul == 10);
    CHECK(t.counts(Overhead::fetch_weights).latency.add == 8);
    CHECK(t.memory.nvm_bytes == 1000000);
    CHECK(t.supply->energy_margin == 0.55);
    CHECK_THROWS_WITH(t.latency_s(Operation::copy_nvm_to_vm),
                      "the platform gives no latency for the operation copy_nvm_to_vm");
    CHECK_THROWS_WITH(t.energy_j(Operation::cpu_mul),
                      "the platform gives no energy for the operation cpu_mul");
    CHECK_THROWS_WITH(t.counts(Overhead::batch_norm),
                      "the platform gives no counts for the overhead batch_norm");
    CHECK_FALSE(t.compatibility.output_overhead_latency_from_energy);
    CHECK(t.compatibility.batch_norm_adds_intermittent == 3);
}

TEST_CASE("a cost that is negative, zero, bare, unknown or missing is refused at its place") {
    const Mistake negative = mistake_with("per_element: 24.096781407 nJ", "per_element: -24 nJ");
    CHECK(negative.message.find(
              "platform.operations.costs.dma_nvm_to_vm.energy.per_element is -24 nJ, outside") ==
          0);
    CHECK(negative.place.line == 8);
    const Mistake cycles = mistake_with("base: 400 cycles", "base: -400 cycles");
    CHECK(cycles.message ==
          "platform.operations.costs.dma_nvm_to_vm.latency.base is -400 cycles, outside 0 .. 1e10 "
          "cycles");
    CHECK(cycles.place.line == 9);
    CHECK(cycles.place.column == 23);
    CHECK(mistake_with("latency: 12 cycles", "latency: 12").message.find("needs a unit") !=
          std::string::npos);
    const Mistake near = mistake_with("latency: 12 cycles", "latency: 12 cycels");
    CHECK(near.hint == "did you mean 'cycles'?");
    CHECK(mistake_with("base: 200 nJ, per_element: 24.096781407 nJ", "base: 0 J, per_element: 0 J")
              .message.find("is zero: an operation without a cost") != std::string::npos);
    CHECK(mistake_with("energy: 4 nJ", "energy: 0 J").message.find("above 0 J") !=
          std::string::npos);
    CHECK(mistake_with("{energy: 10.261 nJ, evidence: measured}", "{evidence: measured}").message ==
          "platform.operations.costs.copy_nvm_to_vm needs 'energy' or 'latency', or both");
    const Mistake half = mistake_with("base: 200 nJ, per", "per");
    CHECK(half.message.find("needs 'base'") != std::string::npos);
    const Mistake op = mistake_with("cpu_add:", "cpu_ad:");
    CHECK(op.message == "unknown key 'cpu_ad' in platform.operations.costs");
    CHECK(op.hint == "did you mean 'cpu_add'?");
    CHECK(op.place.line == 12);
}

TEST_CASE("every figure needs its evidence, and every call its rule of preemption") {
    const auto none = mistakes_of(with(kGood, "12 cycles, evidence: measured", "12 cycles"));
    REQUIRE(none.size() == 2);
    CHECK(none[0].message.find("cpu_add needs the evidence of its energy") != std::string::npos);
    CHECK(none[1].message.find("cpu_add needs the evidence of its latency") != std::string::npos);
    const Mistake half =
        mistake_with("{energy: measured, latency: estimate}", "{energy: measured}");
    CHECK(half.message.find("needs the evidence of its latency: measured, model, estimate or "
                            "unconfirmed") != std::string::npos);
    const Mistake word = mistake_with("latency: estimate", "latency: estimated");
    CHECK(word.hint == "did you mean 'estimate'?");
    CHECK(mistake_with("      preempt: finish\n", "").message ==
          "platform.operations.costs.dma_nvm_to_vm needs 'preempt': finish or abort (any, if it "
          "can stop anywhere)");
}

TEST_CASE("values of an operation table that contradict each other are refused") {
    CHECK(mistake_with("v_on: 2.99 V", "v_on: 2.8 V").message ==
          "platform.operations.supply.v_on must be above v_off");
    CHECK(mistake_with("v_supply: 3 V", "v_supply: 2.9 V").message.find("must be above v_on") !=
          std::string::npos);
    CHECK(mistake_with("nvm: 1000000 B", "nvm: 1000000 B, nvm_weights: 5 B")
              .message.find("takes nvm_features and nvm_weights together") != std::string::npos);
    CHECK(mistake_with("nvm: 1000000 B", "nvm: 9 B, nvm_weights: 5 B, nvm_features: 5 B")
              .message.find("cannot stand beside nvm") != std::string::npos);
}

TEST_CASE("a platform that names a closed form is asked for all that it needs, at once") {
    const auto all =
        mistakes_of(with(kGood, "  clock: 8 MHz\n", "  clock: 8 MHz\n  tile_model: inas\n"));
    std::vector<std::string> needed;
    for (const Mistake& m : all) {
        CHECK(m.message.find("platform.operations needs '") == 0);
        needed.push_back(m.message.substr(27, m.message.find('\'', 27) - 27));
    }
    const std::vector<std::string> expected = {"costs.dma_vm_to_nvm",
                                               "costs.lea_vector_mac",
                                               "costs.cpu_mul",
                                               "costs.cpu_max",
                                               "overheads.fetch_input",
                                               "overheads.fetch_output_reuse_i",
                                               "overheads.fetch_output_reuse_w",
                                               "overheads.fetch_output_reuse_o",
                                               "overheads.backup_output_reuse_i",
                                               "overheads.backup_output_reuse_w",
                                               "overheads.backup_output_reuse_o",
                                               "overheads.lea_partial_sum",
                                               "overheads.accumulate",
                                               "index_elements"};
    CHECK(needed == expected);
}

TEST_CASE("mistakes of all blocks of a platform file are told in one pass, in their order") {
    std::string text = with(kGood, "clock: 8 MHz", "clock: 8");
    text = with(text, "vm: 2048 B", "vm: 0 B");
    text = with(text, "12 cycles", "-1 us");
    text += "variants:\n  - label: one\n    clock: 1 MHz\n    cycles_per_mac: {fc: 1}\n";
    const auto all = mistakes_of(text);
    REQUIRE(all.size() == 4);
    CHECK(all[0].place.line == 5);
    CHECK(all[1].place.line == 12);
    CHECK(all[2].place.line == 17);
    CHECK(all[3].place.line == 27);
    const auto empty = mistakes_of("source: s\ncore: c\nelement: 1 B\n");
    REQUIRE(empty.size() == 1);
    CHECK(empty[0].message == "platform needs 'variants' or 'operations'");
}

TEST_CASE("the shipped operation tables read, and say what each is worth") {
    const std::vector<std::string> tables = {"msp430fr5994_cpu", "msp430fr5994_extfram_inas",
                                             "msp430fr5994_extfram_tinas",
                                             "msp430fr5994_lea_intfram_estimate"};
    const auto names = platform_names(kPlatforms);
    for (const auto& name : tables) {
        INFO(name);
        REQUIRE(std::find(names.begin(), names.end(), name) != names.end());
        const auto p = read_platform(name, "", kPlatforms, {});
        REQUIRE(p->operations);
        CHECK(p->operations->clock_hz == 16e6);
        CHECK_THROWS_WITH(find_variant(*p, "", {}), Catch::Contains("has costs per operation"));
        for (const auto& cost : p->operations->ops) {
            const bool estimate =
                cost && cost->latency_s && cost->latency_s->evidence != Evidence::measured;
            CHECK((!estimate || name == "msp430fr5994_lea_intfram_estimate"));
        }
    }
    const auto estimate = read_platform(tables[3], "", kPlatforms, {});
    const OperationTable& t = *estimate->operations;
    REQUIRE(t.sensitivity);
    const OperationTable twice = scaled(t, t.sensitivity->high);
    CHECK(twice.energy_j(Operation::dma_nvm_to_vm, 10) ==
          2 * t.energy_j(Operation::dma_nvm_to_vm, 10));
    CHECK(twice.latency_s(Operation::nvm_word_write) == 2 * t.latency_s(Operation::nvm_word_write));
    CHECK(twice.latency_s(Operation::copy_vm_to_vm) == 2 * t.latency_s(Operation::copy_vm_to_vm));
    CHECK(twice.energy_j(Operation::lea_vector_mac, 8) == t.energy_j(Operation::lea_vector_mac, 8));
    CHECK(twice.energy_j(Operation::cpu_mul) == t.energy_j(Operation::cpu_mul));
    // A copy's latency is its energy over the energy of a cycle: cpu_add, 12 cycles.
    const double per_cycle_j = t.energy_j(Operation::cpu_add) / 12;
    for (const Operation op : {Operation::copy_nvm_to_vm, Operation::copy_vm_to_nvm,
                               Operation::copy_nvm_to_nvm, Operation::copy_vm_to_vm}) {
        CHECK(t.latency_s(op) * 16e6 == Approx(t.energy_j(op) / per_cycle_j).epsilon(5e-3));
    }
}

TEST_CASE("the words that runtimes store are listed per kind of operation, with the commit") {
    const auto p = read_platform("msp430fr5994_cpu", "", kPlatforms, {});
    REQUIRE(p->operations->commits);
    const CommitCounts& c = *p->operations->commits;
    CHECK(c.source.find("@f366b22") != std::string::npos);
    CHECK(c.log_word_while_logging == 5);
    CHECK(c.log_word_at_commit == 2);
    CHECK(c.task_transition_words == 7);
    const auto find = [&](const std::string& runtime, const std::string& operation) {
        const auto at = std::find_if(c.counts.begin(), c.counts.end(), [&](const CommitCount& x) {
            return x.runtime == runtime && x.operation == operation;
        });
        REQUIRE(at != c.counts.end());
        return *at;
    };
    CHECK(find("sonic", "sparse_fc").per_mac == 4);
    CHECK(find("sonic", "sparse_fc").per_empty_row == 4);
    CHECK(find("sonic", "dense_conv").log_per_group == 5);
    CHECK(find("sonic", "dense_conv").log_last_group == 4);
    CHECK(find("tile", "dense_conv").log_per_tile == 6);
    CHECK(find("tails", "dense_fc").log_once == 1);
    CHECK(find("tails", "sparse_conv").per_tile == 1);
}
