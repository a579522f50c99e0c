// SPDX-License-Identifier: Apache-2.0
#include "tests/agreement/two_modes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <iostream>

#include "models/core/error.hpp"
#include "sim/device/run.hpp"

namespace ebb::test {

namespace {

constexpr double kPerturbation = 1e-7;
constexpr double kAgreement = 1e-9;
constexpr double kPerConditioning = 1e-11;

struct Number {
    std::string name;
    double value = 0.0;
    double scale = 0.0;  ///< agreement is relative to this
};

std::vector<Number> numbers_of(const Result& r) {
    std::vector<Number> all;
    const auto time = [&](const char* name, const std::optional<double>& t) {
        all.push_back({name, t.value_or(-1.0), t.value_or(1.0)});
    };
    time("simulated_s", r.time.simulated_s);
    time("on_s", r.power.on_s);
    time("off_s", r.power.off_s);
    time("mean_on_s", r.power.mean_on_s);
    time("mean_off_s", r.power.mean_off_s);
    time("longest_off_s", r.power.longest_off_s);
    time("first_done_s", r.work.first_done_s);
    time("latency_mean_s", r.work.latency_mean_s);
    time("latency_p50_s", r.work.latency_p50_s);
    time("latency_p95_s", r.work.latency_p95_s);
    time("latency_max_s", r.work.latency_max_s);
    all.push_back({"forward_progress", r.work.forward_progress.value_or(-1.0), 1.0});
    all.push_back({"read_bytes", r.nvm.read_bytes, r.nvm.read_bytes});
    all.push_back({"written_bytes", r.nvm.written_bytes, r.nvm.written_bytes});
    const double through = r.energy_j.offered + r.energy_j.initially_stored;
    for (std::size_t i = 0; i < kSinkCount; ++i) {
        const auto sink = static_cast<Sink>(i);
        all.push_back({name_of(sink), r.energy_j.sinks[sink], through});
    }
    all.push_back({"offered", r.energy_j.offered, through});
    all.push_back({"harvested", r.energy_j.harvested, through});
    all.push_back({"converter_loss", r.energy_j.converter_loss, through});
    all.push_back({"clipped", r.energy_j.clipped, through});
    all.push_back({"stored_change", r.energy_j.stored_change, through});
    return all;
}

/// The result, or nothing where the run refuses its input (chatter).
std::optional<Result> result_or_refusal(const Scenario& scenario, bool reference) {
    try {
        return run(scenario, RunOptions{reference}, nullptr);
    } catch (const InputError&) {
        return std::nullopt;
    }
}

std::optional<Scenario> read_or_refusal(const Candidate& candidate) {
    try {
        return candidate.scenario({});
    } catch (const InputError& refusal) {
        std::cout << "  refused by the reader: " << refusal.what() << "\n";
        return std::nullopt;
    }
}

void count(const Result& r, Tally& tally) {
    ++tally.compared;
    tally.powered += r.power.boots > 0 || r.power.on_s > 0.0 ? 1 : 0;
    tally.browned_out += r.power.brown_outs > 0 ? 1 : 0;
    tally.with_jobs += r.work.jobs_done > 0 ? 1 : 0;
    tally.with_checkpoints += r.checkpoint.completed > 0 ? 1 : 0;
    tally.clipped += r.energy_j.clipped > 0.0 ? 1 : 0;
    tally.heated += r.energy_j.sinks[Sink::esr_loss] > 0.0 ? 1 : 0;
}

void compare_counts(const Result& exact, const Result& witness) {
    const Counts got = counts_of(exact);
    const Counts want = counts_of(witness);
    REQUIRE(got.size() == want.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
        INFO(got[i].first << ": exact " << got[i].second << ", witness " << want[i].second);
        CHECK(got[i].second == want[i].second);
    }
}

/// The two runs beside the exact one, from which its conditioning is taken.
struct Beside {
    const Result& above;
    const Result& below;
};

void compare_numbers(const Result& exact, const Result& witness, const Beside& beside,
                     std::uint64_t seed, Tally& tally) {
    const auto got = numbers_of(exact);
    const auto want = numbers_of(witness);
    const auto up = numbers_of(beside.above);
    const auto down = numbers_of(beside.below);
    for (std::size_t i = 0; i < got.size(); ++i) {
        const double conditioning = std::fabs(up[i].value - down[i].value) / (2.0 * kPerturbation);
        const double scale = std::fabs(got[i].scale);
        const double allowed = kAgreement * scale + kPerConditioning * conditioning + 1e-18;
        const double off = std::fabs(got[i].value - want[i].value);
        INFO(got[i].name << ": exact " << got[i].value << ", witness " << want[i].value << ", off "
                         << off << ", allowed " << allowed);
        CHECK(off <= allowed);
        if (off / allowed > tally.worst) {
            tally.worst = off / allowed;
            tally.worst_at = got[i].name + " of seed " + std::to_string(seed);
        }
        tally.worst_relative =
            std::max(tally.worst_relative, off / (scale + conditioning + 1e-300));
    }
}

}  // namespace

Counts counts_of(const Result& r) {
    const auto n = [](auto x) { return static_cast<double>(x); };
    Counts c = {{"boots", n(r.power.boots)},
                {"brown_outs", n(r.power.brown_outs)},
                {"sleeps", n(r.power.sleeps)},
                {"jobs_released", n(r.work.jobs_released)},
                {"jobs_done", n(r.work.jobs_done)},
                {"jobs_late", n(r.work.jobs_late)},
                {"jobs_dropped", n(r.work.jobs_dropped)},
                {"units_done", n(r.work.units_done)},
                {"units_repeated", n(r.work.units_repeated)},
                {"attempted", n(r.checkpoint.attempted)},
                {"completed", n(r.checkpoint.completed)},
                {"torn", n(r.checkpoint.torn)},
                {"restored", n(r.checkpoint.restored)},
                {"unused", n(r.checkpoint.unused)},
                {"max_writes_per_cell", r.nvm.max_writes_per_cell},
                {"decisions", n(r.kernel.decisions)},
                {"end", n(static_cast<int>(r.time.end))}};
    for (const TaskResult& task : r.work.tasks) {
        c.emplace_back(task.name + " done", n(task.done));
        c.emplace_back(task.name + " cut", n(task.cut));
    }
    return c;
}

void compare_one(const Campaign& campaign, std::uint64_t seed, Tally& tally) {
    const Candidate candidate = campaign.draw(seed);
    INFO("seed " << seed << ": " << candidate.text);
    const auto scenario = read_or_refusal(candidate);
    if (!scenario) {
        ++tally.unread;
        return;
    }
    const auto exact = result_or_refusal(*scenario, false);
    if (!exact) {
        CHECK_FALSE(result_or_refusal(*scenario, true));
        ++tally.refused;
        return;
    }
    if (exact->time.wall_s > tally.longest_s) {
        tally.longest_s = exact->time.wall_s;
        tally.longest_at = "seed " + std::to_string(seed);
    }
    const auto beside = [&](double sign) {
        const double d = sign * kPerturbation;
        return result_or_refusal(candidate.scenario({d, -0.7 * d}), false);
    };
    const auto above = beside(1.0);
    const auto below = beside(-1.0);
    if (!above || !below || counts_of(*above) != counts_of(*exact) ||
        counts_of(*below) != counts_of(*exact)) {
        ++tally.redrawn;
        std::cout << "  redrawn: seed " << seed << ": " << candidate.text << "\n";
        return;
    }
    const auto witness = result_or_refusal(*scenario, true);
    CHECK(witness);
    if (!witness) {
        return;
    }
    count(*exact, tally);
    compare_counts(*exact, *witness);
    compare_numbers(*exact, *witness, {*above, *below}, seed, tally);
    if (campaign.compared) {
        campaign.compared(seed, *exact);
    }
}

Tally compare_many(const Campaign& campaign) {
    Tally tally;
    std::uint64_t seed = campaign.first_seed;
    for (int tries = 0; tally.compared < campaign.wanted && tries < 2 * campaign.wanted; ++tries) {
        try {
            compare_one(campaign, seed, tally);
        } catch (const Defect& defect) {
            FAIL_CHECK("seed " << seed << ": " << campaign.draw(seed).text << "\n"
                               << defect.what());
        }
        ++seed;
    }
    std::cout << fmt::format(
        "  {}, seeds {} to {}: {} compared; {} powered, {} browned out, {} finished jobs, {} "
        "completed checkpoints, {} clipped, {} with heat in the store; {} redrawn, {} refused by "
        "the reader, {} by both; worst deviation {:.2g} of what is allowed ({}), {:.2g} of scale "
        "and conditioning; longest run {:.2g} s ({})\n",
        campaign.name, campaign.first_seed, seed - 1, tally.compared, tally.powered,
        tally.browned_out, tally.with_jobs, tally.with_checkpoints, tally.clipped, tally.heated,
        tally.redrawn, tally.unread, tally.refused, tally.worst, tally.worst_at,
        tally.worst_relative, tally.longest_s, tally.longest_at);
    CHECK(tally.compared == campaign.wanted);
    CHECK(tally.redrawn <= campaign.redrawn_share * campaign.wanted);
    CHECK(tally.refused * 20 <= campaign.wanted);
    return tally;
}

}  // namespace ebb::test
