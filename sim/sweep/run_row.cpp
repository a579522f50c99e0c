// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/run_row.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <type_traits>
#include <utility>

#include "models/core/error.hpp"
#include "sim/result/result_table.hpp"

namespace ebb {

namespace {

using Json = nlohmann::ordered_json;

bool is_left_out(std::string_view path) { return path == "time.wall_s"; }

Cell cell_of(const Json& json) {
    if (json.is_boolean()) {
        return static_cast<std::int64_t>(json.get<bool>());
    }
    if (json.is_number_integer()) {
        return json.get<std::int64_t>();
    }
    if (json.is_number_float()) {
        const double x = json.get<double>();
        return std::isfinite(x) ? Cell(x) : Cell();
    }
    if (json.is_string()) {
        return json.get<std::string>();
    }
    if (json.is_array()) {
        std::string text;
        for (const Json& item : json) {
            text += (text.empty() ? "" : ", ") + item.get<std::string>();
        }
        return text;
    }
    return {};
}

std::string codes_of(const Result& result) {
    std::vector<std::string> codes;
    std::string text;
    for (const Finding& finding : result.findings) {
        if (std::find(codes.begin(), codes.end(), finding.code) == codes.end()) {
            codes.push_back(finding.code);
            text += (text.empty() ? "" : " ") + finding.code;
        }
    }
    return text;
}

CellType type_of(const ResultEntry& entry) {
    if (entry.path == "consistency.checked" || entry.type == ResultType::count) {
        return CellType::integer;
    }
    return entry.type == ResultType::verdict ? CellType::text : CellType::real;
}

template <class T>
void put(std::string& buffer, T value) {
    static_assert(std::is_trivially_copyable_v<T>);
    buffer.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void put_text(std::string& buffer, const std::string& text) {
    put(buffer, static_cast<std::uint32_t>(text.size()));
    buffer += text;
}

/// Reads what put() wrote; the whole row is known to be there.
class Taker {
public:
    explicit Taker(std::string_view bytes) : bytes_(bytes) {}
    template <class T>
    T take() {
        T value;
        if (bytes_.size() < sizeof value) {
            throw Defect("a row from a worker is cut");
        }
        std::memcpy(&value, bytes_.data(), sizeof value);
        bytes_.remove_prefix(sizeof value);
        return value;
    }
    std::string text() {
        const auto size = take<std::uint32_t>();
        if (bytes_.size() < size) {
            throw Defect("a row from a worker is cut");
        }
        std::string out(bytes_.substr(0, size));
        bytes_.remove_prefix(size);
        return out;
    }

private:
    std::string_view bytes_;
};

}  // namespace

std::optional<double> number_of(const Cell& cell) {
    if (const auto* whole = std::get_if<std::int64_t>(&cell)) {
        return static_cast<double>(*whole);
    }
    if (const auto* real = std::get_if<double>(&cell)) {
        return *real;
    }
    return std::nullopt;
}

const char* name_of(RunStatus status) {
    switch (status) {
        case RunStatus::done:
            return "done";
        case RunStatus::failed:
            return "failed";
        case RunStatus::crashed:
            return "crashed";
        case RunStatus::timeout:
            return "timeout";
        case RunStatus::out_of_memory:
            return "out_of_memory";
        case RunStatus::known:
            return "known";
    }
    throw Defect("a status without a name");
}

MetricColumns::MetricColumns(std::vector<std::string> tasks) : tasks_(std::move(tasks)) {
    for (const ResultEntry& entry : result_table()) {
        if (is_left_out(entry.path)) {
            continue;
        }
        const std::string path(entry.path);
        if (path == "work.tasks") {
            for (const std::string& task : tasks_) {
                columns_.push_back({path + "." + task + ".done", "1", "metric", CellType::integer,
                                    "Executions of this task to its end."});
                columns_.push_back({path + "." + task + ".cut", "1", "metric", CellType::integer,
                                    "Executions of this task cut by a power failure."});
            }
            continue;
        }
        std::string definition(entry.definition);
        if (path == "findings") {
            definition = "Codes of the findings, separated by blanks.";
        }
        columns_.push_back(
            {path, std::string(entry.unit), "metric", type_of(entry), std::move(definition)});
    }
}

void MetricColumns::read(const Result& result, std::vector<Cell>& out) const {
    out.clear();
    for (const ResultEntry& entry : result_table()) {
        if (is_left_out(entry.path)) {
            continue;
        }
        if (entry.path == "findings") {
            out.emplace_back(codes_of(result));
        } else if (entry.path == "work.tasks") {
            for (const std::string& name : tasks_) {
                const auto& tasks = result.work.tasks;
                const auto task = std::find_if(tasks.begin(), tasks.end(),
                                               [&](const TaskResult& t) { return t.name == name; });
                const bool there = task != tasks.end();
                out.push_back(there ? Cell(static_cast<std::int64_t>(task->done)) : Cell());
                out.push_back(there ? Cell(static_cast<std::int64_t>(task->cut)) : Cell());
            }
        } else {
            out.push_back(cell_of(entry.get(result)));
        }
    }
}

void append_row(const RunRow& row, std::string& buffer) {
    const std::size_t begin = buffer.size();
    put(buffer, std::uint32_t{0});
    put(buffer, row.run);
    put(buffer, row.status);
    put_text(buffer, row.identity);
    put_text(buffer, row.reason);
    put(buffer, static_cast<std::uint32_t>(row.varied.size()));
    for (const double x : row.varied) {
        put(buffer, x);
    }
    put(buffer, static_cast<std::uint32_t>(row.metrics.size()));
    for (const Cell& cell : row.metrics) {
        put(buffer, static_cast<std::uint8_t>(cell.index()));
        if (const auto* whole = std::get_if<std::int64_t>(&cell)) {
            put(buffer, *whole);
        } else if (const auto* real = std::get_if<double>(&cell)) {
            put(buffer, *real);
        } else if (const auto* text = std::get_if<std::string>(&cell)) {
            put_text(buffer, *text);
        }
    }
    const auto size = static_cast<std::uint32_t>(buffer.size() - begin);
    std::memcpy(buffer.data() + begin, &size, sizeof size);
}

bool take_row(std::string_view buffer, std::size_t& at, RunRow& row) {
    std::uint32_t size = 0;
    if (buffer.size() - at < sizeof size) {
        return false;
    }
    std::memcpy(&size, buffer.data() + at, sizeof size);
    if (buffer.size() - at < size) {
        return false;
    }
    Taker taker(buffer.substr(at + sizeof size, size - sizeof size));
    at += size;
    row.run = taker.take<std::uint64_t>();
    row.status = taker.take<RunStatus>();
    row.identity = taker.text();
    row.reason = taker.text();
    row.varied.resize(taker.take<std::uint32_t>());
    for (double& x : row.varied) {
        x = taker.take<double>();
    }
    row.metrics.resize(taker.take<std::uint32_t>());
    for (Cell& cell : row.metrics) {
        switch (taker.take<std::uint8_t>()) {
            case 1:
                cell = taker.take<std::int64_t>();
                break;
            case 2:
                cell = taker.take<double>();
                break;
            case 3:
                cell = taker.text();
                break;
            default:
                cell = Cell();
        }
    }
    return true;
}

}  // namespace ebb
