// SPDX-License-Identifier: Apache-2.0
#include "sim/analysis/forked_map.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <new>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace ebb {

namespace {

/// What precedes an answer in a pipe.
struct Head {
    std::size_t question = 0;
    std::size_t bytes = 0;
    bool failed = false;  ///< the answer is a message
};

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

/// The number of the next question, shared by all processes.
class NextQuestion {
public:
    NextQuestion() {
        void* const shared = ::mmap(nullptr, sizeof(Number), PROT_READ | PROT_WRITE,
                                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (shared == MAP_FAILED) {
            fail("shared memory");
        }
        next_ = new (shared) Number(0);
    }
    ~NextQuestion() { ::munmap(next_, sizeof(Number)); }
    NextQuestion(const NextQuestion&) = delete;
    NextQuestion& operator=(const NextQuestion&) = delete;
    [[nodiscard]] std::size_t take() { return next_->fetch_add(1); }

private:
    using Number = std::atomic<std::size_t>;
    Number* next_ = nullptr;
};

bool write_all(int pipe, const void* data, std::size_t size) {
    const char* at = static_cast<const char*>(data);
    while (size > 0) {
        const ssize_t n = ::write(pipe, at, size);
        if (n < 0 && errno != EINTR) {
            return false;
        }
        const std::size_t written = n > 0 ? static_cast<std::size_t>(n) : 0;
        at += written;
        size -= written;
    }
    return true;
}

/// An answer, or the message of what was thrown instead.
template <class Ask>
std::string answer(const Ask& ask, bool& failed) noexcept {
    try {
        failed = false;
        return ask();
    } catch (const std::exception& error) {
        failed = true;
        return error.what();
    } catch (...) {
        failed = true;
        return {};
    }
}

using Begin = std::function<Question()>;

bool tell(int pipe, std::size_t question, const std::string& text, bool failed) {
    const Head head{question, text.size(), failed};
    return write_all(pipe, &head, sizeof head) && write_all(pipe, text.data(), text.size());
}

/// The child's whole life, once it is told to begin.
int answer_all(int pipe, std::size_t n, NextQuestion& next, const Begin& begin) noexcept {
    Question f;
    bool failed = false;
    const std::string wrong = answer([&] { return f = begin(), std::string(); }, failed);
    if (failed) {
        return tell(pipe, 0, wrong, failed) ? 0 : 1;
    }
    for (std::size_t i = next.take(); i < n; i = next.take()) {
        const std::string text = answer([&] { return f(i); }, failed);
        if (!tell(pipe, i, text, failed)) {
            return 1;  // nobody listens any more
        }
    }
    return 0;
}

/// What children wait for: nobody writes to it, and it ends with the process that holds it.
class Gate {
public:
    Gate() {
        if (::pipe2(ends_.data(), O_CLOEXEC) != 0) {
            fail("a pipe");
        }
    }
    ~Gate() {
        open();
        ::close(ends_[0]);
    }
    Gate(const Gate&) = delete;
    Gate& operator=(const Gate&) = delete;
    void open() {
        if (ends_[1] >= 0) {
            ::close(std::exchange(ends_[1], -1));
        }
    }
    /// In a child.
    void wait() {
        open();  // its own end
        char nothing = 0;
        while (::read(ends_[0], &nothing, 1) < 0 && errno == EINTR) {
        }
    }

private:
    std::array<int, 2> ends_{};
};

class Child {
public:
    Child(std::size_t n, NextQuestion& next, const Begin& begin, Gate& gate,
          const std::vector<Child>& siblings) {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
            fail("a pipe");
        }
        const pid_t parent = ::getpid();
        pid_ = ::fork();
        if (pid_ < 0) {
            fail("forking");
        }
        if (pid_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            ::close(ends[0]);
            for (const Child& sibling : siblings) {
                ::close(sibling.pipe_);
            }
            gate.wait();
            ::_exit(::getppid() == parent ? answer_all(ends[1], n, next, begin) : 1);
        }
        ::close(ends[1]);
        pipe_ = ends[0];
    }
    ~Child() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            static_cast<void>(end());
        }
    }
    Child(Child&& other) noexcept
        : pid_(std::exchange(other.pid_, -1)),
          pipe_(std::exchange(other.pipe_, -1)),
          heard_(std::move(other.heard_)) {}
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    Child& operator=(Child&&) = delete;

    /// To listen to; -1 behind its end.
    [[nodiscard]] int pipe() const noexcept { return pipe_; }

    /// False at the end of what it has to say.
    bool hear(std::vector<std::string>& answers) {
        std::array<char, 65536> piece;
        const ssize_t got = ::read(pipe_, piece.data(), piece.size());
        if (got < 0) {
            return errno == EINTR;
        }
        heard_.append(piece.data(), static_cast<std::size_t>(got));
        std::size_t at = 0;
        Head head;
        while (heard_.size() - at >= sizeof head) {
            std::memcpy(&head, heard_.data() + at, sizeof head);
            if (heard_.size() - at - sizeof head < head.bytes) {
                break;
            }
            const std::string text = heard_.substr(at + sizeof head, head.bytes);
            if (head.failed) {
                throw std::runtime_error(text);
            }
            answers[head.question] = text;
            at += sizeof head + head.bytes;
        }
        heard_.erase(0, at);
        return got > 0;
    }

    /// Waits for its end; how it ended, if that was not as it should.
    [[nodiscard]] std::string end() {
        ::close(std::exchange(pipe_, -1));
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
        if (WIFSIGNALED(status)) {
            return fmt::format("a process was ended by signal {} ({})", WTERMSIG(status),
                               ::strsignal(WTERMSIG(status)));
        }
        return WEXITSTATUS(status) == 0 ? "" : "a process ended early";
    }

private:
    pid_t pid_ = -1;
    int pipe_ = -1;
    std::string heard_;
};

/// What children have said by now, or, without a limit, when the first one speaks; how many have
/// more to say. Throws where one has ended otherwise than it should.
std::size_t hear(std::vector<Child>& children, int most_ms, std::vector<std::string>& answers) {
    std::vector<pollfd> pipes;
    std::size_t open = 0;
    for (const Child& child : children) {
        pipes.push_back({child.pipe(), POLLIN, 0});
        open += child.pipe() >= 0 ? 1 : 0;
    }
    if (open == 0) {
        return 0;
    }
    if (::poll(pipes.data(), pipes.size(), most_ms) < 0) {
        if (errno != EINTR) {
            fail("waiting for the other processes");
        }
        return open;
    }
    for (std::size_t i = 0; i < pipes.size(); ++i) {
        if (pipes[i].revents == 0 || children[i].hear(answers)) {
            continue;
        }
        --open;
        const std::string wrong = children[i].end();
        if (!wrong.empty()) {
            throw std::runtime_error(wrong);
        }
    }
    return open;
}

}  // namespace

std::size_t usable_processors() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (::sched_getaffinity(0, sizeof set, &set) != 0) {
        return 1;
    }
    return static_cast<std::size_t>(std::max(CPU_COUNT(&set), 1));
}

std::vector<std::string> forked_map(std::size_t n, std::size_t processes, const Question& f) {
    return forked_map(n, processes, Begin([&f] { return f; }));
}

std::vector<std::string> forked_map(std::size_t n, std::size_t processes, const Begin& begin) {
    std::vector<std::string> answers(n);
    processes = std::min(processes, n);
    if (processes <= 1) {
        const Question f = begin();
        for (std::size_t i = 0; i < n; ++i) {
            answers[i] = f(i);
        }
        return answers;
    }
    NextQuestion next;
    Gate gate;
    std::vector<Child> children;  // gone before the gate is: none begins because of that
    children.reserve(processes - 1);
    while (children.size() + 1 < processes) {
        children.emplace_back(n, next, begin, gate, children);
    }
    const Question f = begin();
    gate.open();
    // This process is one of them: to fork costs more than a short question does.
    for (std::size_t i = next.take(); i < n; i = next.take()) {
        bool failed = false;
        answers[i] = answer([&] { return f(i); }, failed);
        if (failed) {
            throw std::runtime_error(answers[i]);
        }
        static_cast<void>(hear(children, 0, answers));
    }
    while (hear(children, -1, answers) > 0) {
    }
    return answers;
}

}  // namespace ebb
