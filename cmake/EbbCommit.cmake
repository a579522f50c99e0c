# SPDX-License-Identifier: Apache-2.0
# Writes HEADER with the commit of SOURCE_DIR, only if it differs: cmake -D GIT= -D SOURCE_DIR= -D HEADER= -P
cmake_minimum_required(VERSION 3.25)
set(commit "unknown")
if(GIT)
  # A tree of sources inside somebody else's checkout must not report that checkout's commit.
  execute_process(COMMAND "${GIT}" -C "${SOURCE_DIR}" rev-parse --show-toplevel
    OUTPUT_VARIABLE toplevel OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  file(REAL_PATH "${SOURCE_DIR}" source)
  if(toplevel STREQUAL source)
    execute_process(COMMAND "${GIT}" -C "${SOURCE_DIR}" rev-parse --verify --short=12 HEAD
      OUTPUT_VARIABLE head OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(head)
      set(commit "${head}")
      # --no-optional-locks: a build must not get in the way of somebody who is committing.
      execute_process(COMMAND "${GIT}" --no-optional-locks -C "${SOURCE_DIR}" status --porcelain --untracked-files=no
        OUTPUT_VARIABLE changes ERROR_QUIET)
      if(changes)
        string(APPEND commit "+changed")
      endif()
    endif()
  endif()
endif()
file(CONFIGURE OUTPUT "${HEADER}" CONTENT "#undef EBB_COMMIT\n#define EBB_COMMIT \"@commit@\"\n" @ONLY)
