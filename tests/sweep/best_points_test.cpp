// SPDX-License-Identifier: Apache-2.0
/// Which points of a sweep are best, and does it say how sure that is?
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <limits>
#include <random>
#include <set>

#include "models/core/error.hpp"
#include "sim/analysis/best_answer.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/sweep_database.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

const std::vector<MadeColumn> kColumns = {
    {"store.capacitance_f", "F", "input", "REAL"},    {"checkpoint.policy", "", "input", "TEXT"},
    {"repeat.source.start_s", "s", "repeat", "REAL"}, {"work.jobs_done", "1", "metric", "INTEGER"},
    {"work.latency_p95_s", "s", "metric", "REAL"},
};

/// A run of point `c` uF with the policy; its repeat shares a shift with that of all other points.
MadeRun made(int point, int repeat, double c_uf, const char* policy, double jobs, double latency) {
    return {point,
            repeat,
            {sql_number(c_uf * 1e-6), std::string("'") + policy + "'", sql_number(10.0 * repeat),
             sql_number(jobs), sql_number(latency)}};
}

SweepData data_of(const std::vector<MadeRun>& runs) {
    const ScratchFolder folder;
    make_sweep(folder.file("results.sqlite"), kColumns, runs);
    return read_sweep(folder.file(""));
}

Ranking ranked(const SweepData& data, const std::string& metric, bool maximise,
               const std::vector<std::string>& conditions = {}, bool in_every_run = false) {
    Conditions all;
    all.in_every_run = in_every_run;
    for (const std::string& text : conditions) {
        all.all.emplace_back(text, data.vocabulary, "--subject-to");
    }
    const Objective objective{Expression(metric, data.vocabulary, "--maximize"), maximise};
    return rank_points(data, objective, select(data, all), 0.95);
}

std::vector<std::int64_t> order(const Ranking& ranking) {
    std::vector<std::int64_t> points;
    for (const RankedPoint& p : ranking.points) {
        points.push_back(p.candidate.point);
    }
    return points;
}

std::string refusal(const std::string& path) {
    try {
        static_cast<void>(read_sweep(path));
    } catch (const InputError& error) {
        const Mistake& m = error.mistakes().front();
        return m.message + " | " + m.note;
    }
    FAIL("was taken");
    return {};
}

constexpr double kNull = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("points are ranked by the mean, and only a difference within repeats tells them apart") {
    // The start decides far more than the point: 100 jobs from repeat to repeat, while point 1 does
    // 10, 11, 9, 10 more than point 0 each time, and point 2 as many less as more.
    const double shift[] = {0.0, 100.0, 200.0, 300.0};
    const double gain[] = {10.0, 11.0, 9.0, 10.0};
    const double wobble[] = {12.0, 9.0, 8.0, 10.0};
    std::vector<MadeRun> runs;
    for (int r = 0; r < 4; ++r) {
        runs.push_back(made(0, r, 10, "jit", 50 + shift[r], 1.0));
        runs.push_back(made(1, r, 22, "jit", 50 + shift[r] + gain[r], 1.0));
        runs.push_back(made(2, r, 47, "jit", 50 + shift[r] + wobble[r], 1.0));
    }
    const Ranking found = ranked(data_of(runs), "jobs_done", true);
    REQUIRE(order(found) == std::vector<std::int64_t>{1, 2, 0});
    CHECK(found.points[0].value.mean == 210.0);
    CHECK(found.points[0].value.margin > 200.0);  // over starts nothing could be told
    CHECK(found.points[1].tie);
    CHECK(found.points[1].rank == 1);
    CHECK_FALSE(found.points[2].tie);
    CHECK(found.points[2].rank == 3);
    CHECK(found.points[2].difference == -10.0);
    // s of 10, 11, 9, 10 is sqrt(2/3); t(3, 0.975) = 3.182446305 (NIST table).
    CHECK(found.points[2].margin == Approx(3.182446305 * std::sqrt(2.0 / 3.0 / 4.0)).epsilon(1e-9));
}

TEST_CASE(
    "with one run per point only equal values tie, and the text says that chance is unknown") {
    const SweepData data = data_of({made(0, 0, 10, "jit", 5, 1.0), made(1, 0, 22, "jit", 7, 1.0),
                                    made(2, 0, 47, "jit", 7, 2.0)});
    BestAnswer answer;
    answer.objective = {"work.jobs_done", "1", true};
    answer.ranking = ranked(data, "jobs_done", true);
    CHECK(order(*answer.ranking) == std::vector<std::int64_t>{1, 2, 0});
    CHECK(answer.ranking->points[1].tie);
    CHECK_FALSE(answer.ranking->points[2].tie);
    CHECK(best_text(data, answer).find("one run per point") != std::string::npos);
}

TEST_CASE("failed runs are counted and said, and never count as zero") {
    std::vector<MadeRun> runs = {made(0, 0, 10, "jit", 5, 1.0), made(0, 1, 10, "jit", 6, 1.0),
                                 made(1, 0, 22, "jit", 9, 1.0), made(1, 1, 22, "jit", 0, 1.0),
                                 made(2, 0, 47, "jit", 0, 1.0), made(2, 1, 47, "jit", 0, 1.0)};
    for (const std::size_t i : {3U, 4U, 5U}) {
        runs[i].status = i == 3 ? "timeout" : "failed";
        runs[i].reason = i == 3 ? "longer than 10 s" : "no such part";
        runs[i].cells[3] = runs[i].cells[4] = "NULL";
    }
    const SweepData data = data_of(runs);
    CHECK(data.done_rows() == 3);
    CHECK(failures_text(data) == "3 of 6 runs failed: 2 x no such part; 1 x longer than 10 s");
    const Ranking found = ranked(data, "jobs_done", true);
    REQUIRE(order(found) == std::vector<std::int64_t>{1, 0});
    CHECK(found.points[0].value.mean == 9.0);
    CHECK(found.points[0].candidate.failed == 1);
    CHECK(found.points[1].pairs == 1);
    CHECK(found.left_out.all_failed == 1);
    CHECK(found.left_out.partly_failed == 1);
}

TEST_CASE("a point without a value in one run is left out, because the others would flatter it") {
    const Ranking found =
        ranked(data_of({made(0, 0, 10, "jit", 5, 1.0), made(0, 1, 10, "jit", 5, 1.2),
                        made(1, 0, 22, "jit", 1, 0.1), made(1, 1, 22, "jit", 0, kNull)}),
               "latency_p95_s", false);
    CHECK(order(found) == std::vector<std::int64_t>{0});
    CHECK(found.left_out.no_value == 1);
}

TEST_CASE("conditions hold at the means, or in every run where that is asked") {
    const SweepData data =
        data_of({made(0, 0, 10, "jit", 8, 0.1), made(0, 1, 10, "jit", 8, 0.25),
                 made(1, 0, 22, "jit", 6, 0.1), made(1, 1, 22, "jit", 6, 0.19),
                 made(2, 0, 47, "hibernus", 9, 0.3), made(2, 1, 47, "hibernus", 9, 0.3)});
    CHECK(order(ranked(data, "jobs_done", true, {"latency_p95_s <= 200 ms"})) ==
          std::vector<std::int64_t>{0, 1});
    const Ranking strict = ranked(data, "jobs_done", true, {"latency_p95_s <= 200 ms"}, true);
    CHECK(order(strict) == std::vector<std::int64_t>{1});
    CHECK(strict.left_out.condition == 2);
    CHECK(order(ranked(data, "jobs_done", true, {"policy == 'hibernus'"})) ==
          std::vector<std::int64_t>{2});
    CHECK(order(ranked(data, "jobs_done", true, {"capacitance_f < 47 uF", "policy != 'hibernus'"}))
              .size() == 2);
    // A formula is an objective as well, evaluated run by run.
    CHECK(order(ranked(data, "jobs_done / capacitance_f", true)).front() == 0);
}

TEST_CASE("inputs that vary over repeats are no axes") {
    const SweepData data = data_of({made(0, 0, 10, "jit", 5, 1.0), made(0, 1, 10, "jit", 6, 1.0),
                                    made(1, 0, 22, "hibernus", 9, 1.0)});
    const std::vector<std::size_t> axes = axes_of(data);
    REQUIRE(axes.size() == 2);
    CHECK(data.columns[axes[0]].name == "store.capacitance_f");
    CHECK(data.cell_text(axes[1], 2) == "hibernus");
}

TEST_CASE("what a repeat adds to all points alike is no scatter of a sensitivity") {
    // jobs = 10 point + 100 repeat, and ±1 in turn on top of it for the second sweep.
    const auto sweep = [](double chance) {
        std::vector<MadeRun> runs;
        for (int p = 0; p < 4; ++p) {
            for (int r = 0; r < 4; ++r) {
                const double sign = (p + r) % 2 == 0 ? 1.0 : -1.0;
                runs.push_back(
                    made(p, r, 10.0 * (p + 1), "jit", 10 * p + 100 * r + sign * chance, 1));
            }
        }
        const SweepData data = data_of(runs);
        return sensitivity(design_of(data, Expression("jobs_done", data.vocabulary, "m")), 0.95);
    };
    const SobolIndices quiet = sweep(0.0);
    CHECK(quiet.variance == Approx(125.0));  // of 0, 10, 20, 30
    CHECK(quiet.noise_share == Approx(0.0).margin(1e-12));
    // 16 residuals of ±1 with 9 degrees of freedom, over 4 repeats.
    CHECK(sweep(1.0).noise_share == Approx(16.0 / 9.0 / 4.0 / 125.0));
}

TEST_CASE("the front is exactly the points that nothing dominates") {
    std::mt19937_64 random(7);  // seed 7
    for (const std::size_t objectives : {2U, 3U, 4U}) {
        std::vector<std::vector<double>> rows;
        for (int i = 0; i < 400; ++i) {
            rows.emplace_back();
            for (std::size_t k = 0; k < objectives; ++k) {
                rows.back().push_back(static_cast<double>(random() % 12));  // many equal ones
            }
        }
        std::set<std::size_t> expected;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            bool dominated = false;
            for (const auto& other : rows) {
                bool no_worse = true, better = false;
                for (std::size_t k = 0; k < objectives; ++k) {
                    no_worse &= other[k] <= rows[i][k];
                    better |= other[k] < rows[i][k];
                }
                dominated |= no_worse && better;
            }
            if (!dominated) {
                expected.insert(i);
            }
        }
        const std::vector<std::size_t> found = non_dominated(rows);
        CHECK(std::set<std::size_t>(found.begin(), found.end()) == expected);
        CHECK(found.size() == expected.size());
    }
    CHECK(non_dominated({}).empty());
}

TEST_CASE("a front of means goes by the direction of each objective") {
    const SweepData data =
        data_of({made(0, 0, 10, "jit", 4, 1.0), made(1, 0, 22, "jit", 7, 1.0),
                 made(2, 0, 47, "jit", 7, 1.0), made(3, 0, 100, "jit", 9, 1.0),
                 made(4, 0, 220, "jit", 8, 1.0), made(5, 0, 5, "jit", 5, kNull)});
    std::vector<Objective> objectives;
    objectives.push_back({Expression("capacitance_f", data.vocabulary, "--pareto"), false});
    objectives.push_back({Expression("jobs_done", data.vocabulary, "--pareto"), true});
    const Selection selection = select(data, {});
    const ParetoFront front = pareto_front(data, objectives, selection, 0.95);
    std::vector<std::int64_t> points;
    for (const ParetoPoint& p : front.points) {
        points.push_back(p.candidate.point);
    }
    CHECK(points == std::vector<std::int64_t>{5, 1, 3});
    CHECK(more_is_better("work.jobs_done"));
    CHECK_FALSE(more_is_better("work.latency_p95_s"));
    CHECK_FALSE(more_is_better("work.jobs_dropped"));
}

TEST_CASE("what is no sweep's database is refused, each with its reason") {
    const ScratchFolder folder;
    CHECK(refusal(folder.file("nowhere")).find("no such folder") != std::string::npos);
    CHECK(refusal(folder.file("")).find("ebb sweep FILE --out DIR") != std::string::npos);
    std::ofstream(folder.file("text.sqlite")) << "this is no database, but long enough to be read";
    CHECK(refusal(folder.file("text.sqlite")).find("file is not a database") != std::string::npos);
    std::ofstream(folder.file("nothing.sqlite")).flush();
    CHECK(refusal(folder.file("nothing.sqlite")).find("has no table runs, columns, provenance") !=
          std::string::npos);
    std::filesystem::remove(folder.file("nothing.sqlite"));
    std::filesystem::rename(folder.file("text.sqlite"), folder.file("results.0-of-2.sqlite"));
    CHECK(refusal(folder.file("")).find("results.0-of-2.sqlite: join shards with ebb merge") !=
          std::string::npos);
    make_sweep(folder.file("results.sqlite"), kColumns, {});
    CHECK(refusal(folder.file("")).find("holds no runs") != std::string::npos);
    std::filesystem::remove(folder.file("results.sqlite"));
    MadeRun failed = made(0, 0, 10, "jit", 5, 1.0);
    failed.status = "failed";
    failed.reason = "no such part";
    make_sweep(folder.file("results.sqlite"), kColumns, {failed});
    CHECK(refusal(folder.file("")) ==
          "none of its 1 runs is done | 1 of 1 runs failed: 1 x no such part");
    std::filesystem::remove(folder.file("results.sqlite"));
    make_sweep(folder.file("results.sqlite"), kColumns,
               {made(0, 0, 10, "jit", 5, 1.0), made(0, 0, 10, "jit", 5, 1.0)});
    CHECK(refusal(folder.file("")).find("repeat 0 of point 0 twice") != std::string::npos);
}
