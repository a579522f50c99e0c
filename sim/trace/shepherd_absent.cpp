// SPDX-License-Identifier: Apache-2.0
// Stands in for shepherd_hdf5.cpp where ebb was built without HDF5.
#include "models/core/error.hpp"
#include "sim/trace/file_mistakes.hpp"
#include "sim/trace/shepherd.hpp"

namespace ebb {

struct ShepherdRecording::State {};

ShepherdRecording::ShepherdRecording(const ReadRequest& request) {
    Place place;
    place.file = request.path;
    throw_mistake(place, "this is an HDF5 file, and this ebb was built without HDF5",
                  "install the package libhdf5-dev (tools/setup hdf5) and build again");
}

ShepherdRecording::~ShepherdRecording() = default;

Quantity ShepherdRecording::quantity() const { throw Defect("no HDF5"); }
const Bounds& ShepherdRecording::bounds() const { throw Defect("no HDF5"); }
const std::vector<std::string>& ShepherdRecording::notes() const { throw Defect("no HDF5"); }
Series ShepherdRecording::curves() { throw Defect("no HDF5"); }
void ShepherdRecording::stream(const std::function<void(const double*, std::size_t)>& /*add*/) {
    throw Defect("no HDF5");
}

}  // namespace ebb
