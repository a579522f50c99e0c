// SPDX-License-Identifier: Apache-2.0
#include "models/consistency/word_machine.hpp"

#include <algorithm>
#include <cstring>

namespace ebb {

namespace {

constexpr std::uint64_t kGarbage = 0x0e4d3c2b1a596877ULL;
/// Far more than any program that comes to an end: a machine in a circle is stopped.
constexpr std::int64_t kMostExecutions = 200;

}  // namespace

WordMachine::WordMachine(const ProgramAccesses& accesses, const Journal& journal,
                         const Options& options)
    : accesses_(&accesses), journal_(&journal), options_(options) {
    std::int64_t begin = 0;
    for (std::size_t step = 0; step < accesses.steps(); ++step) {
        begin_of_.push_back(begin);
        begin += accesses.index(step).length();
        scripts_.emplace_back();
        for (std::size_t leaf = 0; leaf < accesses.index(step).leaves().size(); ++leaf) {
            std::vector<MachineOp> data;
            for (const Access* access : accesses.of(step, leaf)) {
                const BufferRole role = accesses.buffer(*access).role;
                if (role != BufferRole::index && role != BufferRole::log) {
                    data.push_back({access->write ? MachineOp::Kind::write : MachineOp::Kind::read,
                                    access, access->write ? "result" : "operand"});
                }
            }
            scripts_.back().push_back(journal.script(accesses, step, leaf, std::move(data)));
        }
    }
    begin_of_.push_back(begin);
    for (const Buffer& buffer : accesses.program().buffers) {
        const auto n = static_cast<std::size_t>(buffer.bytes * buffer.slots);
        std::vector<std::uint8_t> bytes(n, 0);
        if (buffer.role == BufferRole::weight) {  // there from the start, all different
            for (std::size_t k = 0; k < n; ++k) {
                bytes[k] = static_cast<std::uint8_t>(mix(k));
            }
        }
        s_.memory.data.emplace_back(std::move(bytes));
        const bool loses = is_volatile(buffer) && buffer.role != BufferRole::weight;
        lost_.push_back(loses ? SharedBytes(std::vector<std::uint8_t>(n, std::uint8_t{0xa5}))
                              : SharedBytes());
    }
    s_.memory.words.assign(journal.words(accesses), 0);
    s_.memory.owner.assign(s_.memory.words.size(), {-1, -1});
}

MachinePosition WordMachine::position(std::int64_t job, std::int64_t flat) const {
    const auto above = std::upper_bound(begin_of_.begin(), begin_of_.end(), flat);
    const auto step = static_cast<std::size_t>(above - begin_of_.begin()) - 1;
    if (flat < 0 || step >= accesses_->steps()) {
        return {job, accesses_->steps(), 0, 0};
    }
    return {job, step, flat - begin_of_[step], 0};
}

// ---- words

void WordMachine::store(std::size_t i, std::int64_t value) {
    store_word([&] { s_.memory.words[i] = static_cast<std::int64_t>(kGarbage ^ stored_); },
               [&] { s_.memory.words[i] = value; });
}

void WordMachine::put_word(std::size_t buffer, std::int64_t lo, std::int64_t n,
                           std::uint64_t value) {
    std::uint8_t bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    s_.memory.data[buffer].put(lo, bytes, n);
}

void WordMachine::put_back(std::size_t word, const MachinePosition& at) {
    bool done = false;
    accesses_->writes(
        at.step, at.unit, 0, options_.atomic_b * 64,
        [&](const Access& access, std::int64_t lo, std::int64_t hi) {
            const BufferRole role = accesses_->buffer(access).role;
            if (done || role == BufferRole::index || role == BufferRole::log) {
                return;
            }
            done = true;
            store_word([] {},
                       [&] {
                           put_word(access.buffer, lo, hi - lo,
                                    static_cast<std::uint64_t>(s_.memory.words[word]));
                       });
            const auto& owner = s_.memory.owner[word];
            puts_.push_back(
                {access.buffer, lo, hi,
                 owner.first == static_cast<std::int64_t>(at.step) && owner.second == at.unit});
        });
}

// ---- jobs

void WordMachine::take_input() {
    for (const TensorPlace& tensor : accesses_->program().tensors) {
        if (tensor.layer < 0) {
            const std::int64_t lo =
                tensor.lo + tensor.slot * accesses_->program().buffers[tensor.buffer].bytes;
            std::vector<std::uint8_t> bytes(static_cast<std::size_t>(tensor.bytes));
            const auto job = static_cast<std::uint64_t>(job_in_hand());
            for (std::size_t i = 0; i < bytes.size(); ++i) {
                bytes[i] = static_cast<std::uint8_t>(
                    mix(static_cast<std::uint64_t>(lo) + i + (job << 32U)));
            }
            s_.memory.data[tensor.buffer].put(lo, bytes.data(), tensor.bytes);
        }
    }
}

void WordMachine::start_job() {
    s_.in_job = true;
    s_.now.at = {jobs_done(), 0, 0, 0};
    if (oracle_ != nullptr) {
        oracle_->start_job(jobs_done());
    }
    take_input();
}

void WordMachine::finish_job() {
    if (oracle_ != nullptr) {
        oracle_->job_done();
    }
    std::vector<std::uint8_t> result;
    const Program& program = accesses_->program();
    for (const TensorPlace& tensor : program.tensors) {
        if (tensor.layer == program.nests.back().layer) {
            const std::int64_t lo = tensor.lo + tensor.slot * program.buffers[tensor.buffer].bytes;
            const std::uint8_t* const from = s_.memory.data[tensor.buffer].at(lo);
            result.insert(result.end(), from, from + tensor.bytes);
        }
    }
    if (s_.again) {
        s_.results[static_cast<std::size_t>(s_.now.at.job)] = std::move(result);
    } else {
        s_.results.push_back(std::move(result));
    }
    s_.in_job = s_.again = false;
}

// ---- running

/// Stores a range word by word; of a redo log the words are there already.
void WordMachine::write_range(std::size_t buffer, std::int64_t lo, std::int64_t len,
                              const MachineOp& op) {
    const bool in_volatile = is_volatile(accesses_->program().buffers[buffer]);
    for (std::int64_t at = lo; at < lo + len; at += options_.atomic_b) {
        const std::int64_t n = std::min(options_.atomic_b, lo + len - at);
        const std::size_t word = log_at_++;
        if (word < s_.now.of_op) {
            continue;  // stored before a snapshot
        }
        std::uint64_t value = mix(s_.now.mixed + word);
        if (op.kind == MachineOp::Kind::apply) {
            value = static_cast<std::uint64_t>(s_.memory.words[op.word(*this) + word]);
        }
        if (op.kind == MachineOp::Kind::log) {
            const std::size_t entry = op.word(*this) + word;
            store(entry, static_cast<std::int64_t>(value));
            s_.memory.owner[entry] = {static_cast<std::int64_t>(s_.now.at.step), s_.now.at.unit};
            ++s_.now.of_op;
            continue;
        }
        const auto put = [&](std::uint64_t what) { put_word(buffer, at, n, what); };
        in_hand_ = !in_volatile;
        store_word([&] { put(in_volatile ? value : kGarbage + word); }, [&] { put(value); });
        in_hand_ = false;
        if (op.kind == MachineOp::Kind::apply) {
            const auto& owner = s_.memory.owner[op.word(*this) + word];
            const bool right = owner.first == static_cast<std::int64_t>(s_.now.at.step) &&
                               owner.second == s_.now.at.unit;
            puts_.push_back({buffer, at, at + n, right});
        }
        ++s_.now.of_op;
        s_.now.written += n;
    }
}

void WordMachine::execute(const MachineOp& op) {
    if (op.when && !op.when(*this)) {
        return;
    }
    switch (op.kind) {
        case MachineOp::Kind::set: {
            const std::size_t word = op.word(*this);
            store(word, op.value(*this));
            s_.memory.owner[word] = {-1, -1};
            return;
        }
        case MachineOp::Kind::save: {
            std::int64_t value = 0;
            std::memcpy(&value, s_.memory.data[op.access->buffer].at(place_now(*op.access)),
                        static_cast<std::size_t>(op.access->len));
            const std::size_t word = op.word(*this);
            store(word, value);
            s_.memory.owner[word] = {static_cast<std::int64_t>(s_.now.at.step), s_.now.at.unit};
            return;
        }
        case MachineOp::Kind::read:
            for_each_range(*op.access, place_now(*op.access),
                           [&](std::int64_t lo, std::int64_t len) {
                               const SharedBytes& from = s_.memory.data[op.access->buffer];
                               s_.now.mixed = mix(s_.now.mixed + from.hash(lo, lo + len));
                           });
            return;
        default:
            log_at_ = 0;
            for_each_range(*op.access, place_now(*op.access),
                           [&](std::int64_t lo, std::int64_t len) {
                               write_range(op.access->buffer, lo, len, op);
                           });
    }
}

WordMachine::End WordMachine::run(std::int64_t jobs, std::int64_t words,
                                  const std::optional<MachinePosition>& stop) {
    left_ = words;
    in_hand_ = false;
    MachineState::Volatile& now = s_.now;
    try {
        for (std::int64_t executions = kMostExecutions * length(); jobs_done() < jobs;
             --executions) {
            if (executions == 0) {
                return End::stuck;
            }
            if (!s_.in_job) {
                start_job();
            }
            if (stop && job_in_hand() == stop->job && now.at.step == stop->step &&
                now.at.unit == stop->unit && now.at.op == 0) {
                return End::reached;
            }
            if (now.at.step >= accesses_->steps()) {
                finish_job();
                continue;
            }
            spot_ = accesses_->index(now.at.step).locate(now.at.unit);
            const std::vector<MachineOp>& ops = scripts_[now.at.step][spot_.leaf];
            if (now.at.op == 0 && now.of_op == 0) {
                const std::int64_t number = flat(now.at.step, now.at.unit);
                now.mixed = mix(static_cast<std::uint64_t>(number));
                now.written = 0;
                if (options_.snapshot_every > 0 && number % options_.snapshot_every == 0) {
                    save();
                }
            }
            for (; now.at.op < ops.size(); ++now.at.op, now.of_op = 0) {
                execute(ops[now.at.op]);
            }
            if (oracle_ != nullptr) {
                oracle_->passed(now.at.step, now.at.unit, now.at.unit + 1);
                for (const Put& put : puts_) {
                    oracle_->put(put.buffer, put.lo, put.hi, point(),
                                 put.right ? std::nullopt : std::optional(ViolationKind::stale));
                }
            }
            puts_.clear();
            now.at.op = 0;
            if (++now.at.unit >= accesses_->index(now.at.step).length()) {
                ++now.at.step;
                now.at.unit = 0;
            }
        }
    } catch (const PowerFailed&) {
        if (oracle_ != nullptr && s_.in_job) {
            oracle_->failed(point());
        }
        return End::power_failed;
    }
    return End::done;
}

/// As the oracle counts: phases do not matter to it here but for a redo log that is carried out.
WorkPoint WordMachine::point(const MachineState::Volatile& now) const {
    WorkPoint p{now.at.step, now.at.unit, 0, now.written, in_hand_};
    if (accesses_->inside(p) && now.at.op > 0) {
        const std::size_t leaf = accesses_->index(p.step).locate(p.unit).leaf;
        const MachineOp& op =
            scripts_[p.step][leaf].at(std::min(now.at.op, scripts_[p.step][leaf].size() - 1));
        p.phase = op.access != nullptr ? op.access->phase : std::size_t{1};
        p.phase = std::max<std::size_t>(p.phase, 1);
    }
    return p;
}

}  // namespace ebb
