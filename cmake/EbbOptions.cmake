# SPDX-License-Identifier: Apache-2.0
# One interface target carries what every target of the project compiles with.
#   - C++17 exactly: Debian's SystemC exports its API symbol for C++17 only.
#   - no -march=native, no -ffast-math, no contraction: same bits for the same binary (docs/architecture.md).
if(PROJECT_SOURCE_DIR STREQUAL PROJECT_BINARY_DIR)
  message(FATAL_ERROR "ebb does not build inside its source folder. "
    "Use a preset, for example: cmake --preset dev (and delete CMakeCache.txt and CMakeFiles here).")
endif()

if(NOT DEFINED CMAKE_CXX_STANDARD)
  set(CMAKE_CXX_STANDARD 17)
endif()
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

# Compiler flags that would change results are refused, not tolerated: a run must give the same bits.
foreach(flags IN ITEMS "${CMAKE_CXX_FLAGS}" "${CMAKE_CXX_FLAGS_RELEASE}" "${CMAKE_CXX_FLAGS_RELWITHDEBINFO}")
  if(flags MATCHES "-ffast-math|-Ofast|-march=native|-ffp-contract=fast|-funsafe-math-optimizations")
    message(FATAL_ERROR "'${CMAKE_MATCH_0}' would change results from machine to machine; ebb promises "
      "equal bits for equal input (docs/architecture.md, determinism). Remove it from CMAKE_CXX_FLAGS.")
  endif()
endforeach()

# ccache where it is installed, unless the caller chose a launcher.
if(PROJECT_IS_TOP_LEVEL AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(EBB_CCACHE ccache DOC "Compiler cache, used if present")
  mark_as_advanced(EBB_CCACHE)
  if(EBB_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${EBB_CCACHE}")
  endif()
endif()

add_library(ebb_options INTERFACE)
target_compile_features(ebb_options INTERFACE cxx_std_17)
target_compile_options(ebb_options INTERFACE -ffp-contract=off -fno-math-errno)  # sqrt is one instruction

# GCC for x86 clears a structure of some hundred bytes by `rep stos`, which takes longer to begin than a segment
# takes to compute.
include(CheckCXXCompilerFlag)
set(clear_by_stores "-mmemset-strategy=unrolled_loop:512:noalign,libcall:-1:noalign")
check_cxx_compiler_flag("${clear_by_stores}" EBB_CLEARS_BY_STORES)
if(EBB_CLEARS_BY_STORES)
  target_compile_options(ebb_options INTERFACE "$<$<CONFIG:Release>:${clear_by_stores}>")
endif()

set(EBB_SANITIZE "" CACHE STRING "Sanitizers for every target, e.g. address,undefined (preset asan)")
if(EBB_SANITIZE)
  target_compile_options(ebb_options INTERFACE -fsanitize=${EBB_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(ebb_options INTERFACE -fsanitize=${EBB_SANITIZE})
endif()

add_library(ebb_warnings INTERFACE)
target_compile_options(ebb_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual $<$<BOOL:${EBB_WARNINGS_AS_ERRORS}>:-Werror>)
