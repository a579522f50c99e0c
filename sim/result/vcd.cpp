// SPDX-License-Identifier: Apache-2.0
#include "sim/result/vcd.hpp"

#include "models/core/error.hpp"
#include "sim/result/recorder.hpp"
#include "sim/result/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <ostream>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace ebb {

namespace {

constexpr std::array<const char*, 3> kReals = {"v_store_v", "p_harvest_w", "p_load_w"};
constexpr int kStateBits = 3;
constexpr const char* kEventHeader = "time_s,event,detail,v_store_v";
constexpr const char* kTimelineHeader = "time_s,v_store_v,p_harvest_w,p_load_w,state";

/// Splits a CSV line as csv_cell() wrote it.
std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
            cells.back() += '"';
            ++i;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            cells.emplace_back();
        } else {
            cells.back() += c;
        }
    }
    return cells;
}

/// A CSV file of ours, line by line, with errors that name the line.
class CsvFile {
public:
    CsvFile(const std::string& folder, const std::string& name, std::string_view header)
        : path_((std::filesystem::path(folder) / name).string()), in_(path_, std::ios::binary) {
        if (!in_) {
            throw wrong(0, fmt::format("the run has no {}", name),
                        "run it again with --record events (or all)");
        }
        std::string first;
        std::getline(in_, first);
        if (first != header) {
            throw wrong(1, fmt::format("expected the header '{}'", header));
        }
        columns_ = cells_of(std::string(header)).size();
    }

    bool next() {
        std::string line;
        if (!std::getline(in_, line)) {
            return false;
        }
        ++line_;
        cells_ = cells_of(line);
        if (cells_.size() != columns_) {
            throw wrong(line_,
                        fmt::format("{} cells where {} were expected", cells_.size(), columns_));
        }
        return true;
    }
    [[nodiscard]] const std::string& cell(std::size_t i) const { return cells_[i]; }
    [[nodiscard]] long long ns() const {
        try {
            return ceil_ns_of_text(cells_[0]);
        } catch (const std::invalid_argument&) {
            throw wrong(line_, fmt::format("'{}' is not a time in seconds", cells_[0]));
        }
    }
    [[nodiscard]] double number(std::size_t i) const {
        const std::string& text = cells_[i];
        double value = 0.0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc() || end != text.data() + text.size()) {
            throw wrong(line_, fmt::format("'{}' is not a number", text));
        }
        return value;
    }
    [[nodiscard]] InputError wrong(const std::string& message) const {
        return wrong(line_, message);
    }

private:
    [[nodiscard]] InputError wrong(int line, const std::string& message,
                                   const std::string& note = {}) const {
        Mistake mistake;
        mistake.place.file = path_;
        mistake.place.line = line;
        mistake.message = message;
        mistake.note = note;
        return InputError(std::vector<Mistake>{mistake});
    }

    std::string path_;
    std::ifstream in_;
    std::size_t columns_ = 0;
    std::vector<std::string> cells_;
    int line_ = 1;
};

/// One variable: how it is named in the dump, what was written last, what comes at this instant.
struct Signal {
    std::string id;
    std::string shown, next;
    bool repeats = false;  ///< an event counts each time
};

/// Declares, then writes changes in order of time; holds back one instant, so that the last stands.
class Dump {
public:
    explicit Dump(std::ostream& out) : out_(out) {}

    std::size_t declare(const std::string& type, int bits, const std::string& name) {
        Signal signal;
        // Printable characters from '!' on, in base 94 (IEEE 1364-2005, 18.2.1).
        for (std::size_t n = signals_.size() + 1; n > 0; n = (n - 1) / 94) {
            signal.id += static_cast<char>('!' + static_cast<char>((n - 1) % 94));
        }
        signal.repeats = type == "event";
        out_ << fmt::format("$var {} {} {} {} $end\n", type, bits, signal.id, name);
        signals_.push_back(signal);
        return signals_.size() - 1;
    }
    void set(std::size_t signal, std::string value) { signals_[signal].next = std::move(value); }
    void advance(long long ns) {
        if (ns > ns_) {
            flush();
            ns_ = ns;
        }
    }
    void flush() {
        bool stamped = false;
        for (Signal& signal : signals_) {
            if (signal.next.empty() || (signal.next == signal.shown && !signal.repeats)) {
                continue;
            }
            if (!stamped) {
                out_ << '#' << ns_ << '\n';
                stamped = true;
            }
            // Scalars stand right before their identifier, reals and vectors a space before it.
            out_ << signal.next << (signal.next.size() > 1 ? " " : "") << signal.id << '\n';
            signal.shown = signal.next;
            signal.next.clear();
        }
    }

private:
    std::ostream& out_;
    std::vector<Signal> signals_;
    long long ns_ = 0;
};

/// Which of a run's variables is which.
struct Variables {
    std::vector<std::size_t> reals;
    std::size_t state = 0;
    std::vector<std::size_t> states;            ///< one wire per state
    std::map<std::string, std::size_t> events;  ///< by the word in events.csv
};

std::vector<std::string> event_words(const std::string& folder) {
    std::vector<std::string> words;
    for (CsvFile file(folder, "events.csv", kEventHeader); file.next();) {
        if (std::find(words.begin(), words.end(), file.cell(1)) == words.end()) {
            words.push_back(file.cell(1));
        }
    }
    return words;
}

/// A VCD name has no blanks and no '$'.
std::string vcd_name(std::string word) {
    std::replace_if(
        word.begin(), word.end(), [](char c) { return c <= ' ' || c == '$' || c > '~'; }, '_');
    return word.empty() ? "_" : word;
}

Variables declare_all(Dump& dump, std::ostream& out, const std::vector<std::string>& words) {
    Variables variables;
    std::string numbered;
    for (std::size_t i = 0; i < kDeviceStates; ++i) {
        numbered += fmt::format(" {} {}", i, name_of(static_cast<DeviceState>(i)));
    }
    out << fmt::format("$comment ebb, state:{} $end\n$timescale 1 ns $end\n", numbered)
        << "$scope module device $end\n";
    for (const char* name : kReals) {
        variables.reals.push_back(dump.declare("real", 64, name));
    }
    variables.state = dump.declare("reg", kStateBits, "state");
    out << "$scope module states $end\n";
    for (std::size_t i = 0; i < kDeviceStates; ++i) {
        variables.states.push_back(dump.declare("wire", 1, name_of(static_cast<DeviceState>(i))));
    }
    out << "$upscope $end\n$scope module events $end\n";
    for (const std::string& word : words) {
        variables.events[word] = dump.declare("event", 1, vcd_name(word));
    }
    out << "$upscope $end\n$upscope $end\n$enddefinitions $end\n";
    return variables;
}

void set_state(Dump& dump, const Variables& variables, const CsvFile& timeline) {
    const std::string& word = timeline.cell(4);
    bool known = false;
    for (std::size_t i = 0; i < kDeviceStates; ++i) {
        const bool is = word == name_of(static_cast<DeviceState>(i));
        known = known || is;
        dump.set(variables.states[i], is ? "1" : "0");
        if (is) {
            dump.set(variables.state, fmt::format("b{:0{}b}", i, kStateBits));
        }
    }
    if (!known) {
        throw timeline.wrong(fmt::format("'{}' is not a state of the device", word));
    }
}

}  // namespace

long long ceil_ns_of_text(const std::string& seconds) {
    constexpr std::size_t kDigits = 9;
    constexpr long long kMostSeconds = std::numeric_limits<long long>::max() / 1'000'000'000 - 1;
    const std::size_t dot = std::min(seconds.find('.'), seconds.size());
    std::string decimals = dot < seconds.size() ? seconds.substr(dot + 1) : std::string();
    const auto digits_only = [](const std::string& text) {
        return text.find_first_not_of("0123456789") == std::string::npos;
    };
    const std::string whole = seconds.substr(0, dot);
    if (whole.empty() || !digits_only(whole) || !digits_only(decimals) ||
        whole.size() > kDigits + 1) {
        throw std::invalid_argument("not a decimal of seconds: " + seconds);
    }
    const bool up =
        decimals.find_first_not_of('0', std::min(kDigits, decimals.size())) != std::string::npos;
    decimals.resize(kDigits, '0');
    const long long full_s = std::stoll(whole);
    if (full_s > kMostSeconds) {
        throw std::invalid_argument("beyond 292 years: " + seconds);
    }
    return full_s * 1'000'000'000 + std::stoll(decimals) + (up ? 1 : 0);
}

void write_vcd(const std::string& folder, std::ostream& out) {
    CsvFile timeline(folder, "timeline.csv", kTimelineHeader);
    const std::vector<std::string> words = event_words(folder);
    CsvFile events(folder, "events.csv", kEventHeader);
    Dump dump(out);
    const Variables variables = declare_all(dump, out, words);
    bool more_events = events.next();
    bool more_rows = timeline.next();
    long long reached_ns = 0;
    while (more_events || more_rows) {
        const bool event_first = more_events && (!more_rows || events.ns() < timeline.ns());
        const CsvFile& file = event_first ? events : timeline;
        if (file.ns() < reached_ns) {
            throw file.wrong("the time goes back");
        }
        reached_ns = file.ns();
        dump.advance(reached_ns);
        if (event_first) {
            dump.set(variables.events.at(events.cell(1)), "1");
            more_events = events.next();
            continue;
        }
        for (std::size_t i = 0; i < kReals.size(); ++i) {
            dump.set(variables.reals[i], fmt::format("r{:.17g}", timeline.number(i + 1)));
        }
        set_state(dump, variables, timeline);
        more_rows = timeline.next();
    }
    dump.flush();
}

}  // namespace ebb
