// SPDX-License-Identifier: Apache-2.0
#include "sim/reproduce/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace ebb {

namespace {

constexpr double kLeft = 80, kTop = 44, kWide = 520, kHigh = 380, kLegend = 210, kBelow = 74;
/// Okabe and Ito: told apart by all eyes.
constexpr std::array<const char*, 8> kColours = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                 "#e69f00", "#56b4e9", "#000000", "#999999"};

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
    }
    return out;
}

/// Values along one axis, from `begin` to `end` in pixels.
class Axis {
public:
    Axis(bool log, double begin, double end) : log_(log), begin_(begin), end_(end) {}

    [[nodiscard]] bool holds(double v) const { return std::isfinite(v) && (!log_ || v > 0.0); }
    void include(double v) {
        if (holds(v)) {
            low_ = std::min(low_, scaled(v));
            high_ = std::max(high_, scaled(v));
        }
    }
    void settle() {
        if (low_ > high_) {
            low_ = 0.0;
            high_ = 1.0;
        }
        if (!log_ && low_ > 0.0 && low_ < 0.5 * high_) {
            low_ = 0.0;
        }
        const double room = high_ > low_ ? 0.05 * (high_ - low_) : 0.5;
        low_ -= low_ == 0.0 && !log_ ? 0.0 : room;
        high_ += room;
    }
    [[nodiscard]] double at(double v) const {
        return begin_ + (end_ - begin_) * (scaled(v) - low_) / (high_ - low_);
    }
    [[nodiscard]] std::vector<double> ticks() const {
        std::vector<double> all;
        if (log_) {
            const bool few = high_ - low_ < 2.5;
            for (int d = static_cast<int>(std::floor(low_)); d <= high_; ++d) {
                for (const double m : {1.0, 2.0, 5.0}) {
                    const double v = m * std::pow(10.0, d);
                    if ((few || m == 1.0) && scaled(v) >= low_ && scaled(v) <= high_) {
                        all.push_back(v);
                    }
                }
            }
            return all;
        }
        const double rough = (high_ - low_) / 6.0;
        const double power = std::pow(10.0, std::floor(std::log10(rough)));
        const double lead = rough / power;
        const double step = power * (lead > 5.0 ? 10.0 : lead > 2.0 ? 5.0 : lead > 1.0 ? 2.0 : 1.0);
        for (double v = std::ceil(low_ / step) * step; v <= high_ + 1e-9 * step; v += step) {
            all.push_back(std::fabs(v) < 1e-9 * step ? 0.0 : v);
        }
        return all;
    }

private:
    [[nodiscard]] double scaled(double v) const { return log_ ? std::log10(v) : v; }
    bool log_;
    double begin_, end_;
    double low_ = std::numeric_limits<double>::infinity();
    double high_ = -std::numeric_limits<double>::infinity();
};

class Drawing {
public:
    explicit Drawing(const Chart& chart)
        : chart_(chart),
          x_(chart.log_x, kLeft, kLeft + kWide),
          y_(chart.log_y, kTop + kHigh, kTop) {
        for (const ChartCurve& c : chart.curves) {
            for (const auto* points : {&c.line, &c.rings}) {
                for (const ChartPoint& p : *points) {
                    if (x_.holds(p.x) && y_.holds(p.y)) {
                        x_.include(p.x);
                        y_.include(p.y);
                        if (chart.diagonal) {  // one scale for both, so that it is one
                            x_.include(p.y);
                            y_.include(p.x);
                        }
                    }
                }
            }
        }
        x_.settle();
        y_.settle();
    }

    std::string svg() {
        text_ = fmt::format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
            "height=\"{1}\" font-family=\"sans-serif\" font-size=\"12\">\n"
            "<rect width=\"{0}\" height=\"{1}\" fill=\"white\"/>\n",
            kLeft + kWide + kLegend, kTop + kHigh + kBelow);
        words(kLeft, kTop - 18, "start", chart_.title, 15);
        axes();
        if (chart_.diagonal) {
            diagonal();
        }
        std::size_t i = 0;
        for (const ChartCurve& c : chart_.curves) {
            curve(c, kColours[i % kColours.size()], i);
            ++i;
        }
        key();
        return text_ + "</svg>\n";
    }

private:
    void words(double x, double y, const char* anchor, const std::string& what, int size = 12,
               const char* more = "") {
        text_ += fmt::format(
            "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" font-size=\"{}\"{}>{}</text>\n", x,
            y, anchor, size, more, escaped(what));
    }
    void line(double x1, double y1, double x2, double y2, const char* stroke) {
        text_ += fmt::format(
            "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\"/>\n", x1,
            y1, x2, y2, stroke);
    }
    void axes() {
        for (const double v : x_.ticks()) {
            line(x_.at(v), kTop, x_.at(v), kTop + kHigh, "#e4e4e4");
            words(x_.at(v), kTop + kHigh + 18, "middle", fmt::format("{:.6g}", v));
        }
        for (const double v : y_.ticks()) {
            line(kLeft, y_.at(v), kLeft + kWide, y_.at(v), "#e4e4e4");
            words(kLeft - 8, y_.at(v) + 4, "end", fmt::format("{:.6g}", v));
        }
        text_ += fmt::format(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"#444\"/>\n",
            kLeft, kTop, kWide, kHigh);
        words(kLeft + kWide / 2, kTop + kHigh + 40, "middle", chart_.x_label);
        const double middle = kTop + kHigh / 2;
        words(18, middle, "middle", chart_.y_label, 12,
              fmt::format(" transform=\"rotate(-90 18 {:.1f})\"", middle).c_str());
        words(kLeft, kTop + kHigh + 62, "start", chart_.note, 11, " fill=\"#555\"");
    }
    void diagonal() {
        double low = std::numeric_limits<double>::infinity();
        double high = -low;
        for (const ChartCurve& c : chart_.curves) {
            for (const ChartPoint& p : c.line) {
                low = std::min(low, p.x);
                high = std::max(high, p.x);
            }
        }
        if (low < high) {
            line(x_.at(low), y_.at(low), x_.at(high), y_.at(high), "#888");
        }
    }
    void curve(const ChartCurve& c, const char* colour, std::size_t index) {
        std::string path;
        for (const ChartPoint& p : c.line) {
            if (x_.holds(p.x) && y_.holds(p.y)) {
                path +=
                    fmt::format("{}{:.1f},{:.1f}", path.empty() ? "" : " ", x_.at(p.x), y_.at(p.y));
                text_ +=
                    fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2.6\" fill=\"{}\"/>\n",
                                x_.at(p.x), y_.at(p.y), colour);
            }
        }
        if (!chart_.diagonal) {
            text_ += fmt::format(
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.4\"/>\n",
                path, colour);
        }
        for (const ChartPoint& p : c.rings) {
            if (x_.holds(p.x) && y_.holds(p.y)) {
                ring(x_.at(p.x), y_.at(p.y), colour);
            }
        }
        if (c.name.empty()) {
            return;  // the only one
        }
        const double y = kTop + 12 + 18 * static_cast<double>(index);
        text_ += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"4\" fill=\"{}\"/>\n",
                             kLeft + kWide + 20, y - 4, colour);
        words(kLeft + kWide + 32, y, "start", c.name);
    }
    void ring(double x, double y, const char* colour) {
        text_ += fmt::format(
            "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"5.5\" fill=\"none\" stroke=\"{}\" "
            "stroke-width=\"1.6\"/>\n",
            x, y, colour);
    }
    /// What dots and rings stand for.
    void key() {
        if (chart_.diagonal) {
            return;
        }
        const bool names = !chart_.curves.empty() && !chart_.curves.front().name.empty();
        const double below = names ? 18 * static_cast<double>(chart_.curves.size()) : -18;
        const double y = kTop + 30 + below;
        text_ += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"2.6\" fill=\"#444\"/>\n",
                             kLeft + kWide + 20, y - 4);
        words(kLeft + kWide + 32, y, "start", "ebb");
        if (std::all_of(chart_.curves.begin(), chart_.curves.end(),
                        [](const ChartCurve& c) { return c.rings.empty(); })) {
            return;
        }
        ring(kLeft + kWide + 20, y + 14, "#444");
        words(kLeft + kWide + 32, y + 18, "start", "published");
    }

    const Chart& chart_;
    Axis x_, y_;
    std::string text_;
};

}  // namespace

std::string chart_svg(const Chart& chart) { return Drawing(chart).svg(); }

}  // namespace ebb
