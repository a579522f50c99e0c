// SPDX-License-Identifier: Apache-2.0
/// Traces and profiles that a scenario names.
#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "models/harvester/generate/generator.hpp"
#include "models/harvester/source_model.hpp"
#include "sim/scenario/cross_checks.hpp"
#include "sim/scenario/scenario_files.hpp"
#include "sim/trace/series_cache.hpp"
#include "sim/trace/trace.hpp"
#include "sim/trace/write_csv.hpp"

namespace ebb {

namespace {

std::string seconds(double s) { return format_quantity(s, unit::second); }

}  // namespace

std::shared_ptr<const Series> ScenarioFiles::load_source(const SourceForm& source,
                                                         const std::string& path,
                                                         const Facts& facts, AtEnd& at_end) {
    if (!source.model || source.model->reads() == Quantity::none) {
        return nullptr;
    }
    std::shared_ptr<const Series> series;
    const Place where = facts.place(path + ".trace");
    if (source.generate && source.generate->generator) {
        auto generated = std::make_shared<Series>(source.generate->generator->generate());
        if (joined_as(source, path, facts) == Interpolation::linear) {
            *generated = joined_by_lines(*generated);
        }
        give_index(*generated);
        series = std::move(generated);
        if (series->quantity != source.model->reads()) {
            mistakes_.add(where,
                          fmt::format("the generated trace is {}, but source model {} reads {}",
                                      name_of(series->quantity), facts.text(path + ".model.type"),
                                      name_of(source.model->reads())));
            return nullptr;
        }
    } else if (source.trace) {
        TraceRequest request;
        request.ref = *source.trace;
        request.base_folder = folder_of(facts, path + ".trace");
        request.format = source.format.value_or("");
        request.column = source.column.value_or("");
        request.time = source.time.value_or("");
        request.unit = source.unit.value_or("");
        request.dt_s = source.dt_s;
        request.rate_hz = source.rate_hz;
        request.length_s = source.length_s;
        request.expected = source.model->reads();
        request.interpolation = source.interpolation.value_or(Interpolation::hold);
        request.interpolation_stated = facts.given(path + ".interpolation");
        try {
            const Trace trace = loaded_->traces().load(request, options_.traces, where);
            inputs_.push_back({"trace", trace.path, trace.sha256});
            notes_.insert(notes_.end(), trace.notes.begin(), trace.notes.end());
            const std::string file = absolute_path(request.base_folder, request.ref);
            if (absolute_path("", trace.path) == file) {
                absolute_[path + ".trace"] = file;
            }
            series = trace.series;
        } catch (const InputError& error) {
            mistakes_.add(error, where);
            return nullptr;
        }
    } else {
        return nullptr;
    }
    check_series(*series, source, path, facts, at_end);
    return series;
}

void ScenarioFiles::check_series(const Series& series, const SourceForm& source,
                                 const std::string& path, const Facts& facts, AtEnd& at_end) {
    const auto duration = facts.number("duration");
    const auto start = facts.number(path + ".start");
    const double length_s = static_cast<double>(series.duration_ns()) / 1e9;
    at_end = source.at_end;
    if (!duration || !start) {
        return;
    }
    if (*start >= length_s && at_end != AtEnd::loop && *start > 0.0) {
        mistakes_.add(facts.place(path + ".start"),
                      fmt::format("{}.start is {}, but the trace ends at {}", path, seconds(*start),
                                  seconds(length_s)));
        return;
    }
    if (at_end == AtEnd::unspecified && length_s - *start < *duration) {
        mistakes_.add(
            facts.place(path + ".trace"),
            fmt::format("the trace gives {} from its start at {}, but the run lasts {}: "
                        "{} needs 'at_end'",
                        seconds(length_s - *start), seconds(*start), seconds(*duration), path),
            "at_end: stop | hold | loop");
    }
    if (at_end == AtEnd::loop && !(length_s > 0.0)) {
        mistakes_.add(facts.place(path + ".at_end"),
                      "a trace without length cannot loop; its one value can be held",
                      "at_end: hold");
    }
}

std::shared_ptr<const Series> ScenarioFiles::load_profile(const std::string& ref,
                                                          const std::string& path,
                                                          const Facts& facts) {
    TraceRequest request;
    request.ref = ref;
    request.base_folder = folder_of(facts, path);
    request.expected = Quantity::current_a;
    const Place where = facts.place(path);
    try {
        const Trace trace = loaded_->traces().load(request, options_.traces, where);
        inputs_.push_back({"profile", trace.path, trace.sha256});
        if (trace.series->duration_ns() <= 0) {
            mistakes_.add(where,
                          fmt::format("{} lasts no time: a profile needs two rows or more", path));
            return nullptr;
        }
        absolute_[path] = absolute_path("", trace.path);
        return trace.series;
    } catch (const InputError& error) {
        mistakes_.add(error, where);
        return nullptr;
    }
}

}  // namespace ebb
