# SPDX-License-Identifier: Apache-2.0
# The commit is part of `ebb --version` and of every manifest, with a mark if the tree was changed. It is looked up by
# every build, not when configuring: a binary never carries the commit before it. Only the sources that use
# EBB_COMMIT are compiled again when it moves.

# ebb_stamp_commit(ebb): defines EBB_COMMIT (a string) in those sources of the target that name it.
function(ebb_stamp_commit target)
  set(header "${PROJECT_BINARY_DIR}/generated/ebb_commit.h")
  find_program(EBB_GIT git)
  mark_as_advanced(EBB_GIT)
  set(stamp "${CMAKE_COMMAND}" -D "GIT=${EBB_GIT}" -D "SOURCE_DIR=${PROJECT_SOURCE_DIR}" -D "HEADER=${header}"
    -P "${PROJECT_SOURCE_DIR}/cmake/EbbCommit.cmake")
  add_custom_target(ebb_commit BYPRODUCTS "${header}" COMMAND ${stamp} VERBATIM)
  execute_process(COMMAND ${stamp})  # so that editors and clang-tidy find it before the first build
  add_dependencies(${target} ebb_commit)

  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    if(EXISTS "${source}")
      file(STRINGS "${source}" uses REGEX "EBB_COMMIT")
      if(uses)
        set_source_files_properties("${source}" TARGET_DIRECTORY ${target} PROPERTIES
          COMPILE_OPTIONS "-include;${header}")
      endif()
    endif()
  endforeach()
endfunction()
