// SPDX-License-Identifier: Apache-2.0
/// The Nvm as a SystemC module: the account of its traffic and wear. What an access costs in time
/// and energy is part of the load that the walk sees; there is no event per word.
#pragma once

#include <systemc>

#include "models/nvm/nvm_account.hpp"

namespace ebb {

class NvmPort : public virtual sc_core::sc_interface {
public:
    [[nodiscard]] virtual NvmAccount& account() = 0;
};

class NvmModule final : public sc_core::sc_module, public NvmPort {
public:
    explicit NvmModule(sc_core::sc_module_name name) : sc_module(name) {}
    [[nodiscard]] NvmAccount& account() override { return account_; }
    [[nodiscard]] const NvmAccount& account() const noexcept { return account_; }

private:
    NvmAccount account_;
};

}  // namespace ebb
