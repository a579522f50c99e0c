// SPDX-License-Identifier: Apache-2.0
/// The Harvester as a SystemC module: a source model and the series that it reads.
#pragma once

#include <memory>
#include <systemc>

#include "models/core/series.hpp"
#include "models/harvester/source_model.hpp"

namespace ebb {

/// The source at the converter's input.
struct Source {
    std::shared_ptr<const SourceModel> model;
    std::shared_ptr<const Series> series;  ///< null for a constant model
    AtEnd at_end = AtEnd::unspecified;
    std::int64_t start_ns = 0;
    double scale = 1.0;
};

class SourcePort : public virtual sc_core::sc_interface {
public:
    [[nodiscard]] virtual const Source& source() const = 0;
};

class HarvesterModule final : public sc_core::sc_module, public SourcePort {
public:
    HarvesterModule(sc_core::sc_module_name name, Source source)
        : sc_module(name), source_(std::move(source)) {}
    [[nodiscard]] const Source& source() const override { return source_; }

private:
    Source source_;
};

}  // namespace ebb
