// SPDX-License-Identifier: Apache-2.0
#include "models/store/isolated_banks_body.hpp"

#include "models/store/withdrawal.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ebb {

namespace {

constexpr double kEven = 1e-13;     // share of the flows below which they are the same
constexpr double kFaint = 1e-6;     // [V] an empty store is left for more (energy_store.hpp)
constexpr double kMoves = 1e200;    // [V/s] a power at 0 V
constexpr double kReleased = 1e-7;  // share of the flows: a current that has just turned
constexpr double kNever = std::numeric_limits<double>::infinity();

}  // namespace

double IsolatedBanksBody::Bank::decayed(double t) const noexcept {
    if (load_a > 0.0) {
        const double gone_s = v > 0.0 ? draining().time_to(v, 0.0).value_or(kNever) : 0.0;
        return t < gone_s ? draining().advance(v, t) : 0.0;
    }
    return leak_s > 0.0 ? v * std::exp(-leak_s * t / capacitance_f) : v;
}

double IsolatedBanksBody::Bank::decay_time(double to) const noexcept {
    if (load_a > 0.0) {
        return to > 0.0 && v >= to ? draining().time_to(v, to).value_or(kNever) : kNever;
    }
    return leak_s > 0.0 && to > 0.0 ? capacitance_f / leak_s * std::log(v / to) : kNever;
}

IsolatedBanksBody::IsolatedBanksBody(const IsolatedBanksParams& params, bool witness)
    : capacitance_f_(params.capacitance_f),
      own_f_(params.capacitance_f),
      leak_s_(params.leak_ohm ? 1.0 / *params.leak_ohm : 0.0),
      drop_v_(params.drop_v),
      max_v_(params.max_v),
      initial_v_(params.initial_v),
      witness_(witness) {
    for (const IsolatedBankParams& p : params.banks) {
        Bank bank;
        bank.capacitance_f = p.capacitance_f;
        bank.leak_s = p.leak_ohm ? 1.0 / *p.leak_ohm : 0.0;
        bank.charge_v = p.charge_v;
        bank.stop_v = p.stop_v;
        bank.initial_v = p.initial_v.value_or(0.0);
        banks_.push_back(bank);
    }
    restart();
}

double IsolatedBanksBody::join() {
    const Joined after = joined_by(hung_.capacitance_f, own_f_, y_);
    take_on(true);
    y_ = after.v;
    return after.heat_j + share();
}

double IsolatedBanksBody::part() {
    take_on(false);
    return 0.5 * hung_.capacitance_f * y_ * y_;
}

void IsolatedBanksBody::restart() {
    take_on(hung_.joined);
    y_ = initial_v_;
    for (Bank& bank : banks_) {
        bank.v = bank.initial_v;
        bank.closed = false;
        bank.allowed = false;
        bank.diode = Diode::blocks;
        bank.released = false;
    }
}

double IsolatedBanksBody::stored_j() const {
    double joules = 0.5 * capacitance_f_ * y_ * y_;
    for (const Bank& bank : banks_) {
        joules += 0.5 * bank.capacitance_f * bank.v * bank.v;
    }
    return joules;
}

double IsolatedBanksBody::sign(Diode diode) const noexcept {
    return diode == Diode::feeds ? 1.0 : diode == Diode::charges ? -1.0 : 0.0;
}

/// Voltage that the charging switch of a bank looks at.
double IsolatedBanksBody::before(std::size_t k, double y, const Path& banks) const noexcept {
    return k == 0 ? y : banks[k - 1].v;
}

/// How far a blocked bank is from conducting [V].
double IsolatedBanksBody::gap(const Bank& bank, double y, double v, Diode towards) const noexcept {
    if (towards == Diode::feeds) {
        return federated_ ? kNever : y + drop_v_ - v;
    }
    return bank.allowed ? v + drop_v_ - y : kNever;
}

bool IsolatedBanksBody::meets(const Bank& bank, Diode towards) const noexcept {
    return std::fabs(gap(bank, y_, bank.v, towards)) <= kDiodeTouches * (y_ + bank.v + drop_v_);
}

/// Which diodes conduct at this instant, the node being free.
IsolatedBanksBody::Pattern IsolatedBanksBody::pattern(const NodeElements& node) const {
    Pattern now;
    now.diodes.assign(banks_.size(), Diode::blocks);
    now.total_f = capacitance_f_;
    now.leak.c_s = leak_s_;
    const bool singular = y_ <= 0.0 && node.net.a_w != 0.0;
    const double into_a = singular ? 0.0 : node.current(y_) - leak_s_ * y_;
    double gross_a = singular ? 0.0 : node.gross_current(y_) + leak_s_ * y_;
    std::vector<Diode> touching(banks_.size(), Diode::blocks);
    for (std::size_t k = 0; k < banks_.size() && !singular; ++k) {
        for (const Diode towards : {Diode::feeds, Diode::charges}) {
            if (meets(banks_[k], towards)) {
                touching[k] = towards;
                gross_a += banks_[k].drained_a(banks_[k].v);
            }
        }
    }
    // What is left for the buffer at a rate: it falls with the rate, so its sign where a bank would
    // just begin to conduct says whether that one does.
    const auto left_a = [&](double rate) {
        double i = into_a - capacitance_f_ * rate;
        for (std::size_t k = 0; k < banks_.size(); ++k) {
            const double out = -(banks_[k].capacitance_f * rate + banks_[k].drained_a(banks_[k].v));
            i += touching[k] == Diode::feeds     ? std::max(out, 0.0)
                 : touching[k] == Diode::charges ? std::min(out, 0.0)
                                                 : 0.0;
        }
        return i;
    };
    double current = into_a;
    for (std::size_t k = 0; k < banks_.size(); ++k) {
        const Bank& bank = banks_[k];
        if (touching[k] == Diode::blocks) {
            continue;
        }
        const double i = left_a(-bank.drained_a(bank.v) / bank.capacitance_f);
        const double even = (bank.released ? kReleased : kEven) * gross_a;
        if (touching[k] == Diode::feeds ? i < -even : i > even) {
            const double s = sign(touching[k]);
            now.diodes[k] = touching[k];
            now.total_f += bank.capacitance_f;
            now.leak = now.leak + Terms{bank.leak_s * drop_v_ * drop_v_,
                                        2.0 * s * bank.leak_s * drop_v_, bank.leak_s};
            now.offset =
                now.offset + Terms{0.0, -s * bank.leak_s * drop_v_ - bank.load_a, -bank.leak_s};
            current -= bank.drained_a(bank.v);
        }
    }
    now.offset.c_s -= leak_s_;
    now.rate = singular                                ? (node.net.a_w > 0.0 ? kMoves : -kMoves)
               : std::fabs(current) <= kEven * gross_a ? 0.0
                                                       : current / now.total_f;
    return now;
}

double IsolatedBanksBody::free_terminal(const NodeElements& /*node*/, bool& collapsed) const {
    collapsed = false;
    return y_;
}

double IsolatedBanksBody::terminal_rate(const NodeElements& node, double /*pushed_a_per_s*/,
                                        bool /*at_clip*/) const {
    return pattern(node).rate;
}

bool IsolatedBanksBody::rests(const NodeElements& node, double x_slope) const {
    if (y_ > 0.0) {
        return false;
    }
    if (node.out.power_w != 0.0) {
        return true;  // a power through a drop-out finds nothing at 0 V
    }
    const double at = node.gross.a_w != 0.0 ? kFaint : 0.0;
    const double off = node.current(at) - leak_s_ * at;
    const double even = kEven * (node.gross_current(at) + leak_s_ * at);
    return std::fabs(off) <= even ? x_slope <= 0.0 : off < 0.0;
}

/// At a held node a bank that is charged takes what leaves it.
double IsolatedBanksBody::taken_w(const Piece& /*piece*/, double /*x*/) const {
    double taken = leak_s_ * y_ * y_;
    for (const Bank& bank : banks_) {
        taken += meets(bank, Diode::charges) ? y_ * bank.drained_a(bank.v) : 0.0;
    }
    return taken;
}

bool IsolatedBanksBody::switch_by_rules() {
    bool switched = false;
    for (std::size_t k = 0; k < banks_.size(); ++k) {
        const double v = before(k, y_, banks_);
        Bank& bank = banks_[k];
        const bool closes = !bank.closed && v >= bank.charge_v * (1.0 - kDiodeTouches);
        const bool opens = bank.closed && v <= bank.stop_v * (1.0 + kDiodeTouches);
        bank.closed = closes || (bank.closed && !opens);
        switched = switched || closes || opens;
    }
    allow();
    return switched;
}

/// Moves charge at once until no diode sees more than its drop. Returns what is lost [J].
double IsolatedBanksBody::share_charge() {
    const auto driven = [this](double y, const Bank& bank) {
        return y + drop_v_ < bank.v                  ? y + drop_v_
               : bank.closed && y - drop_v_ > bank.v ? y - drop_v_
                                                     : bank.v;
    };
    const auto surplus_c = [&](double y) {
        double charge = capacitance_f_ * (y - y_);
        for (const Bank& bank : banks_) {
            charge += bank.capacitance_f * (driven(y, bank) - bank.v);
        }
        return charge;
    };
    double total_f = capacitance_f_;
    double charge = 0.0;
    for (const Bank& bank : banks_) {
        if (surplus_c(bank.v - drop_v_) > 0.0) {  // the node ends below: the bank feeds it
            total_f += bank.capacitance_f;
            charge += bank.capacitance_f * (bank.v - drop_v_ - y_);
        } else if (bank.closed && surplus_c(bank.v + drop_v_) < 0.0) {
            total_f += bank.capacitance_f;
            charge += bank.capacitance_f * (bank.v + drop_v_ - y_);
        }
    }
    const double y = y_ + charge / total_f;
    double lost = 0.5 * capacitance_f_ * (y - y_) * (y - y_);
    for (Bank& bank : banks_) {
        const double off = driven(y, bank) - bank.v;
        lost += bank.capacitance_f * (0.5 * off * off + drop_v_ * std::fabs(off));
        bank.v += off;
    }
    y_ = y;
    return lost;
}

/// Puts the banks that conduct exactly a drop from the node: a matter of the last digits, with the
/// charge kept.
void IsolatedBanksBody::align(const Pattern& pattern) {
    double charge = 0.0;
    for (std::size_t k = 0; k < banks_.size(); ++k) {
        Bank& bank = banks_[k];
        bank.diode = pattern.diodes[k];
        if (bank.diode != Diode::blocks) {
            charge += bank.capacitance_f * (bank.v - sign(bank.diode) * drop_v_ - y_);
            bank.released = false;
        } else if (!meets(bank, Diode::feeds) && !meets(bank, Diode::charges)) {
            bank.released = false;
        }
    }
    y_ += charge / pattern.total_f;
    for (Bank& bank : banks_) {
        bank.v = bank.diode != Diode::blocks ? y_ + sign(bank.diode) * drop_v_ : bank.v;
    }
}

/// The state after t, the node at y.
void IsolatedBanksBody::move_to(double y, double t) {
    y_ = y;
    for (Bank& bank : banks_) {
        bank.v = bank.diode != Diode::blocks ? y + sign(bank.diode) * drop_v_ : bank.decayed(t);
    }
}

void IsolatedBanksBody::book_banks(const Path& from, double y0, double t, PieceEnd& out) const {
    Flows& flows = out.flows;
    for (const Bank& bank : from) {
        if (bank.load_a > 0.0) {
            book_drained(bank, t, out);
        } else if (bank.diode == Diode::blocks && bank.leak_s > 0.0) {
            flows[kFlowLeak] -= 0.5 * bank.capacitance_f * bank.v * bank.v *
                                std::expm1(-2.0 * bank.leak_s * t / bank.capacitance_f);
        }
        if (bank.diode == Diode::blocks) {
            continue;
        }
        const double s = sign(bank.diode);
        const double charge =
            -s * (bank.capacitance_f * (y_ - y0) + bank.leak_s * (flows[kFlowY] + s * drop_v_ * t) +
                  bank.load_a * t);
        flows[kFlowSwitch] += drop_v_ * charge;
    }
}

/// Held at the clip or at 0 V: every flow at the node is affine in the supply's value, which is at
/// most a parabola in time. Simpson's rule is exact; the end by halving, or as a bank comes to
/// trickle.
PieceEnd IsolatedBanksBody::stand(const Piece& piece, double horizon_s) {
    PieceEnd end;
    end.t_s = horizon_s;
    for (std::size_t k = 0; k < banks_.size(); ++k) {
        Bank& bank = banks_[k];
        bank.diode = piece.hold == Hold::clip && meets(bank, Diode::charges) ? Diode::charges
                                                                             : Diode::blocks;
        bank.released = false;
        if (bank.diode != Diode::blocks) {
            bank.v = y_ - drop_v_;
            continue;
        }
        end.t_s = std::min(end.t_s, bank.allowed ? bank.decay_time(y_ - drop_v_) : kNever);
        end.t_s = std::min(end.t_s, bank.in_use ? bank.decay_time(bank.terminal->empty_v) : kNever);
        if (k + 1 < banks_.size() && banks_[k + 1].closed) {
            end.t_s = std::min(end.t_s, bank.decay_time(banks_[k + 1].stop_v));
        }
    }
    const double taken = taken_w(piece, 0.0);
    if (piece.line.moves()) {
        const auto lasts = [&](double t) {
            const NodeElements node = piece.elements(piece.line.at(t));
            return piece.hold == Hold::floor ? rests(node, piece.line.slope(t))
                                             : node.power(y_) - taken >= 0.0;
        };
        double last = end.t_s;
        const double turn = -piece.line.raw / piece.line.per_s;  // where a parabola is lowest
        if (piece.line.exponent == 2 && turn > 0.0 && turn < last && !lasts(turn)) {
            last = turn;
        }
        if (!lasts(last)) {
            double first = 0.0;
            for (double middle = 0.5 * last; middle > first && middle < last;
                 middle = 0.5 * (first + last)) {
                (lasts(middle) ? first : last) = middle;
            }
            end.happened = true;
            end.event = piece.hold == Hold::clip ? NodeEvent::clip : NodeEvent::floor;
            end.t_s = std::min(std::max(last, 2e-15), end.t_s);  // a shorter one moves no clock
        }
    }
    const double t = end.t_s;
    if (piece.hold == Hold::clip) {
        for (const auto& [at, weight] :
             {std::pair{0.0, t / 6.0}, std::pair{0.5 * t, t / 1.5}, std::pair{t, t / 6.0}}) {
            Flows flow{};
            piece.flows_at(piece.line.at(at), y_, taken, flow);
            for (std::size_t i = 0; i < kFlows; ++i) {
                end.flows[i] += weight * flow[i];
            }
        }
    }
    end.flows[kFlowLeak] = leak_s_ * y_ * y_ * t;
    for (const Bank& bank : banks_) {
        end.flows[kFlowLeak] +=
            bank.diode != Diode::blocks ? bank.leak_s * bank.v * bank.v * t : 0.0;
    }
    book_banks(banks_, y_, t, end);
    move_to(y_, t);
    return end;
}

PieceEnd IsolatedBanksBody::follow(const Piece& piece, double horizon_s) {
    if (piece.hold != Hold::free) {
        y_ = piece.held_v();
    }
    const bool switched = switch_by_rules();
    const auto overdriven = [this](const Bank& bank) {
        return std::min(gap(bank, y_, bank.v, Diode::feeds),
                        gap(bank, y_, bank.v, Diode::charges)) <
               -kDiodeTouches * (y_ + bank.v + drop_v_);
    };
    if (switched || std::any_of(banks_.begin(), banks_.end(), overdriven)) {
        PieceEnd jump;  // takes no time; the node is another one afterwards
        jump.flows[kFlowSwitch] = share();
        return jump;
    }
    if (piece.hold != Hold::free) {
        return stand(piece, horizon_s);
    }
    const NodeElements node = piece.elements(piece.line.at(0.0));
    const Pattern now = pattern(node);
    align(now);
    if (witness_ || piece.line.moves() || node.rational()) {
        return integrate(piece, now, horizon_s);
    }
    return follow_quadratic(piece, now, node.net, horizon_s);
}

}  // namespace ebb
