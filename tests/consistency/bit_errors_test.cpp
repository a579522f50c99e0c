// SPDX-License-Identifier: Apache-2.0
// Do bits go wrong as often as was asked for, and is what becomes of them right?
#include <cmath>
#include <map>
#include <random>

#include "models/consistency/stored_errors.hpp"
#include "models/nvm/bit_errors.hpp"
#include "tests/consistency/word_failures.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

/// A buffer of bytes; each execution reads one cell and writes another.
Program chain(std::int64_t n, std::int64_t shift) {
    Program program;
    Buffer buffer;
    buffer.name = "cells";
    buffer.bytes = n + shift;
    program.buffers = {buffer};
    Nest nest;
    nest.name = "chain";
    nest.units.resize(1);
    nest.units[0].phases.resize(2);
    Access read;
    read.len = 1;
    read.lo.a[0] = 1;
    Access write = read;
    write.lo.a0 = shift;
    write.write = true;
    write.phase = 1;
    nest.root = repeat(n, 0, {read, write});
    program.nests = {nest};
    return program;
}

double probability(std::int64_t n, std::int64_t k, double p) {  // binomial, in logarithms
    return std::exp(
        std::lgamma(static_cast<double>(n) + 1) - std::lgamma(static_cast<double>(k) + 1) -
        std::lgamma(static_cast<double>(n - k) + 1) + static_cast<double>(k) * std::log(p) +
        static_cast<double>(n - k) * std::log1p(-p));
}

}  // namespace

TEST_CASE("gaps between write errors are geometric, and words hold a binomial number of them") {
    constexpr std::int64_t kWord = 72;
    constexpr std::int64_t kWords = 2'000'000;
    for (const double p : {1e-4, 3e-3, 2e-2}) {
        BitErrorParams params;
        params.write = p;
        BitErrorDraws draws(params, 42);
        std::map<std::int64_t, std::int64_t> in_word;
        std::int64_t bit = -1;
        std::int64_t hits = 0;
        while ((bit += draws.bits_to_next_write_error()) < kWord * kWords) {
            ++in_word[bit / kWord];
            ++hits;
        }
        const double bits = static_cast<double>(kWord * kWords);
        INFO("p = " << p);
        CHECK(std::fabs(static_cast<double>(hits) - bits * p) <
              4.0 * std::sqrt(bits * p * (1 - p)));
        std::map<std::int64_t, std::int64_t> words_with;
        for (const auto& [word, n] : in_word) {
            ++words_with[n];
        }
        words_with[0] = kWords - static_cast<std::int64_t>(in_word.size());
        for (std::int64_t k = 0; k <= 3; ++k) {
            const double q = probability(kWord, k, p);
            const double expected = static_cast<double>(kWords) * q;
            INFO(k << " wrong bits: " << words_with[k] << " words, expected " << expected);
            CHECK(std::fabs(static_cast<double>(words_with[k]) - expected) <
                  4.0 * std::sqrt(expected * (1 - q)) + 1.0);
        }
    }
}

TEST_CASE("lost bits follow 1 - exp(-t/tau), however the time is cut into pieces") {
    constexpr std::int64_t kBits = 72 * 20'000;
    constexpr double kTau = 1e4;
    for (const double t : {100.0, 3000.0, 20000.0}) {
        BitErrorParams params;
        params.retention_s = kTau;
        BitErrorDraws draws(params, 7);
        std::set<std::int64_t> lost;
        for (const double part : {0.5, 0.25, 0.125, 0.125}) {
            const std::int64_t hits = draws.retention_hits(kBits, part * t);
            for (std::int64_t i = 0; i < hits; ++i) {
                lost.insert(draws.place(kBits));
            }
        }
        const double q = -std::expm1(-t / kTau);
        INFO("t = " << t);
        CHECK(std::fabs(static_cast<double>(lost.size()) - kBits * q) <
              4.0 * std::sqrt(kBits * q * (1 - q)));
        std::map<std::int64_t, int> in_word;
        for (const std::int64_t bit : lost) {
            ++in_word[bit / 72];
        }
        const double words = kBits / 72.0;
        for (int k = 1; k <= 2; ++k) {
            const double w = probability(72, k, q);
            const auto n = static_cast<double>(std::count_if(
                in_word.begin(), in_word.end(), [k](const auto& x) { return x.second == k; }));
            CHECK(std::fabs(n - words * w) < 4.0 * std::sqrt(words * w * (1 - w)) + 1.0);
        }
    }
}

TEST_CASE("streams are keyed: the same seed draws the same, another one does not") {
    const auto gaps = [](std::uint64_t seed) {
        BitErrorParams params;
        params.write = 1e-3;
        BitErrorDraws draws(params, seed);
        std::vector<std::int64_t> all;
        for (int i = 0; i < 100; ++i) {
            all.push_back(draws.bits_to_next_write_error());
        }
        return all;
    };
    CHECK(gaps(1) == gaps(1));
    CHECK(gaps(1) != gaps(2));
    BitErrorParams certain;
    certain.write = 1.0;
    BitErrorDraws always(certain, 1);
    CHECK(always.bits_to_next_write_error() == 1);
    BitErrorDraws never(BitErrorParams{}, 1);
    CHECK(never.bits_to_next_write_error() == BitErrorDraws::kNever);
}

TEST_CASE("a wrong bit is harmless if it is overwritten, and a violation for each read before") {
    // Execution k reads cell k and writes cell k + 4: what it writes is read once.
    const Program program = chain(16, 4);
    MemoryOracle oracle(program, {});
    StoredErrors errors(program, {}, &oracle);
    errors.hit_write({0, 3, 1, 0, true}, 0.0, 1.0, 5);  // cell 7, read by execution 7
    errors.passed(0, 0, 4);
    CHECK(errors.counts().unnoticed == 0);
    errors.passed(0, 4, 16);
    REQUIRE(oracle.count() == 1);
    CHECK(oracle.violations().front().kind == ViolationKind::corrupt);
    CHECK(oracle.violations().front().unit == 7);
    CHECK(oracle.violations().front().lo == 7);
    CHECK(oracle.violations().front().text().rfind("CORRUPT", 0) == 0);
    // It lies there still: the next pass over the same cells writes it anew before it is read.
    errors.passed(0, 0, 4);
    CHECK(oracle.count() == 1);
    errors.passed(0, 4, 16);
    CHECK(oracle.count() == 1);
    CHECK(errors.counts().written == 1);
}

TEST_CASE("leaps, single executions and a memory followed byte by byte find the same wrong reads") {
    std::mt19937 random(5);
    const auto up_to = [&random](std::int64_t n) {
        return std::uniform_int_distribution<std::int64_t>(0, n)(random);
    };
    std::int64_t found = 0;
    for (int round = 0; round < 300; ++round) {
        const std::int64_t n = 20 + up_to(30);
        const std::int64_t shift = 1 + up_to(8);
        const Program program = chain(n, shift);
        std::multimap<std::int64_t, std::int64_t> hits;  // by execution: bit
        for (std::int64_t i = up_to(6); i >= 0; --i) {
            hits.insert({up_to(n - 1), up_to(7)});
        }
        // Byte by byte: two jobs, the hits in the first.
        std::vector<std::set<std::int64_t>> wrong(static_cast<std::size_t>(n + shift));
        std::int64_t expected = 0;
        for (int job = 0; job < 2; ++job) {
            for (std::int64_t k = 0; k < n; ++k) {
                expected += wrong[static_cast<std::size_t>(k)].empty() ? 0 : 1;
                std::set<std::int64_t>& cell = wrong[static_cast<std::size_t>(k + shift)];
                cell.clear();
                for (auto [it, end] = hits.equal_range(k); job == 0 && it != end; ++it) {
                    cell.insert(it->second);
                }
            }
        }
        for (const bool leaping : {false, true}) {
            MemoryOracle oracle(program, {});
            StoredErrors errors(program, {}, &oracle);
            for (int job = 0; job < 2; ++job) {
                for (std::int64_t k = 0; k < n;) {
                    const std::int64_t to = std::min(n, k + (leaping ? 1 + up_to(15) : 1));
                    for (std::int64_t u = k; job == 0 && u < to; ++u) {
                        for (auto [it, end] = hits.equal_range(u); it != end; ++it) {
                            errors.hit_write({0, u, 1, 0, true}, 0.0, 1.0, it->second);
                        }
                    }
                    errors.passed(0, k, to);
                    k = to;
                }
            }
            CHECK(oracle.count() == expected);
            CHECK(errors.counts().unnoticed == expected);
        }
        found += expected;
    }
    CHECK(found > 300);
}

TEST_CASE("what a cut execution has written is as wrong as it was written, the rest as before") {
    const Program program = chain(16, 4);
    MemoryOracle oracle(program, {});
    StoredErrors errors(program, {}, &oracle);
    errors.hit_write({0, 3, 1, 0, true}, 0.0, 1.0, 5);
    errors.failed(WorkPoint{0, 3, 1, 1, false}, 0, 0);
    errors.passed(0, 3, 4);  // done again: written anew
    errors.passed(0, 4, 16);
    CHECK(oracle.count() == 0);
    errors.hit_write({0, 3, 1, 0, true}, 0.0, 1.0, 5);
    errors.failed(WorkPoint{0, 3, 1, 1, false}, 0, 0);
    errors.passed(0, 4, 16);  // gone on behind it
    CHECK(oracle.count() == 1);
}

TEST_CASE("records and snapshots matter if they are the newest when a recovery reads them") {
    const Program program = chain(4, 4);
    const StoredErrors::Memory memory{{}, 8, 16};
    MemoryOracle oracle(program, {});
    StoredErrors errors(program, memory, &oracle);
    errors.hit_record(0, 3);
    errors.failed(std::nullopt, 2, 0);  // record 1 has been written since, into the other slot
    errors.recovered(1, -1, {});
    CHECK(oracle.count() == 0);
    errors.hit_record(2, 17);
    errors.failed(std::nullopt, 2, 0);  // torn: number 2 is written again
    errors.recovered(1, -1, {});
    CHECK(oracle.count() == 0);
    errors.hit_record(2, 17);
    errors.failed(std::nullopt, 3, 0);
    errors.recovered(2, -1, {});
    CHECK(oracle.count() == 1);
    CHECK(oracle.violations().front().buffer == "progress record");
    errors.hit_snapshot(0, 1);
    errors.failed(std::nullopt, 3, 1);
    errors.recovered(-1, 0, {});
    CHECK(oracle.count() == 2);
    CHECK(errors.stored_bits() == 8 * (8 + 2 * 8 + 2 * 16));
}

TEST_CASE("a whole device writes bits wrong at the rate that was asked for, and reads them") {
    const NetworkFile file(small_networks().front());
    const std::string text = strong_device(file, kTiles, "{policy: commit, granularity: unit}");
    double hits = 0.0;
    double bits = 0.0;
    std::int64_t violations = 0;
    for (int seed = 1; seed <= 20; ++seed) {
        const Scenario scenario = scenario_of(
            text, {"failures={bit_errors: {write: 1e-3}}", "seed=" + std::to_string(seed)});
        EventList events;
        const Result r = run(scenario, RunOptions{}, &events);
        hits += static_cast<double>(events.times_of("bit_error").size());
        bits += 8.0 * r.nvm.written_bytes;
        violations += r.consistency.violations;
        CHECK(r.power.injected_failures == 0);
        CHECK(r.work.jobs_done == 20);
    }
    CHECK(std::fabs(hits - 1e-3 * bits) < 4.0 * std::sqrt(1e-3 * bits));
    CHECK(violations > 0);
}

TEST_CASE("bits are lost while the device has no power, and only then") {
    const NetworkFile file(small_networks().front());
    std::string text = strong_device(file, kTiles, "{policy: commit, granularity: unit}");
    const std::string weak = "source.model.power=300 uW";
    const auto lost = [&](std::vector<std::string> sets) {
        sets.emplace_back("failures={bit_errors: {retention: 2000 s}}");
        sets.emplace_back("until={jobs: 100000}");
        const Scenario scenario = scenario_of(text, sets);
        EventList events;
        const Result r = run(scenario, RunOptions{}, &events);
        return std::make_pair(static_cast<double>(events.times_of("bit_error").size()), r);
    };
    const auto [strong_hits, strong] = lost({});
    CHECK(strong_hits == 0.0);
    const auto [hits, r] =
        lost({weak, "store.initial=1.9 V", "store.capacitance=100 uF", "duration=60 s"});
    CHECK(r.power.off_s > 10.0);
    CHECK(r.power.boots > 5);
    CHECK(hits > 50.0);
}
