// SPDX-License-Identifier: Apache-2.0
/// Preset `bonito_hdf5`: recordings of the Bonito data set (Zenodo 6383042), in HDF5.
///
///   /time            stamps of the samples [s], floating point
///   /data/node0 ...  power of each node [W], floating point; `column: node3` picks one, which may
///   be
///                    left out where there is only one
///
/// Read by blocks; nothing grows with the length of the file but uneven stamps. A power that is no
/// number, below 0 or above 1 kW is a mistake. The tables of charging times that come with the data
/// set are no recordings.
#pragma once

#include "sim/trace/block_recording.hpp"
#include "sim/trace/trace_format.hpp"

#include <memory>

namespace ebb {

/// Is this an HDF5 file with stamps at its root? False without HDF5 in this build; throws
/// InputError with what to install if its library is gone.
[[nodiscard]] bool looks_like_bonito(const std::string& path);

/// Opens and checks everything but the powers. Throws InputError with what is missing; without HDF5
/// in this build, with what to install.
[[nodiscard]] std::unique_ptr<BlockRecording> open_bonito(const ReadRequest& request);

}  // namespace ebb
