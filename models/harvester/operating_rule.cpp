// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/operating_rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/core/compiled_curve.hpp"
#include "models/core/component.hpp"
#include "models/core/error.hpp"
#include "models/harvester/sample_walk.hpp"

namespace ebb {

namespace {

/// Below this many samples building polynomials costs more than it saves.
constexpr std::size_t kWorthCompiling = 2000;
/// 24 bytes each.
constexpr double kMostMoments = 5e7;

std::int64_t nanoseconds(double s) { return std::llround(s * 1e9); }

class Layout {
public:
    Layout(const CurveFamily& curves, const OperatingSpan& span) : curves_(curves), span_(span) {}

    OperatingSeries at_max_power() const {
        if (curves_.smooth() && span_.series != nullptr &&
            span_.series->value.size() >= kWorthCompiling) {
            CompiledCurve compiled([this](double x) { return curves_.max_power(x); });
            if (span_.power_only && span_.series->bound_ns.step() != 0) {
                return powers(compiled);
            }
            return following([&compiled](double x) { return compiled(x); });
        }
        return following([this](double x) { return curves_.max_power(x); });
    }

    OperatingSeries at_voltage(double v) const {
        return following([this, v](double x) { return at(x, v); });
    }

    OperatingSeries at_voc_fraction(const VocFraction& rule) const {
        const std::int64_t period = nanoseconds(rule.period_s);
        const std::int64_t blackout = nanoseconds(rule.blackout_s);
        SampleWalk walk(span_);
        check_moments(walk.end_ns(), period);
        StretchList list(false);
        double last_sample = std::numeric_limits<double>::quiet_NaN();
        double open_v = 0.0;  // then
        for (std::int64_t begin = 0; begin < walk.end_ns(); begin += period) {
            const std::int64_t sampled = std::min(begin + blackout, walk.end_ns());
            if (sampled > begin) {
                list.add(begin, 0.0, 0.0);
                move_to(walk, sampled);
            }
            const std::int64_t end = std::min(begin + period, walk.end_ns());
            if (sampled < end) {
                if (walk.value() != last_sample) {
                    last_sample = walk.value();
                    open_v = curves_.open_circuit_v(last_sample);
                }
                hold(walk, list, rule.fraction * open_v, sampled, end);
            }
        }
        return list.finish(walk.end_ns());
    }

    OperatingSeries by_perturbing(const PerturbObserve& rule) const {
        const std::int64_t period = nanoseconds(rule.period_s);
        SampleWalk walk(span_);
        check_moments(walk.end_ns(), period);
        StretchList list(false);
        double v = rule.start_v;
        double step = rule.step_v;
        double before = 0.0;
        for (std::int64_t begin = 0; begin < walk.end_ns(); begin += period) {
            const double last = hold(walk, list, v, begin, std::min(begin + period, walk.end_ns()));
            const double power = v * at(last, v).i;
            const bool retreats = rule.retreat_steps && !(power > 0.0);
            double move = 0.0;
            if (retreats) {
                step = rule.step_v;
                move = -*rule.retreat_steps * step;
            } else {
                if (power < before) {
                    step = step > 0.0 ? -rule.step_v : rule.step_v;
                } else if (!(power > 0.0)) {
                    step = -rule.step_v;
                }
                move = step;
                step *= power > before ? rule.growth : 1.0;
            }
            before = power;
            if (v + move < rule.step_v) {  // at the short circuit there is no power to compare
                step = rule.step_v;
                move = retreats ? 0.0 : step;
                v = retreats ? rule.step_v : v;
            }
            v = std::max(v + move, rule.step_v);
            if (rule.highest_v && v >= *rule.highest_v) {
                v = *rule.highest_v;
                step = -rule.step_v;
            }
        }
        return list.finish(walk.end_ns());
    }

private:
    /// A timetable that is finer than the trace asks for the same point many times in a row.
    OperatingPoint at(double sample, double v) const {
        if (sample != last_.sample || v != last_.point.v) {
            last_ = {sample, {v, std::max(0.0, curves_.current(sample, v))}};
        }
        return last_.point;
    }

    static void move_to(SampleWalk& walk, std::int64_t now) {
        while (walk.until_ns() <= now && now < walk.end_ns()) {
            walk.advance();
        }
    }

    /// V from begin to end; returns the sample just before the end, and leaves the walk at the end.
    double hold(SampleWalk& walk, StretchList& list, double v, std::int64_t begin,
                std::int64_t end) const {
        std::int64_t now = begin;
        double last = walk.value();
        while (now < end) {
            last = walk.value();
            list.add(now, v, at(last, v).i);
            now = std::min(walk.until_ns(), end);
            move_to(walk, now);
        }
        return last;
    }

    const Series& held() const {
        if (span_.series->interpolation != Interpolation::hold) {
            throw Defect("operating points belong to held samples");
        }
        return *span_.series;
    }

    /// One point per sample; equal neighbours become one.
    template <class Point>
    OperatingSeries following(Point&& point) const {
        if (span_.series == nullptr) {
            const OperatingPoint p = point(span_.constant * span_.scale);
            return {true, {}, {p.v}, {p.i}};
        }
        const Series& series = held();
        StretchList list(true);
        list.reserve(series.value.size());
        double before = -1.0;
        for (std::size_t k = 0; k < series.value.size(); ++k) {
            const double x = span_.scale * series.value[k];
            if (k == 0 || x != before) {
                const OperatingPoint p = point(x);
                list.add(series.bound_ns[k], p.v, p.i);
            }
            before = x;
        }
        return list.finish(series.bound_ns.back());
    }

    /// One power per sample of a trace at equal steps, by blocks: a mapped one need not stay.
    OperatingSeries powers(CompiledCurve& compiled) const {
        constexpr std::size_t kBlock = 4096;
        constexpr std::size_t kPassEvery = kBlock << 8U;  // a word to the keeper of a mapped trace
        const Series& series = held();
        const std::size_t count = series.value.size();
        OperatingSeries made;
        made.bound_ns = series.bound_ns;
        made.power_w.reserve(count);
        std::vector<double> block(kBlock);
        for (std::size_t done = 0; done < count; done += kBlock) {
            const std::size_t most = std::min(kBlock, count - done);
            compiled.powers(series.value.data() + done, span_.scale, most, block.data());
            made.power_w.insert(made.power_w.end(), block.data(), block.data() + most);
            if (done % kPassEvery == 0 && series.value.keeper() != nullptr) {
                series.value.keeper()->passed(done);
            }
        }
        return made;
    }

    static void check_moments(std::int64_t end_ns, std::int64_t period_ns) {
        if (period_ns <= 0) {
            throw InputError("operate: the period rounds to 0 ns");
        }
        const double moments = static_cast<double>(end_ns) / static_cast<double>(period_ns);
        if (moments > kMostMoments) {
            throw InputError(fmt::format(
                "operate: a period of {:g} s in a run of {:g} s is {:.3g} moments, more than {:g} "
                "fit; choose a longer period, a shorter run, or operate: mpp",
                static_cast<double>(period_ns) * 1e-9, static_cast<double>(end_ns) * 1e-9, moments,
                kMostMoments));
        }
    }

    const CurveFamily& curves_;
    const OperatingSpan& span_;
    struct Known {
        double sample = std::numeric_limits<double>::quiet_NaN();
        OperatingPoint point;
    };
    mutable Known last_;
};

}  // namespace

const ParamTable<OperatingForm>& operating_table() {
    static const ParamTable<VocFraction> kVocFraction = {
        param("fraction", &VocFraction::fraction, unit::ratio, required, above_up_to(0, 1),
              "operating voltage over the open-circuit voltage at the last sampling"),
        param("period", &VocFraction::period_s, unit::second, required, above_up_to(0, 86400),
              "from one sampling to the next; the first is at time 0"),
        param("blackout", &VocFraction::blackout_s, unit::second, required, range(0, 3600),
              "at the begin of each period the source is open, nothing is harvested"),
    };
    static const ParamTable<PerturbObserve> kPerturbObserve = {
        param("step", &PerturbObserve::step_v, unit::volt, required, above_up_to(0, 10),
              "change of the voltage"),
        param("period", &PerturbObserve::period_s, unit::second, required, above_up_to(0, 86400),
              "from one change to the next"),
        param("start", &PerturbObserve::start_v, unit::volt, required, range(0, 1000),
              "voltage at time 0"),
        param("growth", &PerturbObserve::growth, unit::number, 1.0, range(1, 10),
              "factor on the step after each rise of the power; a turn begins with step again"),
        param("retreat", &PerturbObserve::retreat_steps, unit::number, optional,
              above_up_to(0, 1000),
              "steps down where no current flows, rising from there; left out, one, and on down"),
        param("highest", &PerturbObserve::highest_v, unit::volt, optional, above_up_to(0, 1000),
              "voltage at which it turns round"),
    };
    static const ParamTable<OperatingForm> kTable = {
        param("voltage", &OperatingForm::voltage_v, unit::volt, optional, above_up_to(0, 1000),
              "a fixed voltage; above the open circuit nothing flows"),
        block("voc_fraction", &OperatingForm::voc_fraction, kVocFraction, optional,
              "a share of the open-circuit voltage, sampled from time to time"),
        block("perturb_observe", &OperatingForm::perturb_observe, kPerturbObserve, optional,
              "steps of the voltage that turn round when the power falls"),
    };
    return kTable;
}

void check_operating(const std::optional<OperatingForm>& form, CheckContext& context) {
    if (!form) {
        return;
    }
    const int rules =
        (form->voltage_v ? 1 : 0) + (form->voc_fraction ? 1 : 0) + (form->perturb_observe ? 1 : 0);
    if (rules != 1) {
        context.mistake(
            "operate",
            fmt::format("source.model.operate has {} rules; expected one of voltage, voc_fraction "
                        "and perturb_observe",
                        rules),
            "operate: mpp, or for example operate: {voltage: 1 V}");
    }
    if (form->voc_fraction && form->voc_fraction->blackout_s >= form->voc_fraction->period_s) {
        context.mistake(
            "operate.voc_fraction.blackout",
            fmt::format("source.model.operate.voc_fraction.blackout is {}, not shorter than its "
                        "period ({}): nothing would be harvested",
                        format_quantity(form->voc_fraction->blackout_s, unit::second),
                        format_quantity(form->voc_fraction->period_s, unit::second)));
    }
}

OperatingSeries lay_out(const CurveFamily& curves, const OperatingRule& rule,
                        const OperatingSpan& span) {
    const Layout layout(curves, span);
    if (!rule.form) {
        return layout.at_max_power();
    }
    if (rule.form->voltage_v) {
        return layout.at_voltage(*rule.form->voltage_v);
    }
    if (rule.form->voc_fraction) {
        return layout.at_voc_fraction(*rule.form->voc_fraction);
    }
    if (rule.form->perturb_observe) {
        return layout.by_perturbing(*rule.form->perturb_observe);
    }
    throw Defect("an operating rule without a rule");
}

}  // namespace ebb
