// SPDX-License-Identifier: Apache-2.0
#include "models/workload/tile_choice.hpp"

#include "models/core/error.hpp"
#include "models/workload/nvm_need.hpp"
#include "models/workload/tile_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <tuple>

namespace ebb {

namespace {

using Sizes = std::vector<std::int64_t>;

Sizes divisors(std::int64_t n) {
    Sizes out;
    for (std::int64_t d = 1; d <= n; ++d) {
        if (n % d == 0) {
            out.push_back(d);
        }
    }
    return out;
}

/// The smallest size of each number of tiles.
Sizes smallest_per_trips(std::int64_t n) {
    Sizes out;
    for (std::int64_t size = 1; size <= n; ++size) {
        if (size == 1 || (n + size - 1) / size < (n + size - 2) / (size - 1)) {
            out.push_back(size);
        }
    }
    return out;
}

/// Smaller objective, then smaller memory, then smaller tile and batch, then loop order.
bool better(const TileCandidate& a, const TileCandidate& b) {
    const auto key = [](const TileCandidate& x) {
        return std::tuple(x.value, x.cost.vm_bytes, x.plan.r, x.plan.c, x.plan.m, x.plan.n,
                          x.plan.batch, static_cast<int>(x.plan.reuse));
    };
    return key(a) < key(b);
}

class Search {
public:
    Search(const LayerShape& shape, const TileModel& model, const TileQuestion& question)
        : shape_(shape), model_(model), question_(question), rules_(tile_rules(shape.kind)) {
        if (!model.refusal(shape.kind).empty()) {
            throw InputError(model.refusal(shape.kind));
        }
        budget_j_ = question.supply
                        ? question.supply->energy_margin * available_energy_j(*question.supply)
                        : std::numeric_limits<double>::infinity();
    }

    TileChoice run() {
        const MapShape& map = rules_.over_input ? shape_.in : shape_.out;
        const Sizes rs = sizes(map.h);
        const Sizes cs = sizes(map.w);
        ms_ = sizes(shape_.out.c);
        ns_ = rules_.sums_channels ? sizes(shape_.in.c) : Sizes{1};
        for (const std::int64_t r : rs) {
            for (const std::int64_t c : cs) {
                look_at(r, c);
            }
        }
        choice_.over_memory = choice_.candidates - in_memory_;
        measure_smallest();
        explain();
        return std::move(choice_);
    }

private:
    [[nodiscard]] Sizes sizes(std::int64_t n) const {
        return question_.candidates == TileCandidates::divisors ? divisors(n)
                                                                : smallest_per_trips(n);
    }

    /// Divisors of the innermost loop; without power cycles there are no batches.
    const Sizes& batches_of(const TilePlan& plan, const Trips& trips) {
        const std::int64_t limit = question_.supply ? rules_.batch_limit(trips, plan) : 1;
        const auto at = batches_.find(limit);
        return at != batches_.end() ? at->second
                                    : batches_.emplace(limit, divisors(limit)).first->second;
    }

    /// All tiles of r x c. A size whose first cycle is too dear makes all larger ones too dear, in
    /// the same loop order; the first cycle, not the dearest: the last size of n spares the fetch
    /// of partial sums.
    void look_at(std::int64_t r, std::int64_t c) {
        std::array<bool, 3> dear_m{};
        for (const std::int64_t m : ms_) {
            std::array<bool, 3> dear_n = dear_m;
            for (const std::int64_t n : ns_) {
                for (const Reuse reuse : rules_.reuses) {
                    TilePlan plan{r, c, m, n, reuse, 1};
                    bool& dear = dear_n[static_cast<std::size_t>(reuse)];
                    look_at(plan, dear);
                    if (dear && n == ns_.front()) {
                        dear_m[static_cast<std::size_t>(reuse)] = true;
                    }
                }
            }
        }
    }

    /// All batches of one tile and loop order. `dear`: a power cycle is known to be too dear.
    void look_at(TilePlan& plan, bool& dear) {
        const Trips trips = trips_of(shape_, plan);
        const Sizes& all = batches_of(plan, trips);
        choice_.candidates += static_cast<std::int64_t>(all.size());
        bool dear_here = dear;
        for (const std::int64_t batch : all) {
            plan.batch = batch;
            if (model_.vm_bytes(shape_, plan) > question_.vm_bytes) {
                return;  // as do all larger batches
            }
            ++in_memory_;
            if (dear_here) {
                ++choice_.over_energy;
                continue;
            }
            TileCandidate candidate{plan, model_.cost(shape_, plan), 0.0};
            dear_here = candidate.cost.first_total.energy_j > budget_j_;
            dear = dear || (dear_here && batch == all.front());
            if (dear_here || candidate.cost.worst().energy_j > budget_j_) {
                ++choice_.over_energy;
                continue;
            }
            candidate.value = value_of(candidate.cost);
            rank(candidate);
        }
    }

    [[nodiscard]] double value_of(const TiledCost& cost) const {
        const bool latency = question_.objective == TileObjective::latency;
        if (!question_.supply) {
            return latency ? cost.continuous_total.latency_s : cost.continuous_total.energy_j;
        }
        const FormulaOnStore store = on_store(cost, *question_.supply);
        return latency ? store.latency_s.value_or(std::numeric_limits<double>::infinity())
                       : store.energy_j;
    }

    void rank(const TileCandidate& candidate) {
        if (!choice_.best || better(candidate, *choice_.best)) {
            choice_.runner_up = std::move(choice_.best);
            choice_.best = candidate;
        } else if (!choice_.runner_up || better(candidate, *choice_.runner_up)) {
            choice_.runner_up = candidate;
        }
    }

    /// A plan that fits still fits with r = c = m = 1, since memory and energy shrink: these decide
    /// whether any does. n and the batch stay in question: where a batch holds all of a sum, no
    /// cycle fetches partial sums.
    void measure_smallest() {
        constexpr double kNone = std::numeric_limits<double>::infinity();
        double in_memory_j = kNone;
        double any_j = kNone;
        choice_.least_vm_bytes = std::numeric_limits<std::int64_t>::max();
        for (const Reuse reuse : rules_.reuses) {
            for (const std::int64_t n : ns_) {
                TilePlan plan{1, 1, 1, n, reuse, 1};
                for (const std::int64_t batch : batches_of(plan, trips_of(shape_, plan))) {
                    plan.batch = batch;
                    const TiledCost cost = model_.cost(shape_, plan);
                    choice_.least_vm_bytes = std::min(choice_.least_vm_bytes, cost.vm_bytes);
                    any_j = std::min(any_j, cost.worst().energy_j);
                    if (cost.vm_bytes <= question_.vm_bytes) {
                        in_memory_j = std::min(in_memory_j, cost.worst().energy_j);
                    }
                }
            }
        }
        choice_.least_cycle_j = in_memory_j < kNone ? in_memory_j : any_j;
    }

    void explain() {
        TileChoice& c = choice_;
        if (c.best) {
            c.reason = fmt::format("{}: {}", text_of(c.best->plan), numbers(*c.best));
            if (c.runner_up) {
                c.reason += fmt::format("; next {} (+{:.3g} %)", text_of(c.runner_up->plan),
                                        100 * (c.runner_up->value / c.best->value - 1));
            }
            c.reason += fmt::format(
                "; of {} candidates {} exceed the memory and {} the energy of a power cycle",
                c.candidates, c.over_memory, c.over_energy);
            return;
        }
        c.reason = fmt::format("no tile of this {} fits", name_of(shape_.kind));
        if (c.least_vm_bytes > question_.vm_bytes) {
            c.reason += fmt::format(": the smallest needs {} B of volatile memory, there are {} B",
                                    c.least_vm_bytes, question_.vm_bytes);
        }
        if (c.least_cycle_j > budget_j_) {
            c.reason += fmt::format(
                "{} the smallest needs {:.4g} uJ in a power cycle, the store gives {:.4g} uJ; a "
                "capacitor of {:.4g} uF would hold it",
                c.least_vm_bytes > question_.vm_bytes ? ", and" : ":", 1e6 * c.least_cycle_j,
                1e6 * budget_j_, 1e6 * safe_capacitance_f(*question_.supply, c.least_cycle_j));
        }
    }

    [[nodiscard]] std::string numbers(const TileCandidate& x) const {
        const std::string objective = question_.objective == TileObjective::latency
                                          ? fmt::format("{:.4g} s", x.value)
                                          : fmt::format("{:.4g} mJ", 1e3 * x.value);
        std::string text =
            fmt::format("{}, {} of {} B", objective, x.cost.vm_bytes, question_.vm_bytes);
        if (question_.supply) {
            text += fmt::format(", {} power cycles of at most {:.4g} of {:.4g} mJ", x.cost.cycles,
                                1e3 * x.cost.worst().energy_j, 1e3 * budget_j_);
        }
        return text;
    }

    const LayerShape& shape_;
    const TileModel& model_;
    const TileQuestion& question_;
    const TileRules& rules_;
    double budget_j_ = 0.0;
    Sizes ms_, ns_;
    std::map<std::int64_t, Sizes> batches_;
    std::int64_t in_memory_ = 0;
    TileChoice choice_;
};

}  // namespace

std::string text_of(const TilePlan& plan) {
    static constexpr std::array kStays = {"inputs stay", "weights stay", "outputs stay"};
    std::string text = fmt::format("{} x {} x {} x {}, {}", plan.r, plan.c, plan.m, plan.n,
                                   kStays[static_cast<std::size_t>(plan.reuse)]);
    if (plan.batch > 1) {
        text += fmt::format(", batches of {}", plan.batch);
    }
    return text;
}

TileChoice choose_tiles(const LayerShape& shape, const TileModel& model,
                        const TileQuestion& question) {
    return Search(shape, model, question).run();
}

std::vector<LayerTiles> choose_tiles(const Network& network, const OperationTable& table,
                                     const TileQuestion& question) {
    const TileModel model(table);
    std::vector<LayerTiles> out;
    std::vector<Mistake> mistakes;
    const auto complain = [&](std::string why) {
        mistakes.push_back({{network.file, 0, 0, {}, 1}, std::move(why), "", ""});
    };
    if (std::string refusal = nvm_refusal(network, table.memory); !refusal.empty()) {
        complain(std::move(refusal));
    }
    for (const Layer& layer : network.layers) {
        LayerTiles tiles{layer.name, {}};
        const auto shape = layer_shape(layer);
        const std::string refusal =
            shape ? model.refusal(shape->kind)
                  : fmt::format("no tile model has a rule for {}", layer.op_text);
        if (refusal.empty()) {
            tiles.choice = choose_tiles(*shape, model, question);
            if (!tiles.choice->best) {
                complain(
                    fmt::format("layer {} ({}): {}", layer.id, layer.name, tiles.choice->reason));
            }
        } else if (layer.macs > 0) {
            complain(fmt::format("layer {} ({}): {}", layer.id, layer.name, refusal));
        }
        out.push_back(std::move(tiles));
    }
    if (!mistakes.empty()) {
        throw InputError(std::move(mistakes));
    }
    return out;
}

}  // namespace ebb
