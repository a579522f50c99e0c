// SPDX-License-Identifier: Apache-2.0
#include "sim/network/network_report.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace ebb {

namespace {

using Json = nlohmann::ordered_json;

Json summary_json(const NetworkSummary& s) {
    return {{"name", s.name},
            {"layers", s.layers},
            {"macs", s.macs},
            {"params", s.params},
            {"weight_bytes", s.weight_bytes},
            {"in_out_bytes", s.in_out_bytes},
            {"element_bytes", s.element_bytes},
            {"origin", s.origin},
            {"source", s.source}};
}

Json optional(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json id_of(const NetworkReport& r, const std::optional<std::size_t>& layer) {
    return layer ? Json(r.graph.layer(*layer).id) : Json("input");
}

Json errors_json(const EstimateErrors& errors) {
    const auto range = [](const std::optional<ErrorRange>& e) {
        return e ? Json{{"low", e->low}, {"high", e->high}} : Json(nullptr);
    };
    return {{"latency", range(errors.latency)}, {"energy", range(errors.energy)}};
}

Json from_json(const Layer& layer) {
    Json from = Json::array();
    for (const int id : layer.from) {
        from.push_back(id < 0 ? Json("input") : Json(id));
    }
    return from;
}

Json layer_json(const Layer& l, const StepMemory& step) {
    Json out = {{"id", l.id},
                {"name", l.name},
                {"op", l.op_text},
                {"from", from_json(l)},
                {"in", {l.in.h, l.in.w, l.in.c}},
                {"out", {l.out.h, l.out.w, l.out.c}},
                {"kernel", {l.kernel_h, l.kernel_w}},
                {"stride", {l.stride_h, l.stride_w}},
                {"macs", l.macs},
                {"params", l.params},
                {"weight_bytes", l.weight_bytes},
                {"in_bytes", step.in_bytes},
                {"out_bytes", step.out_bytes},
                {"live_bytes", step.live_bytes}};
    if (l.plan) {
        const auto& p = *l.plan;
        out["plan"] = {{"tile_r", p.r},
                       {"tile_c", p.c},
                       {"tile_m", p.m},
                       {"tile_n", p.n},
                       {"reuse", p.reuse == Reuse::input    ? "I"
                                 : p.reuse == Reuse::weight ? "W"
                                                            : "O"},
                       {"batch", p.batch}};
    }
    if (l.nonzero_weights) {
        out["nonzero_weights"] = *l.nonzero_weights;
    }
    if (!l.nonzero_per_filter.empty()) {
        out["nonzero_per_filter"] = l.nonzero_per_filter;
    }
    if (!l.cycles.empty()) {
        out["cycles"] = l.cycles;
    }
    if (l.exit_accuracy) {
        out["exit_accuracy"] = *l.exit_accuracy;
    }
    if (l.repeat != Repeat::once) {
        out["repeat"] = l.repeat == Repeat::element ? "element" : "level";
    }
    if (!l.variant.empty()) {
        out["variant"] = l.variant;
    }
    return out;
}

Json quote_json(const NetworkReport& r, const NetworkQuote& q) {
    Json layers = Json::array();
    for (std::size_t i = 0; i < q.layers.size(); ++i) {
        layers.push_back({{"id", r.graph.layer(i).id},
                          {"latency_s", q.layers[i].latency_s},
                          {"energy_j", optional(q.layers[i].energy_j)}});
    }
    return {{"platform", q.platform},
            {"core", q.core},
            {"variant", q.variant},
            {"method", q.method},
            {"total", q.total},
            {"clock_hz", q.clock_hz},
            {"latency_s", q.latency_s},
            {"energy_j", optional(q.energy_j)},
            {"errors",
             {{"left_out", errors_json(q.left_out)},
              {"other_point", errors_json(q.other_point)},
              {"uncertain", errors_json(q.uncertain)}}},
            {"notes", q.notes},
            {"layers", std::move(layers)}};
}

}  // namespace

std::string network_list_json(const std::vector<NetworkSummary>& networks) {
    Json all = Json::array();
    for (const NetworkSummary& s : networks) {
        all.push_back(summary_json(s));
    }
    return all.dump(2) + "\n";
}

std::string network_report_json(const NetworkReport& r) {
    Json out = summary_json(r.summary);
    const auto peak = [&](const MemoryPeak& p) {
        return Json{{"bytes", p.bytes}, {"layer", r.graph.layer(p.layer).id}};
    };
    out["memory"] = {
        {"in_out", peak(r.in_out)}, {"live", peak(r.live)}, {"arena_bytes", r.arena_bytes}};
    out["forks"] = Json::array();
    for (const Fork& fork : r.forks) {
        Json readers = Json::array();
        for (const std::size_t reader : fork.readers) {
            readers.push_back(r.graph.layer(reader).id);
        }
        out["forks"].push_back({{"from", id_of(r, fork.from)},
                                {"readers", std::move(readers)},
                                {"join", fork.join ? id_of(r, fork.join) : Json(nullptr)}});
    }
    out["skips"] = Json::array();
    for (const Skip& skip : r.skips) {
        out["skips"].push_back({{"from", id_of(r, skip.from)},
                                {"to", r.graph.layer(skip.to).id},
                                {"over", skip.over}});
    }
    out["exits"] = Json::array();
    for (const Exit& exit : r.exits) {
        Json layers = Json::array();
        for (const std::size_t layer : exit.layers) {
            layers.push_back(r.graph.layer(layer).id);
        }
        out["exits"].push_back({{"layer", r.graph.layer(exit.end).id},
                                {"accuracy", optional(exit.accuracy)},
                                {"runs", std::move(layers)}});
    }
    Json table = Json::array();
    for (const StepMemory& step : r.steps) {
        table.push_back(layer_json(r.graph.layer(step.layer), step));
    }
    out["table"] = std::move(table);
    out["cuts"] = Json::array();
    for (const Cut& cut : cuts_between(r.graph)) {
        out["cuts"].push_back(
            {{"after", r.graph.layer(r.graph.order()[cut.after]).id}, {"bytes", cut.bytes}});
    }
    out["costs"] = Json::array();
    for (const NetworkQuote& q : r.quotes.quotes) {
        out["costs"].push_back(quote_json(r, q));
    }
    out["not_priced"] = Json::array();
    for (const NetworkRefusal& refusal : r.quotes.refusals) {
        out["not_priced"].push_back({{"platform", refusal.platform}, {"why", refusal.why}});
    }
    return out.dump(2) + "\n";
}

}  // namespace ebb
