// SPDX-License-Identifier: Apache-2.0
/// Global horizontal irradiance of days under passing clouds, from local midnight on.
///
///   sun      cos z = sin(lat) sin(dec) + cos(lat) cos(dec) cos(ha); declination and equation of
///   time
///            by Spencer's series (1971)
///   clear    haurwitz (default): G0 = 1098 W/m^2 cos z exp(-0.059/cos z)          (1945/46)
///            ineichen: G0 = c1 I0 cos z exp(-c2 AM (f1 + f2 (TL - 1)))
///              f1 = exp(-h/8000 m), f2 = exp(-h/1250 m), c1 = 5.09e-5 h + 0.868,
///              c2 = 3.92e-5 h + 0.0387, I0 = 1361 W/m^2 (1 + 0.033 cos(2 pi day/365)),
///              AM: air mass by Kasten and Young, times exp(-h/8434.5 m)
///                                                (Ineichen and Perez, Solar Energy 73:151, 2002)
///   clouds   two states with exponential dwells; clear-sky index k = mean + spread * u in each,
///            u an AR(1) with correlation exp(-dt/k_time), k kept within 0.01 .. 1.4
///   value    G = k G0 in the middle of each step, held for the step; 0 at night
///
/// Dwells are whole microseconds and values have 9 digits before they are used.
/// Defaults of the clouds: fitted to NREL SRRL, September 2018, per minute (LENS-TUGraz/simba
/// @0b48c4e), against a clear sky that is about 5 % brighter than Haurwitz's; the correlation time
/// of k is our choice. Not modelled: the panel's tilt, horizon, snow, season's weather. Haurwitz
/// against SRRL under clear skies: tests/traces/generators_test.cpp.
#pragma once

#include "models/harvester/generate/generator.hpp"

#include <cstdint>

namespace ebb {

enum class ClearSky { haurwitz, ineichen };

struct SolarParams {
    std::int64_t seed = 1;
    double duration_s = 86400.0;
    std::int64_t day_of_year = 258;  ///< 1 = 1 January
    double latitude_deg = 40.0;      ///< north positive
    double longitude_deg = -105.0;   ///< east positive
    double utc_offset_h = -7.0;      ///< of the local clock, no daylight saving
    double step_s = 60.0;
    double mean_clear_s = 1920.0;
    double mean_cloudy_s = 960.0;
    double clear_index = 0.965;
    double clear_spread = 0.064;
    double cloudy_index = 0.394;
    double cloudy_spread = 0.195;
    double index_time_s = 600.0;
    ClearSky clear_sky = ClearSky::haurwitz;
    double turbidity = 2.5;   ///< TL, ineichen only
    double altitude_m = 0.0;  ///< h, ineichen only
};

/// Cosine of the sun's zenith angle; `hour` of local clock time, may pass 24.
[[nodiscard]] double cos_zenith(const SolarParams& site, double hour);

/// Clear-sky irradiance [W/m^2] after Haurwitz.
[[nodiscard]] double haurwitz_w_m2(double cos_z);

/// Clear-sky irradiance [W/m^2] after Ineichen and Perez at the site's altitude and turbidity.
[[nodiscard]] double ineichen_w_m2(const SolarParams& site, double cos_z);

[[nodiscard]] Series generate_solar(const SolarParams& params);

class SolarGenerator : public Generator {
public:
    explicit SolarGenerator(const SolarParams& params) : params_(params) {}
    [[nodiscard]] Series generate() const override { return generate_solar(params_); }
    /// What belongs to another clear sky is stated with that one only.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> stated() const override;

private:
    SolarParams params_;
};

}  // namespace ebb
