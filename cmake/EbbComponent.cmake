# SPDX-License-Identifier: Apache-2.0
# One line per component: ebb_component(store/capacitor) adds models/store/capacitor.cpp and a call of
#   void ebb::register_store_capacitor(ebb::Registry&)
# to the generated register_all.cpp, which is also the readable index of everything ebb knows.
# (A static initialiser would be dropped by the linker from a static library.)
function(ebb_component path)
  target_sources(ebb_models PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}/${path}.cpp")
  set_property(GLOBAL APPEND PROPERTY EBB_COMPONENTS "${path}")
endfunction()

# ebb_generate_registry(FILE component...): the source that registers these components.
function(ebb_generate_registry file)
  set(declarations "")
  set(calls "")
  foreach(path IN LISTS ARGN)
    string(REPLACE "/" "_" name "${path}")
    string(APPEND declarations "void register_${name}(Registry& registry);\n")
    string(APPEND calls "    register_${name}(registry);\n")
  endforeach()
  set(EBB_REGISTER_DECLARATIONS "${declarations}")
  set(EBB_REGISTER_CALLS "${calls}")
  configure_file("${PROJECT_SOURCE_DIR}/cmake/register_all.cpp.in" "${file}" @ONLY)
endfunction()

function(ebb_write_registry target)
  get_property(components GLOBAL PROPERTY EBB_COMPONENTS)
  set(file "${PROJECT_BINARY_DIR}/generated/register_all.cpp")
  ebb_generate_registry("${file}" ${components})
  target_sources(${target} PRIVATE "${file}")
endfunction()
