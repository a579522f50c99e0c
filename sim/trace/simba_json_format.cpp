// SPDX-License-Identifier: Apache-2.0
/// Preset `simba_json`: irradiance as Simba keeps it, changes only.
///
///   {"Type": "NREL", "StartTime": "2018-09-01 00:00:00", "Season": 0, "TraceLength": 2591400}
///   {"irradiance":{"0":0.0,"960":0.070212,...}}
///
/// Keys are seconds from StartTime, values W/m^2. TraceLength is the time of the last change and
/// not the length of the recording, so it is not used as one. Stated rule: the series ends after
/// `length`; without it, at the end of the day (by StartTime) in which the last change is.
/// Source of the format: LENS-TUGraz/simba @0b48c4e (MIT).
#include "sim/trace/calendar.hpp"
#include "sim/trace/number_text.hpp"
#include "sim/trace/series_builder.hpp"
#include "sim/trace/text_lines.hpp"
#include "sim/trace/trace_format.hpp"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace ebb {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
constexpr std::int64_t kDayS = 86'400;

bool looks_like_simba_json(std::string_view text) {
    const std::string_view head = text.substr(0, 400);
    return trimmed(head).substr(0, 1) == "{" &&
           head.find("\"StartTime\"") != std::string_view::npos;
}

/// Walks the second object and hands over each change in the order of the file, which a parsed
/// object would have lost.
class Changes : public nlohmann::json_sax<Json> {
public:
    Changes(SeriesBuilder& builder, FileMistakes& mistakes, const TextLines& lines)
        : builder_(builder), mistakes_(mistakes), lines_(lines) {}

    [[nodiscard]] std::int64_t last_ns() const { return last_ns_; }
    [[nodiscard]] std::int64_t first_ns() const { return first_ns_; }
    [[nodiscard]] bool seen() const { return seen_; }

    bool start_object(std::size_t) override {
        ++depth_;
        if (depth_ == 2 && key_ == "irradiance")
            inside_ = seen_ = true;
        return true;
    }
    bool end_object() override {
        inside_ = inside_ && depth_ != 2;
        --depth_;
        return true;
    }
    bool key(std::string& text) override {
        key_ = text;
        return true;
    }
    bool number_integer(Json::number_integer_t value) override {
        return change(static_cast<double>(value));
    }
    bool number_unsigned(Json::number_unsigned_t value) override {
        return change(static_cast<double>(value));
    }
    bool number_float(Json::number_float_t value, const std::string&) override {
        return change(value);
    }
    bool null() override { return no_number("null"); }
    bool boolean(bool) override { return no_number("a truth value"); }
    bool string(std::string&) override { return no_number("a text"); }
    bool binary(Json::binary_t&) override { return no_number("bytes"); }
    bool start_array(std::size_t) override { return no_number("a list"); }
    bool end_array() override { return true; }
    bool parse_error(std::size_t at, const std::string&,
                     const nlohmann::detail::exception&) override {
        const std::size_t begin = std::min(at > 0 ? at - 1 : 0, lines_.line().size());
        mistakes_.add({lines_.number(), lines_.line(), begin, 1}, "this is not JSON",
                      lines_.terminated() ? "" : "the file seems to be cut short");
        return false;
    }

private:
    [[nodiscard]] RowPlace place() const {
        const std::string quoted = '"' + key_ + '"';
        const std::size_t at = lines_.line().find(quoted);
        const std::string_view field = at == std::string_view::npos
                                           ? lines_.line().substr(0, 0)
                                           : lines_.line().substr(at, quoted.size());
        return {lines_.number(), lines_.line(), field, field};
    }
    bool no_number(const char* what) {
        if (inside_)
            mistakes_.add({lines_.number(), lines_.line(), 0, 1},
                          fmt::format("the irradiance at \"{}\" is {}", key_, what),
                          "expected a number");
        return true;
    }
    bool change(double value) {
        if (!inside_)
            return true;
        const StampText stamp = parse_stamp(key_, 9);
        if (stamp.fault != NumberFault::none) {
            mistakes_.add({lines_.number(), lines_.line(), 0, 1},
                          fmt::format("the key \"{}\" is no time", key_), "expected seconds");
            return true;
        }
        if (builder_.rows() == 0)
            first_ns_ = stamp.ns;
        last_ns_ = std::max(last_ns_, stamp.ns);
        // Looking for the place in a line of a megabyte is only for what the builder will refuse.
        builder_.add(stamp.ns, value,
                     value >= 0.0 && stamp.ns >= last_ns_
                         ? RowPlace{lines_.number(), lines_.line(), lines_.line().substr(0, 0),
                                    lines_.line().substr(0, 0)}
                         : place());
        return true;
    }

    SeriesBuilder& builder_;
    FileMistakes& mistakes_;
    const TextLines& lines_;
    std::string key_;
    int depth_ = 0;
    bool inside_ = false;
    bool seen_ = false;
    std::int64_t first_ns_ = 0;
    std::int64_t last_ns_ = 0;
};

/// Seconds after midnight of "2018-09-01 00:00:00"; nothing if it is written otherwise.
std::optional<std::int64_t> second_of_day(const std::string& text) {
    if (text.size() != 19 || text[10] != ' ' || text[13] != ':' || text[16] != ':')
        return std::nullopt;
    const std::string_view view = text;
    const auto h = whole_number(view.substr(11, 2));
    const auto m = whole_number(view.substr(14, 2));
    const auto s = whole_number(view.substr(17, 2));
    if (!h || !m || !s || *h > 23 || *m > 59 || *s > 59)
        return std::nullopt;
    return *h * 3600 + *m * 60 + *s;
}

std::int64_t start_of(const TextLines& lines, FileMistakes& mistakes) {
    const Json head = Json::parse(lines.line(), nullptr, false);
    if (head.is_object() && head.contains("StartTime") && head["StartTime"].is_string())
        if (const auto second = second_of_day(head["StartTime"].get<std::string>()))
            return *second;
    mistakes.add({lines.number(), lines.line(), 0, lines.line().size()},
                 "this is not the first line of a Simba recording",
                 "expected {\"Type\": ..., \"StartTime\": \"2018-09-01 00:00:00\", ...}");
    mistakes.throw_if_any();
    throw Defect("a first line was refused without a mistake");
}

std::int64_t end_of(const ReadRequest& request, const Changes& changes, std::int64_t start_s) {
    if (!request.length_s) {
        const std::int64_t day_ns = kDayS * kNsPerSecond;
        const std::int64_t start_ns = start_s * kNsPerSecond;
        return ((changes.last_ns() + start_ns) / day_ns + 1) * day_ns - start_ns;
    }
    const std::int64_t end =
        changes.first_ns() + std::llround(*request.length_s * static_cast<double>(kNsPerSecond));
    if (end <= changes.last_ns())
        throw_mistake(request_place(request),
                      fmt::format("'length' is {:g} s, but {} changes at {:g} s", *request.length_s,
                                  request.path, static_cast<double>(changes.last_ns()) / 1e9),
                      "expected the length of the recording, after its last change");
    return end;
}

Reading read_simba_json(const ReadRequest& request) {
    check_expected(request, Quantity::irradiance_w_m2, "a simba_json recording");
    if (request.interpolation == Interpolation::linear)
        throw_mistake(request_place(request),
                      "format simba_json holds changes only: straight lines between them would be "
                      "invented",
                      "leave interpolation out");
    TextLines lines(request.text);
    FileMistakes mistakes(request.path);
    lines.next();
    const std::int64_t start_s = start_of(lines, mistakes);
    SeriesBuilder builder(Quantity::irradiance_w_m2, request.interpolation, mistakes,
                          request.spool);
    Changes changes(builder, mistakes, lines);
    if (lines.next())
        Json::sax_parse(lines.line(), &changes);
    if (!changes.seen() && !mistakes.any())
        mistakes.add({lines.number(), lines.line(), 0, 1}, "there is no \"irradiance\"",
                     "expected a second line {\"irradiance\":{\"0\":0.0,...}}");
    if (builder.rows() > 0 && !mistakes.any())
        builder.end_at(end_of(request, changes, start_s));
    Reading reading;
    reading.series = builder.finish(reading.notes);
    reading.notes.push_back(
        fmt::format("the recording begins at {:02}:{:02}:{:02} of its clock; the last change, at "
                    "{:.10g} s, is held to {}: TraceLength is not the length",
                    start_s / 3600, start_s / 60 % 60, start_s % 60,
                    static_cast<double>(changes.last_ns()) / 1e9,
                    request.length_s ? "the stated length" : "the end of its day"));
    return reading;
}

}  // namespace

TraceFormat simba_json_format() {
    return {"simba_json",
            "changes of irradiance as Simba keeps them: two lines of JSON",
            {"length"},
            looks_like_simba_json,
            read_simba_json};
}

}  // namespace ebb
