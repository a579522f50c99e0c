// SPDX-License-Identifier: Apache-2.0
#include "sim/result/file_recorder.hpp"
#include "models/core/error.hpp"
#include "tests/results/toy_run.hpp"

#include <catch2/catch.hpp>

using namespace ebb;
using namespace ebb_test;

namespace {

struct Recorded {
    std::vector<std::string> events, timeline;  ///< lines, header first
    FileRecorder::Report report;
    std::vector<Finding> findings;
    std::size_t bytes = 0;
};

template <typename Feed>
Recorded recorded(RecordLevel level, Feed feed) {
    TemporaryFolder temporary;
    RunFolder folder(temporary / "run");
    FileRecorder recorder(folder, level);
    feed(recorder);
    recorder.finish();
    folder.commit();
    Recorded out;
    const std::string events = text_of(temporary / "run/events.csv");
    const std::string timeline = text_of(temporary / "run/timeline.csv");
    out.events = lines_of(events);
    out.timeline = lines_of(timeline);
    out.bytes = events.size() + timeline.size();
    out.report = recorder.report();
    out.findings = recorder.findings();
    return out;
}

}  // namespace

TEST_CASE("decisions are written as they come, with exact time, detail and voltage") {
    const Recorded run = recorded(RecordLevel::events, [](FileRecorder& recorder) {
        recorder.event(Time(0), "job_released", "", 0.0);
        recorder.event(Time(1'500'000'000, 0.25), "boot", "", 3.0);
        recorder.event(Time(31'536'000'000'100'001, 0.234), "task_done", "sense, then \"send\"",
                       2.5);
    });
    REQUIRE(run.events.size() == 4);
    CHECK(run.events[0] == "time_s,event,detail,v_store_v");
    CHECK(run.events[1] == "0,job_released,,0");
    CHECK(run.events[2] == "1.50000000025,boot,,3");
    CHECK(run.events[3] == "31536000.000100001234,task_done,\"sense, then \"\"send\"\"\",2.5");
    CHECK(run.findings.empty());
}

TEST_CASE("events.csv stops at 20,000 rows, and row, report and finding say so") {
    const auto feed = [](int count) {
        return [count](FileRecorder& recorder) {
            for (int i = 0; i < count; ++i) {
                recorder.event(Time(1000LL * i), "commit", "t", 2.5);
            }
        };
    };
    const Recorded fits = recorded(RecordLevel::events, feed(20'000));
    CHECK(fits.events.size() == 1 + 20'000);
    CHECK(fits.events.back().find("commit") != std::string::npos);
    CHECK_FALSE(fits.report.events_truncated);
    CHECK(fits.findings.empty());

    const Recorded over = recorded(RecordLevel::events, feed(20'001));
    CHECK(over.events.size() == 1 + 20'000);
    CHECK(split(over.events.back())[1] == "truncated");
    CHECK(over.report.events_truncated);
    CHECK(over.report.events_seen == 20'001);
    CHECK(over.report.event_rows == 20'000);
    REQUIRE(over.findings.size() == 1);
    CHECK(over.findings[0].code == "events_truncated");

    const Recorded all = recorded(RecordLevel::all, feed(50'000));
    CHECK(all.events.size() == 1 + 50'000);
    CHECK_FALSE(all.report.events_truncated);
}

TEST_CASE("the recordings of a busy run stay under a megabyte, those of --record all do not") {
    const auto feed = [](FileRecorder& recorder) {
        toy_cycles(recorder, 500, 200);
        for (int i = 0; i < 30'000; ++i) {
            recorder.event(Time(500'000'000'000 + 123'457LL * i, 0.123456), "task_done",
                           "depthwise_convolution_7", 2.123456789012345);
        }
    };
    const Recorded busy = recorded(RecordLevel::events, feed);
    CHECK(busy.bytes < 970'000);
    CHECK(busy.report.events_truncated);
    CHECK(busy.timeline.size() > 700);
    CHECK(recorded(RecordLevel::all, feed).bytes > 5'000'000);
}

TEST_CASE("level none writes neither recording and wants no points") {
    TemporaryFolder temporary;
    RunFolder folder(temporary / "run");
    FileRecorder recorder(folder, RecordLevel::none);
    CHECK_FALSE(recorder.wants_points());
    toy_cycles(recorder, 3, 10);
    recorder.finish();
    folder.commit();
    CHECK_FALSE(std::filesystem::exists(temporary / "run/events.csv"));
    CHECK_FALSE(std::filesystem::exists(temporary / "run/timeline.csv"));
}

TEST_CASE("the stamps of timeline.csv increase strictly, so that it reads back as a trace") {
    const auto level = GENERATE(RecordLevel::events, RecordLevel::all);
    const Recorded run =
        recorded(level, [](FileRecorder& recorder) { toy_cycles(recorder, 20, 9); });
    REQUIRE(run.timeline.size() > 100);
    double before = -1.0;
    for (std::size_t i = 1; i < run.timeline.size(); ++i) {
        const double t = std::stod(split(run.timeline[i])[0]);
        INFO(run.timeline[i]);
        CHECK(t > before);
        before = t;
    }
}

TEST_CASE(
    "a row has the state and the powers from its time on, though stretches report at their end") {
    const auto level = GENERATE(RecordLevel::events, RecordLevel::all);
    const Recorded run = recorded(level, [](FileRecorder& recorder) {
        recorder.state(Time(0), DeviceState::off);
        recorder.point(Time(0), 1.8, 0.0, 0.0);
        recorder.point(Time(500), 2.5, 1e-3, 0.0);
        recorder.point(Time(1000), 3.0, 2e-3, 0.0);
        recorder.state(Time(1000), DeviceState::boot);
        recorder.state(Time(1000), DeviceState::active);
        recorder.point(Time(3000), 1.8, 3e-3, 5e-3);
        recorder.state(Time(3000), DeviceState::off);
        recorder.point(Time(4000), 1.9, 3e-3, 0.0);
    });
    REQUIRE(run.timeline.size() == 6);
    CHECK(run.timeline[1] == "0,1.8,0.001,0,off");
    CHECK(run.timeline[2] == "0.0000005,2.5,0.002,0,off");
    CHECK(run.timeline[3] == "0.000001,3,0.003,0.005,active");
    CHECK(run.timeline[4] == "0.000003,1.8,0.003,0,off");
    CHECK(run.timeline[5] == "0.000004,1.9,0.003,0,off");
}

TEST_CASE("a jump of the voltage shows on both sides, one nanosecond apart") {
    const Recorded run = recorded(RecordLevel::events, [](FileRecorder& recorder) {
        recorder.point(Time(0), 2.0, 0.0, 0.0);
        recorder.point(Time(1000), 3.0, 0.0, 0.0);
        recorder.point(Time(1000, 0.3), 2.9, 0.0, 5e-3);
        recorder.point(Time(2000), 2.0, 0.0, 5e-3);
    });
    REQUIRE(run.timeline.size() == 5);
    CHECK(run.timeline[2] == "0.000000999,3,0,0.005,off");
    CHECK(run.timeline[3] == "0.0000010003,2.9,0,0.005,off");
}

TEST_CASE("numbers of --record all read back as the same bits") {
    const double v = 1.0 / 3.0;
    const Recorded run = recorded(RecordLevel::all, [&](FileRecorder& recorder) {
        recorder.point(Time(0), 1.0, 0.0, 0.0);
        recorder.point(Time(5), v, v * 1e-9, 0.1 + 0.2);
        recorder.event(Time(5), "end", "", v);
    });
    const std::vector<std::string> row = split(run.timeline.at(2));
    CHECK(std::stod(row[1]) == v);
    CHECK(std::stod(row[2]) == v * 1e-9);
    CHECK(std::stod(row[3]) == 0.1 + 0.2);
    CHECK(std::stod(split(run.events.at(1))[3]) == v);
}

TEST_CASE("a level of recording that does not exist is answered with the nearest one") {
    CHECK(record_level("all") == RecordLevel::all);
    try {
        (void)record_level("event");
        FAIL("accepted");
    } catch (const InputError& error) {
        REQUIRE(error.mistakes().size() == 1);
        CHECK(error.mistakes()[0].hint.find("events") != std::string::npos);
    }
}
