// SPDX-License-Identifier: Apache-2.0
// Stands in for bonito_hdf5.cpp where ebb was built without HDF5.
#include "sim/trace/bonito.hpp"
#include "sim/trace/file_mistakes.hpp"

namespace ebb {

bool looks_like_bonito(const std::string& /*path*/) { return false; }

std::unique_ptr<BlockRecording> open_bonito(const ReadRequest& request) {
    Place place;
    place.file = request.path;
    throw_mistake(place, "this is an HDF5 file, and this ebb was built without HDF5",
                  "install the package libhdf5-dev (tools/setup hdf5) and build again");
}

}  // namespace ebb
