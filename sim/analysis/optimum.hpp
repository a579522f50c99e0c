// SPDX-License-Identifier: Apache-2.0
/// A device with some keys open, as a function from numbers to what its runs achieve.
///
/// A place is one number per open key: a quantity in SI (its logarithm where the range spans a
/// factor of ten), or the number of a listed value. Real ones are rounded to four significant
/// digits first, so that a place reads well and near ones are the same. Every place is judged by
/// the mean over the same starts (starts.hpp); one whose condition misses in more than the allowed
/// share of them, that has no value in a run or cannot be run at all, is behind all others.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/core/quantity.hpp"
#include "sim/analysis/goal.hpp"
#include "sim/analysis/result_formula.hpp"
#include "sim/analysis/starts.hpp"
#include "sim/analysis/statistics.hpp"

namespace ebb {

/// "store.capacitance=10 uF..1 mF" or "checkpoint={policy: jit}|{policy: none}".
struct OpenKey {
    std::string path;
    double low = 0.0, high = 0.0;
    Dimension dimension = Dimension::number;
    std::vector<std::string> words;  ///< listed values; empty: a range

    [[nodiscard]] bool listed() const { return !words.empty(); }
    [[nodiscard]] bool logarithmic() const { return low > 0.0 && high >= 10.0 * low; }
};

/// Throws InputError for what is neither a range nor a list.
[[nodiscard]] OpenKey open_key(const std::string& text);

struct Aim {
    std::string text;
    bool maximise = false;
};

struct TriedDevice {
    std::vector<std::string> settings;  ///< "store.capacitance=47 uF", in the order of the keys
    std::vector<MeanInterval> values;   ///< per aim
    std::size_t runs = 0, misses = 0;
    bool allowed = false;  ///< ran, has all values, and the condition holds
    std::string why_not;   ///< what kept it from running
};

class Optimum {
public:
    using Read = std::function<Scenario(const std::vector<std::string>&)>;

    /// Throws InputError for a result that no run of this scenario has. An empty `condition` is
    /// none.
    Optimum(Read read, std::vector<OpenKey> keys, const std::vector<Aim>& aims,
            const std::string& condition, double share, std::size_t starts);

    [[nodiscard]] std::size_t starts() const noexcept { return starts_; }
    /// All aims, to be made small; 1e30 and more for what is not allowed.
    [[nodiscard]] std::vector<double> fitness(const std::vector<double>& x);
    /// By starts that no place was judged by.
    [[nodiscard]] TriedDevice fresh(const TriedDevice& device) const;
    /// Everything that was judged, in the order of judging.
    [[nodiscard]] const std::vector<TriedDevice>& tried() const noexcept { return tried_; }
    /// The best allowed place; of several aims the places that none dominates.
    [[nodiscard]] std::vector<TriedDevice> best() const;

private:
    [[nodiscard]] std::vector<std::string> settings_of(const std::vector<double>& x) const;
    [[nodiscard]] TriedDevice judged(std::vector<std::string> settings, std::size_t from) const;
    [[nodiscard]] std::vector<double> to_make_small(const TriedDevice& device) const;

    Read read_;
    std::vector<OpenKey> keys_;
    std::vector<Aim> aims_;
    Scenario own_;
    Starts where_;
    std::vector<ResultFormula> formulas_;
    std::optional<Goal> condition_;
    double share_;
    std::size_t starts_;
    std::vector<TriedDevice> tried_;
    std::map<std::vector<std::string>, std::size_t> known_;
};

}  // namespace ebb
