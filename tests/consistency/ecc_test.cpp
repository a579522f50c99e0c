// SPDX-License-Identifier: Apache-2.0
// Does a code correct, detect and miss what it should, at the price that was stated?
#include <cmath>
#include <map>

#include "models/consistency/stored_errors.hpp"
#include "models/nvm/bit_errors.hpp"
#include "models/nvm/ecc.hpp"
#include "models/nvm/nvm_params.hpp"
#include "tests/consistency/word_failures.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

const std::string kFree =
    "nvm.ecc={data_bits: 64, check_bits: 8, corrects: 1, detects: 2, encode_time: 0 s, "
    "encode_energy: 0 J, decode_time: 0 s, decode_energy: 0 J}";
const std::string kPriced =
    "nvm.ecc={data_bits: 64, check_bits: 8, corrects: 1, detects: 2, encode_time: 40 ns, "
    "encode_energy: 30 pJ, decode_time: 60 ns, decode_energy: 50 pJ}";

std::string priced_by_part(const std::string& policy) {
    return "name: memory by its part\nduration: 4 s\nuntil: {jobs: 4}\n"
           "source: {model: {type: constant_power, power: 100 mW}}\n"
           "store: {type: capacitor, capacitance: 1 mF, initial: 3.2 V, max: 3.3 V}\n"
           "mcu: {turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered, boot: {time: 1 ms, charge: "
           "0.2 uC},\n"
           "  active: {current: 1 mA}, off_current: 0 A}\n"
           "nvm: {capacity: 256 kB, atomic: 1 B, cut: old, read_time: 200 ns, write_time: 300 ns, "
           "read_energy: 1.5 nJ, write_energy: 2.5 nJ, standby: 0 A, sleep: 0 A, endurance: "
           "unlimited}\n"
           "workload: {network: mlperf_tiny_kws, platform: cortex_m33_stm32u385}\n"
           "checkpoint: " +
           policy + "\n";
}

/// One execution writes a word, another one reads it.
Program word_by_word(std::int64_t words) {
    Program program;
    Buffer buffer;
    buffer.name = "words";
    buffer.bytes = 8 * words;
    program.buffers = {buffer};
    for (const bool write : {true, false}) {
        Nest nest;
        nest.name = write ? "write" : "read";
        nest.units.resize(1);
        nest.units[0].phases.resize(1);
        Access access;
        access.len = 8;
        access.lo.a[0] = 8;
        access.write = write;
        nest.root = repeat(words, 0, {access});
        program.nests.push_back(nest);
    }
    return program;
}

StoredErrors::Memory secded() {
    StoredErrors::Memory memory;
    memory.ecc = EccParams{};
    return memory;
}

}  // namespace

TEST_CASE("the least number of check bits is that of the codes in use") {
    // Single correction, double detection: k + r <= 2^(r-1).
    CHECK(least_check_bits(8, 1, 2) == 5);
    CHECK(least_check_bits(16, 1, 2) == 6);
    CHECK(least_check_bits(32, 1, 2) == 7);
    CHECK(least_check_bits(64, 1, 2) == 8);
    CHECK(least_check_bits(128, 1, 2) == 9);
    for (std::int64_t k = 8; k <= 4096; k += 8) {
        std::int64_t r = 1;
        while ((std::int64_t{1} << (r - 1)) < k + r) {
            ++r;
        }
        CHECK(least_check_bits(k, 1, 2) == r);
    }
    CHECK(least_check_bits(64, 0, 1) == 1);   // parity
    CHECK(least_check_bits(4, 1, 1) == 3);    // Hamming (7, 4)
    CHECK(least_check_bits(57, 1, 1) == 6);   // Hamming (63, 57)
    CHECK(least_check_bits(12, 3, 3) == 11);  // Golay (23, 12), perfect
    CHECK(least_check_bits(12, 3, 4) == 12);  // Golay (24, 12)
}

TEST_CASE("one wrong bit is corrected once, two are detected, three pass, and a write mends all") {
    const Program program = word_by_word(4);
    MemoryOracle oracle(program, {});
    StoredErrors errors(program, secded(), &oracle);
    const auto write = [&](std::int64_t word, std::initializer_list<std::int64_t> bits) {
        for (const std::int64_t bit : bits) {
            errors.hit_write({0, word, 0, 0, true}, 0.0, 8.0, bit);
        }
    };
    write(0, {3});
    write(1, {70, 71});  // check bits count as well
    write(2, {1, 2, 3});
    CHECK(errors.wary());
    errors.passed(0, 0, 4);
    errors.passed(1, 0, 1);
    CHECK(errors.counts().corrected == 1);
    errors.passed(1, 0, 1);  // read again: known already
    CHECK(errors.counts().corrected == 1);
    CHECK_FALSE(errors.take_detected());
    errors.passed(1, 1, 2);
    CHECK(errors.counts().detected == 1);
    CHECK(errors.take_detected());
    CHECK_FALSE(errors.take_detected());
    CHECK(oracle.count() == 0);
    errors.passed(1, 2, 3);
    CHECK(errors.counts().unnoticed == 1);
    CHECK(oracle.count() == 1);
    errors.passed(0, 0, 4);
    CHECK_FALSE(errors.wary());
    errors.passed(1, 0, 4);
    CHECK(oracle.count() == 1);
    CHECK(errors.counts().corrected == 1);
    CHECK(errors.counts().detected == 1);
    // A second error on top of a corrected one that nobody wrote back.
    write(3, {5});
    errors.passed(0, 3, 4);
    errors.passed(1, 3, 4);
    CHECK(errors.counts().corrected == 2);
    errors.hit_stored(3 * 72 + 9, 0, 0);
    errors.passed(1, 3, 4);
    CHECK(errors.counts().detected == 2);
}

TEST_CASE("over a long draw as many words are corrected, detected and missed as binomials say") {
    constexpr std::int64_t kWords = 400'000;
    constexpr double kRate = 5e-3;
    const Program program = word_by_word(kWords);
    MemoryOracle oracle(program, {});
    StoredErrors errors(program, secded(), &oracle);
    BitErrorParams params;
    params.write = kRate;
    BitErrorDraws draws(params, 3);
    std::int64_t done = 0;
    std::int64_t bit = draws.bits_to_next_write_error() - 1;
    for (; bit < 72 * kWords; bit += draws.bits_to_next_write_error()) {
        const std::int64_t word = bit / 72;
        errors.passed(0, done, word);
        done = word;
        errors.hit_write({0, word, 0, 0, true}, 0.0, 8.0, bit % 72);
    }
    errors.passed(0, done, kWords);
    errors.passed(1, 0, kWords);
    const double q = 1.0 - kRate;
    const double one = 72 * kRate * std::pow(q, 71);
    const double two = 72 * 71 / 2.0 * kRate * kRate * std::pow(q, 70);
    const double more = 1.0 - std::pow(q, 72) - one - two;
    const auto agrees = [](std::int64_t found, double p) {
        const double expected = p * kWords;
        INFO(found << " found, " << expected << " expected");
        CHECK(std::fabs(static_cast<double>(found) - expected) <
              4.0 * std::sqrt(expected * (1.0 - p)));
    };
    agrees(errors.counts().corrected, one);
    agrees(errors.counts().detected, two);
    agrees(errors.counts().unnoticed, more);
    CHECK(oracle.count() == errors.counts().unnoticed);
}

TEST_CASE("traffic with a code is that without, times 72/64, to the bit") {
    for (const char* policy : {"{policy: commit, granularity: unit}", "{policy: none}"}) {
        const std::string text = priced_by_part(policy);
        const Result plain = result_of(text);
        const Result coded = result_of(text, {kFree});
        REQUIRE(plain.work.jobs_done == 4);
        CHECK(coded.work.jobs_done == 4);
        CHECK(coded.nvm.read_bytes == 1.125 * plain.nvm.read_bytes);
        CHECK(coded.nvm.written_bytes == 1.125 * plain.nvm.written_bytes);
        CHECK(coded.nvm.max_writes_per_cell == plain.nvm.max_writes_per_cell);
    }
}

TEST_CASE("a code costs its check bits, and what it takes per word, in energy and time") {
    const std::string text = priced_by_part("{policy: none}");
    const Result plain = result_of(text);
    const Result coded = result_of(text, {kPriced});
    REQUIRE(plain.work.jobs_done == coded.work.jobs_done);
    const double read = plain.nvm.read_bytes;
    const double written = plain.nvm.written_bytes;
    CHECK(plain.energy_j.sinks[Sink::nvm_read] == Approx(read * 1.5e-9).epsilon(1e-9));
    CHECK(coded.energy_j.sinks[Sink::nvm_read] ==
          Approx(read * (1.125 * 1.5e-9 + 50e-12 / 8)).epsilon(1e-9));
    CHECK(coded.energy_j.sinks[Sink::nvm_write] ==
          Approx(written * (1.125 * 2.5e-9 + 30e-12 / 8)).epsilon(1e-9));
    const double longer =
        read * (0.125 * 200e-9 + 60e-9 / 8) + written * (0.125 * 300e-9 + 40e-9 / 8);
    CHECK(coded.time.simulated_s - plain.time.simulated_s == Approx(longer).epsilon(1e-6));
}

TEST_CASE("a code adds to the price of a platform's own operations, as to that of a part") {
    const NetworkFile file(small_networks().front());
    const std::string text = strong_device(file, kTiles, "{policy: commit, granularity: unit}");
    const std::string memory =
        "nvm={capacity: 256 kB, atomic: 2 B, cut: old, read_time: 200 ns, write_time: 300 ns, "
        "read_energy: 1.5 nJ, write_energy: 2.5 nJ, standby: 0 A, sleep: 0 A, endurance: "
        "unlimited}";
    const Result plain = result_of(text, {memory});
    const Result coded = result_of(text, {memory, kPriced});
    REQUIRE(plain.work.jobs_done == 20);
    REQUIRE(coded.work.jobs_done == 20);
    CHECK(coded.nvm.written_bytes == 1.125 * plain.nvm.written_bytes);
    const double longer = plain.nvm.read_bytes * (0.125 * 200e-9 + 60e-9 / 8) +
                          plain.nvm.written_bytes * (0.125 * 300e-9 + 40e-9 / 8);
    CHECK(coded.time.simulated_s - plain.time.simulated_s == Approx(longer).epsilon(1e-6));
}

TEST_CASE("a device with a code lives with single errors, and without it computes on them") {
    const std::string text = priced_by_part("{policy: commit, granularity: unit}");
    const std::string errors = "failures={bit_errors: {write: 2e-6}}";
    const Result bare = result_of(text, {errors});
    CHECK(bare.consistency.violations > 0);
    const Scenario coded = scenario_of(text, {errors, kPriced});
    EventList events;
    const Result r = run(coded, RunOptions{}, &events);
    CHECK(r.consistency.violations == 0);
    CHECK(r.work.jobs_done == 4);
    CHECK_FALSE(events.times_of("bit_error").empty());
    CHECK_FALSE(events.times_of("bit_corrected").empty());
}

TEST_CASE("a word beyond repair has the job start over, and the run says so") {
    const NetworkFile file(small_networks().front());
    const std::string text = strong_device(file, kTiles, "{policy: commit, granularity: unit}");
    const std::string memory =
        "nvm={capacity: 256 kB, atomic: 2 B, cut: old, read_time: 200 ns, write_time: 300 ns, "
        "read_energy: 1.5 nJ, write_energy: 2.5 nJ, standby: 0 A, sleep: 0 A, endurance: "
        "unlimited}";
    std::int64_t restarts = 0;
    for (int seed = 1; seed <= 10; ++seed) {
        const Scenario scenario =
            scenario_of(text, {memory, kFree, "failures={bit_errors: {write: 3e-3}}",
                               "seed=" + std::to_string(seed)});
        EventList events;
        const Result r = run(scenario, RunOptions{}, &events);
        const std::size_t n = events.times_of("job_restarted").size();
        restarts += static_cast<std::int64_t>(n);
        CHECK(events.times_of("bit_detected").size() >= n);
        bool told = false;
        for (const Finding& f : r.findings) {
            told = told || f.code == "uncorrectable";
        }
        CHECK(told == (n > 0));
        CHECK(r.power.brown_outs == 0);
    }
    CHECK(restarts > 0);
}
