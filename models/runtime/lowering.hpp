// SPDX-License-Identifier: Apache-2.0
/// What a runtime is given when it lowers a network to a program, and what runtimes share: where
/// tensors and weights lie, and phases made of platform costs.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "models/nvm/nvm_params.hpp"
#include "models/workload/graph.hpp"
#include "models/workload/network.hpp"
#include "models/workload/platform.hpp"
#include "models/workload/program.hpp"
#include "models/workload/tile_cost.hpp"
#include "models/workload/tile_plan.hpp"

namespace ebb {

struct Lowering {
    const Network& network;
    const Platform& platform;
    std::string variant;  ///< of the platform; empty: its first
    /// The scenario's memory, or the platform's own; empty: there is none.
    const std::optional<NvmParams>& nvm;
    /// Per layer; empty for layers that have none.
    std::vector<std::optional<TilePlan>> plans;
    double charge_j = 0.0;  ///< what the store gives from turn-on to turn-off; 0: not known
    double boot_j = 0.0;    ///< of it the device's boot takes
};

/// The platform's table of operations. Throws InputError, naming the runtime, if it has none.
[[nodiscard]] const OperationTable& operations_of(const Lowering& lowering, const char* runtime);
/// Refuses a network whose elements are wider or narrower than those that the platform's operations
/// (which it must have) work on.
void check_element_width(const Network& network, const Platform& platform);

/// The non-volatile memory that an operation table describes: sizes, and what a byte costs beyond
/// the base of a call. Empty if the table moves nothing to or from one.
[[nodiscard]] std::optional<NvmParams> nvm_of(const OperationTable& table);

/// Layers that do not run by themselves have no tensor: the producer's lives as long as theirs
/// would have. Changes the lives; gives, per folded layer, whose output its readers read. Of
/// several producers the first one counts.
[[nodiscard]] std::map<int, int> fold_layers(const Network& network, std::vector<TensorLife>& lives,
                                             const std::function<bool(const Layer&)>& runs);

/// Places of all tensors and weights in two buffers of a program: "activations" by liveness, and
/// "weights" one behind the other. A layer that the platform does not price folds into its
/// producer: it has no tensor of its own, its readers read the producer's.
class Layout {
public:
    /// Adds the buffers to the program, and the tensors of the layers that run.
    /// `runs`: which layers run by themselves.
    Layout(const Lowering& lowering, Program& program, bool in_nvm, std::int64_t element_bytes,
           const std::function<bool(const Layer&)>& runs);

    struct Range {
        std::size_t buffer = 0;
        std::int64_t lo = 0, bytes = 0;
        int slot = 0;
    };
    /// The activations have two slots, and the layer's whole output comes to lie in this one: sums
    /// that go on over several steps are read from one slot and written to the other, so that a
    /// step that is cut can be done again.
    void keep_two_slots(Program& program, int layer, int slot);
    [[nodiscard]] const Range& output(int layer) const { return tensors_.at(layer); }
    /// Of the producer that runs, behind any folded layers; the network's input is layer -1.
    [[nodiscard]] const Range& input(const Layer& layer, std::size_t operand = 0) const;
    [[nodiscard]] const Range& weights(int layer) const { return weights_.at(layer); }

private:
    const Network& network_;
    std::map<int, Range> tensors_, weights_;
    std::map<int, int> runs_as_;  ///< folded layers: whose output they are
};

/// Does the layer run by itself (it has MACs, or the operation model prices its kind)?
[[nodiscard]] bool runs_by_itself(const Layer& layer);

/// A phase of known cost that stands for everything the processor draws in it.
[[nodiscard]] Phase priced_phase(PhaseKind kind, const Cost& cost, std::int64_t bytes,
                                 Preempt preempt);

/// The plan of a layer. Throws InputError naming the layer if there is none.
[[nodiscard]] const TilePlan& plan_of(const Lowering& lowering, std::size_t layer);

}  // namespace ebb
