// SPDX-License-Identifier: Apache-2.0
#include "sim/result/file_recorder.hpp"

#include "models/core/error.hpp"
#include "models/core/nearest.hpp"
#include "sim/result/text_format.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace ebb {

namespace {

constexpr std::size_t kBlockBytes = 1U << 16;
constexpr std::string_view kEventHeader = "time_s,event,detail,v_store_v\n";
constexpr std::string_view kTimelineHeader = "time_s,v_store_v,p_harvest_w,p_load_w,state\n";
constexpr std::array<RecordLevel, 3> kLevels = {RecordLevel::none, RecordLevel::events,
                                                RecordLevel::all};

std::int64_t nearest_ns(Time t) { return t.fraction() < 0.5 ? t.ns() : t.ns() + 1; }

/// See RecordLevel: shortest that reads back exactly, or nine significant digits.
void append_number(std::string& text, double value, bool exact) {
    if (exact) {
        fmt::format_to(std::back_inserter(text), FMT_COMPILE("{}"), value);
    } else {
        fmt::format_to(std::back_inserter(text), FMT_COMPILE("{:.9g}"), value);
    }
}

}  // namespace

const char* name_of(RecordLevel level) {
    switch (level) {
        case RecordLevel::none:
            return "none";
        case RecordLevel::events:
            return "events";
        case RecordLevel::all:
            return "all";
    }
    throw Defect("a record level without a name");
}

RecordLevel record_level(std::string_view word) {
    for (const RecordLevel level : kLevels) {
        if (word == name_of(level)) {
            return level;
        }
    }
    Mistake mistake;
    mistake.place.file = "--record";
    mistake.message = fmt::format("'{}' is no level of recording (none, events, all)", word);
    mistake.hint = did_you_mean(word, {"none", "events", "all"});
    throw InputError(std::vector<Mistake>{mistake});
}

void TimelineText::append(const TimelineRow& row, Time t) {
    text_ += t.text();
    for (const double value : {row.v_store_v, row.harvest_w, row.load_w}) {
        text_ += ',';
        append_number(text_, value, exact_);
    }
    text_ += ',';
    text_ += name_of(row.state);
    text_ += '\n';
    ++lines_;
}

void TimelineText::add(const TimelineRow& row) {
    if (last_ && nearest_ns(row.t) > nearest_ns(last_->t)) {
        flush();
    }
    if (!last_) {
        first_ = row;
    }
    last_ = row;
}

void TimelineText::flush() {
    const std::int64_t ns = nearest_ns(last_->t);
    if (first_->v_store_v != last_->v_store_v && ns - 1 > written_ns_) {
        append(*first_, Time(ns - 1));
    }
    append(*last_, last_->t);
    written_ns_ = ns;
    first_.reset();
    last_.reset();
}

void TimelineText::finish() {
    if (last_) {
        flush();
    }
}

FileRecorder::FileRecorder(RunFolder& folder, RecordLevel level, ProgressLine* progress)
    : level_(level), progress_(progress), lines_(true) {
    report_.level = level;
    if (level_ != RecordLevel::none) {
        events_file_ = folder.open("events.csv");
        timeline_file_ = folder.open("timeline.csv");
        block_ = kEventHeader;
        lines_.text() = kTimelineHeader;
    }
}

FileRecorder::~FileRecorder() = default;

void FileRecorder::event(Time t, std::string_view event, std::string_view detail,
                         double terminal_v) {
    ++report_.events_seen;
    if (level_ == RecordLevel::none || report_.events_truncated) {
        return;
    }
    event_row(t, event, detail, terminal_v);
}

void FileRecorder::event_row(Time t, std::string_view event, std::string_view detail,
                             double terminal_v) {
    const bool exact = level_ == RecordLevel::all;
    std::string row = t.text();
    row.append(",").append(event).append(",").append(csv_cell(detail)).append(",");
    append_number(row, terminal_v, exact);
    row += '\n';
    if (exact) {
        block_ += row;
        ++report_.event_rows;
    } else if (!held_row_.empty()) {
        // One more than fits: the held row gives way to the one that says so.
        report_.events_truncated = true;
        block_ += truncated_;
        held_row_.clear();
    } else {
        event_bytes_ += row.size();
        ++report_.event_rows;
        if (report_.event_rows == kEventRows || event_bytes_ >= kEventBytes) {
            begin_truncation(std::move(row), t, terminal_v);
        } else {
            block_ += row;
        }
    }
    if (block_.size() >= kBlockBytes) {
        events_file_->write(block_);
        block_.clear();
    }
}

void FileRecorder::begin_truncation(std::string row, Time t, double terminal_v) {
    held_row_ = std::move(row);
    truncated_at_ = t;
    truncated_ = fmt::format("{},truncated,{},{}\n", t.text(),
                             "more decisions follow; --record all writes every one",
                             nine_digits(terminal_v));
}

void FileRecorder::state(Time t, DeviceState state) {
    state_ = state;
    // A walk ends at every decision, so the last point is at `t`: its row shows the new state.
    if (any_point_ && !(held_point_.t() < t)) {
        held_point_.state = state;
    }
}

void FileRecorder::point(Time t, double terminal_v, double harvest_w, double load_w) {
    if (level_ == RecordLevel::none) {
        return;
    }
    if (any_point_) {
        put_held(harvest_w, load_w);
    }
    any_point_ = true;
    held_point_ = {t.ns(), t.fraction(), terminal_v, harvest_w, load_w, state_};
}

/// Writes the held point with the powers that follow it.
void FileRecorder::put_held(double harvest_w, double load_w) {
    const HeldPoint& p = held_point_;
    if (level_ == RecordLevel::all) {
        lines_.add({p.t(), p.v_store_v, harvest_w, load_w, 0, p.state});
        ++report_.points_seen;
        if (lines_.text().size() >= kBlockBytes) {
            flush_lines();
        }
    } else if (shown_ == p.state) {
        timeline_.add(p.t(), p.v_store_v, harvest_w, load_w, p.state);
    } else {
        timeline_.add_change(p.t(), p.v_store_v, harvest_w, load_w, p.state);
        shown_ = p.state;
    }
}

void FileRecorder::flush_lines() {
    timeline_file_->write(lines_.text());
    lines_.text().clear();
}

void FileRecorder::write_timeline() {
    if (level_ == RecordLevel::all) {
        lines_.finish();
        flush_lines();
        report_.timeline_rows = lines_.lines();
        return;
    }
    // About 50 bytes a row; where rows are longer, fewer of them.
    constexpr std::size_t kFewest = 32;
    const std::size_t bytes = std::min(kTimelineBytes, kFilesBytes - event_bytes_);
    for (std::size_t most = bytes / 48;; most = most * 7 / 8) {
        TimelineText text(false);
        text.text() = kTimelineHeader;
        for (const TimelineRow& row : timeline_.rows(std::max(most, kFewest))) {
            text.add(row);
        }
        text.finish();
        if (text.text().size() <= bytes || most <= kFewest) {
            report_.timeline_rows = text.lines();
            timeline_file_->write(text.text());
            return;
        }
    }
}

void FileRecorder::finish() {
    if (progress_ != nullptr) {
        progress_->finish();
    }
    if (level_ == RecordLevel::none || finished_) {
        return;
    }
    finished_ = true;
    if (any_point_) {
        put_held(held_point_.harvest_w, held_point_.load_w);
    }
    report_.points_seen += timeline_.seen();
    block_ += held_row_;
    events_file_->write(block_);
    write_timeline();
    for (const auto& file : {events_file_, timeline_file_}) {
        file->close();
        if (!file->failure().empty()) {
            throw InputError(file->failure());
        }
    }
}

std::vector<Finding> FileRecorder::findings() const {
    std::vector<Finding> findings;
    if (report_.events_truncated) {
        Finding finding;
        finding.code = "events_truncated";
        finding.time_s = truncated_at_.seconds();
        finding.text = fmt::format(
            "events.csv stops here after {} rows; the summary is complete, and --record all writes "
            "every row.",
            count_text(static_cast<std::int64_t>(report_.event_rows)));
        finding.numbers = {{"rows_written", static_cast<double>(report_.event_rows)},
                           {"decisions_seen", static_cast<double>(report_.events_seen)}};
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace ebb
