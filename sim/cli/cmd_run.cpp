// SPDX-License-Identifier: Apache-2.0
/// `ebb run FILE`: reads a scenario, runs it, shows the answers; with --out the files as well.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "models/core/component.hpp"
#include "models/core/error.hpp"
#include "models/core/nearest.hpp"
#include "sim/cli/folders.hpp"
#include "sim/cli/session.hpp"
#include "sim/device/findings.hpp"
#include "sim/device/run.hpp"
#include "sim/result/expectations.hpp"
#include "sim/result/file_recorder.hpp"
#include "sim/result/run_files.hpp"
#include "sim/result/run_folder.hpp"
#include "sim/result/summary_json.hpp"
#include "sim/result/summary_text.hpp"

namespace ebb {

namespace {

constexpr int kVerdict = 3;

struct RunCommand {
    std::string file;
    std::vector<std::string> sets;
    std::string out;
    std::string record = "events";
    bool reference = false;
    std::vector<std::string> fail_on;
};

/// Keeps only the progress line alive: nothing is recorded.
class ProgressOnly final : public Recorder {
public:
    explicit ProgressOnly(ProgressLine& line) : line_(line) {}
    void event(Time, std::string_view, std::string_view, double) override {}
    void state(Time, DeviceState) override {}
    void point(Time, double, double, double) override {}
    void progress(Time t) override { line_.update(t); }
    [[nodiscard]] bool wants_points() const noexcept override { return false; }

private:
    ProgressLine& line_;
};

Result run_and_write(const Scenario& scenario, const RunCommand& command, const Session& session) {
    ProgressLine line = ProgressLine::on_stderr(scenario.duration_s,
                                                scenario.until.jobs.has_value(), session.quiet);
    const RunOptions options{command.reference};
    if (command.out.empty()) {
        ProgressOnly recorder(line);
        Result result = run(scenario, options, &recorder);
        line.finish();
        return result;
    }
    RunFolder folder(command.out);
    FileRecorder recorder(folder, record_level(command.record), &line);
    Result result = run(scenario, options, &recorder);
    line.finish();
    try {
        write_run(folder, scenario, result, {EBB_VERSION, EBB_COMMIT, session.command}, recorder);
    } catch (const InputError& error) {  // a full disk: the run itself was fine
        throw InputError(error.mistakes(),
                         RunStop{result.time.simulated_s, result.time.simulated_s});
    }
    return result;
}

/// The verdicts that were asked for and were not met, one sentence each.
std::vector<std::string> verdicts(const Scenario& scenario, const Result& result,
                                  const RunCommand& command) {
    std::vector<std::string> failed = evaluate_expectations(result, scenario.expect);
    for (const Finding& finding : result.findings) {
        if (std::find(command.fail_on.begin(), command.fail_on.end(), finding.code) !=
            command.fail_on.end()) {
            failed.push_back("finding " + finding.code + ": " + finding.text);
        }
    }
    return failed;
}

/// A finding that no run can have would never fail: a slip of the pen is refused.
void check_fail_on(const RunCommand& command) {
    const std::vector<std::string>& codes = finding_codes();
    std::vector<Mistake> mistakes;
    for (const std::string& code : command.fail_on) {
        if (std::find(codes.begin(), codes.end(), code) == codes.end()) {
            mistakes.push_back({{"--fail-on", 0, 0, {}, 1},
                                "there is no finding '" + code + "'",
                                did_you_mean(code, codes),
                                "findings are: " + joined(codes)});
        }
    }
    if (!mistakes.empty()) {
        throw InputError(mistakes);
    }
}

void run_command(Session& session, const RunCommand& command) {
    static_cast<void>(
        record_level(command.record));  // a wrong word is refused before anything runs
    check_fail_on(command);
    Registry registry;
    register_all(registry);
    const Scenario scenario =
        read_scenario(command.file, registry, read_options(session, command.sets));
    check_expectations(scenario);
    const Result result = run_and_write(scenario, command, session);
    if (session.json) {
        std::cout << json_text(summary_json(result));
    } else if (!session.quiet) {
        SummaryStyle style;
        style.colour = ::isatty(STDOUT_FILENO) != 0;
        style.folder = command.out;
        std::cout << summary_text(result, style);
    }
    const std::vector<std::string> failed = verdicts(scenario, result, command);
    for (const std::string& sentence : failed) {
        std::cerr << "ebb: not as expected: " << sentence << "\n";
    }
    if (!failed.empty() || result.consistency.violations > 0) {
        session.status = kVerdict;
    }
}

}  // namespace

void add_run(CLI::App& app, Session& session) {
    auto* const sub = app.add_subcommand("run", "Run a scenario and show what happened");
    const auto command = std::make_shared<RunCommand>();
    sub->add_option("FILE", command->file, "the scenario")->required();
    sub->add_option("--set", command->sets, "path=value: override a key (may be repeated)")
        ->allow_extra_args(false);
    sub->add_option("--out", command->out, "folder for summary, events, timeline and manifest");
    sub->add_option("--record", command->record,
                    "none | events | all: how much of the run the folder keeps (default: events)");
    sub->add_flag("--reference", command->reference,
                  "the slow witness: one sample, one unit at a time, error-controlled integration");
    sub->add_option(
           "--fail-on", command->fail_on,
           "exit with status 3 if the run has this finding, e.g. unit_never_fits (may be repeated)")
        ->allow_extra_args(false);
    sub->callback([&session, command] { run_command(session, *command); });
}

}  // namespace ebb
