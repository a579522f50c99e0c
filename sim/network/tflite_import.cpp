// SPDX-License-Identifier: Apache-2.0
#include "sim/network/tflite_import.hpp"

#include "models/workload/graph.hpp"
#include "models/workload/network_check.hpp"
#include "sim/network/tflite_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <utility>

namespace ebb {

namespace {

class Importer {
public:
    Importer(const TfliteModel& model, std::string name, std::string file)
        : model_(model), file_(std::move(file)), rows_(model) {
        network_.name = std::move(name);
        network_.file = file_;
    }

    ImportedNetwork run();

private:
    [[nodiscard]] Mistake mistake(std::string message, std::string note = "") const {
        return {{file_, 0, 0, "", 1}, std::move(message), "", std::move(note)};
    }
    [[noreturn]] void refuse(std::string message) const {
        throw InputError({mistake(std::move(message))});
    }
    void read_operators();
    void number_rows();
    void check_result() const;

    const TfliteModel& model_;
    std::string file_;
    TfliteRows rows_;
    Network network_;
};

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

/// Those without a row first, so that what they write stands for what they read wherever it is
/// read.
void Importer::read_operators() {
    std::vector<std::pair<std::size_t, Mistake>> mistakes;
    for (const bool with_rows : {false, true}) {
        for (std::size_t i = 0; i < model_.operators.size(); ++i) {
            const TfliteOperator& op = model_.operators[i];
            if (TfliteRows::leaves_row(op) != with_rows) {
                continue;
            }
            try {
                if (with_rows) {
                    network_.layers.push_back(rows_.row(i));
                } else {
                    rows_.fold(i);
                }
            } catch (const UnsupportedOperator& u) {
                mistakes.emplace_back(
                    i,
                    mistake(fmt::format("operator {} ({}): {}", i, tflite_operator_name(op), u.why),
                            TfliteRows::is_supported(op)
                                ? ""
                                : "supported are: " + TfliteRows::supported()));
            }
        }
    }
    if (mistakes.empty()) {
        return;
    }
    std::stable_sort(mistakes.begin(), mistakes.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    constexpr std::size_t kMostMistakes = 50;
    std::vector<Mistake> shown;
    for (auto& [index, m] : mistakes) {
        if (shown.size() < kMostMistakes) {
            shown.push_back(std::move(m));
        }
    }
    throw InputError(std::move(shown));
}

/// Ids and names by the order in which the rows run.
void Importer::number_rows() {
    try {
        network_ = in_order(network_);
    } catch (const InputError& error) {
        refuse(error.what());
    }
    std::map<int, int> id_of{{kNetworkInput, kNetworkInput}};
    for (std::size_t i = 0; i < network_.layers.size(); ++i) {
        id_of[network_.layers[i].id] = static_cast<int>(i);
    }
    for (Layer& row : network_.layers) {
        row.id = id_of.at(row.id);
        for (int& from : row.from) {
            from = id_of.at(from);
        }
        row.op = find_op(row.op_text)->op;
        row.name = fmt::format("{}_{}", lower(row.op_text), row.id);
    }
}

void Importer::check_result() const {
    std::vector<Mistake> faults;
    for (const auto& fault : check_network(network_)) {
        faults.push_back(mistake(fault.message, fault.hint));
    }
    if (!faults.empty()) {
        throw InputError(std::move(faults));
    }
}

ImportedNetwork Importer::run() {
    if (model_.operators.empty()) {
        refuse("the model has no operators");
    }
    if (model_.inputs.size() > 1) {
        refuse(fmt::format("the model has {} inputs, a table has one", model_.inputs.size()));
    }
    read_operators();
    if (network_.layers.empty()) {
        refuse("no operator of the model makes a layer");
    }
    number_rows();
    check_result();
    std::vector<std::string> notes = rows_.notes();
    if (model_.graphs > 1) {
        notes.push_back(
            fmt::format("the model has {} graphs, only the first is read", model_.graphs));
    }
    return {std::move(network_), tflite_type_name(rows_.element_type().value_or(0)),
            std::move(notes)};
}

}  // namespace

ImportedNetwork network_from_tflite(const TfliteModel& model, const std::string& name,
                                    const std::string& file) {
    return Importer(model, name, file).run();
}

}  // namespace ebb
