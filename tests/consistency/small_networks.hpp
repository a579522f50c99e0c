// SPDX-License-Identifier: Apache-2.0
/// Networks small enough to fail at every word of them, in 16 bits, and the policies that run them:
/// program, journal and snapshot are what the policy's own room says.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "models/checkpoint/checkpoint_policy.hpp"
#include "models/consistency/failure_search.hpp"
#include "models/workload/commit_borders.hpp"
#include "models/workload/lower.hpp"
#include "sim/scenario/network_reader.hpp"
#include "sim/scenario/platform_reader.hpp"
#include "tests/support/scenarios.hpp"

namespace ebb::test {

struct SmallNetwork {
    std::string name;
    std::string rows;
    bool sparse = false;    ///< for the runtimes that know sparse layers
    bool branches = false;  ///< adds two tensors: for tiles only
};

inline const std::string kSmallHead =
    "id,name,op,from,in_h,in_w,in_c,out_h,out_w,out_c,kernel_h,kernel_w,stride,stride_w,macs,"
    "params,"
    "weight_bytes,input_bytes,output_bytes,nonzero_weights,dense_weights,tile_r,tile_c,tile_m,tile_"
    "n,"
    "reuse,batch\n";

/// Six networks: odd and even numbers of filter elements (the last pass writes the output, or a
/// copy does), sums over input channels, pooling, sparse layers, a skip connection.
inline const std::vector<SmallNetwork>& small_networks() {
    static const std::vector<SmallNetwork> kAll = {
        {"odd filter",
         "0,conv,CONV,input,4,4,2,2,2,2,3,3,1,1,144,36,72,64,16,,,1,2,2,1,O,1\n"
         "1,fc,FC,0,1,1,8,1,1,3,1,1,1,1,24,24,48,16,6,,,1,1,3,8,O,1\n"},
        {"even filter",
         "0,conv,CONV,input,4,4,1,3,3,2,2,2,1,1,72,8,16,32,36,,,3,1,2,1,O,1\n"
         "1,relu,RELU,0,3,3,2,3,3,2,1,1,1,1,0,0,0,36,36,,,1,3,2,2,O,1\n"
         "2,conv2,CONV,1,3,3,2,2,2,1,2,2,1,1,32,8,16,36,8,,,2,1,1,1,O,1\n"},
        {"channels",
         "0,wide,CONV,input,2,2,5,2,2,2,1,1,1,1,40,10,20,40,16,,,1,1,2,2,O,1\n"
         "1,deep,CONV,0,2,2,2,1,1,3,2,2,1,1,24,24,48,16,6,,,1,1,1,1,I,1\n"},
        {"pooled",
         "0,conv,CONV,input,5,5,1,4,4,1,2,2,1,1,64,4,8,50,32,,,2,2,1,1,O,1\n"
         "1,pool,MAXPOOL,0,4,4,1,2,2,1,2,2,2,2,0,0,0,32,8,,,2,2,1,1,O,1\n"
         "2,fc,FC,1,1,1,4,1,1,4,1,1,1,1,16,16,32,8,8,,,1,1,2,2,O,1\n"},
        {"sparse",
         "0,spfc,SPFC,input,1,1,9,1,1,4,1,1,1,1,10,10,20,18,8,10,36,,,,,,\n"
         "1,fc,FC,0,1,1,4,1,1,2,1,1,1,1,8,8,16,8,4,,,,,,,,\n",
         true, false},
        {"skip",
         "0,conv,CONV,input,3,3,2,3,3,2,1,1,1,1,36,4,8,36,36,,,3,1,2,1,O,1\n"
         "1,conv1,CONV,0,3,3,2,3,3,2,1,1,1,1,36,4,8,36,36,,,1,3,1,1,I,1\n"
         "2,add,ADD,1;0,3,3,2,3,3,2,1,1,1,1,0,0,0,36,36,,,3,3,2,2,O,1\n",
         false, true},
    };
    return kAll;
}

/// A policy as scenarios give it, and what can be said of any network that it runs.
struct PolicyLine {
    std::string name;
    std::string checkpoint;   ///< the block of a scenario
    bool on_words = false;    ///< needs the word-wise platform; the others run tiles
    bool sparse = false;      ///< its runtime knows sparse layers
    bool branches = true;     ///< it knows networks that are no chain
    std::string device = {};  ///< what it asks of the device beyond the common one
};

inline const std::vector<PolicyLine>& policy_lines() {
    static const std::string kBanks =
        "store: {type: banks, capacitance: 100 uF, initial: 0 V, max: 3.6 V, latch_energy: 1 uJ, "
        "banks: [{name: b, capacitance: 1 mF}], modes: [{name: all, banks: b}]}\n";
    static const std::string kNvp =
        ", clock: 8 kHz, backup_energy: 1 nJ, backup_cycles: 1, restore_energy: 1 nJ, "
        "restore_cycles: 1";
    static const std::vector<PolicyLine> kAll = {
        {"sonic", "policy: sonic", true, true, false},
        {"tails", "policy: tails, tile: 2", true, false, false},
        {"alpaca", "policy: alpaca, task: 3", true, false, false},
        {"hawaii", "policy: hawaii", true},
        {"inas", "policy: inas"},
        {"japari", "policy: japari"},
        {"none", "policy: none"},
        {"commit unit", "policy: commit, granularity: unit"},
        {"commit tile", "policy: commit, granularity: tile"},
        {"commit layer", "policy: commit, granularity: layer"},
        {"rockclimb", "policy: rockclimb"},
        {"samoyed", "policy: samoyed"},
        {"debs", "policy: debs"},
        {"optic", "policy: optic"},
        {"dewdrop", "policy: dewdrop, highest: 3.5 V"},
        {"capybara", "policy: capybara, full: 3.4 V", false, false, true, kBanks},
        {"jit", "policy: jit"},
        {"hibernus", "policy: hibernus, ram: 2 KiB"},
        {"hibernus_pp", "policy: hibernus_pp, ram: 2 KiB"},
        {"quickrecall", "policy: quickrecall"},
        {"allocated_state", "policy: allocated_state"},
        {"managed_state", "policy: managed_state"},
        {"mementos", "policy: mementos"},
        {"jit_continue", "policy: jit_continue, save_at: 2.5 V, period: 20 ms"},
        {"nvp_bec", "policy: nvp_bec" + kNvp},
        {"nvp_odab", "policy: nvp_odab" + kNvp + ", instruction_energy: 1 nJ"},
        {"clairvoyant", "policy: clairvoyant"},
        {"periodic", "policy: periodic, period: 1 ms"},
        {"clank", "policy: clank, violations: 0.001, clock: 1 MHz"},
        {"ratchet", "policy: ratchet, section: 1000, clock: 1 MHz"},
        {"chinchilla", "policy: chinchilla, timer: 1000, clock: 1 MHz"},
    };
    return kAll;
}

inline std::shared_ptr<const CheckpointPolicy> policy_of(const PolicyLine& line) {
    const std::string store =
        line.device.empty()
            ? "store: {type: capacitor, capacitance: 100 uF, initial: 0 V, max: 3.6 V}\n"
            : line.device;
    return scenario_of(
               "name: t\nduration: 1 s\n"
               "source: {model: {type: constant_power, power: 1 mW}}\n" +
               store +
               "mcu: {turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered, off_current: 0 A, "
               "registers: 80 B, boot: {time: 1 ms, charge: 1 uC}, active: {current: 1 mA}, "
               "sleep: {current: 1 uA, wake: 0 s}}\n"
               "nvm: {part: msp430fr599x_fram}\n"
               "workload: {tasks: [{name: t, time: 1 ms}]}\n"
               "checkpoint: {" +
               line.checkpoint + "}\n")
        .checkpoint;
}

/// A policy of a small network: its program without bookkeeping, ready to fail.
struct SmallCase {
    std::string policy;
    std::shared_ptr<const Program> full;  ///< with it, as the engine prices it
    std::shared_ptr<const Program> program;
    std::shared_ptr<const ProgramAccesses> accesses;
    std::shared_ptr<const Journal> journal;
    WordMachine::Options machine = {};
    /// Of a policy whose trigger saves in time: before each failure. One that works on behind its
    /// snapshots has them at borders (machine.snapshot_every) and nothing here.
    SavedAtFailure saved = SavedAtFailure::nothing;
    bool in_sram = false;
    [[nodiscard]] FailurePlan plan() const {
        FailurePlan p;
        p.saved = saved;
        p.machine = machine;
        return p;
    }
};

inline std::shared_ptr<const Platform> small_platform(const std::string& name) {
    return read_platform(name, "", std::string(EBB_SOURCE_DIR) + "/models/workload/platforms", {});
}

/// Data in SRAM, as a program without non-volatile memory of its own keeps them.
inline Program in_sram(Program program) {
    std::int64_t bytes = 0;
    for (Buffer& buffer : program.buffers) {
        buffer.space = buffer.role == BufferRole::weight ? buffer.space : Space::sram;
        bytes += buffer.space == Space::sram ? buffer.bytes * buffer.slots : 0;
    }
    program.volatile_bytes = bytes;
    return program;
}

inline PolicyFacts small_facts(const Program& program) {
    PolicyFacts facts;
    facts.register_bytes = 80;
    facts.volatile_bytes = program.volatile_bytes;
    facts.turn_on_v = 3.0;
    facts.turn_off_v = 1.8;
    facts.capacitance_f = 1e-4;
    return facts;
}

/// False if the policy says of itself that it cannot keep that program's data.
inline bool accepts(const CheckpointPolicy& policy, const Program& program) {
    try {
        policy.check(small_facts(program));
        return true;
    } catch (const InputError&) {
        return false;
    }
}

/// The stores of its snapshots, and when it saves.
inline void add_snapshots(SmallCase& c, const CheckpointPolicy& policy) {
    const PolicyFacts facts = small_facts(*c.program);
    c.machine.register_b = facts.register_bytes;
    if (policy.keeps_every_s() > 0.0) {  // a backup behind each instruction, by the hardware
        c.machine.snapshot = {NvOp{NvOpKind::write, "flip-flops", -1, 0, 0}};
        c.saved = SavedAtFailure::whole;
    } else if (policy.snapshots()) {
        c.machine.snapshot = policy.protocol(facts).snapshot;
        if (policy.save_rules(facts).sleeps_behind) {
            c.saved = SavedAtFailure::whole;
        } else {
            c.machine.snapshot_every = 3;
        }
    }
}

inline SmallCase small_case(std::string name, Program program, const CheckpointPolicy& policy,
                            bool sram = false) {
    policy.rework(program);
    add_commits(program, policy.commits());
    SmallCase c;
    c.policy = std::move(name);
    c.in_sram = sram;
    c.full =
        std::make_shared<const Program>(sram ? in_sram(std::move(program)) : std::move(program));
    c.program = std::make_shared<const Program>(without_bookkeeping(*c.full));
    c.accesses = std::make_shared<const ProgramAccesses>(*c.program);
    c.journal = policy.journal();
    add_snapshots(c, policy);
    return c;
}

/// Of policies that save: the same stores in the same slots, as far as a small program fills them.
inline bool same_snapshots(const WordMachine::Options& a, const WordMachine::Options& b) {
    const auto same = [](const NvOp& x, const NvOp& y) {
        return x.slot == y.slot && x.header == y.header && (x.len == 0) == (y.len == 0);
    };
    return a.snapshot_every == b.snapshot_every &&
           std::equal(a.snapshot.begin(), a.snapshot.end(), b.snapshot.begin(), b.snapshot.end(),
                      same);
}

inline bool same_operations(const std::vector<MachineOp>& a, const std::vector<MachineOp>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const MachineOp& x, const MachineOp& y) {
                          return x.kind == y.kind && x.what == y.what;
                      });
}

/// Every policy that can run the network and whose words are known. Policies that save are there
/// twice, with data in non-volatile memory and in SRAM.
inline std::vector<SmallCase> small_cases(const SmallNetwork& small) {
    const Network network = parse_network(kSmallHead + small.rows, small.name, small.name + ".csv");
    std::vector<SmallCase> all;
    const auto words = small_platform("msp430fr5994_lea_intfram_estimate");
    const auto tiles = small_platform("msp430fr5994_extfram_tinas");
    std::vector<std::optional<TilePlan>> plans;
    for (const Layer& layer : network.layers) {
        plans.push_back(layer.plan);
    }
    const Lowering on_words{network, *words, "", nvm_of(*words->operations), plans, 0.0};
    const Lowering on_tiles{network, *tiles, "", nvm_of(*tiles->operations), plans, 0.0};
    for (const PolicyLine& line : policy_lines()) {
        if ((small.sparse && !line.sparse) || (small.branches && !line.branches)) {
            continue;
        }
        const auto policy = policy_of(line);
        if (policy->policy_class() == PolicyClass::parametric) {
            continue;
        }
        Program program = policy->lower(line.on_words ? on_words : on_tiles);
        if (policy->policy_class() == PolicyClass::jit && accepts(*policy, in_sram(program))) {
            all.push_back(small_case(line.name + ", data in SRAM", program, *policy, true));
        }
        all.push_back(small_case(line.name, std::move(program), *policy));
    }
    return all;
}

/// The same stores in the same order as an earlier case: what guards differ in is no store.
inline bool same_stores(const SmallCase& a, const SmallCase& b) {
    if (a.in_sram != b.in_sram || a.saved != b.saved || !same_snapshots(a.machine, b.machine) ||
        a.accesses->steps() != b.accesses->steps()) {
        return false;
    }
    const WordMachine x(*a.accesses, *a.journal, a.machine);
    const WordMachine y(*b.accesses, *b.journal, b.machine);
    for (std::size_t step = 0; step < a.accesses->steps(); ++step) {
        const std::size_t leaves = a.accesses->index(step).leaves().size();
        if (leaves != b.accesses->index(step).leaves().size() ||
            a.accesses->index(step).length() != b.accesses->index(step).length()) {
            return false;
        }
        for (std::size_t leaf = 0; leaf < leaves; ++leaf) {
            if (!same_operations(x.script(step, leaf), y.script(step, leaf))) {
                return false;
            }
        }
    }
    return true;
}

inline SmallCase case_of(const std::string& network, const std::string& policy) {
    for (const SmallNetwork& n : small_networks()) {
        if (n.name == network) {
            for (SmallCase& c : small_cases(n)) {
                if (c.policy == policy) {
                    return c;
                }
            }
        }
    }
    throw std::invalid_argument("no " + policy + " in " + network);
}

/// Those of small_cases that store something else than all before them.
inline std::vector<SmallCase> different_cases(const SmallNetwork& network) {
    std::vector<SmallCase> different;
    for (SmallCase& c : small_cases(network)) {
        if (std::none_of(different.begin(), different.end(),
                         [&](const SmallCase& other) { return same_stores(c, other); })) {
            different.push_back(std::move(c));
        }
    }
    return different;
}

}  // namespace ebb::test
