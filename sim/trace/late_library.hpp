// SPDX-License-Identifier: Apache-2.0
/// A shared library of the system that is loaded when it is first needed. Linked, it would be
/// loaded by every command, with all that it needs itself, and most commands never call it.
///
/// It is searched by name as the loader searches what a program is linked with, its names are seen
/// as those of a linked library are, and it stays until the process ends.
#pragma once

#include <stdexcept>
#include <string>

namespace ebb {

class LateLibrary {
public:
    /// "libx.so.1 cannot be loaded: why"
    struct Fault : std::runtime_error {
        using std::runtime_error::runtime_error;
    };

    explicit LateLibrary(std::string name);  ///< loads; throws Fault

    /// Sets a pointer to a function, declared by decltype(&function): what the headers say of it is
    /// what the compiler checks. Throws Fault if the library has none of that name.
    template <class Function>
    void find(const char* function, Function*& into) const {
        into = reinterpret_cast<Function*>(address(function));
    }

    /// Copies what a variable of the library holds now. Throws Fault.
    template <class T>
    void copy(const char* variable, T& into) const {
        into = *static_cast<const T*>(shared_address(variable));
    }

private:
    [[nodiscard]] void* address(const char* symbol) const;
    [[nodiscard]] void* shared_address(const char* symbol) const;
    [[nodiscard]] void* checked(void* address) const;

    std::string name_;
    void* handle_ = nullptr;
};

}  // namespace ebb
