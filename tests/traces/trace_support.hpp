// SPDX-License-Identifier: Apache-2.0
/// What the tests of traces share: a folder that goes away, files with given text, loading, and the
/// mistakes that loading found.
#pragma once

#include "models/core/error.hpp"
#include "sim/trace/files.hpp"
#include "sim/trace/trace.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace ebb::test {

/// A folder for one test, removed at its end.
class Scratch {
public:
    Scratch() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "ebb-traces-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr)
            throw Defect("no temporary folder");
        folder_ = pattern;
    }
    ~Scratch() {
        std::error_code code;
        std::filesystem::remove_all(folder_, code);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    [[nodiscard]] std::string path(const std::string& name) const { return folder_ + "/" + name; }
    std::string write(const std::string& name, const std::string& text) const {
        write_file_whole(path(name), text);
        return path(name);
    }
    [[nodiscard]] const std::string& folder() const { return folder_; }

private:
    std::string folder_;
};

inline Place somewhere() {
    Place place;
    place.file = "scenario.yaml";
    place.line = 7;
    place.column = 10;
    return place;
}

/// Loads a text as a file; `change` may set options of the request.
inline Trace load_text(const std::string& text, const TraceRequest& options = {}) {
    const Scratch scratch;
    TraceRequest request = options;
    request.ref = scratch.write("trace.csv", text);
    return load_trace(request, TraceEnvironment{}, somewhere());
}

/// The mistakes of something that must throw InputError; empty if it did not throw.
template <class Action>
std::vector<Mistake> mistakes_of(Action&& action) {
    try {
        std::forward<Action>(action)();
    } catch (const InputError& error) {
        return error.mistakes();
    }
    return {};
}

inline std::vector<Mistake> mistakes_in(const std::string& text, const TraceRequest& options = {}) {
    return mistakes_of([&] { (void)load_text(text, options); });
}

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

inline bool any_note(const Trace& trace, const std::string& part) {
    for (const std::string& note : trace.notes)
        if (contains(note, part))
            return true;
    return false;
}

/// Sum of value * time [unit s].
inline double integral_of(const Series& series) {
    double sum = 0.0;
    for (std::size_t i = 0; i < series.value.size(); ++i)
        sum += series.value[i] * static_cast<double>(series.bound_ns[i + 1] - series.bound_ns[i]) *
               1e-9;
    return sum;
}

/// Path of a shared recording, or empty after saying which file would have been read.
inline std::string recording(const std::string& name) {
    const char* const folder = std::getenv("EBB_TEST_DATA");
    const std::string path = folder == nullptr ? "" : std::string(folder) + "/traces/" + name;
    if (!path.empty() && std::filesystem::exists(path))
        return path;
    WARN("skipped: needs $EBB_TEST_DATA/traces/" << name);
    return {};
}

inline std::string project_file(const std::string& name) {
    return std::string(EBB_SOURCE_DIR) + "/" + name;
}

}  // namespace ebb::test
