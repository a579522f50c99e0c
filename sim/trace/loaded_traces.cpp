// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/loaded_traces.hpp"

namespace ebb {

const Trace& LoadedTraces::load(const TraceRequest& request, const TraceEnvironment& environment,
                                const Place& where) {
    const TraceRequest& r = request;
    const Key key{r.ref,      r.base_folder, r.format,        r.column,
                  r.time,     r.unit,        r.dt_s,          r.rate_hz,
                  r.length_s, r.expected,    r.interpolation, r.interpolation_stated};
    auto found = read_.find(key);
    if (found == read_.end()) {
        found = read_.emplace(key, load_trace(request, environment, where)).first;
    }
    return found->second;
}

}  // namespace ebb
