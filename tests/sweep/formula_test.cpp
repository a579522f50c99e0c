// SPDX-License-Identifier: Apache-2.0
/// Does a condition over columns mean what it says?
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "models/core/error.hpp"
#include "sim/formula/expression.hpp"

using namespace ebb;

namespace {

const Vocabulary kColumns = {
    {"store.capacitance_f", "checkpoint.policy", "work.latency_p95_s", "work.jobs_done",
     "power.on_s", "energy_j.harvested", "repeat.store.capacitance_f", "work.tasks.a b.done",
     "workload.tasks[0].time_s"},
    {false, true, false, false, false, false, false, false, false},
    {"jit", "hibernus"},
    {},
    false};

/// The value with every column set to 1, 2, 3, ... in the order of the vocabulary.
double value_of(const std::string& text) {
    const Expression e(text, kColumns, "--subject-to");
    std::vector<double> values;
    for (const std::size_t i : e.used()) {
        values.push_back(kColumns.text[i] ? 0.0 : static_cast<double>(i + 1));
    }
    return e.value(values);
}

Mistake mistake_of(const std::string& text, std::size_t which = 0) {
    try {
        static_cast<void>(Expression(text, kColumns, "--subject-to"));
    } catch (const InputError& error) {
        REQUIRE(error.mistakes().size() > which);
        return error.mistakes()[which];
    }
    FAIL("'" << text << "' was taken");
    return {};
}

}  // namespace

TEST_CASE("a column is found by its name, by its last parts, and without its unit") {
    CHECK(value_of("work.latency_p95_s") == 3.0);
    CHECK(value_of("latency_p95_s") == 3.0);
    CHECK(value_of("work.latency_p95") == 3.0);
    CHECK(value_of("jobs_done + on_s") == 9.0);
    CHECK(value_of("`work.tasks.a b.done`") == 8.0);
    CHECK(value_of("workload.tasks[0].time_s * 2") == 18.0);
    // Whole words only, and nothing is guessed where two columns fit.
    CHECK(mistake_of("p95_s > 0").message == "there is nothing called 'p95_s'");
    const Mistake two = mistake_of("capacitance > 0");
    CHECK(two.message == "'capacitance' may be any of 2 columns");
    CHECK(two.hint == "one of: store.capacitance_f, repeat.store.capacitance_f");
}

TEST_CASE("numbers may carry units, and conditions bind as they read") {
    CHECK(value_of("200 ms") == 0.2);
    CHECK(value_of("47uF") == 47e-6);
    CHECK(value_of("90 % + 0") == 0.9);
    CHECK(value_of("10 min") == 600.0);
    CHECK(value_of("2e-3") == 2e-3);
    CHECK(value_of("-2^2") == Approx(-4.0));
    CHECK(value_of("5. + .5") == 5.5);
    CHECK(value_of("2 * _pi") == Approx(6.283185307179586).epsilon(1e-15));
    CHECK(value_of("log(_e)") == Approx(1.0).epsilon(1e-15));
    CHECK(value_of("jobs_done >= 4 and on_s < 5") == 0.0);
    CHECK(value_of("jobs_done >= 4 or on_s < 5") == 1.0);
    CHECK(value_of("not jobs_done < 4") == 1.0);
    CHECK(value_of("not (jobs_done > 3 and on_s > 4)") == 0.0);
    CHECK(value_of("not jobs_done > 3 or on_s > 4") == 1.0);  // (not ...) or ...
    CHECK(value_of("1 or 0 and 0") == 1.0);
    CHECK(value_of("checkpoint.policy == 'jit'") == 1.0);
    CHECK(value_of("\"hibernus\" != policy") == 1.0);
    CHECK(value_of("jobs_done > 3 ? 10 : 20") == 10.0);
    CHECK(value_of("max(jobs_done, on_s)") == 5.0);
}

TEST_CASE("a formula over a missing value has none, even where `or` would not need it") {
    const Expression e("jobs_done >= 0 or latency_p95_s < 1", kColumns, "--subject-to");
    REQUIRE(e.used().size() == 2);
    CHECK(std::isnan(e.value({5.0, std::numeric_limits<double>::quiet_NaN()})));
    CHECK(std::isnan(Expression("1 / (jobs_done - 4)", kColumns, "x").value({4.0})));
    CHECK(e.is_condition());
    CHECK(Expression("((jobs_done > 3))", kColumns, "x").is_condition());
    CHECK_FALSE(Expression("(jobs_done > 3) * 2", kColumns, "x").is_condition());
    CHECK_FALSE(Expression("jobs_done", kColumns, "x").is_condition());
}

TEST_CASE("a wrong formula is refused at its place, with what would be right") {
    const Mistake typo = mistake_of("latency_p59_s <= 1");
    CHECK(typo.place.column == 1);
    CHECK(typo.place.length == 13);
    CHECK(typo.hint == "did you mean 'latency_p95_s'?");
    CHECK(mistake_of("jobs_done = 3").hint == "equality is ==");
    CHECK(mistake_of("1 < jobs_done < 3").message == "comparisons cannot be chained");
    CHECK(mistake_of("policy == 'jti'").hint == "did you mean 'jit'?");
    CHECK(mistake_of("policy > 3").message == "'checkpoint.policy' holds texts");
    CHECK(mistake_of("jobs_done == 'jit'").message ==
          "a text is compared with a column of texts only");
    CHECK(mistake_of("jobs_done > 3 uFs").message == "'3 uFs' is no number and no quantity");
    CHECK(mistake_of("squrt(jobs_done)").hint == "did you mean 'sqrt'?");
    CHECK(mistake_of("jobs_done >").message == "the formula ends too soon");
    CHECK(mistake_of("(jobs_done > 3").message == "the formula ends too soon");
    CHECK(mistake_of("jobs_done on_s").place.column == 11);
    CHECK(mistake_of("jobs_done, on_s").message == "the formula cannot be read from here on");
    CHECK(mistake_of("").message == "there is no formula");
    CHECK(mistake_of("jobs_done # 3").place.column == 11);
    // All of them at once, the grammar too.
    CHECK(mistake_of("jobs_dune > 1 and (on_x > 2", 1).place.column == 20);
    CHECK(mistake_of("jobs_dune > 1 and (on_x > 2", 2).message == "the formula ends too soon");
    CHECK(mistake_of("jobs_dune > 1 and on_x > 2", 1).place.column == 19);
}

TEST_CASE("a name that may mean a column lost to another mistake is no second mistake") {
    Vocabulary columns = kColumns;
    columns.doubtful = {"mcu.turn_om"};
    const auto mistakes = [&](const std::string& text) {
        try {
            static_cast<void>(Expression(text, columns, "x"));
        } catch (const InputError& error) {
            return error.mistakes().size();
        }
        return std::size_t{0};
    };
    CHECK(mistakes("mcu.turn_on_v > 3 V") == 0);
    CHECK(mistakes("turn_on > 3 V and turn_on == 'high'") == 0);
    CHECK(mistakes("turn_on > 3 V and jobs_dune > 1") == 1);
    CHECK(mistakes("turn_on > ") == 1);
    columns.any_name = true;
    CHECK(mistakes("anything / at_all") == 0);
    CHECK(mistakes("anything /") == 1);
}
