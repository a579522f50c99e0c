// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/generate/rf.hpp"

#include "models/core/component.hpp"
#include "models/core/quantity.hpp"
#include "models/core/random_stream.hpp"
#include "models/harvester/generate/sample_limit.hpp"

#include <algorithm>
#include <cmath>

namespace ebb {
namespace {

constexpr std::int64_t kNsPerUs = 1000;
constexpr double kLn10 = 2.302585092994045684;

// Streams of one seed: each purpose has its own, so that one more draw here moves nothing there.
enum Stream : std::uint32_t { kDwells = 1, kShadow = 2, kWhite = 3 };

/// x of the contract above, sampled at increasing times.
class Shadowing {
public:
    explicit Shadowing(const RfParams& p)
        : tau_us_(p.shadow_time_s * 1e6),
          slow_(std::sqrt(1.0 - p.white_share)),
          fast_(std::sqrt(p.white_share)),
          shadow_(static_cast<std::uint64_t>(p.seed), kShadow),
          white_(static_cast<std::uint64_t>(p.seed), kWhite),
          z_(shadow_.normal()) {}

    double at(std::int64_t us) {
        const double rho = std::exp(-static_cast<double>(us - last_us_) / tau_us_);
        z_ = rho * z_ + std::sqrt(1.0 - rho * rho) * shadow_.normal();
        last_us_ = us;
        return slow_ * z_ + fast_ * white_.normal();
    }

private:
    double tau_us_, slow_, fast_;
    RandomStream shadow_, white_;
    double z_;
    std::int64_t last_us_ = 0;
};

class RfWriter {
public:
    explicit RfWriter(const RfParams& p)
        : p_(p),
          sigma_(p.shadow_db * kLn10 / 10.0),
          end_us_(whole_microseconds(p.duration_s)),
          x_(p) {
        series_.quantity = p.received ? Quantity::rf_power_w : Quantity::power_w;
    }

    Series write() {
        RandomStream dwells(static_cast<std::uint64_t>(p_.seed), kDwells);
        bool on = dwells.uniform() <= p_.mean_on_s / (p_.mean_on_s + p_.mean_off_s);
        for (std::int64_t t = 0; t < end_us_; on = !on) {
            const std::int64_t dwell =
                whole_microseconds(dwells.exponential(on ? p_.mean_on_s : p_.mean_off_s));
            const std::int64_t until = std::min(end_us_, t + dwell);
            if (on)
                burst(t, until);
            else
                add(t, round_significant(p_.off_power_w));
            t = until;
        }
        series_.bound_ns.push_back(end_us_ * kNsPerUs);
        return std::move(series_);
    }

private:
    void burst(std::int64_t from, std::int64_t until) {
        const std::int64_t step = whole_microseconds(p_.step_s);
        for (std::int64_t t = from; t < until; t += step)
            add(t, round_significant(std::min(
                       p_.max_power_w,
                       p_.on_power_w * std::exp(sigma_ * x_.at(t) - 0.5 * sigma_ * sigma_))));
    }

    void add(std::int64_t us, double power_w) {
        if (!series_.value.empty() && series_.value.back() == power_w)
            return;  // nothing changes here
        series_.bound_ns.push_back(us * kNsPerUs);
        series_.value.push_back(power_w);
    }

    const RfParams& p_;
    double sigma_;
    std::int64_t end_us_;
    Shadowing x_;
    Series series_;
};

const ParamTable<RfParams>& table() {
    static const ParamTable<RfParams> rows = {
        param("seed", &RfParams::seed, 1, at_least(0), "another seed, another day"),
        param("duration", &RfParams::duration_s, unit::second, 60.0, above_up_to(0, 3.2e7),
              "length of the trace"),
        param("mean_on", &RfParams::mean_on_s, unit::second, 0.213, above(0),
              "mean length of a burst"),
        param("mean_off", &RfParams::mean_off_s, unit::second, 0.386, above(0),
              "mean length of a gap"),
        param("on_power", &RfParams::on_power_w, unit::watt, 0.8e-3, range(0, 1e3),
              "mean power while on"),
        param("off_power", &RfParams::off_power_w, unit::watt, 5e-6, range(0, 1e3),
              "power while off"),
        param("max_power", &RfParams::max_power_w, unit::watt, 4e-3, range(0, 1e3),
              "the front end clips here"),
        param("shadowing", &RfParams::shadow_db, unit::number, 3.0, range(0, 20),
              "standard deviation of the power while on, in dB"),
        param("shadowing_time", &RfParams::shadow_time_s, unit::second, 2.2, above(0),
              "correlation time of the shadowing"),
        param("white_share", &RfParams::white_share, unit::ratio, 0.18, range(0, 1),
              "share of the variance that changes from step to step"),
        param("step", &RfParams::step_s, unit::second, 0.02, above(0),
              "the power changes this often while on"),
        param("gives", &RfParams::received, Names<bool>{{"dc", false}, {"received", true}}, false,
              "dc: power behind a rectifier; received: at the antenna, for received_rf"),
    };
    return rows;
}

}  // namespace

Series generate_rf(const RfParams& params) {
    require_few_samples(params.duration_s, params.step_s);
    return RfWriter(params).write();
}

std::vector<std::pair<std::string, std::string>> RfGenerator::stated() const {
    const auto time = [](double s) { return format_quantity(s, Dimension::time); };
    const auto power = [](double w) { return format_quantity(w, Dimension::power); };
    std::vector<std::pair<std::string, std::string>> lines = {
        {"seed", std::to_string(params_.seed)},
        {"duration", time(params_.duration_s)},
        {"mean_on", time(params_.mean_on_s)},
        {"mean_off", time(params_.mean_off_s)},
        {"on_power", power(params_.on_power_w)},
        {"off_power", power(params_.off_power_w)},
        {"max_power", power(params_.max_power_w)},
        {"shadowing", format_quantity(params_.shadow_db, Dimension::number)},
        {"shadowing_time", time(params_.shadow_time_s)},
        {"white_share", format_quantity(params_.white_share, Dimension::ratio)},
        {"step", time(params_.step_s)}};
    if (params_.received) {
        lines.emplace_back("gives", "received");
    }
    return lines;
}

void register_harvester_generate_rf(Registry& registry) {
    registry.add<Generator>(
        {"generator", "rf", "power in bursts, as a node in a radio field sees it",
         "On and off with exponential dwells; while on, a log-normal power with slow shadowing. "
         "Gives "
         "power_w, or rf_power_w (gives: received). Parameters fitted to "
         "FoRTE-Research/REACT-Artifact @4f7bb54 (rf-mobile)."},
        table(), [](const RfParams& p) { return std::make_shared<RfGenerator>(p); });
}

}  // namespace ebb
