// SPDX-License-Identifier: Apache-2.0
/// Preset `shepherd`: recordings of the shepherd testbed, in HDF5.
///
///   /data            attributes datatype (ivsample | ivcurve | isc_voc; ivtrace and ivsurface are
///                    other names of the first two) and window_samples
///   /data/time       uint64, /data/current and /data/voltage uint32; each with attributes gain and
///                    offset: SI = raw gain + offset
///
///   ivsample         P = V I, or one of the two by `column: voltage | current`         [W, V, A]
///   ivcurve          per window of window_samples points the largest V I among them, held for the
///                    window: the source at its maximum power point                     [W]
///                    Who reads iv_curve gets the curves themselves, up to kMostCurvePoints
///   isc_voc          no power: `column: voltage` (open) or `current` (shorted) must be named
///
/// Read by blocks; nothing grows with the length of the file but uneven stamps. A current or
/// voltage below 0 by its offset is taken as 0, with the number of samples said. A raw value at the
/// end of its 32 bits is a saturated converter, and a mistake. HDF5 is optional when ebb is built.
#pragma once

#include "sim/trace/block_recording.hpp"
#include "sim/trace/trace_format.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ebb {

/// Does the file begin as HDF5 does?
[[nodiscard]] bool is_hdf5(const std::string& path);

inline constexpr std::size_t kMostCurvePoints = 20'000'000;

class ShepherdRecording final : public BlockRecording {
public:
    /// Opens and checks everything but the samples. Throws InputError with what is missing; without
    /// HDF5 in this build, with what to install.
    explicit ShepherdRecording(const ReadRequest& request);
    ~ShepherdRecording() override;

    [[nodiscard]] Quantity quantity() const override;
    [[nodiscard]] const Bounds& bounds() const override;
    /// Hands over all samples in order, block by block. Throws InputError on a saturated or
    /// unreadable one.
    void stream(const std::function<void(const double*, std::size_t)>& add) override;
    /// The curves of a recording of Quantity::iv_curve: sorted by voltage, equal voltages with the
    /// mean of their currents.
    [[nodiscard]] Series curves();
    /// The rules that were applied, after stream().
    [[nodiscard]] const std::vector<std::string>& notes() const override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace ebb
