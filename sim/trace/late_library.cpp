// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/late_library.hpp"

#include <utility>

#include <dlfcn.h>
#include <fmt/format.h>

namespace ebb {

// The flags are those of a linked library: HDF5's plug-ins search its functions among the names
// that all see. Never closed: a library may leave memory and handlers behind that outlive its last
// use.
LateLibrary::LateLibrary(std::string name)
    : name_(std::move(name)), handle_(dlopen(name_.c_str(), RTLD_LAZY | RTLD_GLOBAL)) {
    (void)checked(handle_);
}

void* LateLibrary::address(const char* symbol) const { return checked(dlsym(handle_, symbol)); }

// Not in the library itself: a program that is linked with it as well may have been given its own
// copy of a variable (a copy relocation), which the library then uses in place of its own.
void* LateLibrary::shared_address(const char* symbol) const {
    return checked(dlsym(RTLD_DEFAULT, symbol));
}

void* LateLibrary::checked(void* address) const {
    if (address != nullptr)
        return address;
    const char* const text = dlerror();
    std::string why = text != nullptr ? text : "no reason is given";
    if (const std::string prefix = name_ + ": "; why.rfind(prefix, 0) == 0)
        why.erase(0, prefix.size());
    throw Fault(fmt::format("{} cannot be loaded: {}", name_, why));
}

}  // namespace ebb
