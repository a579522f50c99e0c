// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/iv_surface.hpp"

#include "models/core/component.hpp"
#include "models/core/error.hpp"

namespace ebb {

SourceShape IvSurface::shape() const noexcept {
    SourceShape shape;
    shape.kind = direct() != nullptr ? SourceKind::curve : SourceKind::power;
    shape.held_input = direct() == nullptr;
    return shape;
}

OperatingSeries IvSurface::operate(const OperatingSpan& span) const {
    if (span.series == nullptr || !span.series->curves) {
        throw Defect("a surface without its trace");
    }
    const SurfaceCurves curves(span.series->curves, span.scale, params_.reading);
    OperatingSpan positions = span;
    positions.scale = 1.0;  // it is the currents that are scaled
    return lay_out(curves, {params_.operate, params_.rule}, positions);
}

std::shared_ptr<const DirectCurve> IvSurface::over(const Series& series, double scale) const {
    return std::make_shared<SurfaceCurves>(series.curves, scale, params_.reading);
}

SourcePiece IvSurface::piece(double /*sample*/, double /*u*/, bool /*up*/) const {
    throw Defect("the curves of a surface are asked without its trace");
}

double IvSurface::zero_v(double /*sample*/) const {
    throw Defect("the curves of a surface are asked without its trace");
}

void register_harvester_iv_surface(Registry& registry) {
    const ParamTable<IvSurfaceParams> table = {
        param("as", &IvSurfaceParams::reading,
              Names<SurfaceReading>{{"bilinear", SurfaceReading::straight},
                                    {"ekho-upstream", SurfaceReading::ekho_upstream}},
              SurfaceReading::straight,
              "straight between points; or by the steps of Ekho's own reader, for comparison"),
        operating_row(&IvSurfaceParams::operate, &IvSurfaceParams::rule),
    };
    registry.add<SourceModel>(
        {"harvester", "iv_surface", "a source known by current-voltage curves recorded over time",
         "P = V I(V, t); reads a trace of curves (ekho_surface, simba_iv, diode_rows, shepherd's "
         "ivcurve). Needs a converter that holds the source's voltage, or operate: direct"},
        table, [](const IvSurfaceParams& p) { return std::make_shared<IvSurface>(p); },
        [](const IvSurfaceParams& p, CheckContext& context) {
            check_operating(p.rule, context);
            if (p.reading == SurfaceReading::ekho_upstream &&
                OperatingRule{p.operate, p.rule}.direct()) {
                context.mistake(
                    "operate",
                    "source.model.operate: direct is not possible with as: ekho-upstream: its "
                    "current jumps from point to point, and a store at a jump has no voltage",
                    "as: bilinear, or operate: mpp (or another rule)");
            }
        });
}

}  // namespace ebb
