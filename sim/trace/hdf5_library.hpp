// SPDX-License-Identifier: Apache-2.0
/// The HDF5 library, loaded when the first recording in HDF5 is read. HDF5 is optional: without it,
/// this header is empty.
///
/// Call its functions through hdf5(); a call by the bare name would link the library, and so would
/// its macros that call H5open (H5T_NATIVE_DOUBLE, H5F_ACC_RDONLY and others), for which there are
/// members here.
#pragma once

#if __has_include(<hdf5.h>)

#include <string>

#include <hdf5.h>

// Every function that is used. Names that hdf5.h maps to a version (H5Literate) arrive as mapped.
#define EBB_HDF5_FUNCTIONS(EACH)       \
    EACH(H5Aclose)                     \
    EACH(H5Aexists)                    \
    EACH(H5Aget_space)                 \
    EACH(H5Aget_type)                  \
    EACH(H5Aopen)                      \
    EACH(H5Aread)                      \
    EACH(H5Dclose)                     \
    EACH(H5Dget_create_plist)          \
    EACH(H5Dget_space)                 \
    EACH(H5Dget_type)                  \
    EACH(H5Dopen2)                     \
    EACH(H5Dread)                      \
    EACH(H5Eset_auto2)                 \
    EACH(H5Fclose)                     \
    EACH(H5Fopen)                      \
    EACH(H5Gclose)                     \
    EACH(H5Gopen2)                     \
    EACH(H5Lexists)                    \
    EACH(H5Literate)                   \
    EACH(H5Pclose)                     \
    EACH(H5Pget_filter2)               \
    EACH(H5Pget_nfilters)              \
    EACH(H5Sclose)                     \
    EACH(H5Screate_simple)             \
    EACH(H5Sget_simple_extent_dims)    \
    EACH(H5Sget_simple_extent_ndims)   \
    EACH(H5Sget_simple_extent_npoints) \
    EACH(H5Sselect_hyperslab)          \
    EACH(H5Tclose)                     \
    EACH(H5Tcopy)                      \
    EACH(H5Tget_class)                 \
    EACH(H5Tget_cset)                  \
    EACH(H5Tget_size)                  \
    EACH(H5Tis_variable_str)           \
    EACH(H5Tset_cset)                  \
    EACH(H5Tset_size)                  \
    EACH(H5Zfilter_avail)              \
    EACH(H5free_memory)                \
    EACH(H5open)

namespace ebb {

/// Its functions by their names, its types of numbers and text in memory.
struct Hdf5 {
    Hdf5();  ///< loads; throws LateLibrary::Fault

#define EBB_HDF5_MEMBER(name) \
    decltype(&::name) name = nullptr;  // NOLINT(bugprone-macro-parentheses): declares it
    EBB_HDF5_FUNCTIONS(EBB_HDF5_MEMBER)
#undef EBB_HDF5_MEMBER

    hid_t native_double = H5I_INVALID_HID;
    hid_t native_uint32 = H5I_INVALID_HID;
    hid_t native_uint64 = H5I_INVALID_HID;
    hid_t c_text = H5I_INVALID_HID;
    static constexpr unsigned kReadOnly = 0;  ///< H5F_ACC_RDONLY
};

/// The library, for reading the file `path`, where an InputError stands with what to install if the
/// library cannot be loaded.
[[nodiscard]] const Hdf5& hdf5(const std::string& path);

}  // namespace ebb

#endif
