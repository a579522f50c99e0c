// SPDX-License-Identifier: Apache-2.0
/// A series from outside, as the models see it: time stamps in whole nanoseconds and one physical
/// quantity in SI. Plain data; reading files is the business of sim/trace.
///
///   hold    value[i] holds on [bound_ns[i], bound_ns[i+1]);        bound_ns has one entry more
///   linear  the quantity runs straight from value[i] at bound_ns[i] to value[i+1] at
///   bound_ns[i+1];
///           value has as many entries as bound_ns
///
/// bound_ns starts at 0 and increases strictly. Stamps are rounded to 1 ns when they are read.
///
/// The columns may be views of a mapped file (series_columns.hpp), so that an hour at 100 kHz needs
/// no memory of its own; long series carry an index (series_index.hpp).
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "models/core/curve_rows.hpp"
#include "models/core/series_columns.hpp"
#include "models/core/series_index.hpp"

namespace ebb {

/// What the numbers of a trace are. `none` belongs to source models that read no trace.
/// `rf_power_w` is what an antenna receives, which is not direct current: only a model of a
/// rectifier may read it. `iv_curve`: positions among the rows of a surface (curve_rows.hpp).
enum class Quantity {
    none,
    power_w,
    current_a,
    voltage_v,
    irradiance_w_m2,
    illuminance_lux,
    rf_power_w,
    acceleration_m_s2,
    temperature_difference_k,
    iv_curve
};

/// "power_w", "voltage_v", ... as in the header of a CSV trace.
[[nodiscard]] const char* name_of(Quantity q);

enum class Interpolation { hold, linear };
enum class AtEnd { unspecified, stop, hold, loop };

struct Series {
    Quantity quantity = Quantity::none;
    Interpolation interpolation = Interpolation::hold;
    Bounds bound_ns;
    Samples value;
    std::shared_ptr<const SeriesIndex> index;  ///< may be null; only for held equal samples
    std::shared_ptr<const CurveRows> curves;   ///< of a surface, else null

    [[nodiscard]] std::int64_t duration_ns() const {
        return bound_ns.empty() ? 0 : bound_ns.back();
    }
    /// Length of the stretch from row i to the next.
    [[nodiscard]] double seconds(std::size_t i) const {
        return static_cast<double>(bound_ns[i + 1] - bound_ns[i]) * 1e-9;
    }
};

}  // namespace ebb
