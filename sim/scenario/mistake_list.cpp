// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/mistake_list.hpp"

#include <algorithm>
#include <utility>

namespace ebb {

/// Each argument of the command line is a file of its own.
std::string MistakeList::rank_key(const Place& place) {
    return place.line > 0 || place.excerpt.empty() ? place.file : place.file + '\n' + place.excerpt;
}

void MistakeList::add(const Place& place, std::string message, std::string hint, std::string note) {
    const bool known = std::any_of(mistakes_.begin(), mistakes_.end(), [&](const Mistake& m) {
        return m.place.file == place.file && m.place.line == place.line &&
               m.place.column == place.column && m.place.excerpt == place.excerpt &&
               m.message == message;
    });
    if (known) {
        return;  // an alias or a part used twice shows the same words twice
    }
    if (mistakes_.size() == kMost) {
        ++more_;
        return;
    }
    ranks_.emplace(rank_key(place), ranks_.size());
    mistakes_.push_back({place, std::move(message), std::move(hint), std::move(note)});
}

void MistakeList::add(const InputError& error, const Place& where) {
    for (const Mistake& m : error.mistakes()) {
        add(m.place.file.empty() ? where : m.place, m.message, m.hint, m.note);
    }
}

void MistakeList::add_at(const InputError& error, const Place& where) {
    for (const Mistake& m : error.mistakes()) {
        add(where, m.message, m.hint, m.note);
    }
}

void MistakeList::throw_if_any() const {
    if (mistakes_.empty()) {
        return;
    }
    std::vector<Mistake> sorted = mistakes_;
    std::stable_sort(sorted.begin(), sorted.end(), [this](const Mistake& a, const Mistake& b) {
        const std::size_t rank_a = ranks_.at(rank_key(a.place));
        const std::size_t rank_b = ranks_.at(rank_key(b.place));
        if (rank_a != rank_b) {
            return rank_a < rank_b;
        }
        return a.place.line != b.place.line ? a.place.line < b.place.line
                                            : a.place.column < b.place.column;
    });
    if (more_ > 0) {
        sorted.push_back({{sorted.front().place.file, 0, 0, {}, 1},
                          "and " + std::to_string(more_) + " more mistakes, not shown",
                          {},
                          {}});
    }
    throw InputError(std::move(sorted));
}

}  // namespace ebb
