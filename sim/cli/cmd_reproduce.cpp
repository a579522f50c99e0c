// SPDX-License-Identifier: Apache-2.0
/// `ebb reproduce [SLUG | --all]`: published experiments, their numbers beside ours.
#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>
#include <vector>

#include "models/core/component.hpp"
#include "models/core/error.hpp"
#include "sim/cli/folders.hpp"
#include "sim/cli/session.hpp"
#include "sim/reproduce/report.hpp"
#include "sim/reproduce/reproduction.hpp"
#include "sim/reproduce/validation_page.hpp"
#include "sim/scenario/read_scenario.hpp"
#include "sim/trace/files.hpp"

namespace ebb {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kVerdict = 3;

struct ReproduceOptions {
    std::string slug;
    std::string papers;
    std::string out;
    bool all = false;
};

std::string papers_folder(const ReproduceOptions& options) {
    return options.papers.empty() ? share_folder() + "/scenarios/papers" : options.papers;
}

class Reproducing {
public:
    explicit Reproducing(const Session& session, std::string papers)
        : session_(session), papers_(std::move(papers)) {
        register_all(registry_);
    }
    Reproduction run(const std::string& slug) {
        return reproduce(
            read_experiment(papers_, slug),
            [this](const std::string& file, const std::vector<std::string>& sets) {
                return read_scenario(file, registry_, read_options(session_, sets));
            },
            session_.traces);
    }

private:
    const Session& session_;
    std::string papers_;
    Registry registry_;
};

void list_experiments(const Session& session, const std::string& papers) {
    Json json = Json::array();
    std::string text;
    for (const std::string& slug : experiment_slugs(papers)) {
        const Experiment e = read_experiment(papers, slug);
        json.push_back({{"slug", slug},
                        {"title", e.title},
                        {"kinds", e.kinds()},
                        {"cases", e.cases.size()},
                        {"seconds", e.seconds},
                        {"traces", e.traces}});
        text += fmt::format("{:<22} {}\n{:<22} against: {}; {} runs, about {:.2g} s{}\n", slug,
                            e.title, "", e.kinds(), e.cases.size(), e.seconds,
                            e.traces.empty() ? "" : ", needs traces");
    }
    text += "\nebb reproduce SLUG runs one, ebb reproduce --all all of them\n";
    std::cout << (session.json ? json.dump(2) + "\n" : text);
}

void reproduce_one(Session& session, const ReproduceOptions& options) {
    // Whatever cannot be written is better told before the runs than behind them.
    if (!options.out.empty()) {
        std::error_code error;
        fs::create_directories(options.out, error);
        if (error || !fs::is_directory(options.out)) {
            throw InputError(
                fmt::format("--out {}: cannot make this folder: {}", options.out,
                            error ? error.message() : std::string("a file of this name exists")));
        }
    }
    const Reproduction r = Reproducing(session, papers_folder(options)).run(options.slug);
    if (r.was_run() && !options.out.empty()) {
        write_report(r, options.out);
    }
    if (session.json) {
        std::cout << report_json(r).dump(2) << "\n";
    } else if (!session.quiet) {
        std::cout << report_text(r) << "\n"
                  << (!r.was_run()          ? std::string()
                      : options.out.empty() ? std::string("  --out DIR writes the tables and the "
                                                          "figure\n")
                                            : fmt::format("  written: comparison.csv, "
                                                          "measured.csv and figure.svg in {}\n",
                                                          options.out));
    }
    if (r.failed() > 0) {
        session.status = kVerdict;
    }
}

/// Where --all writes: into --out, else the page of the source tree.
std::string page_path(const ReproduceOptions& options) {
    if (!options.out.empty()) {
        return options.out + "/validation.md";
    }
    const fs::path docs = fs::path(share_folder()) / "docs";
    if (!fs::is_directory(docs)) {
        throw InputError("there is no folder docs/ beside the program's data: say --out DIR");
    }
    return (docs / "validation.md").string();
}

std::string page_before(const std::string& path) {
    return fs::exists(path) ? read_file(path, {path, 0, 0, {}, 1})
                            : std::string("# Validation\n\nSee CHANGELOG.md for what changed.\n");
}

void reproduce_all(Session& session, const ReproduceOptions& options) {
    const std::string page = page_path(options);
    const std::string papers = papers_folder(options);
    Reproducing reproducing(session, papers);
    std::vector<Reproduction> all;
    Json json = Json::array();
    for (const std::string& slug : experiment_slugs(papers)) {
        all.push_back(reproducing.run(slug));
        const Reproduction& r = all.back();
        json.push_back(report_json(r));
        if (r.was_run() && !options.out.empty()) {
            write_report(r, options.out + "/" + slug);
        }
        if (r.failed() > 0) {
            session.status = kVerdict;
        }
        if (!session.json && !session.quiet) {
            std::cout << overview_text({r}) << std::flush;
        }
    }
    const std::string version = fmt::format("{} ({})", EBB_VERSION, EBB_COMMIT);
    write_file_whole(page, with_validation_part(page_before(page), validation_part(all, version)));
    if (session.json) {
        std::cout << json.dump(2) << "\n";
    } else if (!session.quiet) {
        std::cout << "written: " << page << "\n";
    }
}

void run_reproduce(Session& session, const ReproduceOptions& options) {
    if (options.all && !options.slug.empty()) {
        throw InputError("either one experiment or --all");
    }
    if (options.all) {
        reproduce_all(session, options);
    } else if (options.slug.empty()) {
        list_experiments(session, papers_folder(options));
    } else {
        reproduce_one(session, options);
    }
}

}  // namespace

void add_reproduce(CLI::App& app, Session& session) {
    auto* const sub = app.add_subcommand(
        "reproduce", "Published experiments: their numbers and ours side by side");
    const auto options = std::make_shared<ReproduceOptions>();
    sub->add_option("SLUG", options->slug, "the experiment; left out: a list of all");
    sub->add_flag("--all", options->all, "every experiment; renews docs/validation.md");
    sub->add_option("--out", options->out,
                    "folder for comparison.csv, measured.csv and figure.svg; with --all one folder "
                    "for each, and validation.md");
    sub->add_option("--papers", options->papers,
                    "folder of experiments (default: scenarios/papers)");
    sub->footer(
        "Exit status 3 if a number is outside the tolerance that expected.csv states.\n"
        "docs/reproduce.md says how to write an experiment of your own.");
    sub->callback([&session, options] { run_reproduce(session, *options); });
}

}  // namespace ebb
