// SPDX-License-Identifier: Apache-2.0
/// Networks and platforms that a scenario names.
#include <fmt/format.h>

#include <utility>

#include "models/workload/network_check.hpp"
#include "sim/scenario/named_file.hpp"
#include "sim/scenario/network_reader.hpp"
#include "sim/scenario/platform_reader.hpp"
#include "sim/scenario/scenario_files.hpp"

namespace ebb {

namespace {

bool names_a_file(const std::string& ref, const char* extension) {
    const std::string end = extension;
    return ref.find('/') != std::string::npos ||
           (ref.size() > end.size() && ref.compare(ref.size() - end.size(), end.size(), end) == 0);
}

/// A volatile weight memory needs to know what happens in sleep; another has nothing to say.
void check_weights(const WorkloadForm& form, const Platform& platform, const Facts& facts,
                   MistakeList& mistakes) {
    const bool loses = platform.weight_memory && platform.weight_memory->is_volatile;
    if (!loses) {
        if (form.weights) {
            mistakes.add(facts.place("workload.weights"),
                         fmt::format("platform '{}' has no volatile weight memory: nothing is "
                                     "lost in sleep",
                                     platform.name));
        }
        return;
    }
    if (!form.weights) {
        mistakes.add(facts.place("workload.platform"),
                     fmt::format("platform '{}' keeps weights in volatile memory: "
                                 "workload.weights must say what becomes of them in sleep",
                                 platform.name),
                     "for example weights: {asleep: reload, state: " +
                         platform.weight_memory->states.front().name + "}");
        return;
    }
    try {
        const RetentionState& state = find_state(*platform.weight_memory, form.weights->state);
        if (form.weights->retained && !state.retained_w) {
            mistakes.add(facts.place("workload.weights"),
                         fmt::format("state '{}' of platform '{}' cannot keep weights", state.name,
                                     platform.name));
        }
    } catch (const InputError& error) {
        mistakes.add(error, facts.place("workload.weights.state"));
    }
}

}  // namespace

/// The file that the value at a path names.
const NamedFile& ScenarioFiles::named(const std::string& name, const std::string& path,
                                      const Facts& facts, const std::string& shipped,
                                      const NamedFileKind& kind) {
    const std::string folder = folder_of(facts, path);
    const NamedFile& file = loaded_->named(name, folder, shipped, kind, facts.place(path));
    note_input(kind.noun, file.path, file.text);
    if (names_a_file(name, kind.extension)) {
        absolute_[path] = absolute_path(folder, name);
    }
    return file;
}

bool ScenarioFiles::load_network(const WorkloadForm& form, const Facts& facts, NetworkParams& out) {
    const std::size_t before = mistakes_.count();
    const Place at_network = facts.place("workload.network");
    const Place at_platform = facts.place("workload.platform");
    if (form.network) {
        try {
            out.network = loaded_->network(named(*form.network, "workload.network", facts,
                                                 options_.networks_folder, kNetworkFile));
            if (const Layer* layer = first_repeated(*out.network)) {
                mistakes_.add(at_network,
                              fmt::format("network '{}' runs layer '{}' once per {}: a workload "
                                          "takes networks whose layers run once",
                                          out.network->name, layer->name,
                                          layer->repeat == Repeat::level ? "level" : "element"));
            }
        } catch (const InputError& error) {
            mistakes_.add(error, at_network);
        }
    }
    if (form.platform) {
        try {
            out.platform = loaded_->platform(named(*form.platform, "workload.platform", facts,
                                                   options_.platforms_folder, kPlatformFile));
            const Place at = form.variant ? facts.place("workload.variant") : at_platform;
            const bool by_operations = out.platform->operations && out.platform->variants.empty();
            if (!by_operations || form.variant) {
                const PlatformVariant& variant =
                    find_variant(*out.platform, form.variant.value_or(""), at);
                if (out.network) {
                    require_energy(*out.network, *out.platform, variant, options_.platforms_folder,
                                   at_platform);
                }
            }
        } catch (const InputError& error) {
            mistakes_.add(error, at_platform);
        }
    }
    out.variant = form.variant.value_or("");
    if (form.period) {
        out.arrival = {false, form.period->every_s, form.period->deadline_s, form.period->queue};
    }
    if (form.memory_cost_factor != 1.0 && out.platform && out.platform->operations) {
        auto dearer = std::make_shared<Platform>(*out.platform);
        dearer->operations = scaled(*out.platform->operations, form.memory_cost_factor);
        out.platform = std::move(dearer);
    }
    out.weights = form.weights;
    out.accuracy = form.accuracy;
    if (out.platform) {
        check_weights(form, *out.platform, facts, mistakes_);
    }
    out.tiles = form.tiles;
    if (form.tiles && out.platform && !out.platform->operations) {
        mistakes_.add(facts.place("workload.tiles"),
                      fmt::format("platform '{}' says what layers cost, not what tiles cost: there "
                                  "is nothing to choose",
                                  out.platform->name),
                      "", "see: ebb describe platform");
    }
    return out.network && out.platform && mistakes_.count() == before;
}

}  // namespace ebb
