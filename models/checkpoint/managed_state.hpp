// SPDX-License-Identifier: Apache-2.0
/// ManagedState: memory in pages, of which only dirty ones are saved, and never more than so many.
///
///   a snapshot is  registers + page ceil(working set / page)  [B]      at most
///                  registers + page dirty_pages               [B]      what save_at must cover
///
/// The bound on dirty pages keeps V_H low and the same for every program. How many pages are dirty
/// at an instant is not followed: a snapshot writes every page that the working set needs, which is
/// an upper bound. A working set of more pages than `dirty_pages` would be written back while the
/// program works; that is not modelled, and refused with the number of pages. After a reset all of
/// them are read again at once. The page table's own bytes are left out. Class: jit.
///
/// Source: UoS-EEC/iclib, lib/iclib (pages of 128 B, at most 20 dirty; DAC 2019). Its threshold is
/// a constant of a board, 300/1024 uV for each byte; here it is derived.
#pragma once

#include "models/checkpoint/saving.hpp"

namespace ebb {

struct ManagedStateParams : SaveParams {
    double page_b = 128.0;
    std::int64_t dirty_pages = 20;
};

class ManagedState final : public SavingPolicy {
public:
    explicit ManagedState(const ManagedStateParams& params)
        : SavingPolicy(params),
          page_b_(static_cast<std::int64_t>(params.page_b)),
          dirty_pages_(params.dirty_pages) {}
    void check(const PolicyFacts& facts) const override;
    [[nodiscard]] SaveRules save_rules(const PolicyFacts& facts) const override;

private:
    [[nodiscard]] std::int64_t pages(const PolicyFacts& facts) const {
        return (facts.volatile_bytes + page_b_ - 1) / page_b_;
    }
    [[nodiscard]] std::int64_t state_bytes(const PolicyFacts& facts) const override {
        return facts.register_bytes + pages(facts) * page_b_;
    }
    std::int64_t page_b_;
    std::int64_t dirty_pages_;
};

}  // namespace ebb
