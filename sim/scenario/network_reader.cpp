// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/network_reader.hpp"

#include "models/core/nearest.hpp"
#include "models/core/quantity.hpp"
#include "models/workload/network_check.hpp"
#include "sim/scenario/named_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>

namespace ebb {

namespace {

constexpr NamedFileKind kNetworkKind{"network", ".csv"};
/// A file that is wrong throughout is not a table of layers: stop listing after this many.
constexpr std::size_t kMostMistakes = 50;
constexpr long long kMostPerAxis = 1'000'000;
constexpr long long kMostElements = 1'000'000'000;
constexpr long long kMostCount = 1'000'000'000'000;

struct Cell {
    std::string text;
    int column = 1;  ///< 1-based
};

struct Line {
    int number = 0;
    std::string text;
    std::vector<Cell> cells;
};

std::string trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) {
        return "";
    }
    return std::string(text.substr(begin, text.find_last_not_of(" \t") - begin + 1));
}

std::vector<Cell> split(std::string_view text, char separator, int first_column = 1) {
    std::vector<Cell> cells;
    std::size_t begin = 0;
    while (true) {
        const auto end = std::min(text.find(separator, begin), text.size());
        const auto raw = text.substr(begin, end - begin);
        const auto indent = std::min(raw.find_first_not_of(" \t"), raw.size());
        cells.push_back({trimmed(raw), first_column + static_cast<int>(begin + indent)});
        if (end == text.size()) {
            return cells;
        }
        begin = end + 1;
    }
}

/// A whole-number column and the member that it fills.
struct NumberColumn {
    const char* name;
    std::int64_t& (*member)(Layer&);
    long long least, most;
    bool may_be_empty;  ///< empty = 1
};

const std::vector<NumberColumn>& number_columns() {
    static const std::vector<NumberColumn> columns = {
        {"in_h", [](Layer& l) -> std::int64_t& { return l.in.h; }, 1, kMostPerAxis, false},
        {"in_w", [](Layer& l) -> std::int64_t& { return l.in.w; }, 1, kMostPerAxis, false},
        {"in_c", [](Layer& l) -> std::int64_t& { return l.in.c; }, 1, kMostPerAxis, false},
        {"out_h", [](Layer& l) -> std::int64_t& { return l.out.h; }, 1, kMostPerAxis, false},
        {"out_w", [](Layer& l) -> std::int64_t& { return l.out.w; }, 1, kMostPerAxis, false},
        {"out_c", [](Layer& l) -> std::int64_t& { return l.out.c; }, 1, kMostPerAxis, false},
        {"kernel_h", [](Layer& l) -> std::int64_t& { return l.kernel_h; }, 1, kMostPerAxis, true},
        {"kernel_w", [](Layer& l) -> std::int64_t& { return l.kernel_w; }, 1, kMostPerAxis, true},
        {"stride", [](Layer& l) -> std::int64_t& { return l.stride_h; }, 1, kMostPerAxis, true},
        {"stride_w", [](Layer& l) -> std::int64_t& { return l.stride_w; }, 1, kMostPerAxis, true},
        {"macs", [](Layer& l) -> std::int64_t& { return l.macs; }, 0, kMostCount, false},
        {"params", [](Layer& l) -> std::int64_t& { return l.params; }, 0, kMostCount, false},
        {"weight_bytes", [](Layer& l) -> std::int64_t& { return l.weight_bytes; }, 0, kMostCount,
         false},
        {"input_bytes", [](Layer& l) -> std::int64_t& { return l.input_bytes; }, 0, kMostCount,
         false},
        {"output_bytes", [](Layer& l) -> std::int64_t& { return l.output_bytes; }, 0, kMostCount,
         false},
    };
    return columns;
}

/// Every column; those after `output_bytes` may be left out and are not used yet: sparsity counts
/// and the tiling of plans.
const std::vector<std::string>& all_columns() {
    static const std::vector<std::string> columns = [] {
        std::vector<std::string> names = {"id", "name", "op", "from"};
        for (const auto& column : number_columns()) {
            names.emplace_back(column.name);
        }
        for (const char* extra : {"nonzero_weights", "dense_weights", "tile_r", "tile_c", "tile_m",
                                  "tile_n", "reuse", "batch"}) {
            names.emplace_back(extra);
        }
        return names;
    }();
    return columns;
}
constexpr std::size_t kRequiredColumns = 19;

class TableReader {
public:
    TableReader(std::string_view text, std::string name, std::string file)
        : text_(text), file_(std::move(file)) {
        network_.name = std::move(name);
        network_.file = file_;
    }

    Network read() {
        split_lines();
        if (read_header()) {
            for (const Line& line : lines_) {
                read_row(line);
            }
            if (lines_.empty()) {
                mistake({file_, 0, 0, "", 1}, "the network table has no layers");
            }
        }
        if (mistakes_.empty()) {
            check_as_a_whole();
        }
        if (!mistakes_.empty()) {
            throw InputError(std::move(mistakes_));
        }
        return std::move(network_);
    }

private:
    void split_lines();
    bool read_header();
    void read_row(const Line& line);
    void read_identity(const Line& line, Layer& layer);
    void read_from(const Line& line, Layer& layer);
    void read_numbers(const Line& line, Layer& layer);
    void check_as_a_whole();

    [[nodiscard]] Place place(const Line& line, const Cell& cell) const {
        return {file_, line.number, cell.column, line.text,
                std::max(1, static_cast<int>(cell.text.size()))};
    }
    [[nodiscard]] const Cell& cell(const Line& line, const std::string& column) const {
        return line.cells[column_.at(column)];
    }
    void mistake(const Place& where, std::string message, std::string hint = "") {
        if (mistakes_.size() < kMostMistakes) {
            mistakes_.push_back({where, std::move(message), std::move(hint), ""});
        }
    }
    /// A whole number of a cell, or nothing (the mistake is noted).
    std::optional<long long> whole(const Line& line, const Cell& c, const std::string& column,
                                   long long least, long long most) {
        const auto parsed = parse_integer(c.text);
        if (!parsed.value) {
            mistake(place(line, c),
                    c.text.empty() ? fmt::format("{} is missing", column)
                                   : fmt::format("{} '{}' is not a whole number", column, c.text));
        } else if (*parsed.value < least || *parsed.value > most) {
            mistake(place(line, c),
                    fmt::format("{} is {}, outside {} .. {}", column, *parsed.value, least, most));
        } else {
            return *parsed.value;
        }
        return std::nullopt;
    }

    std::string_view text_;
    std::string file_;
    Network network_;
    std::vector<Line> lines_;
    std::map<std::string, std::size_t> column_;
    std::vector<Mistake> mistakes_;
};

void TableReader::split_lines() {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text_.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
        text_.remove_prefix(kByteOrderMark.size());
    }
    int number = 0;
    for (std::size_t begin = 0; begin < text_.size();) {
        const auto end = std::min(text_.find('\n', begin), text_.size());
        std::string_view line = text_.substr(begin, end - begin);
        begin = end + 1;
        ++number;
        if (!line.empty() && line.back() == '\r') {
            line.remove_suffix(1);
        }
        if (trimmed(line).empty()) {
            continue;
        }
        if (line.front() == '#') {
            const std::string comment = trimmed(line.substr(1));
            if (comment.rfind("SPDX", 0) != 0) {
                network_.source += (network_.source.empty() ? "" : "\n") + comment;
            }
            continue;
        }
        lines_.push_back({number, std::string(line), split(line, ',')});
    }
}

bool TableReader::read_header() {
    if (lines_.empty()) {
        mistake({file_, 0, 0, "", 1}, "the network table is empty");
        return false;
    }
    const Line header = lines_.front();
    lines_.erase(lines_.begin());
    for (std::size_t i = 0; i < header.cells.size(); ++i) {
        const Cell& c = header.cells[i];
        const auto& known = all_columns();
        if (std::find(known.begin(), known.end(), c.text) == known.end()) {
            mistake(place(header, c), fmt::format("unknown column '{}' in a network table", c.text),
                    did_you_mean(c.text, known));
        } else if (!column_.emplace(c.text, i).second) {
            mistake(place(header, c), fmt::format("column '{}' is there twice", c.text));
        }
    }
    for (std::size_t i = 0; i < kRequiredColumns; ++i) {
        if (column_.count(all_columns()[i]) == 0) {
            mistake({file_, header.number, 1, header.text, 1},
                    fmt::format("column '{}' is missing", all_columns()[i]));
        }
    }
    return mistakes_.empty();
}

void TableReader::read_row(const Line& line) {
    if (line.cells.size() != column_.size()) {
        mistake({file_, line.number, 1, line.text, static_cast<int>(line.text.size())},
                fmt::format("the row has {} cells, the header has {}", line.cells.size(),
                            column_.size()));
        return;
    }
    Layer layer;
    read_identity(line, layer);
    read_from(line, layer);
    read_numbers(line, layer);
    network_.layers.push_back(std::move(layer));
}

void TableReader::read_identity(const Line& line, Layer& layer) {
    if (const auto id = whole(line, cell(line, "id"), "id", 0, kMostPerAxis)) {
        layer.id = static_cast<int>(*id);
    }
    layer.name = cell(line, "name").text;
    if (layer.name.empty()) {
        mistake(place(line, cell(line, "name")), "name is missing");
    }
    const Cell& op = cell(line, "op");
    layer.op_text = op.text;
    if (const OpInfo* info = find_op(op.text)) {
        layer.op = info->op;
    } else {
        std::vector<std::string> names;
        for (const auto& known : known_ops()) {
            names.emplace_back(known.text);
        }
        const auto near = did_you_mean(op.text, names);
        mistake(place(line, op), fmt::format("unknown op '{}'", op.text),
                near.empty() ? "one of " + joined(names) : near);
    }
}

void TableReader::read_from(const Line& line, Layer& layer) {
    const Cell& from = cell(line, "from");
    if (from.text.empty()) {
        mistake(place(line, from), "from is missing", "`input`, or ids joined by ';'");
        return;
    }
    for (const Cell& part : split(from.text, ';', from.column)) {
        if (part.text == "input") {
            layer.from.push_back(-1);
        } else if (const auto id = whole(line, part, "from", 0, kMostPerAxis)) {
            layer.from.push_back(static_cast<int>(*id));
        }
    }
}

void TableReader::read_numbers(const Line& line, Layer& layer) {
    for (const auto& column : number_columns()) {
        const Cell& c = cell(line, column.name);
        if (c.text.empty() && column.may_be_empty) {
            continue;
        }
        if (const auto value = whole(line, c, column.name, column.least, column.most)) {
            column.member(layer) = *value;
        }
    }
    const auto too_many = [&](const char* column, const MapShape& shape) {
        // Each axis is at most 1e6, so two of them cannot overflow; ask before the third.
        if (shape.h * shape.w > kMostElements / shape.c) {
            mistake(place(line, cell(line, column)),
                    fmt::format("{} x {} x {} is more than {} elements", shape.h, shape.w, shape.c,
                                kMostElements));
        }
    };
    too_many("in_h", layer.in);
    too_many("out_h", layer.out);
}

void TableReader::check_as_a_whole() {
    for (const auto& fault : check_network(network_)) {
        const Line& line = lines_[fault.layer];
        mistake(place(line, cell(line, fault.column)), fault.message, fault.hint);
    }
}

}  // namespace

Network parse_network(std::string_view text, const std::string& name, const std::string& file) {
    return TableReader(text, name, file).read();
}

std::shared_ptr<const Network> read_network(const std::string& name_or_path,
                                            const std::string& base_folder,
                                            const std::string& networks_folder,
                                            const Place& where) {
    const NamedFile file =
        load_named_file(name_or_path, base_folder, networks_folder, kNetworkKind, where);
    return std::make_shared<Network>(parse_network(file.text, file.name, file.path));
}

std::vector<std::string> network_names(const std::string& networks_folder) {
    return names_in(networks_folder, kNetworkKind);
}

}  // namespace ebb
