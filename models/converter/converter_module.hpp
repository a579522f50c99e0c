// SPDX-License-Identifier: Apache-2.0
/// The Converter as a SystemC module: at the end of elaboration harvester and converter compile
/// into one Supply, which the store walks without asking again.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <systemc>
#include <vector>

#include "models/converter/converter.hpp"
#include "models/harvester/harvester_module.hpp"

namespace ebb {

class SupplyPort : public virtual sc_core::sc_interface {
public:
    [[nodiscard]] virtual const Supply& supply() const = 0;
};

/// One more source on the same store, with a converter of its own.
struct Feed {
    Source source;
    std::shared_ptr<const Converter> converter;
};

class ConverterModule final : public sc_core::sc_module, public SupplyPort {
public:
    sc_core::sc_port<SourcePort> source;

    /// `more`: other sources whose supplies are merged with this one's (merged_supply.hpp).
    /// A rule with a timetable of its own is laid out over the run's duration.
    ConverterModule(sc_core::sc_module_name name, std::shared_ptr<const Converter> converter,
                    std::int64_t duration_ns, std::vector<Feed> more = {});
    [[nodiscard]] const Supply& supply() const override { return *supply_; }
    /// What the source lacks for the converter to run, or to begin.
    [[nodiscard]] const std::optional<Shortfall>& shortfall() const noexcept { return shortfall_; }
    /// What lay outside a converter's table; of several sources, the first that has any.
    [[nodiscard]] const std::optional<OutsideTable>& outside_table() const noexcept {
        return outside_table_;
    }

private:
    void end_of_elaboration() override;
    [[nodiscard]] Supply compile(const Source& from, const Converter& converter);
    [[nodiscard]] Supply compile_operated(const Source& from, const Converter& converter);
    std::shared_ptr<const Converter> converter_;
    std::int64_t duration_ns_;
    std::vector<Feed> more_;
    std::optional<Supply> supply_;
    std::optional<Shortfall> shortfall_;
    std::optional<OutsideTable> outside_table_;
};

}  // namespace ebb
