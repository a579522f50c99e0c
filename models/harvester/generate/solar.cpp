// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/generate/solar.hpp"

#include "models/core/component.hpp"
#include "models/core/quantity.hpp"
#include "models/core/random_stream.hpp"
#include "models/harvester/generate/sample_limit.hpp"

#include <algorithm>
#include <cmath>

namespace ebb {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kDegree = kPi / 180.0;
constexpr std::int64_t kNsPerUs = 1000;
constexpr double kSmallestIndex = 0.01;
constexpr double kDark_w_m2 = 1e-3;
constexpr double kLargestIndex = 1.4;  // enhancement by bright clouds: k > 1.3 was measured at SRRL

enum Stream : std::uint32_t { kDwells = 11, kIndex = 12 };

/// The clear-sky index k at increasing times.
class Clouds {
public:
    explicit Clouds(const SolarParams& p)
        : p_(p),
          dwells_(static_cast<std::uint64_t>(p.seed), kDwells),
          index_(static_cast<std::uint64_t>(p.seed), kIndex),
          rho_(std::exp(-p.step_s / p.index_time_s)),
          u_(index_.normal()) {
        clear_ = dwells_.uniform() <= p.mean_clear_s / (p.mean_clear_s + p.mean_cloudy_s);
        change_us_ = dwell();
    }

    /// Call once per step.
    double index_at(std::int64_t us) {
        while (change_us_ <= us) {
            clear_ = !clear_;
            change_us_ += dwell();
        }
        const double k = clear_ ? p_.clear_index + p_.clear_spread * u_
                                : p_.cloudy_index + p_.cloudy_spread * u_;
        u_ = rho_ * u_ + std::sqrt(1.0 - rho_ * rho_) * index_.normal();
        return std::clamp(k, kSmallestIndex, kLargestIndex);
    }

private:
    std::int64_t dwell() {
        return whole_microseconds(dwells_.exponential(clear_ ? p_.mean_clear_s : p_.mean_cloudy_s));
    }

    const SolarParams& p_;
    RandomStream dwells_, index_;
    double rho_;
    double u_;
    bool clear_ = true;
    std::int64_t change_us_ = 0;
};

const ParamTable<SolarParams>& table() {
    static const ParamTable<SolarParams> rows = {
        param("seed", &SolarParams::seed, 1, at_least(0), "another seed, other clouds"),
        param("duration", &SolarParams::duration_s, unit::second, 86400.0, above_up_to(0, 3.2e7),
              "length of the trace, from local midnight"),
        param("day_of_year", &SolarParams::day_of_year, 258, range(1, 366),
              "first day; 1 is 1 January"),
        param("latitude", &SolarParams::latitude_deg, unit::number, 40.0, range(-90, 90),
              "degrees, north positive"),
        param("longitude", &SolarParams::longitude_deg, unit::number, -105.0, range(-180, 180),
              "degrees, east positive"),
        param("utc_offset", &SolarParams::utc_offset_h, unit::number, -7.0, range(-12, 14),
              "hours of the local clock ahead of UTC"),
        param("step", &SolarParams::step_s, unit::second, 60.0, range(1, 3600),
              "length of a sample"),
        param("mean_clear", &SolarParams::mean_clear_s, unit::second, 1920.0, above(0),
              "mean time between clouds"),
        param("mean_cloudy", &SolarParams::mean_cloudy_s, unit::second, 960.0, above(0),
              "mean time under a cloud"),
        param("clear_index", &SolarParams::clear_index, unit::number, 0.965, range(0, 1.4),
              "share of the clear-sky irradiance between clouds"),
        param("clear_spread", &SolarParams::clear_spread, unit::number, 0.064, range(0, 1),
              "its standard deviation"),
        param("cloudy_index", &SolarParams::cloudy_index, unit::number, 0.394, range(0, 1.4),
              "share of the clear-sky irradiance under a cloud"),
        param("cloudy_spread", &SolarParams::cloudy_spread, unit::number, 0.195, range(0, 1),
              "its standard deviation"),
        param("index_time", &SolarParams::index_time_s, unit::second, 600.0, above(0),
              "correlation time of the share"),
        param("clear_sky", &SolarParams::clear_sky,
              Names<ClearSky>{{"haurwitz", ClearSky::haurwitz}, {"ineichen", ClearSky::ineichen}},
              ClearSky::haurwitz, "law of the irradiance without clouds"),
        param("turbidity", &SolarParams::turbidity, unit::number, 2.5, range(1, 10),
              "Linke's turbidity of the air, for clear_sky: ineichen"),
        param("altitude", &SolarParams::altitude_m, unit::number, 0.0, range(-500, 9000),
              "metres above the sea, for clear_sky: ineichen"),
    };
    return rows;
}

}  // namespace

double cos_zenith(const SolarParams& site, double hour) {
    const double g =
        2.0 * kPi / 365.0 * (static_cast<double>(site.day_of_year) - 1.0 + (hour - 12.0) / 24.0);
    const double equation_min =
        229.18 * (0.000075 + 0.001868 * std::cos(g) - 0.032077 * std::sin(g) -
                  0.014615 * std::cos(2 * g) - 0.040849 * std::sin(2 * g));
    const double declination = 0.006918 - 0.399912 * std::cos(g) + 0.070257 * std::sin(g) -
                               0.006758 * std::cos(2 * g) + 0.000907 * std::sin(2 * g) -
                               0.002697 * std::cos(3 * g) + 0.00148 * std::sin(3 * g);
    const double solar_min =
        hour * 60.0 + equation_min + 4.0 * site.longitude_deg - 60.0 * site.utc_offset_h;
    const double hour_angle = (solar_min / 4.0 - 180.0) * kDegree;
    const double latitude = site.latitude_deg * kDegree;
    return std::sin(latitude) * std::sin(declination) +
           std::cos(latitude) * std::cos(declination) * std::cos(hour_angle);
}

double haurwitz_w_m2(double cos_z) {
    return cos_z > 0.0 ? 1098.0 * cos_z * std::exp(-0.059 / cos_z) : 0.0;
}

double ineichen_w_m2(const SolarParams& site, double cos_z) {
    if (!(cos_z > 0.0))
        return 0.0;
    const double h = site.altitude_m;
    const double zenith_deg = std::acos(std::min(1.0, cos_z)) / kDegree;
    const double air_mass =
        std::exp(-h / 8434.5) / (cos_z + 0.50572 * std::pow(96.07995 - zenith_deg, -1.6364));
    const double extra =
        1361.0 *
        (1.0 + 0.033 * std::cos(2.0 * kPi * static_cast<double>(site.day_of_year) / 365.0));
    const double f1 = std::exp(-h / 8000.0);
    const double f2 = std::exp(-h / 1250.0);
    return (5.09e-5 * h + 0.868) * extra * cos_z *
           std::exp(-(3.92e-5 * h + 0.0387) * air_mass * (f1 + f2 * (site.turbidity - 1.0)));
}

Series generate_solar(const SolarParams& params) {
    require_few_samples(params.duration_s, params.step_s);
    const std::int64_t step = whole_microseconds(params.step_s);
    const std::int64_t end = whole_microseconds(params.duration_s);
    Clouds clouds(params);
    Series series;
    series.quantity = Quantity::irradiance_w_m2;
    for (std::int64_t t = 0; t < end; t += step) {
        const std::int64_t middle = t + step / 2;
        const double cos_z = cos_zenith(params, static_cast<double>(middle) / 3.6e9);
        const double clear = params.clear_sky == ClearSky::haurwitz ? haurwitz_w_m2(cos_z)
                                                                    : ineichen_w_m2(params, cos_z);
        const double value = clouds.index_at(middle) * clear;
        series.bound_ns.push_back(t * kNsPerUs);
        series.value.push_back(value < kDark_w_m2 ? 0.0 : round_significant(value));
    }
    series.bound_ns.push_back(end * kNsPerUs);
    return series;
}

std::vector<std::pair<std::string, std::string>> SolarGenerator::stated() const {
    const auto time = [](double s) { return format_quantity(s, Dimension::time); };
    const auto number = [](double x) { return format_quantity(x, Dimension::number); };
    std::vector<std::pair<std::string, std::string>> lines = {
        {"seed", std::to_string(params_.seed)},
        {"duration", time(params_.duration_s)},
        {"day_of_year", std::to_string(params_.day_of_year)},
        {"latitude", number(params_.latitude_deg)},
        {"longitude", number(params_.longitude_deg)},
        {"utc_offset", number(params_.utc_offset_h)},
        {"step", time(params_.step_s)},
        {"mean_clear", time(params_.mean_clear_s)},
        {"mean_cloudy", time(params_.mean_cloudy_s)},
        {"clear_index", number(params_.clear_index)},
        {"clear_spread", number(params_.clear_spread)},
        {"cloudy_index", number(params_.cloudy_index)},
        {"cloudy_spread", number(params_.cloudy_spread)},
        {"index_time", time(params_.index_time_s)}};
    if (params_.clear_sky == ClearSky::ineichen) {
        lines.emplace_back("clear_sky", "ineichen");
        lines.emplace_back("turbidity", number(params_.turbidity));
        lines.emplace_back("altitude", number(params_.altitude_m));
    }
    return lines;
}

void register_harvester_generate_solar(Registry& registry) {
    registry.add<Generator>(
        {"generator", "solar", "irradiance of days under passing clouds",
         "Sun position, Haurwitz or Ineichen clear sky, a two-state chain of clouds. Gives "
         "irradiance_w_m2. "
         "Cloud parameters fitted to NREL SRRL, September 2018."},
        table(), [](const SolarParams& p) { return std::make_shared<SolarGenerator>(p); });
}

}  // namespace ebb
