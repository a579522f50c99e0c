// SPDX-License-Identifier: Apache-2.0
#include "sim/analysis/policy_comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <string_view>

#include "models/core/error.hpp"
#include "models/store/store_model.hpp"
#include "sim/analysis/forked_map.hpp"
#include "sim/analysis/statistics.hpp"
#include "sim/device/device.hpp"
#include "sim/device/kernel.hpp"
#include "sim/device/run.hpp"

namespace ebb {

namespace {

constexpr double kTolerance = 0.1;
constexpr int kVoltages = 12;  ///< tried between turn-off and turn-on

/// The key of a policy's table that holds the voltage to tune; empty if it has none.
std::string voltage_key(const Component& component) {
    for (const char* key : {"save_at", "start_at", "margin"}) {
        for (const Row& row : component.table->rows) {
            if (row.key == key && row.dimension == Dimension::voltage) {
                return key;
            }
        }
    }
    return {};
}

/// A trial on its way from one process to another.
std::string text_of(const PolicyTrial& trial) {
    nlohmann::json json = {{"policy", trial.policy},
                           {"tuned", trial.tuned},
                           {"jobs", trial.jobs},
                           {"kept", trial.kept},
                           {"brown_outs", trial.brown_outs},
                           {"violations", trial.violations},
                           {"why_not", trial.why_not}};
    if (trial.save_at_v) {
        json["save_at_v"] = *trial.save_at_v;
    }
    if (trial.start_at_v) {
        json["start_at_v"] = *trial.start_at_v;
    }
    return json.dump();
}

PolicyTrial trial_of(const std::string& text) {
    const nlohmann::json json = nlohmann::json::parse(text);
    PolicyTrial trial;
    trial.policy = json["policy"];
    trial.tuned = json["tuned"];
    trial.jobs = json["jobs"].get<std::vector<double>>();
    trial.kept = json["kept"].get<std::vector<double>>();
    trial.brown_outs = json["brown_outs"];
    trial.violations = json["violations"];
    trial.why_not = json["why_not"];
    if (json.contains("save_at_v")) {
        trial.save_at_v = json["save_at_v"].get<double>();
    }
    if (json.contains("start_at_v")) {
        trial.start_at_v = json["start_at_v"].get<double>();
    }
    return trial;
}

/// What a scenario comes to, without where its values come from.
std::string values_of(const Scenario& scenario) {
    std::string values;
    for (std::size_t at = 0; at < scenario.resolved_yaml.size();) {
        const std::size_t end =
            std::min(scenario.resolved_yaml.find('\n', at), scenario.resolved_yaml.size());
        const std::string_view line(scenario.resolved_yaml.data() + at, end - at);
        values += line.substr(0, line.find("  # "));
        values += '\n';
        at = end + 1;
    }
    return values;
}

/// One candidate per component, and one per word where a component must be told which.
std::vector<std::string> candidates(const Registry& registry) {
    std::vector<std::string> all;
    for (const Component* component : registry.of("checkpoint")) {
        std::vector<std::string> texts = {"policy: " + component->info.name};
        for (const Row& row : component->table->rows) {
            if (row.kind != RowKind::name || row.presence != Presence::must) {
                continue;
            }
            std::vector<std::string> longer;
            for (const std::string& text : texts) {
                for (const std::string& word : row.names) {
                    longer.push_back(fmt::format("{}, {}: {}", text, row.key, word));
                }
            }
            texts = std::move(longer);
        }
        all.insert(all.end(), texts.begin(), texts.end());
    }
    return all;
}

std::string first_of(const InputError& error) {
    const Mistake& mistake = error.mistakes().front();
    return mistake.hint.empty() ? mistake.message
                                : fmt::format("{} ({})", mistake.message, mistake.hint);
}

std::vector<double> starts_of(const Scenario& scenario, std::size_t wanted) {
    const SourceParams& source = scenario.source;
    std::vector<double> starts = {source.start_s};
    if (!source.series || wanted < 2) {
        return starts;
    }
    const double length_s = static_cast<double>(source.series->duration_ns()) * 1e-9;
    // A trace that ends is read from where the whole run still fits.
    const double room_s = source.at_end == AtEnd::loop ? length_s : length_s - scenario.duration_s;
    if (!(room_s > 0.0)) {
        return starts;
    }
    starts.clear();
    for (std::size_t i = 0; i < wanted; ++i) {
        const double shift = room_s * static_cast<double>(i) / static_cast<double>(wanted);
        starts.push_back(source.at_end == AtEnd::loop ? std::fmod(source.start_s + shift, length_s)
                                                      : shift);
    }
    return starts;
}

std::string capacitance_set(double own_f, double factor) {
    return fmt::format("store.capacitance={:.17g} F", factor * own_f);
}

class Comparing {
public:
    using Read = std::function<Scenario(const std::vector<std::string>&)>;

    Comparing(const Read& read, const ComparisonOptions& options)
        : read_(read), processes_(options.processes) {
        const Scenario own = read({});
        out_.name = own.name;
        own_f_ = own.store->capacitance_f();
        on_v_ = own.mcu.turn_on_v;
        off_v_ = own.mcu.turn_off_v;
        out_.starts_s = starts_of(own, options.starts);
        for (const double factor : {1.0, 1.0 - kTolerance, 1.0 + kTolerance}) {
            if (factor == 1.0 || (options.tolerances && takes_capacitance(own, factor))) {
                out_.capacitance_factors.push_back(factor);
            }
        }
        own_values_ = values_of(own);
    }

    static constexpr const char* kAsGiven = "as in the scenario";

    /// With why_not where the device or the policy refuses.
    [[nodiscard]] PolicyTrial tried(const std::string& policy) const {
        try {
            return runs_of(policy);
        } catch (const InputError& error) {
            PolicyTrial trial;
            trial.policy = policy;
            trial.why_not = first_of(error);
            return trial;
        }
    }

    /// The own policy comes first. One without runs and without a reason is that in other words.
    void keep(PolicyTrial trial) {
        trial.own = trial.policy == kAsGiven;
        if (trial.own && !trial.why_not.empty()) {
            static_cast<void>(runs_of(kAsGiven));  // throws, with all there is to say
        }
        if (trial.why_not.empty() && trial.jobs.empty()) {
            std::string policy = std::move(trial.policy);
            trial = out_.ranked.front();
            trial.policy = std::move(policy);
            trial.own = false;
        }
        if (!trial.why_not.empty()) {
            out_.cannot.push_back(std::move(trial));
            return;
        }
        trial.mean_jobs = mean_interval(trial.jobs).mean;
        trial.mean_kept = mean_interval(trial.kept).mean;
        out_.ranked.push_back(std::move(trial));
    }

    /// Every policy that ran, once more with a voltage that was looked for.
    void tune(const Registry& registry) {
        std::vector<std::string> policies;
        for (const PolicyTrial& trial : out_.ranked) {
            if (!trial.own) {
                policies.push_back(trial.policy);
            }
        }
        const auto tuned = [&](std::size_t i) {
            const std::string& policy = policies[i];
            const std::string name = policy.substr(8, policy.find(',') - 8);  // behind "policy: "
            const Component* const component = registry.find("checkpoint", name);
            const std::string key = component != nullptr ? voltage_key(*component) : "";
            if (key.empty() || policy.find(key + ":") != std::string::npos) {
                return std::string();
            }
            const auto best = best_voltage(policy, key);
            if (!best) {
                return std::string();
            }
            PolicyTrial trial = tried(fmt::format("{}, {}: {:.4g} V", policy, key, *best));
            trial.tuned = true;
            return text_of(trial);
        };
        for (const std::string& text : forked_map(policies.size(), processes_, tuned)) {
            if (!text.empty()) {
                keep(trial_of(text));
            }
        }
    }

    PolicyComparison ranked() {
        std::vector<PolicyTrial>& all = out_.ranked;
        out_.by_kept = std::all_of(all.begin(), all.end(),
                                   [](const PolicyTrial& t) { return t.mean_jobs == 0.0; });
        const auto value = [this](const PolicyTrial& t) {
            return out_.by_kept ? t.mean_kept : t.mean_jobs;
        };
        std::stable_sort(all.begin(), all.end(), [&](const PolicyTrial& a, const PolicyTrial& b) {
            const bool wrong = a.violations > 0;
            return wrong != (b.violations > 0) ? !wrong : value(a) > value(b);
        });
        const PolicyTrial& best = all.front();
        for (std::size_t i = 0; i < all.size(); ++i) {
            PolicyTrial& trial = all[i];
            const auto& mine = out_.by_kept ? trial.kept : trial.jobs;
            const auto& its = out_.by_kept ? best.kept : best.jobs;
            std::vector<double> differences;
            for (std::size_t k = 0; k < mine.size(); ++k) {
                differences.push_back(mine[k] - its[k]);
            }
            const MeanInterval d = mean_interval(differences);
            trial.difference = d.mean;
            trial.margin = d.margin;
            const bool tie = std::fabs(d.mean) <= d.margin || d.mean == 0.0;
            trial.rank = tie && (trial.violations > 0) == (best.violations > 0) ? 1 : i + 1;
        }
        return std::move(out_);
    }

private:
    /// Without runs where the policy is the scenario's own in other words.
    [[nodiscard]] PolicyTrial runs_of(const std::string& policy) const {
        PolicyTrial trial;
        trial.policy = policy;
        std::vector<std::string> sets;
        if (policy != kAsGiven) {
            sets.push_back(fmt::format("checkpoint={{{}}}", policy));
        }
        const Scenario as_it_is = read_(sets);
        if (policy != kAsGiven && as_it_is.checkpoint->clairvoyant()) {
            trial.why_not = "knows what no device can know: a reference, not ranked";
            return trial;
        }
        if (policy != kAsGiven && values_of(as_it_is) == own_values_) {
            return trial;
        }
        look_at(as_it_is, trial);
        double brown_outs = 0.0;
        for (const double factor : out_.capacitance_factors) {
            Scenario scenario = factor == 1.0 ? as_it_is : read_(with(sets, factor));
            for (const double start : out_.starts_s) {
                scenario.source.start_s = start;
                const Result r = run(scenario, {}, nullptr);
                trial.jobs.push_back(static_cast<double>(r.work.jobs_done));
                trial.kept.push_back(r.work.forward_progress.value_or(0.0));
                brown_outs += static_cast<double>(r.power.brown_outs);
                trial.violations += r.consistency.violations;
            }
        }
        trial.brown_outs = brown_outs / static_cast<double>(trial.jobs.size());
        return trial;
    }

    /// Jobs and energy kept at every other start; nothing if a read was wrong or the device
    /// refuses.
    [[nodiscard]] std::optional<std::pair<double, double>> got_by(const std::string& policy) const {
        std::pair<double, double> got{0.0, 0.0};
        try {
            Scenario scenario = read_({fmt::format("checkpoint={{{}}}", policy)});
            for (std::size_t k = 0; k < out_.starts_s.size(); k += 2) {
                scenario.source.start_s = out_.starts_s[k];
                const Result r = run(scenario, {}, nullptr);
                got.first += static_cast<double>(r.work.jobs_done);
                got.second += r.work.forward_progress.value_or(0.0);
                if (r.consistency.violations > 0) {
                    return std::nullopt;
                }
            }
        } catch (const InputError&) {
            return std::nullopt;  // not a voltage for this device
        }
        return got;
    }

    /// Nothing if none does better than what the policy derives.
    [[nodiscard]] std::optional<double> best_voltage(const std::string& policy,
                                                     const std::string& key) const {
        std::optional<double> best;
        std::optional<std::pair<double, double>> most = got_by(policy);
        for (int i = 0; i < kVoltages; ++i) {
            const double share = static_cast<double>(key == "margin" ? i : i + 1) / (kVoltages + 1);
            const double volt = (key == "margin" ? 0.0 : off_v_) + share * (on_v_ - off_v_);
            const auto got = got_by(fmt::format("{}, {}: {:.4g} V", policy, key, volt));
            if (got && (!most || *got > *most)) {
                most = got;
                best = volt;
            }
        }
        return best;
    }

    [[nodiscard]] bool takes_capacitance(const Scenario& own, double factor) const {
        try {
            const Scenario other = read_({capacitance_set(own_f_, factor)});
            return other.store->capacitance_f() != own.store->capacitance_f();
        } catch (const InputError&) {
            return false;  // a store of another kind: its tolerance is not asked for
        }
    }

    [[nodiscard]] std::vector<std::string> with(std::vector<std::string> sets,
                                                double factor) const {
        sets.push_back(capacitance_set(own_f_, factor));
        return sets;
    }

    /// What the policy is on this device.
    static void look_at(const Scenario& scenario, PolicyTrial& trial) {
        Kernel::renew();
        const Device device(scenario, {}, nullptr);
        trial.save_at_v = scenario.checkpoint->save_at_v(device.facts());
        const std::vector<double>& start_v = device.facts().start_v;
        if (!start_v.empty()) {
            trial.start_at_v = *std::max_element(start_v.begin(), start_v.end());
        }
    }

    const Read& read_;
    const std::size_t processes_;
    std::string own_values_;
    double own_f_ = 0.0;
    double on_v_ = 0.0, off_v_ = 0.0;
    PolicyComparison out_;
};

}  // namespace

PolicyComparison compare_policies(
    const std::function<Scenario(const std::vector<std::string>&)>& read, const Registry& registry,
    const ComparisonOptions& options) {
    std::vector<std::string> policies = candidates(registry);
    policies.insert(policies.begin(), Comparing::kAsGiven);
    policies.insert(policies.end(), options.more.begin(), options.more.end());
    std::unique_ptr<Comparing> comparing;  // each process reads the scenario for itself
    const auto begin = [&]() -> Question {
        comparing = std::make_unique<Comparing>(read, options);
        return [&](std::size_t i) { return text_of(comparing->tried(policies[i])); };
    };
    for (const std::string& text : forked_map(policies.size(), options.processes, begin)) {
        comparing->keep(trial_of(text));
    }
    if (options.tune) {
        comparing->tune(registry);
    }
    return comparing->ranked();
}

}  // namespace ebb
