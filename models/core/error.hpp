// SPDX-License-Identifier: Apache-2.0
/// Whose fault it is. Library code throws one of these; only `main` makes text and an exit status.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace ebb {

/// Where a mistake stands: a file with line and column (from 1), or the text of an argument.
struct Place {
    std::string file;     ///< path as the user gave it, or "--set" / "command line"
    int line = 0;         ///< 1-based; 0 = the whole file
    int column = 0;       ///< 1-based; 0 = the whole line
    std::string excerpt;  ///< the offending line (or argument), without line break
    int length = 1;       ///< characters to underline from `column`
};

/// One mistake of the user: what is wrong, what was expected, the nearest valid name.
struct Mistake {
    Place place;
    std::string message;  ///< one sentence, no full stop
    std::string hint;     ///< shown beside the underline, e.g. "did you mean 'capacitance'?"
    std::string note;     ///< where to read more; may be empty
};

/// How far a run had come when an error ended it.
struct RunStop {
    double at_s = 0.0;  ///< simulated time reached
    double of_s = 0.0;  ///< simulated time at which the run would have ended
    [[nodiscard]] bool finished() const noexcept { return at_s >= of_s; }
};

/// The user's input is wrong: exit status 2. Carries every mistake that was found, and, if a run
/// was under way, how far it had come: whoever reads the error must know whether anything was run.
class InputError : public std::runtime_error {
public:
    explicit InputError(std::vector<Mistake> mistakes, std::optional<RunStop> stop = {});
    explicit InputError(const std::string& message);
    [[nodiscard]] const std::vector<Mistake>& mistakes() const noexcept { return mistakes_; }
    [[nodiscard]] const std::optional<RunStop>& stop() const noexcept { return stop_; }

private:
    std::vector<Mistake> mistakes_;
    std::optional<RunStop> stop_;
};

/// A defect of ours (an assertion of the model failed): exit status 1, with what to report.
class Defect : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

}  // namespace ebb
