// SPDX-License-Identifier: Apache-2.0
/// Writes events.csv and timeline.csv of a run.
///
///   level    events.csv                         timeline.csv                       numbers
///   none     not written                        not written
///   events   kEventRows rows or kEventBytes     thinned (timeline.hpp), so that    nine digits
///                                               both stay within kFilesBytes
///   all      every decision                     every point                        shortest exact
///
/// Where events.csv stops early its last row is the event `truncated`; the manifest and a finding
/// say so too. In timeline.csv the stamps increase strictly at 1 ns, so that the file reads back as
/// a trace: of several rows within one nanosecond the last stands; if the voltage jumped, the first
/// one stands 1 ns earlier. Powers and state of a row hold from its time until the next row; the
/// voltage moves between rows. The store reports each stretch at its end with the powers during it,
/// so a row is complete once the next point is known.
///
/// Never throws during a run: what fails is kept and thrown by finish() and RunFolder::commit().
#pragma once

#include "sim/result/progress_line.hpp"
#include "sim/result/recorder.hpp"
#include "sim/result/result.hpp"
#include "sim/result/run_folder.hpp"
#include "sim/result/timeline.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ebb {

enum class RecordLevel { none, events, all };
[[nodiscard]] const char* name_of(RecordLevel level);
/// Throws InputError for any other word.
[[nodiscard]] RecordLevel record_level(std::string_view word);

/// Lines of timeline.csv from rows in order of arrival; see above for rows at one instant.
class TimelineText {
public:
    explicit TimelineText(bool exact) : exact_(exact) {}
    void add(const TimelineRow& row);
    void finish();  ///< the last instant
    [[nodiscard]] std::string& text() noexcept { return text_; }
    [[nodiscard]] std::uint64_t lines() const noexcept { return lines_; }

private:
    void flush();
    void append(const TimelineRow& row, Time t);

    bool exact_;
    std::optional<TimelineRow> first_, last_;  ///< of the present nanosecond
    std::int64_t written_ns_ = -1;
    std::uint64_t lines_ = 0;
    std::string text_;
};

class FileRecorder final : public Recorder {
public:
    static constexpr std::uint64_t kEventRows = 20'000;
    static constexpr std::size_t kEventBytes = 880'000;
    static constexpr std::size_t kFilesBytes = 960'000;
    static constexpr std::size_t kTimelineBytes = 300'000;

    /// Opens its files in the folder. Throws InputError. `progress` may be null and must outlive
    /// this.
    FileRecorder(RunFolder& folder, RecordLevel level, ProgressLine* progress = nullptr);
    ~FileRecorder() override;

    void event(Time t, std::string_view event, std::string_view detail, double terminal_v) override;
    void state(Time t, DeviceState state) override;
    void point(Time t, double terminal_v, double harvest_w, double load_w) override;
    /// What a thinned timeline would throw away again is not worth reckoning.
    [[nodiscard]] bool wants_curve(double length_s) const noexcept override {
        return level_ == RecordLevel::all || length_s > timeline_.resolution_s();
    }
    void progress(Time t) override {
        if (progress_ != nullptr) {
            progress_->update(t);
        }
    }
    [[nodiscard]] bool wants_points() const noexcept override {
        return level_ != RecordLevel::none;
    }

    /// Writes what is still in memory and closes the files. Throws InputError if anything failed.
    void finish();

    struct Report {
        RecordLevel level = RecordLevel::none;
        std::uint64_t events_seen = 0, event_rows = 0;
        std::uint64_t points_seen = 0, timeline_rows = 0;
        bool events_truncated = false;
    };
    /// After finish().
    [[nodiscard]] const Report& report() const noexcept { return report_; }
    /// What the user should know about the files; empty if they are complete.
    [[nodiscard]] std::vector<Finding> findings() const;

private:
    /// The last point; its powers are those of the stretch before. Plain numbers, not a Time: a
    /// copy of a struct that was just written member by member stalls the processor.
    struct HeldPoint {
        std::int64_t ns = 0;
        double fraction = 0.0, v_store_v = 0.0, harvest_w = 0.0, load_w = 0.0;
        DeviceState state = DeviceState::off;
        [[nodiscard]] Time t() const noexcept { return Time(ns, fraction); }
    };

    void event_row(Time t, std::string_view event, std::string_view detail, double terminal_v);
    void begin_truncation(std::string row, Time t, double terminal_v);
    void put_held(double harvest_w, double load_w);
    void write_timeline();
    void flush_lines();

    RecordLevel level_;
    ProgressLine* progress_;
    std::shared_ptr<OutputFile> events_file_, timeline_file_;
    std::string block_;     ///< events not yet written
    std::string held_row_;  ///< the last that fits; `truncated_` replaces it if more come
    std::string truncated_;
    std::size_t event_bytes_ = 0;
    Time truncated_at_;
    Timeline timeline_;   ///< level events
    TimelineText lines_;  ///< level all
    DeviceState state_ = DeviceState::off;
    std::optional<DeviceState> shown_;  ///< state of the last row
    HeldPoint held_point_;
    bool any_point_ = false;
    Report report_;
    bool finished_ = false;
};

}  // namespace ebb
