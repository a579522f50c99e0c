// SPDX-License-Identifier: Apache-2.0
#include "sim/formula/names.hpp"

#include <fmt/format.h>

#include "models/core/nearest.hpp"

namespace ebb {

namespace {

bool ends_with_parts(std::string_view whole, std::string_view end) {
    if (whole.size() <= end.size()) {
        return whole == end;
    }
    return whole.substr(whole.size() - end.size()) == end &&
           whole[whole.size() - end.size() - 1] == '.';
}

std::string_view without_unit(std::string_view name) {
    const std::size_t at = name.rfind('_');
    const std::size_t dot = name.rfind('.');
    const bool in_last_part =
        at != std::string_view::npos && (dot == std::string_view::npos || at > dot + 1);
    return in_last_part ? name.substr(0, at) : name;
}

/// A typing mistake may be one of any last parts of a name; whole names come first.
std::string suggestion(std::string_view name, const std::vector<std::string>& names) {
    std::vector<std::string> all = names;
    for (const std::string& n : names) {
        for (std::size_t dot = n.find('.'); dot != std::string::npos; dot = n.find('.', dot + 1)) {
            all.push_back(n.substr(dot + 1));
        }
    }
    return did_you_mean(name, all);
}

}  // namespace

FoundName find_name(std::string_view name, const std::vector<std::string>& names) {
    std::vector<std::size_t> fitting[3];
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == name) {
            fitting[0].push_back(i);
        } else if (ends_with_parts(names[i], name)) {
            fitting[1].push_back(i);
        } else if (ends_with_parts(without_unit(names[i]), name)) {
            fitting[2].push_back(i);
        }
    }
    for (const auto& some : fitting) {
        if (some.size() == 1) {
            return {some.front(), true, {}, {}};
        }
        if (some.size() > 1) {
            std::vector<std::string> which;
            for (const std::size_t i : some) {
                which.push_back(names[i]);
            }
            return {0, false, fmt::format("'{}' may be any of {} columns", name, some.size()),
                    "one of: " + joined(which)};
        }
    }
    return {0, false, fmt::format("there is nothing called '{}'", name), suggestion(name, names)};
}

bool may_mean(std::string_view name, const std::vector<std::string>& names) {
    return !suggestion(name, names).empty() || !suggestion(without_unit(name), names).empty();
}

std::size_t name_or_mistake(std::string_view name, const std::vector<std::string>& names,
                            const std::string& where) {
    const FoundName found = find_name(name, names);
    if (found.found) {
        return found.index;
    }
    Mistake mistake;
    mistake.place = {where, 1, 1, std::string(name), static_cast<int>(name.size())};
    mistake.message = found.message;
    mistake.hint = found.hint;
    throw InputError(std::vector<Mistake>{mistake});
}

}  // namespace ebb
