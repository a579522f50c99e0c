# SPDX-License-Identifier: Apache-2.0
# The steps of package.find_package; see CMakeLists.txt beside this file.
cmake_minimum_required(VERSION 3.25)

function(run title)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY "${WORK_DIR}"
    RESULT_VARIABLE status OUTPUT_VARIABLE text ERROR_VARIABLE text)
  if(NOT status EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${title} failed (status ${status}):\n${command}\n${text}")
  endif()
  set(run_output "${text}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE "${WORK_DIR}")
file(MAKE_DIRECTORY "${WORK_DIR}")
set(prefix "${WORK_DIR}/moved here")  # a space in the path is a stranger's right

run("installing" "${CMAKE_COMMAND}" --install "${BUILD_DIR}" --prefix "${WORK_DIR}/first")
file(RENAME "${WORK_DIR}/first" "${prefix}")

# Nothing installed as text may point back into the source or the build folder.
file(GLOB_RECURSE texts "${prefix}/*.cmake" "${prefix}/*.hpp" "${prefix}/*.yaml")
foreach(text IN LISTS texts)
  file(READ "${text}" content)
  foreach(folder IN ITEMS "${BUILD_DIR}" "${SOURCE_DIR}" "${WORK_DIR}/first")
    string(FIND "${content}" "${folder}/" at)
    if(NOT at EQUAL -1)
      message(FATAL_ERROR "${text} names ${folder}")
    endif()
  endforeach()
endforeach()

set(flags "")
if(SANITIZE)
  set(flags "-fsanitize=${SANITIZE}")
endif()
run("configuring hello" "${CMAKE_COMMAND}" -S "${HELLO_DIR}" -B "${WORK_DIR}/build" -G "${GENERATOR}"
  "-DCMAKE_PREFIX_PATH=${prefix}" "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_BUILD_TYPE=${BUILD_TYPE}"
  "-DCMAKE_CXX_FLAGS=${flags}")
run("building hello" "${CMAKE_COMMAND}" --build "${WORK_DIR}/build")
set(quickstart "${prefix}/${DATADIR}/ebb/scenarios/quickstart.yaml")
run("running hello" "${WORK_DIR}/build/hello" "${quickstart}")
if(NOT run_output MATCHES "22 uF: [0-9]+ jobs.*47 uF: [1-9][0-9]* jobs, [1-9][0-9]* brown-outs.*100 uF: [0-9]+ jobs")
  message(FATAL_ERROR "hello should print jobs and brown-outs for three capacitors, but said:\n${run_output}")
endif()
message(STATUS "hello said:\n${run_output}")

# The installed program finds its own data, away from the sources.
set(ebb "${prefix}/${BINDIR}/ebb")
run("ebb --version" "${ebb}" --version)
run("the installed quickstart" "${ebb}" run "${quickstart}" --out "${WORK_DIR}/out")
if(NOT EXISTS "${WORK_DIR}/out/summary.json")
  message(FATAL_ERROR "the installed program wrote no summary.json")
endif()

# A wrong C++ standard is told while configuring, with the cure.
execute_process(COMMAND "${CMAKE_COMMAND}" -S "${HELLO_DIR}" -B "${WORK_DIR}/build20" -G "${GENERATOR}"
  "-DCMAKE_PREFIX_PATH=${prefix}" "-DCMAKE_CXX_COMPILER=${COMPILER}" -DCMAKE_CXX_STANDARD=20
  RESULT_VARIABLE status OUTPUT_VARIABLE text ERROR_VARIABLE text)
if(status EQUAL 0 OR NOT text MATCHES "does not link with C\\+\\+20")
  message(FATAL_ERROR "C++20 should be refused with the reason, but (status ${status}):\n${text}")
endif()
