# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` puts where:
#   bin/ebb                         the program
#   lib/ebb/                        what it loads when it is needed (sim/cli/CMakeLists.txt)
#   include/ebb/{models,sim}/...    headers; a user writes #include <models/core/time.hpp>
#   lib/, lib/cmake/ebb/            static libraries, ebbConfig.cmake with FindSystemC.cmake beside it
#   share/ebb/...                   data sheets, platforms, networks, traces, scenarios, schema: the same
#                                   paths below share/ebb as below the project's root
# Nothing installed names the source or the build folder: the tree can be moved (tests/package).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(EBB_CMAKE_DIR "${CMAKE_INSTALL_LIBDIR}/cmake/ebb")
set(EBB_SHARE_DIR "${CMAKE_INSTALL_DATADIR}/ebb")
set(EBB_HEADER_DIR "${CMAKE_INSTALL_INCLUDEDIR}/ebb")

set_target_properties(ebb_models PROPERTIES EXPORT_NAME models)
set_target_properties(ebb_sim PROPERTIES EXPORT_NAME sim)
set_target_properties(ebb_options PROPERTIES EXPORT_NAME options)

install(TARGETS ebb RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT program)
install(TARGETS ebb_models ebb_sim ebb_options EXPORT ebbTargets
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT library
  INCLUDES DESTINATION "${EBB_HEADER_DIR}")
install(EXPORT ebbTargets NAMESPACE ebb:: DESTINATION "${EBB_CMAKE_DIR}" COMPONENT library)

foreach(room IN ITEMS models sim)
  # The command line is the program's own; it is no interface.
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/${room}/" DESTINATION "${EBB_HEADER_DIR}/${room}"
    COMPONENT library FILES_MATCHING PATTERN "*.hpp" PATTERN "cli" EXCLUDE)
endforeach()

configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/ebbConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/generated/ebbConfig.cmake" INSTALL_DESTINATION "${EBB_CMAKE_DIR}"
  PATH_VARS EBB_SHARE_DIR)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/generated/ebbConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/generated/ebbConfig.cmake"
  "${PROJECT_BINARY_DIR}/generated/ebbConfigVersion.cmake" "${PROJECT_SOURCE_DIR}/cmake/FindSystemC.cmake"
  DESTINATION "${EBB_CMAKE_DIR}" COMPONENT library)

# Data, in the same places as in the source tree; folders that do not exist yet are passed over.
file(GLOB ebb_part_folders LIST_DIRECTORIES true RELATIVE "${PROJECT_SOURCE_DIR}" CONFIGURE_DEPENDS
  "${PROJECT_SOURCE_DIR}/models/*/parts" "${PROJECT_SOURCE_DIR}/models/*/platforms"
  "${PROJECT_SOURCE_DIR}/models/*/networks")
foreach(folder IN LISTS ebb_part_folders ITEMS platforms traces scenarios schema)
  if(IS_DIRECTORY "${PROJECT_SOURCE_DIR}/${folder}")
    install(DIRECTORY "${PROJECT_SOURCE_DIR}/${folder}/" DESTINATION "${EBB_SHARE_DIR}/${folder}"
      COMPONENT program PATTERN "*.py" EXCLUDE PATTERN "__pycache__" EXCLUDE PATTERN "out" EXCLUDE)
  endif()
endforeach()
install(FILES LICENSE README.md CHANGELOG.md CITATION.cff DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT program)
