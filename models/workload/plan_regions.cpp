// SPDX-License-Identifier: Apache-2.0
#include "models/workload/plan_regions.hpp"

#include <vector>

namespace ebb {

namespace {

Region join(const Region& a, const Region& b) {
    const bool begins = a.weight > 0.0 || a.work_units > 0;
    return {a.weight + b.weight, a.work_units + b.work_units, begins ? a.step : b.step,
            begins ? a.first : b.first};
}

const Region& heavier(const Region& a, const Region& b) { return b.weight > a.weight ? b : a; }

/// A piece of a plan as its neighbours see it: what comes before its first durable end, what comes
/// behind its last, and the heaviest region that lies inside.
struct Span {
    Region first, last, inside;
    bool durable = false;
    std::int64_t work_units = 0;  ///< of the whole piece

    static Span of(const Region& region, bool durable) {
        Span s;
        s.durable = durable;
        s.work_units = region.work_units;
        s.first = region;
        s.last = durable ? Region{0.0, 0, region.step, region.work_units} : region;
        return s;
    }
    /// The same piece behind so many units of work of its step.
    [[nodiscard]] Span behind(std::int64_t units) const {
        Span s = *this;
        for (Region* region : {&s.first, &s.last, &s.inside}) {
            region->first += units;
        }
        return s;
    }
};

Span then(const Span& a, const Span& b) {
    Span s;
    s.durable = a.durable || b.durable;
    s.work_units = a.work_units + b.work_units;
    s.first = a.durable ? a.first : join(a.first, b.first);
    s.last = b.durable ? b.last : join(a.last, b.last);
    s.inside = heavier(a.inside, b.inside);
    if (a.durable && b.durable) {
        s.inside = heavier(s.inside, join(a.last, b.first));
    }
    return s;
}

Span times(const Span& a, std::int64_t n) {
    Span s = a;
    s.work_units = n * a.work_units;
    if (!a.durable) {
        s.first.weight *= static_cast<double>(n);
        s.first.work_units *= n;
        s.last = s.first;
    } else if (n > 1) {
        s.inside = heavier(s.inside, join(a.last, a.behind(a.work_units).first));
        s.last = a.behind((n - 1) * a.work_units).last;
    }
    return s;
}

using Weight = std::function<double(const UnitPlan&)>;
using Ends = std::function<bool(const UnitPlan&)>;

bool is_durable(const UnitPlan& unit) { return unit.durable; }

class Folder {
public:
    Folder(const Step& step, std::size_t number, const Weight& weight, const Ends& ends)
        : step_(step), number_(number) {
        for (const UnitPlan& unit : step.units) {
            weights_.push_back(weight(unit));
            ends_.push_back(ends(unit));
        }
    }

    [[nodiscard]] Span fold(std::size_t node = 0) const {
        const NestIndex::Node& at = step_.index.nodes()[node];
        if (at.leaf()) {
            const std::size_t unit = step_.index.leaves()[at.first_leaf].block->unit;
            const UnitPlan& plan = step_.units[unit];
            const Region one = {weights_[unit], plan.role == UnitRole::work ? 1 : 0, number_};
            return times(Span::of(one, ends_[unit]), at.n);
        }
        Span trip = fold(at.children.front());
        for (std::size_t i = 1; i < at.children.size(); ++i) {
            trip = then(trip, fold(at.children[i]).behind(trip.work_units));
        }
        return times(trip, at.n);
    }

private:
    const Step& step_;
    std::size_t number_;
    std::vector<double> weights_;
    std::vector<bool> ends_;
};

}  // namespace

Region heaviest_region(const Plan& plan, const Weight& weight) {
    return heaviest_region(plan, weight, is_durable);
}

Region heaviest_region(const Plan& plan, const Weight& weight, const Ends& ends) {
    Span all;
    bool any = false;
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
        if (plan.steps[i].endless) {
            continue;
        }
        const Span step = Folder(plan.steps[i], i, weight, ends).fold();
        all = any ? then(all, step) : step;
        any = true;
    }
    return heavier(heavier(all.first, all.last), all.inside);
}

std::vector<Region> heaviest_regions(const Plan& plan, const Weight& weight) {
    std::vector<Region> regions(plan.steps.size());
    Region ahead;  // from the begin of the step behind to the next durable end
    for (std::size_t i = plan.steps.size(); i-- > 0;) {
        if (plan.steps[i].endless) {
            ahead = {};
            continue;
        }
        const Span step = Folder(plan.steps[i], i, weight, is_durable).fold();
        // What is left behind the last durable end, if anything, goes on into the next step.
        const bool ends_durable = step.durable && step.last.work_units == 0;
        const Region over = ends_durable ? Region{} : join(step.last, ahead);
        regions[i] = heavier(heavier(step.durable ? step.first : over, step.inside), over);
        ahead = step.durable ? step.first : over;
    }
    return regions;
}

}  // namespace ebb
