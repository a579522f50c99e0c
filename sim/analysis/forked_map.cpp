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

/// The child's whole life.
int answer(int pipe, std::size_t n, NextQuestion& next,
           const std::function<std::string(std::size_t)>& f) noexcept {
    for (std::size_t i = next.take(); i < n; i = next.take()) {
        std::string text;
        Head head{i, 0, false};
        try {
            text = f(i);
        } catch (const std::exception& error) {
            text = error.what();
            head.failed = true;
        } catch (...) {
            head.failed = true;
        }
        head.bytes = text.size();
        if (!write_all(pipe, &head, sizeof head) || !write_all(pipe, text.data(), text.size())) {
            return 1;  // nobody listens any more
        }
    }
    return 0;
}

class Child {
public:
    Child(std::size_t n, NextQuestion& next, const std::function<std::string(std::size_t)>& f,
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
            ::_exit(::getppid() == parent ? answer(ends[1], n, next, f) : 1);
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

}  // namespace

std::size_t usable_processors() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (::sched_getaffinity(0, sizeof set, &set) != 0) {
        return 1;
    }
    return static_cast<std::size_t>(std::max(CPU_COUNT(&set), 1));
}

std::vector<std::string> forked_map(std::size_t n, std::size_t processes,
                                    const std::function<std::string(std::size_t)>& f) {
    std::vector<std::string> answers(n);
    processes = std::min(processes, n);
    if (processes <= 1) {
        for (std::size_t i = 0; i < n; ++i) {
            answers[i] = f(i);
        }
        return answers;
    }
    NextQuestion next;
    std::vector<Child> children;
    children.reserve(processes);
    while (children.size() < processes) {
        children.emplace_back(n, next, f, children);
    }
    for (std::size_t running = children.size(); running > 0;) {
        std::vector<pollfd> pipes;
        for (const Child& child : children) {
            pipes.push_back({child.pipe(), POLLIN, 0});
        }
        if (::poll(pipes.data(), pipes.size(), -1) < 0 && errno != EINTR) {
            fail("waiting for the other processes");
        }
        for (std::size_t i = 0; i < pipes.size(); ++i) {
            if (pipes[i].revents == 0 || children[i].hear(answers)) {
                continue;
            }
            --running;
            const std::string wrong = children[i].end();
            if (!wrong.empty()) {
                throw std::runtime_error(wrong);
            }
        }
    }
    return answers;
}

}  // namespace ebb
