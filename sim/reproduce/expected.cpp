// SPDX-License-Identifier: Apache-2.0
#include "sim/reproduce/expected.hpp"

#include "models/core/nearest.hpp"
#include "sim/reproduce/csv_table.hpp"
#include "sim/scenario/mistake_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

namespace ebb {

namespace {

constexpr std::array<std::pair<const char*, AgreementKind>, 6> kKinds = {
    {{"exact", AgreementKind::exact},
     {"measured", AgreementKind::measured},
     {"ratio", AgreementKind::ratio},
     {"ordering", AgreementKind::ordering},
     {"comparison", AgreementKind::comparison},
     {"identity", AgreementKind::identity}}};

constexpr std::array<std::pair<const char*, Tolerance>, 6> kWords = {
    {{"exact", Tolerance::exact},
     {"at most", Tolerance::at_most},
     {"at least", Tolerance::at_least},
     {"above", Tolerance::above},
     {"below", Tolerance::below},
     {"shown", Tolerance::shown}}};

constexpr double kSame = 1e-12;  ///< "exact" for values that went through different roundings

constexpr std::array<Dimension, 16> kDimensions = {
    Dimension::ratio,       Dimension::time,      Dimension::voltage,
    Dimension::current,     Dimension::power,     Dimension::resistance,
    Dimension::capacitance, Dimension::charge,    Dimension::energy,
    Dimension::conductance, Dimension::area,      Dimension::irradiance,
    Dimension::bytes,       Dimension::frequency, Dimension::capacitance_per_volt,
    Dimension::number};

template <class Pairs>
std::vector<std::string> words_of(const Pairs& pairs) {
    std::vector<std::string> words;
    for (const auto& p : pairs) {
        words.emplace_back(p.first);
    }
    return words;
}

std::optional<double> plain(std::string_view text) {
    return parse_quantity(text, Dimension::number).value;
}

/// The text before a suffix, without the blanks between.
std::optional<std::string_view> before(std::string_view text, std::string_view suffix) {
    if (text.size() <= suffix.size() || text.substr(text.size() - suffix.size()) != suffix) {
        return std::nullopt;
    }
    text.remove_suffix(suffix.size());
    return text.substr(0, text.find_last_not_of(' ') + 1);
}

bool read_tolerance(const std::string& text, ExpectedRow& row) {
    for (const auto& [word, tolerance] : kWords) {
        if (text == word) {
            row.tolerance = tolerance;
            return true;
        }
    }
    std::optional<double> width;
    if (const auto percent = before(text, "%")) {
        row.tolerance = Tolerance::relative;
        width = plain(*percent);
        row.width = width.value_or(0.0) / 100.0;
    } else if (const auto share = before(text, "relative")) {
        row.tolerance = Tolerance::relative;
        width = plain(*share);
        row.width = width.value_or(0.0);
    } else if (text.rfind("+-", 0) == 0) {
        const std::size_t digits = std::min(text.find_first_not_of(' ', 2), text.size());
        row.tolerance = Tolerance::absolute;
        width = plain(std::string_view(text).substr(digits));
        row.width = width.value_or(0.0) * row.scale;
    }
    return width && *width >= 0.0;
}

class Reader {
public:
    Reader(const CsvTable& table, MistakeList& mistakes) : table_(table), mistakes_(mistakes) {}

    std::optional<ExpectedRow> read(const CsvLine& line) {
        const std::size_t before_row = mistakes_.count();
        ExpectedRow row;
        row.id = cell(line, "id");
        row.unit = cell(line, "unit");
        row.source = cell(line, "source");
        row.tolerance_text = cell(line, "tolerance");
        row.place = at(line, "id");
        if (row.id.empty()) {
            mistakes_.add(at(line, "id"), "the id is missing");
        } else if (!ids_.insert(row.id).second) {
            mistakes_.add(at(line, "id"), fmt::format("'{}' is expected twice", row.id));
        }
        read_value(line, row);
        read_kind(line, row);
        if (!read_tolerance(row.tolerance_text, row)) {
            mistakes_.add(at(line, "tolerance"),
                          fmt::format("'{}' is not a tolerance", row.tolerance_text),
                          did_you_mean(row.tolerance_text, words_of(kWords)),
                          "tolerances: " + joined(words_of(kWords)) +
                              ", '5 %', '1e-9 relative', '+- 2' (in the row's unit)");
        }
        if (row.source.empty()) {
            mistakes_.add(at(line, "source"), "the source is missing: where is the number from?");
        }
        return mistakes_.count() == before_row ? std::optional(row) : std::nullopt;
    }

private:
    [[nodiscard]] const std::string& cell(const CsvLine& line, const char* column) const {
        return line.cells[table_.column(column)].text;
    }
    [[nodiscard]] Place at(const CsvLine& line, const char* column) const {
        return table_.place(line, table_.column(column));
    }

    void read_value(const CsvLine& line, ExpectedRow& row) {
        const std::string& text = cell(line, "value");
        if (!plain(text)) {
            mistakes_.add(at(line, "value"), fmt::format("'{}' is not a number", text));
            return;
        }
        const auto read = with_unit(text, row.unit);
        if (!read) {
            std::vector<std::string> units;
            for (const Dimension d : kDimensions) {
                const auto texts = unit_texts(d);
                units.insert(units.end(), texts.begin(), texts.end());
            }
            mistakes_.add(at(line, "unit"), fmt::format("'{}' is not a unit", row.unit),
                          did_you_mean(row.unit, units), "1 stands for plain numbers");
            return;
        }
        row.value = read->value;
        row.scale = read->scale;
    }

    void read_kind(const CsvLine& line, ExpectedRow& row) {
        const std::string& text = cell(line, "kind");
        for (const auto& [word, kind] : kKinds) {
            if (text == word) {
                row.kind = kind;
                return;
            }
        }
        mistakes_.add(at(line, "kind"), fmt::format("'{}' is not a kind of agreement", text),
                      did_you_mean(text, words_of(kKinds)), "kinds: " + joined(words_of(kKinds)));
    }

    const CsvTable& table_;
    MistakeList& mistakes_;
    std::set<std::string> ids_;
};

}  // namespace

const char* name_of(AgreementKind kind) {
    for (const auto& [word, one] : kKinds) {
        if (one == kind) {
            return word;
        }
    }
    return "";
}

std::optional<UnitValue> with_unit(std::string_view number, std::string_view unit) {
    if (unit.empty() || unit == "1") {
        const auto value = plain(number);
        return value ? std::optional(UnitValue{*value, 1.0}) : std::nullopt;
    }
    for (const Dimension d : kDimensions) {
        const auto value = parse_quantity(fmt::format("{} {}", number, unit), d).value;
        const auto one = parse_quantity(fmt::format("1 {}", unit), d).value;
        if (value && one) {
            return UnitValue{*value, *one};
        }
    }
    return std::nullopt;
}

std::vector<ExpectedRow> read_expected(std::string_view text, const std::string& file,
                                       MistakeList& mistakes) {
    const CsvTable table = read_csv_table(
        text, file, {"id", "value", "unit", "kind", "tolerance", "source"}, mistakes);
    if (mistakes.any()) {
        return {};
    }
    std::vector<ExpectedRow> rows;
    Reader reader(table, mistakes);
    for (const CsvLine& line : table.rows) {
        if (auto row = reader.read(line)) {
            rows.push_back(std::move(*row));
        }
    }
    return rows;
}

bool agrees(const ExpectedRow& row, double ours) noexcept {
    if (row.tolerance == Tolerance::shown) {
        return true;
    }
    if (!std::isfinite(ours)) {
        return false;
    }
    const double off = std::fabs(ours - row.value);
    const double size = std::fabs(row.value);
    switch (row.tolerance) {
        case Tolerance::exact:
            return off <= kSame * size;
        case Tolerance::relative:
            return off <= row.width * size;
        // A bound met exactly is met, whatever the last bit of the difference says.
        case Tolerance::absolute:
            return off <= row.width + kSame * size;
        case Tolerance::at_most:
            return ours <= row.value;
        case Tolerance::at_least:
            return ours >= row.value;
        case Tolerance::above:
            return ours > row.value;
        case Tolerance::below:
            return ours < row.value;
        case Tolerance::shown:
            return true;
    }
    return false;
}

}  // namespace ebb
