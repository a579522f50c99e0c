// SPDX-License-Identifier: Apache-2.0
#include "sim/reproduce/experiment.hpp"

#include "models/core/component.hpp"
#include "models/core/nearest.hpp"
#include "sim/reproduce/csv_table.hpp"
#include "sim/scenario/document.hpp"
#include "sim/scenario/mistake_list.hpp"
#include "sim/scenario/table_reader.hpp"
#include "sim/trace/sha256.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <sstream>
#include <system_error>

namespace ebb {

namespace {

namespace fs = std::filesystem;
using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr const char* kLabel = "label.";

struct ExperimentForm {
    std::string title, source, claim;
    std::string headline;
    double seconds = 0.0;
    std::optional<std::string> scenario, cases, traces;
    Pairs constants, quantities, derived;
    std::vector<EventWanted> events;
    std::vector<ErrorOverRows> errors;
    std::optional<FigureParams> figure;
};

const ParamTable<ExperimentForm>& form_table() {
    static const ParamTable<EventWanted> kEvents = {
        param("name", &EventWanted::name, required, "name of the number"),
        param("event", &EventWanted::event, required, "as in events.csv"),
        param("detail", &EventWanted::detail, std::string(), "as in events.csv; empty: any"),
        param("give", &EventWanted::give,
              Names<EventNumber>{{"count", EventNumber::count},
                                 {"first_s", EventNumber::first_s},
                                 {"last_s", EventNumber::last_s},
                                 {"mean_interval_s", EventNumber::mean_interval_s}},
              required, "what is told of them"),
    };
    static const ParamTable<ErrorOverRows> kErrors = {
        param("name", &ErrorOverRows::name, required, "name of the number"),
        param("rows", &ErrorOverRows::rows, required, "patterns of ids: \"*.packets\""),
        param("except", &ErrorOverRows::except, std::string(), "patterns that are left out"),
        param("give", &ErrorOverRows::give,
              Names<ErrorNumber>{{"mean", ErrorNumber::mean},
                                 {"worst", ErrorNumber::worst},
                                 {"median", ErrorNumber::median}},
              ErrorNumber::mean, "over the rows"),
    };
    static const ParamTable<FigureParams> kFigure = {
        param("over", &FigureParams::over, required, "a column of cases.csv or a quantity"),
        param("show", &FigureParams::show, required, "a quantity"),
        param("by", &FigureParams::by, std::string(), "columns that tell curves apart"),
        param("cases", &FigureParams::cases, std::string(), "patterns of those shown; empty: all"),
        param("title", &FigureParams::title, std::string(), "above the picture"),
        param("x_label", &FigureParams::x_label, required, "below, with unit"),
        param("y_label", &FigureParams::y_label, required, "at the left, with unit"),
        param("log_x", &FigureParams::log_x, false, "logarithmic"),
        param("log_y", &FigureParams::log_y, false, "logarithmic"),
    };
    using F = ExperimentForm;
    static const ParamTable<F> kForm = {
        param("title", &F::title, required, "what was done, in a few words"),
        param("source", &F::source, required, "who published it, and where the numbers are from"),
        param("claim", &F::claim, required, "what agreement would show"),
        param("headline", &F::headline, std::string(), "ids for the overview"),
        param("seconds", &F::seconds, unit::number, 0.0, at_least(0), "about how long it takes"),
        param("scenario", &F::scenario, optional, "file of the folder"),
        param("cases", &F::cases, optional, "file of the folder, one row per run"),
        param("traces", &F::traces, optional, "ids of the catalog that must be at hand"),
        map_of("constants", &F::constants, "numbers for expressions"),
        list("events", &F::events, kEvents, optional, 0, 1000, "numbers from events of each case"),
        map_of("quantities", &F::quantities, "expressions over each case's results"),
        map_of("derived", &F::derived, "expressions over all cases"),
        list("errors", &F::errors, kErrors, optional, 0, 1000, "errors over rows of expected.csv"),
        block("figure", &F::figure, kFigure, optional, "the picture"),
    };
    return kForm;
}

bool is_name(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '_';
    }) && std::isdigit(static_cast<unsigned char>(text.front())) == 0;
}

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) {
        words.push_back(word);
    }
    return words;
}

class Reading {
public:
    explicit Reading(std::string folder) : folder_(std::move(folder)) {}

    Experiment read(const std::string& slug) {
        experiment_.slug = slug;
        experiment_.folder = folder_;
        read_form();
        read_cases();
        const std::string expected = folder_ + "/expected.csv";
        if (const auto text = file(expected, {expected, 0, 0, {}, 1})) {
            experiment_.expected = read_expected(*text, expected, mistakes_);
        }
        mistakes_.throw_if_any();
        hash_the_rest();
        return std::move(experiment_);
    }

private:
    /// What cases and scenarios include, as well.
    void hash_the_rest() {
        std::set<std::string> names;
        for (const fs::directory_entry& entry : fs::directory_iterator(folder_)) {
            const std::string kind = entry.path().extension().string();
            if (entry.is_regular_file() && (kind == ".yaml" || kind == ".csv")) {
                names.insert(entry.path().filename().string());
            }
        }
        for (const auto& [name, sha256] : experiment_.inputs) {
            names.erase(name);
        }
        for (const std::string& name : names) {
            file(folder_ + "/" + name, {folder_ + "/" + name, 0, 0, {}, 1});
        }
    }

    std::optional<std::string> file(const std::string& path, const Place& where) {
        auto text = read_text_file(path, where, mistakes_);
        if (text) {
            experiment_.inputs.emplace_back(fs::path(path).filename().string(), sha256_of(*text));
        }
        return text;
    }

    void read_form() {
        const std::string path = folder_ + "/experiment.yaml";
        const auto text = file(path, {path, 0, 0, {}, 1});
        if (!text) {
            return;
        }
        const SourceRef source = make_source(SourceText::Role::scenario, path, *text);
        const auto root = parse_document(source, mistakes_);
        if (!root) {
            return;
        }
        const Registry none;
        TableReader reader(
            none, mistakes_, facts_, [](DocNode&, const Row&) { return true; },
            [](const Spot&, const std::string&) { return std::string(); });
        ResolvedNode resolved;
        reader.read_top(*root, *form_table().view(), &form_, resolved);
        experiment_.title = form_.title;
        experiment_.source = form_.source;
        experiment_.claim = form_.claim;
        experiment_.headline = form_.headline;
        experiment_.seconds = form_.seconds;
        experiment_.traces = words_of(form_.traces.value_or(""));
        experiment_.constants = expressions(*root, "constants", form_.constants);
        experiment_.quantities = expressions(*root, "quantities", form_.quantities);
        experiment_.derived = expressions(*root, "derived", form_.derived);
        experiment_.events = form_.events;
        experiment_.errors = form_.errors;
        experiment_.figure = form_.figure;
    }

    std::vector<NamedExpression> expressions(const DocNode& root, const char* key,
                                             const Pairs& pairs) {
        std::vector<NamedExpression> all;
        const DocEntry* map = root.find(key);
        for (const auto& [name, text] : pairs) {
            const DocEntry* const entry = map == nullptr ? nullptr : map->value.find(name);
            if (entry == nullptr) {
                continue;
            }
            if (!is_name(name)) {
                mistakes_.add(entry->spot.place(),
                              fmt::format("'{}' cannot be a name: letters, digits and _", name));
            }
            all.push_back({name, text, entry->value.spot.place()});
        }
        return all;
    }

    void read_cases() {
        const std::string scenario = form_.scenario ? folder_ + "/" + *form_.scenario : "";
        if (!scenario.empty()) {
            file(scenario, facts_.place("scenario"));
        }
        if (!form_.cases) {
            if (!scenario.empty()) {
                experiment_.cases.push_back({"run", scenario, {}, {}, {}});
            }
            return;
        }
        const std::string path = folder_ + "/" + *form_.cases;
        const auto text = file(path, facts_.place("cases"));
        if (!text) {
            return;
        }
        MistakeList own;
        const CsvTable table = read_csv_table(*text, path, {"case"}, own);
        if (own.any()) {
            try {
                own.throw_if_any();
            } catch (const InputError& error) {
                mistakes_.add(error, {path, 0, 0, {}, 1});
            }
            return;
        }
        for (const CsvLine& line : table.rows) {
            experiment_.cases.push_back(read_case(table, line, scenario));
        }
    }

    ExperimentCase read_case(const CsvTable& table, const CsvLine& line,
                             const std::string& scenario) {
        ExperimentCase one;
        one.scenario = scenario;
        for (std::size_t i = 0; i < line.cells.size(); ++i) {
            const std::string& column = table.header.cells[i].text;
            const std::string& text = line.cells[i].text;
            const Place place = table.place(line, i);
            if (column == "case") {
                one.name = text;
                if (!is_name(text)) {
                    mistakes_.add(
                        place, fmt::format("'{}' cannot be a name: letters, digits and _", text));
                } else if (!names_.insert(text).second) {
                    mistakes_.add(place, fmt::format("case '{}' is there twice", text));
                }
            } else if (column == "scenario") {
                if (!text.empty()) {
                    one.cells.emplace_back(column, text);
                    one.scenario = folder_ + "/" + text;
                    if (scenarios_.insert(text).second) {
                        file(one.scenario, place);
                    }
                }
            } else if (!text.empty()) {
                one.cells.emplace_back(column, text);
                if (column.rfind(kLabel, 0) != 0) {
                    // --set takes paths from where it is typed; a table's start at its folder.
                    const bool path = text.rfind("./", 0) == 0;
                    one.sets.push_back(column + "=" + (path ? folder_ + text.substr(1) : text));
                    one.set_places.push_back(place);
                }
            }
        }
        if (one.scenario.empty()) {
            mistakes_.add({table.file, line.number, 1, line.text, 1},
                          fmt::format("case '{}' has no scenario", one.name), "",
                          "give a column 'scenario', or the key 'scenario' in experiment.yaml");
        }
        return one;
    }

    std::string folder_;
    MistakeList mistakes_;
    Facts facts_;
    ExperimentForm form_;
    Experiment experiment_;
    std::set<std::string> names_, scenarios_;
};

/// '*' stands for anything.
bool matches_one(const char* pattern, const char* text) {
    if (*pattern == '\0') {
        return *text == '\0';
    }
    if (*pattern == '*') {
        return matches_one(pattern + 1, text) || (*text != '\0' && matches_one(pattern, text + 1));
    }
    return *pattern == *text && matches_one(pattern + 1, text + 1);
}

}  // namespace

std::string Experiment::kinds() const {
    std::vector<std::string> words;
    for (const ExpectedRow& row : expected) {
        if (std::find(words.begin(), words.end(), name_of(row.kind)) == words.end()) {
            words.emplace_back(name_of(row.kind));
        }
    }
    return joined(words);
}

std::vector<std::string> experiment_slugs(const std::string& papers_folder) {
    std::vector<std::string> slugs;
    std::error_code error;
    if (!fs::is_directory(papers_folder, error)) {
        throw InputError({Mistake{{papers_folder, 0, 0, {}, 1},
                                  "there is no such folder of experiments",
                                  "",
                                  "see: docs/reproduce.md"}});
    }
    for (fs::directory_iterator at(papers_folder, error), end; !error && at != end;
         at.increment(error)) {
        if (at->is_directory()) {
            slugs.push_back(at->path().filename().string());
        }
    }
    std::sort(slugs.begin(), slugs.end());
    return slugs;
}

Experiment read_experiment(const std::string& papers_folder, const std::string& slug) {
    const std::vector<std::string> slugs = experiment_slugs(papers_folder);
    if (std::find(slugs.begin(), slugs.end(), slug) == slugs.end()) {
        throw InputError({Mistake{{"command line", 0, 0, slug, 1},
                                  fmt::format("there is no experiment '{}'", slug),
                                  did_you_mean(slug, slugs),
                                  "experiments: " + joined(slugs)}});
    }
    return Reading(papers_folder + "/" + slug).read(slug);
}

bool matches(const std::string& patterns, const std::string& name) {
    const std::vector<std::string> all = words_of(patterns);
    return std::any_of(all.begin(), all.end(), [&](const std::string& pattern) {
        return matches_one(pattern.c_str(), name.c_str());
    });
}

}  // namespace ebb
