# SPDX-License-Identifier: Apache-2.0
# Finds SystemC 2.3.4 or newer and defines SystemC::systemc. Debian's libsystemc-dev ships pkg-config
# files only. Installed beside ebbConfig.cmake, because a stranger's project needs it as well.
#
# The library exports one API symbol, for the C++ standard that it was built with (Debian: C++17). A
# program of another standard fails at the end of its link with an undefined sc_api_version_...; this
# module finds that out while configuring and says what to do.
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(SystemC QUIET IMPORTED_TARGET systemc>=2.3.4)
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(SystemC REQUIRED_VARS SystemC_LINK_LIBRARIES VERSION_VAR SystemC_VERSION
  REASON_FAILURE_MESSAGE "needs pkg-config and SystemC 2.3.4: install Debian's pkg-config and libsystemc-dev, or run tools/setup")

if(SystemC_FOUND AND NOT TARGET SystemC::systemc)
  add_library(SystemC::systemc INTERFACE IMPORTED GLOBAL)
  target_link_libraries(SystemC::systemc INTERFACE PkgConfig::SystemC)
endif()

if(SystemC_FOUND)
  if(NOT DEFINED CMAKE_CXX_STANDARD)
    set(systemc_standard 17)  # what ebb's own targets ask for by cxx_std_17
  else()
    set(systemc_standard "${CMAKE_CXX_STANDARD}")
  endif()
  set(systemc_check "EBB_SYSTEMC_LINKS_WITH_CXX${systemc_standard}")
  if(NOT DEFINED ${systemc_check})
    include(CheckCXXSourceCompiles)
    set(systemc_saved_libraries "${CMAKE_REQUIRED_LIBRARIES}")
    set(systemc_saved_flags "${CMAKE_REQUIRED_FLAGS}")
    set(systemc_saved_quiet "${CMAKE_REQUIRED_QUIET}")
    set(CMAKE_REQUIRED_LIBRARIES SystemC::systemc)
    set(CMAKE_REQUIRED_FLAGS "${CMAKE_REQUIRED_FLAGS} -std=c++${systemc_standard}")
    set(CMAKE_REQUIRED_QUIET TRUE)
    check_cxx_source_compiles("#include <systemc>
      int sc_main(int, char**) { return 0; }
      int main() { return static_cast<int>(sc_core::sc_get_status()); }" ${systemc_check})
    set(CMAKE_REQUIRED_LIBRARIES "${systemc_saved_libraries}")
    set(CMAKE_REQUIRED_FLAGS "${systemc_saved_flags}")
    set(CMAKE_REQUIRED_QUIET "${systemc_saved_quiet}")
  endif()
  if(NOT ${systemc_check})
    unset(${systemc_check} CACHE)  # a cured installation is looked at again
    message(FATAL_ERROR "The installed SystemC ${SystemC_VERSION} does not link with C++${systemc_standard}. "
      "Debian's libsystemc 2.3.4 is built for C++17 only: configure with -DCMAKE_CXX_STANDARD=17 (this "
      "project's default), or point PKG_CONFIG_PATH to a SystemC that was built for C++${systemc_standard}.")
  endif()
endif()
