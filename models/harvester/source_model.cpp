// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/source_model.hpp"

#include "models/core/error.hpp"

namespace ebb {

OperatingSeries SourceModel::operate(const OperatingSpan&) const {
    throw Defect("this source model has no curve to be operated on");
}

}  // namespace ebb
