// SPDX-License-Identifier: Apache-2.0
#include "models/workload/network_check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/topological_sort.hpp>

#include <algorithm>
#include <iterator>
#include <map>

namespace ebb {

namespace {

using Shapes = OpInfo::Shapes;

bool is_recurrent(const Layer& layer) {
    const OpInfo* op = find_op(layer.op_text);
    return op != nullptr && op->shapes == Shapes::recurrent;
}

std::string text_of(const MapShape& s) { return fmt::format("{} x {} x {}", s.h, s.w, s.c); }

bool same(const MapShape& a, const MapShape& b) { return a.h == b.h && a.w == b.w && a.c == b.c; }

class Checker {
public:
    explicit Checker(const Network& network) : network_(network) {}

    std::vector<NetworkFault> run() {
        check_graph();
        for (std::size_t i = 0; i < network_.layers.size(); ++i) {
            at_ = i;
            const Layer& layer = network_.layers[i];
            const OpInfo* op = find_op(layer.op_text);
            if (op == nullptr) {
                continue;
            }
            check_producers(layer, *op);
            check_own_shapes(layer, *op);
            check_macs(layer, *op);
            check_bytes(layer);
        }
        auto extras = check_network_extras(network_);
        std::move(extras.begin(), extras.end(), std::back_inserter(faults_));
        std::stable_sort(faults_.begin(), faults_.end(),
                         [](const auto& a, const auto& b) { return a.layer < b.layer; });
        return std::move(faults_);
    }

private:
    void fault(std::string column, std::string message, std::string hint = "") {
        faults_.push_back({at_, std::move(column), std::move(message), std::move(hint)});
    }

    void check_graph();
    void report_order(const std::vector<std::size_t>& late);
    void check_producers(const Layer& layer, const OpInfo& op);
    void check_concat(const Layer& layer, const std::vector<const Layer*>& producers);
    void check_state(const Layer& layer, const Layer& producer);
    void check_own_shapes(const Layer& layer, const OpInfo& op);
    void check_window(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride,
                      const char* axis);
    void check_macs(const Layer& layer, const OpInfo& op);
    void check_bytes(const Layer& layer);
    void check_network_input(const Layer& layer);

    const Network& network_;
    std::vector<NetworkFault> faults_;
    std::map<int, std::size_t> index_;
    std::size_t at_ = 0;
    std::optional<MapShape> input_;
};

/// Ids and producers. The order is asked of a graph, so that a circle and a mere disorder are told
/// apart: a disorder is repaired by moving rows, and the message gives the order.
void Checker::check_graph() {
    for (std::size_t i = 0; i < network_.layers.size(); ++i) {
        at_ = i;
        const int id = network_.layers[i].id;
        const auto [it, fresh] = index_.emplace(id, i);
        if (!fresh) {
            fault("id", fmt::format("id {} is used twice (first by layer '{}')", id,
                                    network_.layers[it->second].name));
        }
    }
    std::vector<std::size_t> late;
    for (std::size_t i = 0; i < network_.layers.size(); ++i) {
        at_ = i;
        for (const int from : network_.layers[i].from) {
            if (from < 0) {
                continue;
            }
            const auto it = index_.find(from);
            if (it == index_.end()) {
                fault("from", fmt::format("layer '{}' reads layer {}, which does not exist",
                                          network_.layers[i].name, from));
            } else if (it->second >= i) {
                late.push_back(i);
            }
        }
    }
    if (!late.empty()) {
        report_order(late);
    }
}

void Checker::report_order(const std::vector<std::size_t>& late) {
    using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;
    Graph graph(network_.layers.size());
    for (std::size_t i = 0; i < network_.layers.size(); ++i) {
        for (const int from : network_.layers[i].from) {
            if (const auto it = index_.find(from); it != index_.end()) {
                boost::add_edge(it->second, i, graph);
            }
        }
    }
    std::vector<std::size_t> reversed;
    std::string hint;
    try {
        boost::topological_sort(graph, std::back_inserter(reversed));
        std::vector<int> ids;
        std::transform(reversed.rbegin(), reversed.rend(), std::back_inserter(ids),
                       [&](std::size_t i) { return network_.layers[i].id; });
        constexpr std::size_t kReadable = 40;
        hint = ids.size() <= kReadable
                   ? fmt::format("rows in the order {} would do", fmt::join(ids, ", "))
                   : "sort the rows so that producers come first";
    } catch (const boost::not_a_dag&) {
        hint = "the layers read each other in a circle";
    }
    for (const std::size_t i : late) {
        at_ = i;
        fault("from",
              fmt::format("layer '{}' reads a layer that does not come before it",
                          network_.layers[i].name),
              hint);
    }
}

void Checker::check_network_input(const Layer& layer) {
    const OpInfo* op = find_op(layer.op_text);
    if (op == nullptr || op->shapes == Shapes::head) {
        return;  // a head pools what it reads: its row says nothing about the map
    }
    if (!input_) {
        input_ = layer.in;
    } else if (input_->elements() != layer.in.elements()) {
        fault("in_h", fmt::format("layer '{}' reads {} from the network's input, another layer {}",
                                  layer.name, text_of(layer.in), text_of(*input_)));
    }
}

void Checker::check_producers(const Layer& layer, const OpInfo& op) {
    std::vector<const Layer*> producers;
    for (const int from : layer.from) {
        if (from < 0) {
            check_network_input(layer);
        } else if (const auto it = index_.find(from); it != index_.end()) {
            producers.push_back(&network_.layers[it->second]);
        }
    }
    const bool joins = op.op == LayerOp::add || op.shapes == Shapes::concat;
    if (joins ? layer.from.size() < 2 : layer.from.size() != 1) {
        fault("from", fmt::format("{} reads {}, layer '{}' names {}", layer.op_text,
                                  joins ? "two or more layers" : "one layer", layer.name,
                                  layer.from.size()));
        return;
    }
    if (op.shapes == Shapes::concat) {
        check_concat(layer, producers);
        return;
    }
    for (const Layer* producer : producers) {
        if (op.shapes == Shapes::recurrent || is_recurrent(*producer)) {
            check_state(layer, *producer);
            continue;
        }
        const bool counts = op.shapes == Shapes::dense || op.shapes == Shapes::reshape;
        const bool agrees = counts ? producer->out.elements() == layer.in.elements()
                            : op.shapes == Shapes::head ? producer->out.c == layer.in.c
                                                        : same(producer->out, layer.in);
        if (!agrees) {
            fault("in_h",
                  fmt::format("layer '{}' takes {}, its producer '{}' gives {}", layer.name,
                              text_of(layer.in), producer->name, text_of(producer->out)),
                  counts ? "the element counts must agree" : "");
        }
    }
}

/// A recurrent layer reads its own last state beside its producer. Behind it stands the state that
/// its outputs combine to, alone or with another one (of an earlier element or level).
void Checker::check_state(const Layer& layer, const Layer& producer) {
    const std::int64_t given = elements_read_from(producer);
    const std::int64_t taken = layer.in.elements();
    if (is_recurrent(layer)) {
        const std::int64_t state = elements_read_from(layer);
        if (taken != given + state) {
            fault("in_c",
                  fmt::format("layer '{}' takes {} elements, its producer '{}' gives {} and "
                              "its own state has {}",
                              layer.name, taken, producer.name, given, state));
        }
    } else if (taken != given && taken != 2 * given) {
        fault("in_c", fmt::format("layer '{}' takes {} elements, the state of '{}' has {}",
                                  layer.name, taken, producer.name, given));
    }
}

void Checker::check_concat(const Layer& layer, const std::vector<const Layer*>& producers) {
    std::int64_t channels = 0;
    for (const Layer* producer : producers) {
        channels += producer->out.c;
        if (producer->out.h != layer.out.h || producer->out.w != layer.out.w) {
            fault("out_h", fmt::format("layer '{}' joins maps of {} x {}, producer '{}' gives {}",
                                       layer.name, layer.out.h, layer.out.w, producer->name,
                                       text_of(producer->out)));
        }
    }
    if (channels != layer.out.c && producers.size() == layer.from.size()) {
        fault("out_c", fmt::format("layer '{}' gives {} channels, its producers have {} together",
                                   layer.name, layer.out.c, channels));
    }
}

void Checker::check_window(std::int64_t in, std::int64_t out, std::int64_t kernel,
                           std::int64_t stride, const char* axis) {
    const std::int64_t most = (in + stride - 1) / stride;
    const std::int64_t least = in >= kernel ? (in - kernel) / stride + 1 : 1;
    if (out < std::min(least, most) || out > most) {
        fault(
            fmt::format("out_{}", axis),
            fmt::format("layer '{}': out_{} is {}, but a kernel of {} at stride {} over {} leaves "
                        "{} to {}",
                        network_.layers[at_].name, axis, out, kernel, stride, in, least, most));
    }
}

void Checker::check_own_shapes(const Layer& layer, const OpInfo& op) {
    switch (op.shapes) {
        case Shapes::window:
        case Shapes::depthwise:
        case Shapes::pool:
            check_window(layer.in.h, layer.out.h, layer.kernel_h, layer.stride_h, "h");
            check_window(layer.in.w, layer.out.w, layer.kernel_w, layer.stride_w, "w");
            if (layer.op_text == "GAVGPOOL" && (layer.out.h != 1 || layer.out.w != 1)) {
                fault("out_h", fmt::format("layer '{}' (GAVGPOOL) gives 1 x 1 x n, not {}",
                                           layer.name, text_of(layer.out)));
            }
            if (op.shapes == Shapes::pool
                    ? layer.out.c != layer.in.c
                    : op.shapes == Shapes::depthwise && layer.out.c % layer.in.c != 0) {
                fault("out_c", fmt::format("layer '{}' ({}) turns {} channels into {}", layer.name,
                                           layer.op_text, layer.in.c, layer.out.c));
            }
            break;
        case Shapes::dense:
            if (layer.kernel_h != layer.in.h || layer.kernel_w != layer.in.w) {
                fault("kernel_h",
                      fmt::format("layer '{}' (FC): kernel {} x {} must span the input {} x {}",
                                  layer.name, layer.kernel_h, layer.kernel_w, layer.in.h,
                                  layer.in.w));
            }
            if (layer.out.h != 1 || layer.out.w != 1) {
                fault("out_h", fmt::format("layer '{}' ({}) gives 1 x 1 x n, not {}", layer.name,
                                           layer.op_text, text_of(layer.out)));
            }
            break;
        case Shapes::same:
            if (!same(layer.in, layer.out)) {
                fault("out_h",
                      fmt::format("layer '{}' ({}) keeps its shape: {} in, {} out", layer.name,
                                  layer.op_text, text_of(layer.in), text_of(layer.out)));
            }
            break;
        case Shapes::reshape:
            if (layer.in.elements() != layer.out.elements()) {
                fault("out_h", fmt::format("layer '{}' ({}) keeps its element count: {} in, {} out",
                                           layer.name, layer.op_text, layer.in.elements(),
                                           layer.out.elements()));
            }
            break;
        case Shapes::recurrent:
            if (layer.out.elements() % 2 != 0) {
                fault("out_c", fmt::format("layer '{}' ({}): gate and candidate have equal sizes, "
                                           "{} outputs cannot be halved",
                                           layer.name, layer.op_text, layer.out.elements()));
            }
            break;
        case Shapes::concat:
        case Shapes::head:
            break;
    }
}

void Checker::check_macs(const Layer& layer, const OpInfo& op) {
    if ((layer.params == 0) != (layer.weight_bytes == 0)) {
        fault("weight_bytes", fmt::format("layer '{}' has {} parameters in {} bytes", layer.name,
                                          layer.params, layer.weight_bytes));
    }
    if (!op.has_macs) {
        if (layer.params != 0 && layer.op_text != "BN") {
            fault("params", fmt::format("layer '{}' ({}) has no parameters of its own, not {}",
                                        layer.name, layer.op_text, layer.params));
        }
        if (layer.macs != 0) {
            fault("macs", fmt::format("layer '{}' ({}) has no MACs of its own, not {}", layer.name,
                                      layer.op_text, layer.macs));
        }
        return;
    }
    // In double: the product of absurd axes must not overflow before it is complained about.
    const auto real = [](std::int64_t n) { return static_cast<double>(n); };
    const double window = real(layer.kernel_h) * real(layer.kernel_w);
    const double per_output = op.shapes == Shapes::window      ? window * real(layer.in.c)
                              : op.shapes == Shapes::depthwise ? window
                                                               : real(layer.in.elements());
    const double dense = real(layer.out.elements()) * per_output;
    if (real(layer.macs) > dense) {
        fault("macs", fmt::format("layer '{}' has {} MACs, more than the {:.0f} of a dense {}",
                                  layer.name, layer.macs, dense, layer.op_text));
    }
}

void Checker::check_bytes(const Layer& layer) {
    const Layer& first = network_.layers.front();
    const std::int64_t element = first.input_bytes / std::max<std::int64_t>(first.in.elements(), 1);
    constexpr std::int64_t kLargestElement = 16;
    if (element < 1 || element > kLargestElement) {
        if (at_ == 0) {
            fault("input_bytes",
                  fmt::format("layer '{}': {} elements in {} B is not 1 B to {} B each", layer.name,
                              layer.in.elements(), layer.input_bytes, kLargestElement));
        }
        return;
    }
    const auto compare = [&](const char* column, std::int64_t bytes, std::int64_t elements) {
        if (bytes != elements * element) {
            fault(column,
                  fmt::format("layer '{}': {} is {}, but {} elements of {} B are {} B", layer.name,
                              column, bytes, elements, element, elements * element));
        }
    };
    compare("input_bytes", layer.input_bytes, layer.in.elements());
    compare("output_bytes", layer.output_bytes, layer.out.elements());
}

}  // namespace

const std::vector<OpInfo>& known_ops() {
    static const std::vector<OpInfo> ops = {
        {"CONV", LayerOp::conv, Shapes::window, true},
        {"SPCONV", LayerOp::conv, Shapes::window, true},
        {"DWCONV", LayerOp::dwconv, Shapes::depthwise, true},
        {"FC", LayerOp::fc, Shapes::dense, true},
        {"SPFC", LayerOp::fc, Shapes::dense, true},
        {"ADD", LayerOp::add, Shapes::same, false},
        {"AVGPOOL", LayerOp::avgpool, Shapes::pool, false},
        {"GAVGPOOL", LayerOp::avgpool, Shapes::pool, false},
        {"MAXPOOL", LayerOp::maxpool, Shapes::pool, false},
        {"RELU", LayerOp::relu, Shapes::same, false},
        {"RESHAPE", LayerOp::reshape, Shapes::reshape, false},
        {"SOFTMAX", LayerOp::softmax, Shapes::same, false},
        {"BN", LayerOp::other, Shapes::same, false},
        {"CONCAT", LayerOp::other, Shapes::concat, false},
        {"HEAD", LayerOp::other, Shapes::head, true},
        {"UGRNN", LayerOp::other, Shapes::recurrent, true},
    };
    return ops;
}

const OpInfo* find_op(const std::string& text) {
    const auto& ops = known_ops();
    const auto it =
        std::find_if(ops.begin(), ops.end(), [&](const OpInfo& o) { return text == o.text; });
    return it == ops.end() ? nullptr : &*it;
}

std::vector<NetworkFault> check_network(const Network& network) { return Checker(network).run(); }

}  // namespace ebb
