# SPDX-License-Identifier: Apache-2.0
# ebb_soname(variable library): the name by which the loader finds a shared library, for what is loaded when it is
# first needed (sim/trace/late_library.hpp). It is not the file's own: libcurl.so, which a linker is given, comes with
# the headers; libcurl.so.4 is there wherever a program runs. A library without such a name goes by its file's.
function(ebb_soname variable library)
  execute_process(COMMAND "${CMAKE_OBJDUMP}" -p "${library}" RESULT_VARIABLE status OUTPUT_VARIABLE text ERROR_QUIET)
  if(NOT status EQUAL 0 OR NOT text MATCHES "Dynamic Section")
    message(FATAL_ERROR "${library} is no shared library, or objdump (binutils) cannot read it; "
      "ebb loads it when it is needed and so needs a shared one")
  endif()
  if(text MATCHES "\n *SONAME +([^ \n]+)")
    set(${variable} "${CMAKE_MATCH_1}" PARENT_SCOPE)
  else()
    get_filename_component(name "${library}" NAME)
    set(${variable} "${name}" PARENT_SCOPE)
  endif()
endfunction()
