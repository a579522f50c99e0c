// SPDX-License-Identifier: Apache-2.0
/// The exact walker of a capacitor with ESR, resistive and constant leakage and an over-voltage
/// clip.
///
///   C Vc Vc' = p_in(Vc) - leak(Vc),   y = Vc + r I,   I = (sum of a/y + b + c y)      [V, A]
///
/// Vc is the inner voltage, y the terminal. With r = 0, or without power terms (a = 0), the inner
/// law is again a + b V + c V^2 and has closed forms; what is left (constant power through an ESR,
/// a diode or a drop-out, straight-line traces) goes to an error-controlled integrator.
///
/// A stretch between two changes of (a, b, c) is a segment: sample, phase, regulator region, diode,
/// clip and floor end segments inside the walk. No sample is walked twice.
///
/// Clip: y never exceeds max; r = 0 holds Vc there, r > 0 holds the terminal. Floor: at Vc = 0
/// nothing can be drawn; constant currents rest until something charges.
/// Not modelled here: dielectric absorption, temperature, C(V).
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "models/core/general_law.hpp"
#include "models/core/store_law.hpp"
#include "models/core/unit_leap.hpp"
#include "models/store/capacitor_params.hpp"
#include "models/store/energy_store.hpp"
#include "models/store/lap_memo.hpp"

namespace ebb {

/// Integrals at the terminal over the time one phase spent in one regulator region.
struct PhaseAccount {
    double t = 0.0;         ///< [s]
    double y = 0.0;         ///< integral of y dt [V s]
    double y2 = 0.0;        ///< integral of y^2 dt [V^2 s]
    double rational = 0.0;  ///< integral of y/(y + shift) dt [s]
    void add(const PhaseAccount& other, double times = 1.0) noexcept {
        t += times * other.t;
        y += times * other.y;
        y2 += times * other.y2;
        rational += times * other.rational;
    }
};

class CapacitorStore final : public EnergyStore {
public:
    explicit CapacitorStore(const CapacitorParams& params);
    ~CapacitorStore() override;
    CapacitorStore(const CapacitorStore&) = delete;
    CapacitorStore& operator=(const CapacitorStore&) = delete;

    void reset(const Supply& supply) override;
    void feed_from(const Supply& supply) override;
    const WalkResult& walk(const Load& load, const Watches& watches, Time until) override;

    [[nodiscard]] Time now() const noexcept override { return now_; }
    [[nodiscard]] double terminal_v(const Draw& draw) const override;
    [[nodiscard]] double inner_v() const noexcept override { return vc_; }
    [[nodiscard]] double stored_j() const noexcept override { return half_c_ * vc_ * vc_; }
    [[nodiscard]] double initially_stored_j() const noexcept override {
        return 0.5 * capacitance_at_start() * params_.initial_v * params_.initial_v;
    }
    [[nodiscard]] const Ledger& ledger() const noexcept override { return ledger_; }
    [[nodiscard]] std::uint64_t segments() const noexcept override { return segments_; }
    void observe(PathObserver* observer) noexcept override { observer_ = observer; }
    Withdrawn take(const Withdrawal& wanted) override;
    void hang(const SwitchedCapacitor& capacitor) override;
    double join() override;
    double part() override;

private:
    struct Walk;     // one call of walk(): load, watches, accounts, position
    struct Segment;  // one stretch of constant coefficients
    struct UnitLaw;  // a load whose every phase is affine in E

    // Integrals over a stretch, at the terminal and inside.
    struct Integrals {
        double t = 0.0, y = 0.0, y2 = 0.0;
    };

    [[nodiscard]] Segment make_segment(const Walk& walk) const;  // capacitor_segment.cpp
    void classify(Segment& segment) const;
    [[nodiscard]] double terminal_among_cells(const Draw& draw) const;
    [[nodiscard]] Terms supply_of(const Segment& segment, double x) const noexcept;
    [[nodiscard]] SupplyExtra extra_of(const SupplyCell& cell, double x) const noexcept;
    [[nodiscard]] double value_slope() const noexcept;
    [[nodiscard]] double charging_a(const Segment& segment) const noexcept;
    [[nodiscard]] double terminal_rate(const Segment& segment) const noexcept;
    [[nodiscard]] bool leaves_edge(const Segment& segment) const noexcept;
    [[nodiscard]] bool rests(const Segment& segment) const noexcept;
    [[nodiscard]] double inflow_at_zero(const Segment& segment, double x) const noexcept;
    [[nodiscard]] bool clips_when_full(const Segment& segment) const noexcept;

    [[nodiscard]] const WalkResult* repeat_lap(const Load& load, const Watches& watches,
                                               Time until);
    void step(Walk& walk);
    bool stops_here(Walk& walk, const Segment& segment);
    struct Target {
        double vc = 0.0;
        Stop watch = Stop::until;  ///< until: a border between regions
    };
    [[nodiscard]] Target nearest(const Walk& walk, const Segment& segment, bool up) const;
    bool step_clear(Walk& walk, const Segment& segment, const StoreLaw& law, double limit_s,
                    bool up, double target_v, bool powers_only);
    bool step_quadratic(Walk& walk, const Segment& segment, Time limit);
    bool step_general(Walk& walk, const Segment& segment, Time limit);
    StoreFlow book(Walk& walk, const Segment& segment, double t, const PathIntegrals& inner);
    [[nodiscard]] StoreFlow flow_of(const Segment& segment, const Integrals& at_terminal,
                                    const PathIntegrals& inner) const;
    void book_supply(const Segment& segment, const Integrals& i, double from_supply,
                     double clipped);
    [[nodiscard]] double supply_loss(const Segment& segment, const Integrals& i,
                                     double from_supply) const;
    void next_sample_if_due();

    // Fast paths; each returns whether it moved the state.
    struct Band {
        double low_v = 0.0, high_v = 0.0;  ///< thresholds that a fast path must not reach
    };
    bool run_samples(Walk& walk);  // walk_samples.cpp
    std::size_t run_nodes(Walk& walk, const Draw& draw, const Band& band, std::size_t most);
    void show_node(const Draw& draw, std::size_t first, double energy, double node_decay);
    std::size_t run_samples_affine(Walk& walk, const Draw& draw, const Band& band, const double* x,
                                   std::size_t most);
    std::size_t run_samples_series(Walk& walk, const Draw& draw, const Band& band, const double* x,
                                   std::size_t most);
    std::size_t run_samples_clipped(Walk& walk, const Draw& draw, const double* x,
                                    std::size_t most);  // walk_clipped.cpp
    void book_samples(Walk& walk, const Draw& draw, double t, double y, double y2, double supplied,
                      double clipped);
    static bool no_currents(const Draw& draw) noexcept;

    struct Stretch;
    bool run_stretches(Walk& walk);  // walk_stretches.cpp
    bool pass_sample(Stretch& stretch, double h);
    void book_stretch(Walk& walk, Stretch& stretch);
    [[nodiscard]] const SupplyCell& cell_at(double v) const;

    struct Unloaded {  ///< where the supply alone would lead
        double energy_j = 0.0, integral_js = 0.0, supplied_j = 0.0, t_s = 0.0;
        SupplyCursor cursor;
        std::uint64_t pieces = 0;
    };
    bool run_units(Walk& walk);  // walk_units.cpp
    [[nodiscard]] UnitLaw unit_law(const Load& load) const;
    [[nodiscard]] Unloaded unloaded_after(double t, double lambda, double high_j) const;
    static double deficit_after(const UnitLaw& law, double m) noexcept;
    bool run_units_affine(Walk& walk, const UnitLaw& law);
    bool run_units_averaged(Walk& walk, const UnitLaw& law);  // walk_average.cpp
    struct Averaged;
    struct Trail;
    struct Ripple;
    struct Feed;
    [[nodiscard]] bool feed_of(const UnitLaw& law, Feed& feed) const;
    [[nodiscard]] double drain_rate(const Feed& feed, double v) const noexcept;
    static bool shorten(const StoreLaw& law, double rate, double v, double& h, SeriesStep& step);
    [[nodiscard]] double left_out_j(const UnitLaw& law, const Feed& feed,
                                    const Averaged& path) const;
    [[nodiscard]] Averaged averaged_after(const UnitLaw& law, const Feed& feed, double m,
                                          double low_v, double high_v,
                                          std::vector<Averaged>& trail) const;
    bool run_units_in_sample(Walk& walk);
    [[nodiscard]] bool unit_region(const Walk& walk, Segment& segment, UnitRun& run) const;
    void book_units(Walk& walk, const Segment& segment, double tau);
    bool run_units_clipped(Walk& walk);  // walk_clipped.cpp
    bool repeat_unit(Walk& walk);
    void book_leap(Walk& walk, const UnitLaw& law, double m, const Unloaded& u, double loss_j,
                   double y_dt, double y2_dt);
    void land(Walk& walk, double t, double m, const Unloaded& u);
    void pass_units(Walk& walk, double n, double t_s);
    void take_leap(Walk& walk, const UnitLaw& law, double m, const Unloaded& u);
    void observe_leap(const UnitLaw& law, double m, double high_j);

    struct Node {  ///< walk_general.cpp: everything at the node at one instant
        double x = 0.0, y = 0.0, supply_w = 0.0, supply_a = 0.0, load_w = 0.0, into_w = 0.0,
               current_a = 0.0, clipped_w = 0.0;
        bool collapsed = false;
    };
    [[nodiscard]] double value_at(double t) const noexcept;
    [[nodiscard]] Node node_at(const Segment& segment, double x, double v, double gap) const;
    [[nodiscard]] double loss_w(const Segment& segment, const Node& node) const noexcept;
    struct Path;  // of an integration: its events
    [[nodiscard]] Path events_of(const Walk& walk, const Segment& segment) const;
    void flows_at(const Segment& segment, const Node& node, double v, double* flow) const;
    void book_path(Walk& walk, const Segment& segment, double t, const double* sum);
    bool step_frozen(Walk& walk, const Segment& segment, Time limit);
    [[nodiscard]] double off_rest(const Segment& segment, const Node& node, double v) const;
    void stand(Walk& walk, const Segment& segment, Time limit);
    [[nodiscard]] double inner_for(const Segment& segment, double y, double x) const noexcept;
    static double terminal_of(double vc, double r, const Terms& net, const SupplyExtra& in,
                              const RationalTerm& out, bool& collapsed) noexcept;
    /// Current from the node into the capacitor's branch [A].
    static double current_of(double vc, double y, double r, const Terms& net, const SupplyExtra& in,
                             const RationalTerm& out) noexcept;

    [[nodiscard]] double leak_b() const noexcept {
        return -params_.leakage.current_a.value_or(0.0);
    }
    [[nodiscard]] double leak_c() const noexcept {
        return params_.leakage.resistance_ohm ? -1.0 / *params_.leakage.resistance_ohm : 0.0;
    }
    void observe_segment(const Segment& segment, Time from, double v0);  // walk_points.cpp
    [[nodiscard]] std::vector<std::pair<double, double>> points_inside(const Segment& segment,
                                                                       double v0, double v1,
                                                                       double length) const;
    [[nodiscard]] PathProblem::State state_of(const Segment& segment) const;
    [[nodiscard]] double drive_of(const Segment& segment, const Node& node, double v) const;
    [[nodiscard]] double general_after(const Segment& segment, double from_s, double v,
                                       double t) const;

    [[nodiscard]] double capacitance_at_start() const noexcept {
        return own_f_ + (hung_.joined ? hung_.capacitance_f : 0.0);
    }
    void become(double capacitance_f) noexcept {
        params_.capacitance_f = capacitance_f;
        half_c_ = 0.5 * capacitance_f;
    }

    CapacitorParams params_;  ///< its capacitance: with what is joined
    double own_f_;
    SwitchedCapacitor hung_;
    double half_c_;
    Terms leak_;  // inner element: {0, -I, -1/R}
    const Supply* supply_ = nullptr;
    SupplyCursor cursor_;
    Time sample_end_;
    double x_ = 0.0;           // supply value of the present sample
    mutable SupplyCell cell_;  // looked up last, of the sample cell_index_
    mutable std::size_t cell_index_ = SIZE_MAX;
    Time now_;
    double vc_ = 0.0;
    Ledger ledger_;
    std::uint64_t segments_ = 0;
    PathObserver* observer_ = nullptr;
    struct Crossing {  ///< a walked path from threshold to threshold
        Terms q;
        double capacitance_f = 0.0;
        double v0 = -1.0, v1 = -1.0;
        long double t = 0.0L;
        PathIntegrals integrals;
        bool powers_only = false;
        bool refined = false;  ///< t has been reckoned beyond a double
    };
    [[nodiscard]] Crossing* recall(const Terms& q, double v0, double v1, bool powers_only) noexcept;
    std::array<Crossing, 4> crossings_;
    std::size_t next_crossing_ = 0;
    LapMemo laps_;
    /// A unit as far as it has been walked; if it was full on the way, the next ones may repeat it.
    struct Echo {
        bool open = false;
        double v0 = 0.0;
        std::int64_t unit = 0;
        SupplyCursor cursor;
        StoreFlow flow;
        std::vector<PhaseAccount> accounts;
    };
    Echo echo_;
    [[nodiscard]] const UnitLaw& law_of(Walk& walk);
    std::vector<std::unique_ptr<UnitLaw>> unit_laws_;  // by Load::id; 0: of the walk in hand
    std::vector<UnitPhase> unit_phases_;               // scratch of leaps under a constant supply
    UnitLeap unit_leap_;
    std::unique_ptr<Trail> trail_;        // scratch of the averaged leap
    std::vector<PhaseAccount> accounts_;  // scratch of walk()
    WalkResult result_;
};

}  // namespace ebb
