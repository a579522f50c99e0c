// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/platform_weights_reader.hpp"

#include <fmt/format.h>

#include <set>

namespace ebb {

const ParamTable<WeightMemoryForm>& weight_memory_table() {
    static const ParamTable<RetentionForm> kState = {
        param("name", &RetentionForm::name, required, "name of the low-power state"),
        param("lost", &RetentionForm::lost_w, unit::watt, required, range(0, 1e3),
              "power in this state with the weights lost"),
        param("retained", &RetentionForm::retained_w, unit::watt, optional, range(0, 1e3),
              "power with the weights kept; left out, this state cannot keep them"),
    };
    static const ParamTable<MeasuredLoadForm> kLoad = {
        param("network", &MeasuredLoadForm::network, required, "name of the network"),
        param("weights", &MeasuredLoadForm::weight_b, unit::byte, required, above(0),
              "size of its weights"),
        param("time", &MeasuredLoadForm::time_s, unit::second, required, above_up_to(0, 1e4),
              "measured time of loading them"),
        param("energy", &MeasuredLoadForm::energy_j, unit::joule, required, above_up_to(0, 1e4),
              "measured energy of loading them"),
    };
    static const ParamTable<WeightMemoryForm> kTable = {
        param("volatile", &WeightMemoryForm::is_volatile, true,
              "lost in a power failure; if not, nothing is loaded again"),
        param("load_time", &WeightMemoryForm::load_s, unit::second, 0.0, range(0, 1e4),
              "time of a load, whatever its size"),
        param("load_energy", &WeightMemoryForm::load_j, unit::joule, 0.0, range(0, 1e4),
              "energy of a load, whatever its size"),
        param("load_time_per_byte", &WeightMemoryForm::load_s_per_b, unit::second, required,
              range(0, 1), "further time per byte of weights"),
        param("load_energy_per_byte", &WeightMemoryForm::load_j_per_b, unit::joule, required,
              range(0, 1), "further energy per byte of weights"),
        param("size", &WeightMemoryForm::bytes, unit::byte, optional, above(0),
              "bytes of weights that it holds"),
        list("states", &WeightMemoryForm::states, kState, optional, 0, 100,
             "what low-power states draw with and without the weights"),
        list("loads", &WeightMemoryForm::loads, kLoad, optional, 0, 1000,
             "loads that were measured; a network among them is priced by its own"),
    };
    return kTable;
}

void add_weight_memory(const WeightMemoryForm& form, const std::string& path, const Facts& facts,
                       MistakeList& mistakes, Platform& platform) {
    WeightMemoryParams memory;
    memory.is_volatile = form.is_volatile;
    memory.load_j = form.load_j;
    memory.load_s = form.load_s;
    memory.load_j_per_b = form.load_j_per_b;
    memory.load_s_per_b = form.load_s_per_b;
    memory.bytes = form.bytes.value_or(0.0);
    std::set<std::string> names;
    for (std::size_t i = 0; i < form.states.size(); ++i) {
        const RetentionForm& state = form.states[i];
        const std::string at = fmt::format("{}.states[{}]", path, i);
        if (!state.name.empty() && !names.insert(state.name).second) {
            mistakes.add(facts.place(at + ".name"),
                         fmt::format("state '{}' is there twice", state.name));
        }
        if (facts.given(at + ".lost") && state.retained_w && *state.retained_w < state.lost_w) {
            mistakes.add(facts.place(at + ".retained"),
                         fmt::format("state '{}' draws less with the weights kept than with the "
                                     "weights lost",
                                     state.name));
        }
        memory.states.push_back({state.name, state.lost_w, state.retained_w});
    }
    std::set<std::string> networks;
    for (std::size_t i = 0; i < form.loads.size(); ++i) {
        const MeasuredLoadForm& load = form.loads[i];
        if (!load.network.empty() && !networks.insert(load.network).second) {
            mistakes.add(facts.place(fmt::format("{}.loads[{}].network", path, i)),
                         fmt::format("network '{}' is there twice", load.network));
        }
        memory.measured.push_back({load.network, load.weight_b, {load.time_s, load.energy_j}});
    }
    platform.weight_memory = memory;
}

}  // namespace ebb
