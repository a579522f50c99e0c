// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/hdf5_library.hpp"

#include "sim/trace/file_mistakes.hpp"
#include "sim/trace/late_library.hpp"

#include <fmt/format.h>

namespace ebb {

Hdf5::Hdf5() {
    const LateLibrary library(EBB_HDF5_SONAME);
// In two steps: a name that hdf5.h maps to a version becomes text after that.
#define EBB_HDF5_TEXT(name) #name
#define EBB_HDF5_FIND(name) library.find(EBB_HDF5_TEXT(name), name);
    EBB_HDF5_FUNCTIONS(EBB_HDF5_FIND)
#undef EBB_HDF5_FIND
#undef EBB_HDF5_TEXT
    if (H5open() < 0)  // before this its types have no identifiers
        throw LateLibrary::Fault(EBB_HDF5_SONAME " cannot be started");
    library.copy("H5T_NATIVE_DOUBLE_g", native_double);
    library.copy("H5T_NATIVE_UINT32_g", native_uint32);
    library.copy("H5T_NATIVE_UINT64_g", native_uint64);
    library.copy("H5T_C_S1_g", c_text);
}

const Hdf5& hdf5(const std::string& path) {
    try {
        static const Hdf5 loaded;
        return loaded;
    } catch (const LateLibrary::Fault& fault) {
        Place place;
        place.file = path;
        throw_mistake(place, fmt::format("this is an HDF5 file, and {}", fault.what()),
                      "in Debian 12 it is in the package libhdf5-103-1 (tools/setup hdf5)");
    }
}

}  // namespace ebb
