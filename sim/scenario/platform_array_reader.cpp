// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/platform_array_reader.hpp"

namespace ebb {

namespace {

// Bounds refuse what can only be a slip of a prefix or a unit.
constexpr double kMostEdge = 65536;
constexpr double kMostRow_b = 65536;
constexpr double kMostAccess_j = 1e-3;
constexpr double kMostElement_b = 16;

const ParamTable<RowEnergyForm>& row_energy_table() {
    static const ParamTable<RowEnergyForm> kTable = {
        param("row", &RowEnergyForm::row_b, unit::byte, required, above_up_to(0, kMostRow_b),
              "bytes that one access moves"),
        param("read", &RowEnergyForm::read_j, unit::joule, required, range(0, kMostAccess_j),
              "energy of reading a row"),
        param("write", &RowEnergyForm::write_j, unit::joule, required, range(0, kMostAccess_j),
              "energy of writing a row"),
    };
    return kTable;
}

const ParamTable<ArrayEnergyForm>& array_energy_table() {
    static const ParamTable<ScratchpadsForm> kScratchpads = {
        block("input", &ScratchpadsForm::input, row_energy_table(), required, "of inputs"),
        block("weight", &ScratchpadsForm::weight, row_energy_table(), required, "of weights"),
        block("partial", &ScratchpadsForm::partial, row_energy_table(), required,
              "of partial sums"),
    };
    static const ParamTable<ArrayEnergyForm> kTable = {
        param("mac", &ArrayEnergyForm::mac_j, unit::joule, required, above_up_to(0, kMostAccess_j),
              "one multiply-accumulate"),
        param("static", &ArrayEnergyForm::static_w, unit::watt, 0.0, range(0, 1e3),
              "drawn while the array runs, whatever it does"),
        block("memory", &ArrayEnergyForm::memory, row_energy_table(), required,
              "the memory behind the buffer: DRAM or non-volatile"),
        block("buffer", &ArrayEnergyForm::buffer, row_energy_table(), required,
              "the global buffer"),
        block("scratchpads", &ArrayEnergyForm::scratchpads, kScratchpads, required,
              "the memories of a processing element"),
    };
    return kTable;
}

AccessEnergy per_element(const RowEnergyForm& row, double element_b) {
    const double share = element_b / row.row_b;
    return {row.read_j * share, row.write_j * share};
}

}  // namespace

const ParamTable<ArrayForm>& array_table() {
    static const Names<Dataflow> kFlows = {
        {name_of(Dataflow::output_stationary), Dataflow::output_stationary},
        {name_of(Dataflow::weight_stationary), Dataflow::weight_stationary},
        {name_of(Dataflow::row_stationary), Dataflow::row_stationary},
    };
    static const Names<TilingGoal> kGoals = {
        {"energy_delay", TilingGoal::energy_delay},
        {"energy", TilingGoal::energy},
        {"latency", TilingGoal::latency},
        {"traffic", TilingGoal::traffic},
    };
    static const ParamTable<ArrayElementForm> kElement = {
        param("input", &ArrayElementForm::input_b, unit::byte, required,
              above_up_to(0, kMostElement_b), "an input, and a finished output"),
        param("weight", &ArrayElementForm::weight_b, unit::byte, required,
              above_up_to(0, kMostElement_b), "a weight"),
        param("partial", &ArrayElementForm::partial_b, unit::byte, required,
              above_up_to(0, kMostElement_b), "a partial sum"),
    };
    static const ParamTable<ArrayForm> kTable = {
        param("rows", &ArrayForm::rows, required, range(1, kMostEdge),
              "rows of processing elements"),
        param("columns", &ArrayForm::columns, required, range(1, kMostEdge),
              "columns of processing elements"),
        param("dataflow", &ArrayForm::dataflow, kFlows, required,
              "what stays in the processing elements"),
        param("tile_for", &ArrayForm::goal, kGoals, TilingGoal::energy_delay,
              "what tilings are chosen for: least energy x cycles, energy, cycles, or bytes moved"),
        param("buffer", &ArrayForm::buffer_b, unit::byte, required, above(0),
              "size of the global buffer")
            .allow_unlimited(),
        param("weights_bypass_buffer", &ArrayForm::weights_bypass_buffer, false,
              "weights go from the memory to the processing elements directly"),
        param("held_weights", &ArrayForm::weight_words, 1.0, range(1, 1e9),
              "weights that a processing element holds (row stationary)"),
        param("held_partials", &ArrayForm::partial_words, 1.0, range(1, 1e9),
              "partial sums that a processing element holds (row stationary)"),
        block("element", &ArrayForm::element, kElement, required, "sizes of one element"),
        block("energy", &ArrayForm::energy, array_energy_table(), optional,
              "energies per access; left out, energy is not known"),
    };
    return kTable;
}

SystolicArrayParams array_of(const ArrayForm& form, double clock_hz) {
    SystolicArrayParams a;
    a.rows = form.rows;
    a.columns = form.columns;
    a.dataflow = form.dataflow;
    a.goal = form.goal;
    a.clock_hz = clock_hz;
    a.buffer_b = form.buffer_b;
    a.input_b = form.element.input_b;
    a.weight_b = form.element.weight_b;
    a.partial_b = form.element.partial_b;
    a.weights_bypass_buffer = form.weights_bypass_buffer;
    a.weight_words = form.weight_words;
    a.partial_words = form.partial_words;
    if (form.energy) {
        const ArrayEnergyForm& e = *form.energy;
        a.mac_j = e.mac_j;
        a.static_w = e.static_w;
        a.input = {per_element(e.memory, a.input_b), per_element(e.buffer, a.input_b),
                   per_element(e.scratchpads.input, a.input_b)};
        a.weight = {per_element(e.memory, a.weight_b), per_element(e.buffer, a.weight_b),
                    per_element(e.scratchpads.weight, a.weight_b)};
        // What leaves the buffer is a finished output, as large as an input.
        a.partial = {per_element(e.memory, a.input_b), per_element(e.buffer, a.partial_b),
                     per_element(e.scratchpads.partial, a.partial_b)};
    }
    return a;
}

}  // namespace ebb
