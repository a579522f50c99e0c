// SPDX-License-Identifier: Apache-2.0
#include "models/workload/placement.hpp"

#include "models/core/error.hpp"
#include "models/core/quantity.hpp"

#include <fmt/format.h>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dag_shortest_paths.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace ebb {

namespace {

/// Energy first, then the number of saves.
struct Length {
    double energy_j = 0.0;
    std::size_t stretches = 0;
};

struct Shorter {
    bool operator()(const Length& a, const Length& b) const noexcept {
        return a.energy_j != b.energy_j ? a.energy_j < b.energy_j : a.stretches < b.stretches;
    }
};

struct SumOf {
    Length operator()(const Length& a, const Length& b) const noexcept {
        return {a.energy_j + b.energy_j, a.stretches + b.stretches};
    }
};

using Paths = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property,
                                    boost::property<boost::edge_weight_t, Length>>;

class Placer {
public:
    Placer(const std::vector<double>& energies_j, const std::vector<std::int64_t>& bytes,
           const PlacementCosts& costs)
        : energies_j_(energies_j), bytes_(bytes), costs_(costs) {
        check();
    }

    Placement run() const;

private:
    void check() const;
    [[nodiscard]] Stretch begun(std::size_t from) const;
    void go_on(Stretch& stretch) const;
    [[nodiscard]] PlacementFailure failure() const;
    [[nodiscard]] std::size_t steps() const noexcept { return energies_j_.size(); }

    const std::vector<double>& energies_j_;
    const std::vector<std::int64_t>& bytes_;
    const PlacementCosts& costs_;
};

void Placer::check() const {
    if (bytes_.size() != energies_j_.size() + 1) {
        throw Defect(fmt::format("{} steps have {} positions, not {}", energies_j_.size(),
                                 energies_j_.size() + 1, bytes_.size()));
    }
    const auto is_good = [](double x) { return std::isfinite(x) && x >= 0.0; };
    const bool good = std::all_of(energies_j_.begin(), energies_j_.end(), is_good) &&
                      std::all_of(bytes_.begin(), bytes_.end(), [](auto b) { return b >= 0; }) &&
                      is_good(costs_.boot_j) && is_good(costs_.save_base_j) &&
                      is_good(costs_.save_j_per_b) && is_good(costs_.restore_base_j) &&
                      is_good(costs_.restore_j_per_b) && is_good(costs_.cycle_j);
    if (!good) {
        throw Defect("energies and bytes of a checkpoint placement are finite and not negative");
    }
}

/// A stretch of no step from a position on.
Stretch Placer::begun(std::size_t from) const {
    Stretch stretch;
    stretch.from = stretch.to = from;
    stretch.boot_j = costs_.boot_j;
    stretch.restore_j =
        costs_.restore_base_j + costs_.restore_j_per_b * static_cast<double>(bytes_[from]);
    return stretch;
}

void Placer::go_on(Stretch& stretch) const {
    stretch.work_j += energies_j_[stretch.to];
    ++stretch.to;
    stretch.save_j =
        costs_.save_base_j + costs_.save_j_per_b * static_cast<double>(bytes_[stretch.to]);
}

/// Which step no stretch passes, and how much energy would do for all: the path whose dearest
/// stretch is cheapest.
PlacementFailure Placer::failure() const {
    constexpr double kNever = std::numeric_limits<double>::infinity();
    PlacementFailure out;
    out.cycle_j = costs_.cycle_j;
    std::vector<double> dearest(steps() + 1, kNever);  // on the best way to each position
    dearest[0] = 0.0;
    for (std::size_t from = 0; from < steps(); ++from) {
        for (Stretch s = begun(from); s.to < steps();) {
            go_on(s);
            dearest[s.to] = std::min(dearest[s.to], std::max(dearest[from], s.energy_j()));
        }
    }
    out.enough_j = dearest.back();
    for (std::size_t position = 0; position <= steps(); ++position) {
        out.step = dearest[position] <= costs_.cycle_j ? position : out.step;
    }
    double least = kNever;
    for (std::size_t from = 0; from <= out.step; ++from) {
        if (dearest[from] > costs_.cycle_j) {
            continue;
        }
        for (Stretch s = begun(from); s.to < steps();) {
            go_on(s);
            if (s.to > out.step && s.energy_j() < least) {
                least = s.energy_j();
                out.cheapest = s;
            }
        }
    }
    return out;
}

Placement Placer::run() const {
    Paths paths(steps() + 1);
    for (std::size_t from = 0; from < steps(); ++from) {
        // Work only grows along a stretch; what a save costs may fall again.
        for (Stretch s = begun(from); s.to < steps();) {
            go_on(s);
            if (s.energy_j() - s.save_j > costs_.cycle_j) {
                break;
            }
            if (s.energy_j() <= costs_.cycle_j) {
                const double counted = costs_.restore_each ? s.energy_j() : s.work_j + s.save_j;
                boost::add_edge(from, s.to, Length{counted, 1}, paths);
            }
        }
    }
    const Length far{std::numeric_limits<double>::infinity(), 0};
    std::vector<std::size_t> before(steps() + 1);
    std::vector<Length> length(steps() + 1);
    const auto index = boost::get(boost::vertex_index, paths);
    boost::dag_shortest_paths(
        paths, boost::vertex(0, paths),
        boost::distance_map(boost::make_iterator_property_map(length.begin(), index))
            .predecessor_map(boost::make_iterator_property_map(before.begin(), index))
            .distance_compare(Shorter{})
            .distance_combine(SumOf{})
            .distance_inf(far)
            .distance_zero(Length{}));
    Placement out;
    if (steps() > 0 && !(length.back().energy_j < far.energy_j)) {
        out.failure = failure();
        return out;
    }
    out.energy_j = length.back().energy_j;
    for (std::size_t to = steps(); to > 0; to = before[to]) {
        Stretch stretch = begun(before[to]);
        while (stretch.to < to) {
            go_on(stretch);
        }
        out.stretches.push_back(stretch);
        if (before[to] > 0) {
            out.saves.push_back(before[to]);
        }
    }
    std::reverse(out.stretches.begin(), out.stretches.end());
    std::reverse(out.saves.begin(), out.saves.end());
    return out;
}

}  // namespace

Placement place_saves(const std::vector<double>& energies_j, const std::vector<std::int64_t>& bytes,
                      const PlacementCosts& costs) {
    return Placer(energies_j, bytes, costs).run();
}

std::vector<std::int64_t> bytes_at_positions(const LayerGraph& graph) {
    std::vector<std::int64_t> bytes(graph.size() + 1, 0);
    const auto tensors = tensor_lives(graph);
    bytes.front() = tensors.front().bytes;
    for (const Cut& cut : cuts_between(graph)) {
        bytes[cut.after + 1] = cut.bytes;
    }
    std::int64_t results = 0;
    for (const TensorLife& tensor : tensors) {
        results += tensor.layer != kNetworkInput && tensor.last == graph.size() ? tensor.bytes : 0;
    }
    bytes.back() = results;
    return bytes;
}

std::string failure_text(const PlacementFailure& failure, const std::vector<std::string>& names) {
    const auto joules = [](double j) {
        constexpr int kShownDigits = 4;
        return format_quantity(std::stod(fmt::format("{:.{}g}", j, kShownDigits)),
                               Dimension::energy);
    };
    const Stretch& s = failure.cheapest;
    const std::string through =
        s.to - s.from > 1
            ? fmt::format(", from '{}' through '{}',", names.at(s.from), names.at(s.to - 1))
            : "";
    return fmt::format(
        "layer '{}' cannot be passed: the cheapest stretch{} needs {} (boot {}, restore {}, work "
        "{}, save {}), a power cycle gives {}; {} per power cycle would do for all layers",
        names.at(failure.step), through, joules(s.energy_j()), joules(s.boot_j),
        joules(s.restore_j), joules(s.work_j), joules(s.save_j), joules(failure.cycle_j),
        joules(failure.enough_j));
}

}  // namespace ebb
