// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/eh_model.hpp"
#include "sim/reproduce/formulas.hpp"

namespace ebb {

namespace {

/// Energies without charging in a cycle: then it does not matter how long a transfer takes.
EhModel model(const double* in) {
    EhModel m;
    m.supply_j = in[0];
    m.cycle_j = in[1];
    m.backup.bytes = in[2];
    m.backup.bytes_per_cycle = in[3];
    m.backup.energy_j_per_b = in[4];
    m.restore.bytes = in[5];
    m.restore.energy_j_per_b = in[6];
    return m;
}

}  // namespace

void add_eh_model_formulas(std::vector<Formula>& all) {
    const std::vector<std::string> inputs = {
        "supply_j",       "cycle_j",       "backup_bytes",   "backup_bytes_per_cycle",
        "backup_j_per_b", "restore_bytes", "restore_j_per_b"};
    const auto with = [&](std::initializer_list<const char*> more) {
        std::vector<std::string> all_inputs = inputs;
        all_inputs.insert(all_inputs.end(), more.begin(), more.end());
        return all_inputs;
    };
    all.push_back({"eh_progress", with({"period", "share"}), "equation (9) of the EH model",
                   [](const double* in, int) { return eh_progress(model(in), in[7], in[8]); }});
    all.push_back({"eh_refined_progress", with({"period"}), "(9) with all that is dead",
                   [](const double* in, int) { return eh_refined_progress(model(in), in[7]); }});
    all.push_back({"eh_exact_progress", with({"period"}), "the same energy in every period",
                   [](const double* in, int) { return eh_exact_progress(model(in), in[7]); }});
    all.push_back({"eh_best_period", with({"share"}), "the best period of (9)",
                   [](const double* in, int) { return eh_best_period(model(in), in[7]); }});
    all.push_back({"eh_young_period", inputs, "Young's period",
                   [](const double* in, int) { return eh_young_period(model(in)); }});
    all.push_back({"eh_longest_period", inputs, "a whole charge between two backups",
                   [](const double* in, int) { return eh_longest_period(model(in)); }});
}

}  // namespace ebb
